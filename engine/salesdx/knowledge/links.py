"""Every id that one knowledge file says of another must exist, and every text be one.

What stands in a file that has a fault of its own is not told to be missing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from typing import Any

from salesdx.content import NodePath, did_you_mean
from salesdx.errors import Problem, Said
from salesdx.faults import NOT_YAML, short
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.files import Raw
from salesdx.knowledge.mending import STAND_IN
from salesdx.knowledge.models import Cause, MetricEntry, QuestionEntry, Remedy
from salesdx.knowledge.strata import cycles
from salesdx.knowledge.vocabulary import Vocabulary
from salesdx.language import LANGUAGES, Text

_LACKING = {
    "cause": "нет причины",
    "symptom": "нет симптома",
    "remedy": "нет меры",
    "role": "нет роли",
    "metric": "нет показателя",
    "benchmark": "нет ориентира",
    "area": "нет области решений",
    "question": "нет вопроса",
    "worksheet": "нет рабочего листа",
    "claim": "нет заявления",
}
OWN_HOLES = {"slice", "count", "table", "column", "examples", "before", "after"}
_KINDS = {
    "cause": "causes", "symptom": "symptoms", "remedy": "remedies", "role": "roles",
    "metric": "metrics", "benchmark": "benchmarks", "area": "solution_areas",
    "question": "questions", "worksheet": "worksheets", "claim": "claims",
}  # fmt: skip
_HINTS = 20  # faults of one file up to which a likeness is looked for: it is slow
_BRACE = re.compile(r"[{}]")
_HOLE = re.compile(r"\{[a-z][a-z0-9._:-]*\}")


def dangling(raw: Raw, words: Vocabulary) -> list[Problem]:
    """Ids and placeholders that lead nowhere, and entries that wait for themselves."""
    links = _Links(raw, words)
    for kind in sorted(raw.entries):
        look = getattr(links, f"_{kind}", None)
        for entry in raw.of(kind).values():
            if look:
                look(entry)
            if kind != "questionnaires":  # their questions are entries of their own
                links.texts(entry)
    for entry in raw.over:
        links.texts(entry)
    links.orders()
    return links.problems


class _Links:
    """What entries say of others; `problems` collects what leads nowhere."""

    def __init__(self, raw: Raw, words: Vocabulary) -> None:
        self.raw, self.words = raw, words
        self.ids = {kind: set(raw.of(kind)) for kind in _KINDS.values()}
        self.problems: list[Problem] = []
        self._told: Counter[str] = Counter()

    def fault(
        self, entry: Entry, path: NodePath, code: str, message: Said, hint: str = ""
    ) -> None:
        self._told[entry.file] += 1
        self.problems.append(entry.problem(path, code, message, hint))

    def hint(self, entry: Entry, name: str, known: Iterable[str]) -> str:
        few = self._told[entry.file] < _HINTS
        return did_you_mean(name, known) if few else ""

    def missing(
        self, entry: Entry, path: NodePath, names: Iterable[str | None], kind: str
    ) -> None:
        """Ids of a list; of a single value the path leads to the value itself."""
        known = self.ids[_KINDS[kind]]
        for i, name in enumerate(names):
            if name and name not in known and not self._lost(_KINDS[kind], name):
                said = Said(
                    f"no {kind} {short(name)!r}", f"{_LACKING[kind]} «{short(name)}»"
                )
                hint = self.hint(entry, name, known)
                self.fault(entry, (*path, i), "unknown-id", said, hint)

    def _lost(self, kind: str, name: str) -> bool:
        return self.words.lost_id(kind, name)

    def itself(self, entry: Entry, key: str) -> None:
        """An entry that names itself among others."""
        for i, name in enumerate(getattr(entry.model, key)):
            if name == entry.model.id:
                said = Said(
                    f"{name!r} names itself under `{key}`",
                    f"«{name}» ссылается в `{key}` на себя",
                )
                self.fault(entry, (key, i), "cycle", said)

    def texts(self, entry: Entry) -> None:
        """Braces that are no placeholder, and signs that nobody sees."""
        data = entry.document.data
        for step in entry.path:
            data = data[step]
        for path, text in _texts(data, ()):
            if "{" in text or "}" in text:
                self._braces(entry, path, text)
            found = NOT_YAML.search(text)
            if found:
                number = f"U+{ord(found[0]):04X}"
                said = Said(
                    f"an unseen sign stands in the text ({number})",
                    f"в тексте стоит невидимый знак ({number})",
                )
                self.fault(entry, path, "yaml-syntax", said, _RETYPE)

    def _braces(self, entry: Entry, path: NodePath, text: str) -> None:
        rest = _HOLE.sub("", text)
        found = _BRACE.search(rest)
        if found:
            part = rest[found.start() :]
            part = short(part[: part.find("}") + 1] or part)
            said = Said(f"{part!r} is no placeholder", f"«{part}» — это не подстановка")
            self.fault(entry, path, "unknown-placeholder", said, _PLACEHOLDER)

    def holes(self, entry: Entry, text: Text | None, path: NodePath) -> None:
        """Placeholders that nothing can fill."""
        for hole in sorted((text.holes() if text else set()) - OWN_HOLES):
            known = self.words.knows(hole) or hole in self.ids["benchmarks"]
            lost = self.words.is_lost(hole) or self._lost("benchmarks", hole)
            if not known and not lost:
                name = short(hole)
                said = Said(
                    f"no name {{{name}}}", f"нечего подставить вместо {{{name}}}"
                )
                hint = self.hint(entry, hole, self.words.names())
                self.fault(entry, path, "unknown-placeholder", said, hint)

    def _causes(self, entry: Entry) -> None:
        cause: Cause = entry.model
        for key in ("leads_to", "aggravates", "rivals"):
            self.missing(entry, (key,), getattr(cause, key), "cause")
            self.itself(entry, key)
        self.missing(entry, ("explains",), cause.explains, "symptom")
        self.missing(entry, ("remedies",), cause.remedies, "remedy")
        for i, name in enumerate(cause.needs):
            if name not in self._figures() and not self.words.is_lost(name):
                said = Said(
                    f"no name {short(name)!r}",
                    f"нет ни показателя, ни вопроса «{short(name)}»",
                )
                hint = self.hint(entry, name, self.words.names())
                self.fault(entry, ("needs", i), "unknown-id", said, hint)
        seen: set[str] = set()
        for key in ("evidence", "against"):
            for i, rule in enumerate(getattr(cause, key)):
                if rule.id in seen and rule.id != STAND_IN:
                    said = Said(
                        f"rule {rule.id!r} stands twice",
                        f"правило «{rule.id}» записано дважды",
                    )
                    self.fault(entry, (key, i, "id"), "duplicate-id", said)
                seen.add(rule.id)
                self.holes(entry, rule.because, (key, i, "because"))
                path = (key, i, "discriminates")
                self.missing(entry, path, rule.discriminates, "cause")

    def _figures(self) -> Set[str]:
        return self.ids["metrics"] | self.ids["questions"]

    def _symptoms(self, entry: Entry) -> None:
        self.holes(entry, entry.model.because, ("because",))

    def _metrics(self, entry: Entry) -> None:
        metric: MetricEntry = entry.model
        if metric.id in self.ids["questions"]:  # a condition could not tell them apart
            said = Said(
                f"{metric.id!r} is also the id of a question",
                f"«{metric.id}» — это ещё и код вопроса",
            )
            self.fault(entry, ("id",), "duplicate-id", said)
        self.missing(entry, ("area",), [metric.area], "area")
        self.missing(entry, ("question",), [metric.question], "question")
        self.missing(entry, ("yes_of",), metric.yes_of, "question")

    def _worksheets(self, entry: Entry) -> None:
        self.missing(entry, ("along",), entry.model.along, "worksheet")
        self.itself(entry, "along")

    def _forms(self, entry: Entry) -> None:
        for i, part in enumerate(entry.model.parts):
            self.missing(
                entry, ("parts", i, "questions"), part.questions, "question"
            )  # fmt: skip

    def _claims(self, entry: Entry) -> None:
        self.missing(entry, ("causes",), entry.model.causes, "cause")

    def _remedies(self, entry: Entry) -> None:
        remedy: Remedy = entry.model
        for key in ("needs_first", "blocks"):
            self.missing(entry, (key,), getattr(remedy, key), "remedy")
        self.missing(entry, ("blocked_while",), remedy.blocked_while, "cause")
        for i, claim in enumerate(remedy.claims):
            if isinstance(claim, str):
                self.missing(entry, ("claims", i), [claim], "claim")
        self.missing(entry, ("owner",), [remedy.owner], "role")
        self.missing(entry, ("worksheet",), [remedy.worksheet], "worksheet")
        if remedy.kpi:
            self.missing(entry, ("kpi", "metric"), [remedy.kpi.metric], "metric")
            if remedy.kpi.target != "norm":
                path = ("kpi", "target")
                self.missing(entry, path, [remedy.kpi.target], "benchmark")

    def _questions(self, entry: Entry) -> None:
        question: QuestionEntry = entry.model
        self.missing(entry, ("who",), question.who, "role")
        self.missing(entry, ("metric",), [question.metric], "metric")
        codes: set[str] = set()
        for i, option in enumerate(question.options):
            path = ("options", i)
            if option.code in codes and option.code != STAND_IN:
                said = Said(
                    f"option {option.code!r} stands twice",
                    f"вариант «{option.code}» записан дважды",
                )
                self.fault(entry, (*path, "code"), "duplicate-id", said)
            codes.add(option.code)
            for key in ("causes", "clears"):
                self.missing(entry, (*path, key), getattr(option, key), "cause")
            figure = [option.measured_by]
            self.missing(entry, (*path, "measured_by"), figure, "metric")
            self.holes(entry, option.because, (*path, "because"))
        problem = question.problem
        if problem:
            self.missing(entry, ("problem", "causes"), problem.causes, "cause")
            self.holes(entry, problem.because, ("problem", "because"))

    def orders(self) -> None:
        """Actions each of which must come before the other."""
        remedies = self.raw.of("remedies")
        before = {
            i: set(e.model.needs_first) & set(remedies) for i, e in remedies.items()
        }
        for i, entry in remedies.items():
            for later in set(entry.model.blocks) & set(remedies):
                before[later].add(i)
        for ring in cycles(before):
            path = " -> ".join(ring)
            said = Said(
                f"actions wait for each other: {path}", f"меры ждут друг друга: {path}"
            )
            entry = remedies[ring[0]]
            key = "needs_first" if entry.model.needs_first else "id"
            self.fault(entry, (key,), "cycle", said, _ORDER)


_ORDER = Said(
    "take one of them out of `needs_first` or `blocks`",
    "уберите одну из них из `needs_first` или `blocks`",
)
_RETYPE = Said(
    "delete it and type the text anew", "удалите его и наберите текст заново"
)
_PLACEHOLDER = Said(
    "only {name} of a figure, answer or benchmark is replaced; no other braces",
    "подставить можно только {код} показателя, ответа или ориентира; другие фигурные "
    "скобки не ставят",
)


def _texts(data: Any, path: NodePath) -> Iterator[tuple[NodePath, str]]:
    """Every text of plain data that is written in two languages."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in LANGUAGES and isinstance(value, str):
                yield (*path, key), value
            elif isinstance(value, dict | list):
                yield from _texts(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            if isinstance(value, dict | list):
                yield from _texts(value, (*path, i))
