"""A layered layout (Sugiyama): columns from left to right, few crossings, no chance.

Layers by the longest path; edges that skip a layer get a place in each layer between,
so that no line runs through a box. The order within a layer comes from barycentres, the
height from the mean of the neighbours, by least squares under the order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 12
_GAP, _LANE = 14.0, 8.0  # between boxes; a line that passes needs less
_STRAIGHT = 4.0  # how much more a bend in a passing line costs than one at a box

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies: `middle` heights, and the way of every edge.

    `way` lists for an edge the layers it passes and the height in each, ends included.
    Edges of `turned` run against the layers.
    """

    layer: Mapping[str, int]
    middle: Mapping[str, float]
    way: Mapping[Pair, tuple[tuple[int, float], ...]]
    turned: frozenset[Pair]
    height: float


def arrange(
    heights: Mapping[str, float],
    edges: Sequence[Pair],
    fixed: Mapping[str, int] | None = None,
    beside: Mapping[str, str] | None = None,
) -> Layout:
    """Lay out nodes of given heights.

    `fixed` are layers that are given; what lies `beside` another node shares its
    layer, at the bottom.
    """
    pairs = list(dict.fromkeys(e for e in edges if e[0] != e[1]))
    layer, turned = layers(list(heights), pairs, fixed or {})
    last = set(beside or ())
    layer |= {n: layer[to] for n, to in (beside or {}).items()}
    chains = {e: _chain(e, layer) for e in pairs if layer[e[0]] != layer[e[1]]}
    size = dict(heights) | {n: 0.0 for c in chains.values() for n in c[1:-1]}
    place = dict(layer) | {
        n: layer[c[0]] + i for c in chains.values() for i, n in enumerate(c)
    }
    short = [(a, b) for c in chains.values() for a, b in pairwise(c)]
    columns = _ordered(size, place, short, last)
    middle, height = _heights(columns, size, short)
    ways = {}
    for edge, chain in chains.items():
        ends = tuple((place[n], middle[n]) for n in chain)
        ways[edge] = ends if chain[0] == edge[0] else ends[::-1]
    return Layout(layer, {n: middle[n] for n in heights}, ways, turned, height)


def layers(
    names: list[str], edges: list[Pair], fixed: Mapping[str, int]
) -> tuple[dict[str, int], frozenset[Pair]]:
    """The longest path from a root; edges that close a ring are turned round."""
    turned = frozenset(_back_edges(names, edges))
    flow = [(b, a) if (a, b) in turned else (a, b) for a, b in edges]
    layer = {n: fixed.get(n, 0) for n in names}
    for _ in names:
        moved = False
        for a, b in flow:
            if b not in fixed and layer[b] <= layer[a]:
                layer[b] = layer[a] + 1
                moved = True
        if not moved:
            break
    return _close_up(layer, flow, fixed), turned


def _close_up(
    layer: dict[str, int], flow: list[Pair], fixed: Mapping[str, int]
) -> dict[str, int]:
    """Move roots as near as they can to what they produce: shorter lines."""
    found = dict(layer)
    for name in sorted(found, key=lambda n: -found[n]):
        ahead = [found[b] for a, b in flow if a == name]
        behind = [a for a, b in flow if b == name]
        if ahead and not behind and name not in fixed:
            found[name] = max(found[name], min(ahead) - 1)
    return found


