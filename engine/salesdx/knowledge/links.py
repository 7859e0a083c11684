"""Every id that one knowledge file says of another must exist."""

from collections.abc import Iterable, Iterator

from salesdx.content import NodePath, did_you_mean
from salesdx.errors import Problem, Said
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.files import Raw
from salesdx.knowledge.models import (
    Cause,
    MetricEntry,
    QuestionEntry,
    Remedy,
    Symptom,
    Worksheet,
)
from salesdx.knowledge.vocabulary import Vocabulary
from salesdx.language import Text

_LACKING = {
    "cause": "нет причины",
    "symptom": "нет симптома",
    "remedy": "нет меры",
    "role": "нет роли",
    "metric": "нет показателя",
    "benchmark": "нет ориентира",
    "name": "нет ни показателя, ни вопроса",
    "area": "нет области решений",
    "question": "нет вопроса",
    "worksheet": "нет рабочего листа",
    "claim": "нет заявления",
}
OWN_HOLES = {"slice", "count", "table", "column", "examples", "before", "after"}


def dangling(raw: Raw, words: Vocabulary) -> list[Problem]:
    """Ids and placeholders that lead nowhere."""
    kinds = {
        k: set(raw.of(k))
        for k in (
            "causes",
            "symptoms",
            "remedies",
            "metrics",
            "benchmarks",
            "roles",
            "solution_areas",
            "questions",
            "worksheets",
            "claims",
        )
    }
    problems: list[Problem] = []
    for entry in raw.of("causes").values():
        problems += _cause(entry, entry.model, kinds, words)
    for entry in raw.of("symptoms").values():
        symptom: Symptom = entry.model
        if symptom.because:
            problems += _texts(entry, symptom.because, ("because",), words, kinds)
    for entry in raw.of("remedies").values():
        problems += _remedy(entry, entry.model, kinds)
    for entry in raw.of("questions").values():
        problems += _question(entry, entry.model, kinds)
    for entry in raw.of("metrics").values():
        problems += _metric(entry, entry.model, kinds)
    for entry in raw.of("worksheets").values():
        sheet: Worksheet = entry.model
        problems += _missing(
            entry, ("along",), sheet.along, kinds["worksheets"], "worksheet"
        )
    for entry in raw.of("forms").values():
        for i, part in enumerate(entry.model.parts):
            problems += _missing(
                entry, ("parts", i, "questions"), part.questions, kinds["questions"],
                "question",
            )  # fmt: skip
    for entry in raw.of("claims").values():
        problems += _missing(
            entry, ("causes",), entry.model.causes, kinds["causes"], "cause"
        )
    return problems


def _missing(
    entry: Entry, path: NodePath, ids: Iterable[str], known: set[str], kind: str
) -> Iterator[Problem]:
    for i, name in enumerate(ids):
        if name not in known:
            yield entry.problem(
                (*path, i), "unknown-id",
                Said(f"no {kind} {name!r}", f"{_LACKING[kind]} «{name}»"),
                did_you_mean(name, known),
            )  # fmt: skip


def _texts(
    entry: Entry, text: Text, path: NodePath, words: Vocabulary,
    kinds: dict[str, set[str]],
) -> Iterator[Problem]:  # fmt: skip
    for hole in sorted(text.holes() - OWN_HOLES):
        if not words.knows(hole) and hole not in kinds["benchmarks"]:
            yield entry.problem(
                path, "unknown-placeholder",
                Said(f"no name {{{hole}}}", f"нечего подставить вместо {{{hole}}}"),
                did_you_mean(hole, words.names()),
            )  # fmt: skip


