"""The graph as one SVG: components under each other, columns from left to right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from salesdx.language import Language, Text
from salesdx.render.charts.svg import text_width
from salesdx.render.texts import Labels
from salesdx.workbench import graph_shapes as draw
from salesdx.workbench.graph import Edge, EdgeKind, Graph, Node
from salesdx.workbench.graph_layout import Layout, Pair, arrange, layers
from salesdx.workbench.graph_shapes import BOX, Box, Link

_COLUMN, _EDGE, _BELOW = BOX + 66, 24.0, 26.0
_PER_ROW = 4  # boxes of causes that no other produces, side by side
_ALONE = Text(
    en="By themselves: they neither lead to another cause nor make it worse",
    ru="Сами по себе: к другим причинам не ведут и их не усугубляют",
)
_LINKED = Text(
    en="From roots to what they produce", ru="От корней к тому, что они порождают"
)
_NOTHING = Text(en="Nothing is linked here.", ru="Связей здесь нет.")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the picture, drawn from its own upper left corner."""

    svg: str
    width: float
    height: float


def around(
    graph: Graph, language: Language, name: str = "graph", link: Link | None = None
) -> str:
    """The neighbourhood of the node in focus."""
    (focus,) = [x for x in graph.nodes if x.focus]
    piece = _layered(graph, language, name, link)
    return _framed([piece], graph, language, name, focus.title, link is not None)


def overview(
    graph: Graph, language: Language, title: Text, name: str = "graph",
    link: Link | None = None,
) -> str:  # fmt: skip
    """The whole base: what hangs together, then the rest by kind.

    With symptoms or remedies every kind of cause gets a panel of its own, for one net
    of three hundred boxes nobody can read.
    """
    kinds = dict.fromkeys(x.group for x in graph.nodes if x.group)
    rich = any(x.kind != "cause" for x in graph.nodes)
    links = {end for e in graph.edges for end in (e.start, e.end) if _flow(e)}
    pieces: list[_Piece] = []
    linked = graph.part(x.key for x in graph.nodes if x.key in links)
    if linked.nodes:
        pieces.append(_heading(_LINKED.in_(language)))
        pieces += _paired(_components(linked, language, name, link))
    if not rich:
        pieces.append(_heading(_ALONE.in_(language)))
    for kind in sorted(kinds, key=lambda k: Labels(language).code("kind", k)):
        mine = [x for x in graph.nodes if x.group == kind]
        heading = _heading(_named(kind, language), rich)
        if rich:
            panel = _panel(graph, mine, language, name, link)
            pieces += [heading, panel]
        elif alone := [x for x in mine if x.key not in links]:
            pieces += [heading, _rows(alone, language, link)]
    return _framed(pieces, graph, language, name, title, link is not None)


def _named(kind: str, language: Language) -> str:
    name = Labels(language).code("kind", kind)
    return name[:1].upper() + name[1:]


def _flow(edge: Edge) -> bool:
    return edge.kind in ("leads", "aggravates")


def _heading(words: str, large: bool = True) -> _Piece:
    size = 15 if large else 12.5
    svg = draw.text(0, size, words, size, "ink", bold=large)
    return _Piece(svg, text_width(words, size), size - 8)


def _components(
    graph: Graph, language: Language, name: str, link: Link | None
) -> Iterator[_Piece]:
    """Parts that hang together, the largest first."""
    left = {x.key: x for x in graph.nodes}
    found: list[list[str]] = []
    while left:
        part, new = set[str](), {next(iter(left))}
        while new:
            part |= new
            new = {
                b for e in graph.edges for a, b in ((e.start, e.end), (e.end, e.start))
                if a in part and b not in part
            }  # fmt: skip
        found.append([k for k in left if k in part])
        left = {k: v for k, v in left.items() if k not in part}
    for keys in sorted(found, key=lambda ks: (-len(ks), ks)):
        yield _layered(graph.part(keys), language, name, link)