def _back_edges(names: list[str], edges: list[Pair]) -> Iterable[Pair]:
    ahead: dict[str, list[str]] = {n: [] for n in names}
    for a, b in edges:
        ahead[a].append(b)
    state: dict[str, int] = {}
    for root in names:
        stack = [(root, iter(ahead[root]))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            name, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                state[name] = 2
                stack.pop()
            elif state.get(step) == 1:
                yield name, step
            elif step not in state:
                state[step] = 1
                stack.append((step, iter(ahead[step])))


def _chain(edge: Pair, layer: Mapping[str, int]) -> list[str]:
    """The ends of an edge, left to right, and a name for each layer between."""
    a, b = edge if layer[edge[0]] < layer[edge[1]] else edge[::-1]
    between = [f"{a}>{b}#{i}" for i in range(layer[a] + 1, layer[b])]
    return [a, *between, b]


def _ordered(
    size: Mapping[str, float], place: Mapping[str, int], short: list[Pair],
    last: set[str],
) -> list[list[str]]:  # fmt: skip
    """Sweep to and fro; the order with the fewest crossings is kept."""
    count = max(place.values(), default=0) + 1
    columns: list[list[str]] = [[] for _ in range(count)]
    for name in size:
        columns[place[name]].append(name)
    left: dict[str, list[str]] = {}
    right: dict[str, list[str]] = {}
    for a, b in short:
        right.setdefault(a, []).append(b)
        left.setdefault(b, []).append(a)
    columns = [sorted(c, key=lambda n: n in last) for c in columns]
    best, least = [list(c) for c in columns], _crossings(columns, right)
    for sweep in range(_SWEEPS):
        toward, order = (left, range(1, count)) if sweep % 2 == 0 else (
            right, range(count - 2, -1, -1)
        )  # fmt: skip
        for i in order:
            beside = columns[i - 1 if sweep % 2 == 0 else i + 1]
            at = {n: k for k, n in enumerate(beside)}
            columns[i] = _sorted(columns[i], at, toward, last)
        crossed = _crossings(columns, right)
        if crossed < least:
            best, least = [list(c) for c in columns], crossed
    return best


def _sorted(
    names: list[str], at: Mapping[str, int], toward: Mapping[str, list[str]],
    last: set[str],
) -> list[str]:  # fmt: skip
    def key(i: int) -> tuple[bool, float, int]:
        near = [at[n] for n in toward.get(names[i], ()) if n in at]
        return names[i] in last, sum(near) / len(near) if near else float(i), i

    return [names[i] for i in sorted(range(len(names)), key=key)]


def _crossings(columns: list[list[str]], right: Mapping[str, list[str]]) -> int:
    total = 0
    for here, beside in pairwise(columns):
        at = {n: k for k, n in enumerate(beside)}
        ends = [e for n in here for e in sorted(at[x] for x in right.get(n, ()))]
        total += sum(
            ends[i] > ends[j] for i in range(len(ends)) for j in range(i + 1, len(ends))
        )
    return total


def _heights(
    columns: list[list[str]], size: Mapping[str, float], short: list[Pair]
) -> tuple[dict[str, float], float]:
    """Heights near those of the neighbours; boxes never overlap."""
    near: dict[str, list[str]] = {}
    for a, b in short:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    middle: dict[str, float] = {}
    for column in columns:
        middle |= _packed(column, size, dict.fromkeys(column, 0.0))
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = {
                n: sum(middle[x] for x in near[n]) / len(near[n])
                if n in near else middle[n]
                for n in column
            }  # fmt: skip
            middle |= _packed(column, size, wanted)
    top = min((middle[n] - size[n] / 2 for n in middle), default=0.0)
    bottom = max((middle[n] + size[n] / 2 for n in middle), default=0.0)
    return {n: y - top for n, y in middle.items()}, bottom - top


def _packed(
    column: Sequence[str], size: Mapping[str, float], wanted: Mapping[str, float]
) -> dict[str, float]:
    """The heights closest to the wanted ones that keep order and distance.

    Distances taken off, order is all that is left: neighbours that come too near
    are pooled at their mean, which is the least-squares answer.
    """
    offset, total = [], 0.0
    for above, here in zip([None, *column], column, strict=False):
        if above is not None:
            gap = _GAP if size[above] and size[here] else _LANE
            total += (size[above] + size[here]) / 2 + gap
        offset.append(total)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for name, off in zip(column, offset, strict=True):
        mean, weight, many = wanted[name] - off, 1.0 if size[name] else _STRAIGHT, 1
        while pools and pools[-1][0] > mean:
            other, heavy, more = pools.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)
            weight, many = weight + heavy, many + more
        pools.append((mean, weight, many))
    flat = [mean for mean, _, many in pools for _ in range(many)]
    return {n: y + o for n, y, o in zip(column, flat, offset, strict=True)}
