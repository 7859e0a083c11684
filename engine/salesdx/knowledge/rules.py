"""From the rules of a cause to ready rules: parsed, grouped, weak answers added.

Evidence that shares an observation counts once: rules of one cause that read a common
leaf (symptoms and linked questions expanded) form one group, unless a rule says why
it is `independent`. A question that points at a cause is slight evidence for it when
no rule of the cause reads that question. So is an option that names the cause; an
option that clears it weighs more, for a defence must outweigh a suspicion.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from salesdx.knowledge.base import POINTS, ReadyRule
from salesdx.knowledge.conditions import (
    Asked,
    Comparison,
    Group,
    Leaf,
    Node,
    names,
)
from salesdx.knowledge.entry import Entry, Place
from salesdx.knowledge.grammar import Parser
from salesdx.knowledge.models import Cause, QuestionEntry, Rule
from salesdx.knowledge.vocabulary import Vocabulary
from salesdx.language import Text

DERIVED = "derived"
ParserOf = Callable[[Place], Parser]  # the parser of the file that a place is in
DIRECTIONS = {"evidence": "for", "against": "against"}  # key of the file -> direction


def written_rules(
    entry: Entry, parser_of: ParserOf, words: Vocabulary
) -> list[ReadyRule]:
    """The rules of a cause, also those that other files add; a faulty one is left out.

    Each is read at the place where it was written.
    """
    cause: Cause = entry.model
    ready = []
    for key in DIRECTIONS:
        for i, rule in enumerate(getattr(cause, key)):
            place = entry.at((key, i, "if"))
            node = parser_of(place).parse(rule.condition, place.path)
            if node is not None:
                ready.append(_ready(cause, rule, (key, i), node, words))
    return ready


def _ready(
    cause: Cause, rule: Rule, path: tuple[str, int], node: Node, words: Vocabulary
) -> ReadyRule:
    read = list(dict.fromkeys(names(node)))
    asked = [name for name in read if name in words.questions]
    one = not rule.direct and len(asked) == 1
    measured = [name for name in read if name in words.metrics]
    return ReadyRule(
        rule.id, cause.id, DIRECTIONS[path[0]], POINTS[rule.weight],
        rule.group or f"rule:{rule.id}", one and len(read) == 1, node, rule.because,
        rule, rule.for_each or cause.for_each,
        one and bool(measured) and len(read) == 1 + len(measured), path=path,
    )  # fmt: skip


def pointing_at(questions: Mapping[str, Entry]) -> dict[str, dict[str, Entry]]:
    """Per cause the questions an answer to which points at it or clears it."""
    found: dict[str, dict[str, Entry]] = {}
    for name, entry in questions.items():
        question: QuestionEntry = entry.model
        causes = list(question.problem.causes) if question.problem else []
        for option in question.options:
            causes += [*option.causes, *option.clears]
        for cause in causes:
            found.setdefault(cause, {})[name] = entry
    return found


def weak_answers(
    cause: Cause,
    questions: Mapping[str, Entry],
    read: set[str],
    parser_of: ParserOf,
) -> list[ReadyRule]:
    """Slight rules for the questions that point at the cause and no rule reads.

    That nobody knows is a sign of its own: no rule that reads the answer says it.
    """
    ready: list[ReadyRule] = []
    for entry in questions.values():
        question: QuestionEntry = entry.model
        problem = question.problem
        if not _asked_of(cause, question):
            continue
        if question.id not in read:
            ready += _of_options(cause, question)
        if problem is None or cause.id not in problem.causes:
            continue
        place = entry.at(("problem", "when"))
        node = parser_of(place).parse({question.id: problem.when}, place.path)
        said = problem.because or _answered(question)
        if node is not None and question.id not in read:
            ready.append(_weak(cause, question, "answer", node, said))
        if question.dont_know == "problem":
            unsure = Asked("dont_know", question.id)
            nobody = Text(
                en=f"Nobody could say: {question.title.en}",
                ru=f"Никто не смог ответить: {question.title.ru}",
            )
            ready.append(_weak(cause, question, "dont-know", unsure, nobody))
    return ready


def _asked_of(cause: Cause, question: QuestionEntry) -> bool:
    """Whether the answer is about what the cause is judged on.

    An answer without a person never blames one. What was said of a finding is read on
    the slice of the finding, and for the company.
    """
    return question.about in (cause.for_each, "finding")


DEFENCE = "considerable"


def _of_options(cause: Cause, question: QuestionEntry) -> Iterator[ReadyRule]:
    """Rules for the options that name the cause, and for those that clear it."""
    for option in question.options:
        if cause.id not in (*option.causes, *option.clears):
            continue
        said = option.because or Text(
            en=f"{question.title.en} — {option.title.en}",
            ru=f"{question.title.ru} — {option.title.ru}",
        )
        many = question.type == "multi"
        chosen = Comparison("includes" if many else "==", (option.code,))
        node: Node = Leaf(question.id, chosen)
        if option.measured_by:  # a measured figure beats a claim
            node = Group("all", (node, Asked("unknown", option.measured_by)))
        code = option.code.replace("_", "-")
        if cause.id in option.causes:
            yield _weak(cause, question, "answer", node, said, code)
        if cause.id in option.clears:
            rule = _weak(cause, question, "cleared", node, said, code)
            yield replace(
                rule, direction="against", points=POINTS[DEFENCE],
                spec=rule.spec.model_copy(update={"weight": DEFENCE}),
            )  # fmt: skip


def _answered(question: QuestionEntry) -> Text:
    """`Title — answer`: the title alone would read as a question, not as evidence."""
    title, answer = question.title, f"{{{question.id}}}"
    return Text(en=f"{title.en} — {answer}", ru=f"{title.ru} — {answer}")


def _weak(
    cause: Cause,
    question: QuestionEntry,
    kind: str,
    node: Node,
    because: Text,
    option: str = "",
) -> ReadyRule:
    rule_id = "-".join(filter(None, (kind, question.id.replace(".", "-"), option)))
    spec = Rule(
        id=rule_id, ref=question.ref, condition={}, weight="slight", because=because,
        source=question.source, grade="EX",
    )  # fmt: skip
    return ReadyRule(
        rule_id, cause.id, "for", POINTS["slight"], f"question:{question.id}", True,
        node, because, spec, cause.for_each, recorded=question.about == "finding",
    )  # fmt: skip


def group_by_shared_leaves(
    rules: list[ReadyRule], expand: Mapping[str, frozenset[str]]
) -> list[ReadyRule]:
    """Merge the groups of rules that read a common observation.

    `expand` maps a name to the observations behind it. Rules that read a verdict
    form the group `derived`.
    """
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    def join(a: str, b: str) -> None:
        first, second = sorted((find(a), find(b)))
        parent[second] = first

    for rule in rules:
        group = f"0:{DERIVED}" if _reads_verdict(rule.node) else f"1:{rule.group}"
        join(group, f"rule {rule.direction} {rule.id}")
        if rule.spec.independent is None:
            for leaf in {x for n in names(rule.node) for x in expand.get(n, {n})}:
                if not leaf.startswith("cause:"):
                    join(group, f"leaf {leaf}")
    return [replace(r, group=_shown(find(f"rule {r.direction} {r.id}"))) for r in rules]


def _shown(root: str) -> str:
    return root.split(":", 1)[1] if root[:2] in ("0:", "1:") else root


def _reads_verdict(node: Node) -> bool:
    return any(n.startswith("cause:") for n in names(node))


def opened(node: Node, symptoms: Mapping[str, Node]) -> set[str]:
    """Every name a condition reads, also inside the symptoms that it reads."""
    found: set[str] = set()
    left = [node]
    while left:
        for name in names(left.pop()):
            inside = symptoms.get(name.removeprefix("symptom:"))
            if name not in found and name.startswith("symptom:") and inside:
                left.append(inside)
            found.add(name)
    return found


def observations(
    name: str, symptoms: Mapping[str, Node], words: Vocabulary
) -> frozenset[str]:
    """The observations behind a name: symptoms expanded, linked questions merged."""
    found: set[str] = set()
    seen, left = {name}, [name]
    while left:
        name = left.pop()
        prefix, _, rest = name.partition(":")
        if prefix == "symptom" and rest in symptoms:
            inside = list(names(symptoms[rest]))
            left += [n for n in inside if n not in seen]
            seen.update(inside)
        else:
            found.add(rest if prefix == "gap" and rest else words.leaf_of(name))
    return frozenset(found)
