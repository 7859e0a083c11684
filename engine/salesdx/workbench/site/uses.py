"""Who reads what: the references of the knowledge base turned round."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from salesdx.answers.relevance import conditions
from salesdx.knowledge.answered import asked
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import Node, leaves, names
from salesdx.knowledge.rules import opened

Place = tuple[str, str]  # ("cause", id), ("symptom", id), …
Seen = dict[str, list[Place]]


@dataclass
class Uses:
    """By id, what speaks of it; every list is in order and without repetition."""

    read_by: Seen = field(default_factory=dict)  # metric, question, symptom:x, cause:x
    marks: Seen = field(default_factory=dict)  # benchmark -> who compares with it
    compared: dict[str, list[str]] = field(default_factory=dict)  # name -> benchmarks
    explained_by: dict[str, list[str]] = field(default_factory=dict)  # symptom
    mended: dict[str, list[str]] = field(default_factory=dict)  # remedy -> causes
    after: dict[str, list[str]] = field(default_factory=dict)  # remedy -> later ones
    made_by: dict[str, list[str]] = field(default_factory=dict)  # cause <- leads_to
    worsened_by: dict[str, list[str]] = field(default_factory=dict)
    rivals: dict[str, list[str]] = field(default_factory=dict)  # both ways
    claimed: dict[str, list[str]] = field(default_factory=dict)  # cause -> claims
    claims_of: dict[str, list[str]] = field(default_factory=dict)  # claim -> remedies
    handed_out: dict[str, list[str]] = field(default_factory=dict)  # worksheet
    controls: dict[str, list[str]] = field(default_factory=dict)  # metric -> remedies
    figures: dict[str, list[str]] = field(default_factory=dict)  # question -> metrics
    forms: dict[str, list[str]] = field(default_factory=dict)  # question -> forms
    home: dict[str, str] = field(default_factory=dict)  # question -> questionnaire
    relevance: dict[str, Node] = field(default_factory=dict)
    feeds: dict[str, list[str]] = field(default_factory=dict)  # cause -> names


def uses(knowledge: KnowledgeBase) -> Uses:
    """Turn every reference round."""
    found = Uses(relevance=dict(conditions(knowledge)))
    _conditions(knowledge, found)
    for i, ready in knowledge.causes.items():
        spec = ready.spec
        _add(found.explained_by, spec.explains, i)
        _add(found.mended, spec.remedies, i)
        _add(found.made_by, spec.leads_to, i)
        _add(found.worsened_by, spec.aggravates, i)
        _add(found.rivals, spec.rivals, i)
        for rival in spec.rivals:
            _add(found.rivals, [i], rival)
        found.feeds[i] = _feeds(knowledge, ready)
    for i, remedy in knowledge.remedies.items():
        _add(found.after, remedy.needs_first, i)
        for later in remedy.blocks:
            _add(found.after, [i], later)
        _add(found.claims_of, [c for c in remedy.claims if isinstance(c, str)], i)
        if remedy.worksheet:
            _add(found.handed_out, [remedy.worksheet], i)
        if remedy.kpi:
            _add(found.controls, [remedy.kpi.metric], i)
    for i, claim in knowledge.claims.items():
        _add(found.claimed, claim.causes, i)
    for i, metric in knowledge.metrics.items():
        _add(found.figures, asked(metric), i)
    for i, question in knowledge.questions.items():
        if question.metric:
            _add(found.figures, [i], question.metric)
    for i, form in knowledge.forms.items():
        _add(found.forms, form.questions, i)
    for i, questionnaire in knowledge.questionnaires.items():
        found.home |= {q.id: i for q in questionnaire.questions}
    for index in vars(found).values():
        for key, rows in index.items():
            if isinstance(rows, list):
                index[key] = sorted(set(rows))
    return found


def _add(index: dict[str, list[str]], keys: Iterable[str], value: str) -> None:
    for key in keys:
        index.setdefault(key, []).append(value)


def _conditions(knowledge: KnowledgeBase, found: Uses) -> None:
    compared: dict[str, set[str]] = defaultdict(set)
    for place, node in _nodes(knowledge, found):
        for name in names(node):
            found.read_by.setdefault(name.removeprefix("gap:"), []).append(place)
        for leaf in leaves(node):
            for mark in leaf.comparison.thresholds:
                found.marks.setdefault(mark, []).append(place)
                compared[leaf.name].add(mark)
    for i, remedy in knowledge.remedies.items():
        if remedy.kpi and remedy.kpi.target in knowledge.benchmarks:
            mark = str(remedy.kpi.target)
            found.marks.setdefault(mark, []).append(("remedy", i))
            compared[remedy.kpi.metric].add(mark)
    found.compared = {name: sorted(marks) for name, marks in compared.items()}


def _nodes(knowledge: KnowledgeBase, found: Uses) -> Iterator[tuple[Place, Node]]:
    for i, cause in knowledge.causes.items():
        yield from ((("cause", i), n) for n in cause.nodes)
    for i, symptom in knowledge.symptoms.items():
        yield ("symptom", i), symptom.node
    for i, node in knowledge.in_place.items():
        yield ("remedy", i), node
    for i, node in found.relevance.items():
        yield ("question", i), node


def _feeds(knowledge: KnowledgeBase, cause: ReadyCause) -> list[str]:
    """Figures and questions behind a cause, also those inside its symptoms."""
    inside = {i: s.node for i, s in knowledge.symptoms.items()}
    found = set(cause.spec.needs)
    for node in cause.nodes:
        found |= opened(node, inside)
    found = {name.removeprefix("gap:") for name in found}
    return [n for n in found if n in knowledge.metrics or n in knowledge.questions]