def _paired(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Pieces that are narrow enough lie side by side, in two halves of the width."""
    found: list[_Piece] = []
    half = _x(_PER_ROW // 2)
    waiting: _Piece | None = None
    for piece in pieces:
        if piece.width > half:
            found.append(piece)
        elif waiting is None:
            waiting = piece
        else:
            moved = f'<g transform="translate({half:g} 0)">{piece.svg}</g>'
            high = max(waiting.height, piece.height)
            found.append(_Piece(waiting.svg + moved, half + piece.width, high))
            waiting = None
    return [*found, waiting] if waiting else found


def _panel(
    graph: Graph, causes: Sequence[Node], language: Language, name: str,
    link: Link | None,
) -> _Piece:  # fmt: skip
    """Causes of one kind between their remedies and their symptoms."""
    keys = {x.key for x in causes}
    near = {
        end for e in graph.edges if not _flow(e) and keys & {e.start, e.end}
        for end in (e.start, e.end)
    }  # fmt: skip
    part = graph.part(keys | near)
    flow = [(e.start, e.end) for e in part.edges if _flow(e)]
    first = int(any(x.kind == "remedy" for x in part.nodes))
    depth, _ = layers([x.key for x in causes], flow, {})
    fixed = {k: d + first for k, d in depth.items()}
    end = max(fixed.values()) + 1
    for x in part.nodes:
        if x.kind != "cause":
            fixed[x.key] = 0 if x.kind == "remedy" else end
    return _layered(part, language, name, link, fixed)


def _rows(nodes: Sequence[Node], language: Language, link: Link | None) -> _Piece:
    """Boxes without lines, in rows."""
    boxes = [draw.boxed(x, language) for x in nodes]
    svg, top = "", 0.0
    for i in range(0, len(boxes), _PER_ROW):
        row = boxes[i : i + _PER_ROW]
        high = max(b.height for b in row)
        for j, b in enumerate(row):
            svg += draw.box(b, _x(j), top + b.height / 2, link)
        top += high + 14
    return _Piece(svg, _x(min(len(boxes), _PER_ROW) - 1) + BOX, top - 14)


def _layered(
    graph: Graph, language: Language, name: str, link: Link | None,
    fixed: Mapping[str, int] | None = None,
) -> _Piece:  # fmt: skip
    """Nodes in columns with their lines; boxes over lines."""
    boxes = {x.key: draw.boxed(x, language) for x in graph.nodes}
    focus = next((x.key for x in graph.nodes if x.focus), "")
    flow = [e for e in graph.edges if e.kind != "rival"]
    moving = {end for e in flow for end in (e.start, e.end)}
    beside = {
        e.end: focus for e in graph.edges if e.kind == "rival" and e.end not in moving
    }
    pairs = [(e.start, e.end) for e in flow]
    heights = {k: b.height for k, b in boxes.items()}
    plan = arrange(heights, pairs, fixed, beside)
    kinds = {(e.start, e.end): e.kind for e in flow}
    svg = "".join(
        draw.line(kinds[pair], path, name) for pair, path in _paths(plan, boxes)
    )
    svg += _beside(graph, focus, plan, boxes, name)
    for key, drawn in boxes.items():
        svg += draw.box(drawn, _x(plan.layer[key]), plan.middle[key], link)
    columns = max(plan.layer.values(), default=0) + 1
    return _Piece(svg, columns * _COLUMN - _COLUMN + BOX, plan.height)


def _x(layer: int) -> float:
    return layer * _COLUMN


def _paths(plan: Layout, boxes: Mapping[str, Box]) -> Iterator[tuple[Pair, str]]:
    """The way of every line: a curve between columns, straight through them."""
    ports = _ports(plan, boxes)
    for pair, way in plan.way.items():
        back = way[0][0] > way[-1][0]
        steps = list(way)
        steps[0] = (steps[0][0], ports[pair, 0])
        steps[-1] = (steps[-1][0], ports[pair, 1])
        path = ""
        for (a, y1), (b, y2) in pairwise(steps):
            x1 = _x(a) if back else _x(a) + BOX
            x2 = _x(b) + BOX if back else _x(b)
            bend = (x2 - x1) / 2
            path = path or f"M{draw.n(x1)} {draw.n(y1)}"
            path += (
                f"C{draw.n(x1 + bend)} {draw.n(y1)} {draw.n(x2 - bend)} {draw.n(y2)}"
                f" {draw.n(x2)} {draw.n(y2)}"
            )
            if b != steps[-1][0]:
                path += f"H{draw.n(_x(b) if back else _x(b) + BOX)}"
        yield pair, path


def _ports(plan: Layout, boxes: Mapping[str, Box]) -> dict[tuple[Pair, int], float]:
    """Where lines meet a box: spread along its side, in the order of the other ends."""
    sides: dict[tuple[str, bool], list[tuple[float, Pair, int]]] = {}
    for pair, way in plan.way.items():
        back = way[0][0] > way[-1][0]
        sides.setdefault((pair[0], not back), []).append((way[1][1], pair, 0))
        sides.setdefault((pair[1], back), []).append((way[-2][1], pair, 1))
    found = {}
    for (key, _), ends in sides.items():
        room = boxes[key].height - 20
        step = min(9.0, room / max(len(ends) - 1, 1))
        for i, (_, pair, end) in enumerate(sorted(ends)):
            found[pair, end] = plan.middle[key] + (i - (len(ends) - 1) / 2) * step
    return found


def _beside(
    graph: Graph, focus: str, plan: Layout, boxes: Mapping[str, Box], name: str
) -> str:
    """Rivals: a line down the left side of the column, without an arrow."""
    svg = ""
    for e in graph.edges:
        if e.kind != "rival" or plan.layer[e.end] != plan.layer[focus]:
            continue
        x = _x(plan.layer[focus])
        down = plan.middle[focus] + boxes[focus].height / 2 - 8
        to = plan.middle[e.end]
        path = f"M{draw.n(x)} {draw.n(down)}H{draw.n(x - 12)}V{draw.n(to)}H{draw.n(x)}"
        svg += draw.line("rival", path, name)
    return svg


def _framed(
    pieces: Iterable[_Piece], graph: Graph, language: Language, name: str,
    title: Text, linked: bool,
) -> str:  # fmt: skip
    """Pieces under each other, then what the lines mean."""
    body, top, width = "", _EDGE, 320.0
    for piece in pieces:
        body += f'<g transform="translate({_EDGE:g} {draw.n(top)})">{piece.svg}</g>'
        top += piece.height + _BELOW
        width = max(width, piece.width)
    order: tuple[EdgeKind, ...] = ("leads", "aggravates", "rival", "mends", "shows")
    used = [k for k in order if any(e.kind == k for e in graph.edges)]
    words, high = draw.legend(used, _EDGE, top + 12, width, name, language)
    size = (width + 2 * _EDGE, top + high + _EDGE - 12 if used else top)
    told = title.in_(language), told_in_words(graph, language)
    return draw.page(name, told, size, body + words, linked)


def told_in_words(graph: Graph, language: Language) -> str:
    """Every edge as a sentence: what the picture says to those who cannot see it."""
    titles = {x.key: x.title.in_(language) for x in graph.nodes}
    said = [
        f"{titles[e.start]} — {draw.EDGES[e.kind].in_(language)}: {titles[e.end]}."
        for e in graph.edges
    ]
    return " ".join(said) or _NOTHING.in_(language)
