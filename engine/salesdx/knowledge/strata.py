"""In which order verdicts are reached: a cause stands above the causes it reads.

Rivals are judged together, so they share a layer. Cycles are reported, not followed.
"""

from collections.abc import Iterator, Mapping, Set

from salesdx.knowledge.base import ReadyCause
from salesdx.knowledge.conditions import Node, names

Rings = list[tuple[str, ...]]


def cause_layers(causes: Mapping[str, ReadyCause]) -> tuple[dict[str, int], Rings]:
    """Layer of every cause (0 reads no verdict), and the cycles found.

    A rival that reads its rival's verdict would have to stand above and beside it:
    that is a cycle too.
    """
    reads = {i: _verdicts(c) & set(causes) for i, c in causes.items()}
    beside: dict[str, set[str]] = {i: set() for i in causes}
    for i, cause in causes.items():
        for rival in set(cause.spec.rivals) & set(causes):
            beside[i].add(rival)
            beside[rival].add(i)
    rings = cycles(reads)
    layers = dict.fromkeys(causes, 0)
    for _ in range(2 * len(causes) if not rings else 0):
        before = dict(layers)
        for i in sorted(causes):
            above = (layers[r] + 1 for r in reads[i])
            layers[i] = max(layers[i], *above, *(layers[r] for r in beside[i]), 0)
        if layers == before:
            return layers, rings
    worst = max(sorted(layers), key=layers.__getitem__, default="")
    return layers, rings or ([(worst, *sorted(beside[worst]), worst)] if worst else [])


def _verdicts(cause: ReadyCause) -> set[str]:
    return {
        n.removeprefix("cause:")
        for node in cause.nodes
        for n in names(node)
        if n.startswith("cause:")
    }


def symptom_layers(symptoms: Mapping[str, Node]) -> tuple[dict[str, int], Rings]:
    """Layer of every symptom (0 reads no symptom), and the cycles found."""
    reads = {
        i: {n.removeprefix("symptom:") for n in names(node) if n.startswith("symptom:")}
        & set(symptoms)
        for i, node in symptoms.items()
    }
    order, rings = _walk(reads)
    layers = dict.fromkeys(symptoms, 0)
    for i in order if not rings else []:
        layers[i] = max([0, *(layers[r] + 1 for r in reads[i])])
    return layers, rings


def cycles(reads: Mapping[str, Set[str]]) -> Rings:
    """Every cycle once."""
    return _walk(reads)[1]


def _walk(reads: Mapping[str, Set[str]]) -> tuple[list[str], Rings]:
    """Names after all that they read, and the cycles: depth first, in id order.

    It does not call itself: a chain may be of any length.
    """
    done: dict[str, None] = {}
    rings: Rings = []
    for start in sorted(reads):
        path: dict[str, Iterator[str]] = {}
        if start not in done:
            path[start] = iter(sorted(reads[start]))
        while path:
            node, rest = next(reversed(path.items()))
            other = next(rest, None)
            if other is None:
                done[node] = None
                del path[node]
            elif other in path:
                way = list(path)
                rings.append((*way[way.index(other) :], other))
            elif other not in done:
                path[other] = iter(sorted(reads[other]))
    return list(done), rings
