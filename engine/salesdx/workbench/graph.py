"""Causes, symptoms and remedies as nodes and edges: of the whole base, or round one.

An edge points the way things happen: a remedy mends a cause, a cause leads to another
or makes it worse, and shows as a symptom. Rivals look alike and have no direction.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text

NodeKind = Literal["cause", "symptom", "remedy"]
EdgeKind = Literal["leads", "aggravates", "rival", "shows", "mends"]
STEPS = 2  # how far the neighbourhood of a cause goes from cause to cause


@dataclass(frozen=True, slots=True)
class Node:
    """One thing; `group` is the kind of a cause, empty for the others.

    `more` counts the causes outside the graph that show as this symptom or are mended
    by this remedy.
    """

    kind: NodeKind
    id: str
    title: Text
    group: str = ""
    focus: bool = False
    more: int = 0

    @property
    def key(self) -> str:
        """A name that no node of another kind has."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Edge:
    """From one node to another, by their keys."""

    start: str
    end: str
    kind: EdgeKind


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in order of kind and id, edges in order of their ends."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def part(self, keys: Iterable[str]) -> "Graph":
        """The nodes with these keys, and the edges between them."""
        kept = set(keys)
        return Graph(
            tuple(n for n in self.nodes if n.key in kept),
            tuple(e for e in self.edges if e.start in kept and e.end in kept),
        )


def whole(knowledge: KnowledgeBase, shown: Iterable[NodeKind] = ()) -> Graph:
    """Every cause, and what was asked for beside: symptoms, remedies."""
    kinds = {"cause", *shown}
    edges = [e for e in _links(knowledge) if e.kind in ("leads", "aggravates")]
    edges += [e for e in _belongings(knowledge) if _other(e) in kinds]
    keys = {f"cause:{i}" for i in knowledge.causes}
    keys |= {end for e in edges for end in (e.start, e.end)}
    return _graph(knowledge, keys, edges)


def neighbourhood(knowledge: KnowledgeBase, cause: str) -> Graph:
    """A cause, its symptoms, remedies and rivals, and causes two steps away."""
    focus = f"cause:{cause}"
    links = list(_links(knowledge))
    flow = [e for e in links if e.kind != "rival"]
    back = [Edge(e.end, e.start, e.kind) for e in flow]
    near = _reached(focus, flow) | _reached(focus, back)
    own = [e for e in _belongings(knowledge) if focus in (e.start, e.end)]
    alike = [e for e in links if e.kind == "rival" and focus in (e.start, e.end)]
    edges = [e for e in flow if e.start in near and e.end in near] + own
    edges += [Edge(focus, e.end if e.start == focus else e.start, "rival")
              for e in alike]  # fmt: skip
    keys = near | {end for e in edges for end in (e.start, e.end)}
    return _graph(knowledge, keys, edges, focus)


def _reached(start: str, edges: list[Edge]) -> set[str]:
    found, last = {start}, {start}
    for _ in range(STEPS):
        last = {e.end for e in edges if e.start in last} - found
        found |= last
    return found


def _links(knowledge: KnowledgeBase) -> Iterator[Edge]:
    """From cause to cause; two causes that name each other as rivals are one edge."""
    for i, cause in knowledge.causes.items():
        spec, here = cause.spec, f"cause:{i}"
        yield from (Edge(here, f"cause:{x}", "leads") for x in spec.leads_to if x != i)
        yield from (
            Edge(here, f"cause:{x}", "aggravates")
            for x in spec.aggravates
            if x != i and x not in spec.leads_to
        )
        for rival in spec.rivals:
            both_ways = rival in knowledge.causes and (
                i in knowledge.causes[rival].spec.rivals and rival < i
            )
            if not both_ways and rival != i:
                yield Edge(here, f"cause:{rival}", "rival")


def _belongings(knowledge: KnowledgeBase) -> Iterator[Edge]:
    for i, cause in knowledge.causes.items():
        here = f"cause:{i}"
        yield from (Edge(here, f"symptom:{s}", "shows") for s in cause.spec.explains)
        yield from (Edge(f"remedy:{r}", here, "mends") for r in cause.spec.remedies)


def _other(edge: Edge) -> str:
    return {"shows": "symptom", "mends": "remedy"}[edge.kind]


def _graph(
    knowledge: KnowledgeBase, keys: set[str], edges: list[Edge], focus: str = ""
) -> Graph:
    known = set(_titles(knowledge))
    kept = sorted(
        {e for e in edges if e.start in known and e.end in known},
        key=lambda e: (e.start, e.end, e.kind),
    )
    drawn = [e for e in kept if e.kind in ("shows", "mends")]
    usage: dict[str, int] = {}
    for e in _belongings(knowledge):
        end = e.end if e.kind == "shows" else e.start
        usage[end] = usage.get(end, 0) + 1
    here: dict[str, int] = {}
    for e in drawn:
        end = e.end if e.kind == "shows" else e.start
        here[end] = here.get(end, 0) + 1
    return Graph(
        tuple(
            _node(knowledge, key, key == focus, usage.get(key, 0) - here.get(key, 0))
            for key in sorted(keys & known)
        ),
        tuple(kept),
    )


def _titles(knowledge: KnowledgeBase) -> Iterator[str]:
    yield from (f"cause:{i}" for i in knowledge.causes)
    yield from (f"symptom:{i}" for i in knowledge.symptoms)
    yield from (f"remedy:{i}" for i in knowledge.remedies)


def _node(knowledge: KnowledgeBase, key: str, focus: bool, more: int) -> Node:
    kind, _, name = key.partition(":")
    if kind == "cause":
        spec = knowledge.causes[name].spec
        return Node("cause", name, spec.title, spec.kind, focus)
    if kind == "symptom":
        return Node("symptom", name, knowledge.symptoms[name].spec.title, more=more)
    return Node("remedy", name, knowledge.remedies[name].title, more=more)


def as_data(graph: Graph) -> dict[str, object]:
    """The graph for programs."""
    return {
        "nodes": [
            {
                "kind": n.kind, "id": n.id, "group": n.group or None,
                "title": n.title.en, "title_ru": n.title.ru,
            }
            for n in graph.nodes
        ],
        "edges": [{"from": e.start, "to": e.end, "kind": e.kind} for e in graph.edges],
    }  # fmt: skip