def _cause(
    entry: Entry, cause: Cause, kinds: dict[str, set[str]], words: Vocabulary
) -> Iterator[Problem]:
    for key in ("leads_to", "aggravates", "rivals"):
        yield from _missing(
            entry, (key,), getattr(cause, key), kinds["causes"], "cause"
        )
    yield from _missing(
        entry, ("explains",), cause.explains, kinds["symptoms"], "symptom"
    )
    yield from _missing(
        entry, ("remedies",), cause.remedies, kinds["remedies"], "remedy"
    )
    known = set(words.metrics) | set(words.questions)
    yield from _missing(entry, ("needs",), cause.needs, known, "name")
    seen: set[str] = set()
    for key in ("evidence", "against"):
        for i, rule in enumerate(getattr(cause, key)):
            if rule.id in seen:
                message = Said(
                    f"rule {rule.id!r} stands twice",
                    f"правило «{rule.id}» записано дважды",
                )
                yield entry.problem((key, i, "id"), "duplicate-id", message)
            seen.add(rule.id)
            yield from _texts(entry, rule.because, (key, i, "because"), words, kinds)
            yield from _missing(
                entry, (key, i, "discriminates"), rule.discriminates,
                kinds["causes"], "cause",
            )  # fmt: skip


def _metric(
    entry: Entry, metric: MetricEntry, kinds: dict[str, set[str]]
) -> Iterator[Problem]:
    if metric.id in kinds["questions"]:  # a condition could not tell the two apart
        yield entry.document.problem(
            (*entry.path, "id"), "duplicate-id",
            Said(
                f"{metric.id!r} is also the id of a question",
                f"«{metric.id}» — это ещё и код вопроса",
            ),
        )  # fmt: skip
    area = [metric.area] if metric.area else []
    yield from _missing(entry, ("area",), area, kinds["solution_areas"], "area")
    question = [metric.question] if metric.question else []
    for path, ids in ((("question",), question), (("yes_of",), metric.yes_of)):
        yield from _missing(entry, path, ids, kinds["questions"], "question")


def _remedy(
    entry: Entry, remedy: Remedy, kinds: dict[str, set[str]]
) -> Iterator[Problem]:
    for key in ("needs_first", "blocks"):
        yield from _missing(
            entry, (key,), getattr(remedy, key), kinds["remedies"], "remedy"
        )
    yield from _missing(
        entry, ("blocked_while",), remedy.blocked_while, kinds["causes"], "cause"
    )
    for i, claim in enumerate(remedy.claims):
        if isinstance(claim, str) and claim not in kinds["claims"]:
            yield from _missing(entry, ("claims", i), [claim], kinds["claims"], "claim")
    if remedy.owner not in kinds["roles"]:
        yield from _missing(entry, ("owner",), [remedy.owner], kinds["roles"], "role")
    sheet = [remedy.worksheet] if remedy.worksheet else []
    yield from _missing(entry, ("worksheet",), sheet, kinds["worksheets"], "worksheet")
    if remedy.kpi:
        yield from _missing(
            entry, ("kpi", "metric"), [remedy.kpi.metric], kinds["metrics"], "metric"
        )
        target = remedy.kpi.target
        if target not in (None, "norm"):
            yield from _missing(
                entry, ("kpi", "target"), [str(target)], kinds["benchmarks"],
                "benchmark",
            )  # fmt: skip


def _question(
    entry: Entry, question: QuestionEntry, kinds: dict[str, set[str]]
) -> Iterator[Problem]:
    yield from _missing(entry, ("who",), question.who, kinds["roles"], "role")
    if question.metric:
        yield from _missing(
            entry, ("metric",), [question.metric], kinds["metrics"], "metric"
        )
    for i, option in enumerate(question.options):
        for key in ("causes", "clears"):
            yield from _missing(
                entry, ("options", i, key), getattr(option, key), kinds["causes"],
                "cause",
            )  # fmt: skip
        figure = [option.measured_by] if option.measured_by else []
        yield from _missing(
            entry, ("options", i, "measured_by"), figure, kinds["metrics"], "metric"
        )
    if question.problem:
        yield from _missing(
            entry, ("problem", "causes"), question.problem.causes, kinds["causes"],
            "cause",
        )  # fmt: skip
