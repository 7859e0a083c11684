"""load(overlays) -> KnowledgeBase; every problem is collected and raised at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from salesdx.content import MAX_TOLD, MORE, NodePath, content
from salesdx.errors import KnowledgeError, Problem, Said
from salesdx.knowledge.base import (
    KnowledgeBase,
    ReadyCause,
    ReadyRule,
    ReadySymptom,
)
from salesdx.knowledge.conditions import Node, names
from salesdx.knowledge.entry import Entry, Place
from salesdx.knowledge.files import Raw, read_layers
from salesdx.knowledge.grammar import Parser
from salesdx.knowledge.links import dangling
from salesdx.knowledge.migrations import Step, in_order
from salesdx.knowledge.models import Cause, Pack, QuestionEntry, Questionnaire
from salesdx.knowledge.moved_ids import unsound
from salesdx.knowledge.rules import (
    group_by_shared_leaves,
    observations,
    opened,
    pointing_at,
    weak_answers,
    written_rules,
)
from salesdx.knowledge.strata import cause_layers, symptom_layers
from salesdx.knowledge.vocabulary import Vocabulary

_DERIVED = {
    "causes": "причины выводятся друг из друга",
    "symptoms": "симптомы выводятся друг из друга",
}
_INNER = "knowledge_base"
_NO_PACK = Pack(format=1, id="none", version="0", engine="")


def load(overlays: Sequence[Path] = (), *, folder: Path | None = None) -> KnowledgeBase:
    """Load the shipped knowledge base (or `folder`) with overlays over it.

    Raises:
        KnowledgeError: the files have faults; all of them, with line and column.
    """
    knowledge, problems = load_all(overlays, folder=folder)
    if problems:
        n = len(problems)
        message = Said(
            f"the knowledge base has {n} problem{'s' if n > 1 else ''}:",
            f"в базе знаний есть ошибки, всего {n}:",
        )
        raise KnowledgeError(message, problems)
    return knowledge


def load_all(
    overlays: Sequence[Path] = (), *, folder: Path | None = None
) -> tuple[KnowledgeBase, list[Problem]]:
    """Load what can be loaded, and list every problem."""
    return build(read_layers(*places(folder), list(overlays)))


def places(folder: Path | None) -> tuple[Path, Path, Path]:
    """Where a base keeps its knowledge, questionnaires and worksheets.

    None is the shipped base. In a checkout, which may be named by its root or by its
    `knowledge_base`, they lie side by side; else they lie in the folder.
    """
    if folder is None:
        sheets = content("reports") / "worksheets"
        return content(_INNER), content("questionnaires"), sheets
    named = folder.resolve()
    if (folder / _INNER).is_dir():
        root = folder
    elif named.name == _INNER and not (folder / "questionnaires").is_dir():
        root = named.parent
    else:
        return folder, folder / "questionnaires", folder / "worksheets"
    return root / _INNER, root / "questionnaires", root / "reports" / "worksheets"


def build(raw: Raw) -> tuple[KnowledgeBase, list[Problem]]:
    """Parse, group and order what was read, and list every problem."""
    words = _vocabulary(raw)
    parsers = _Parsers(words)
    symptoms = _symptoms(raw, parsers)
    causes = _causes(raw, parsers, words, symptoms)
    for entry in raw.of("questions").values():
        _check_question(entry, parsers)
    in_place = _in_place(raw, parsers)
    problems = [
        *raw.problems, *parsers.problems(), *dangling(raw, words), *unsound(raw)
    ]  # fmt: skip
    layers, rings = cause_layers(causes)
    problems += [_ring(raw, "causes", ring) for ring in rings]
    order, rings = symptom_layers(symptoms)
    problems += [_ring(raw, "symptoms", ring) for ring in rings]
    written = raw.of("symptoms")
    ready_symptoms = {
        i: ReadySymptom(written[i].model, node, order.get(i, 0))
        for i, node in symptoms.items()
    }
    return KnowledgeBase(
        pack=raw.pack or _NO_PACK,
        hash=raw.digest.hexdigest()[:16],
        overlays=tuple(layer.id for layer in raw.layers),
        layers=tuple(raw.layers),
        tuned=tuple(raw.tuned),
        off=frozenset(raw.off),
        vocabulary=words,
        causes={i: _at_layer(c, layers.get(i, 0)) for i, c in causes.items()},
        symptoms=ready_symptoms,
        remedies=_models(raw.of("remedies")),
        in_place=in_place,
        metrics=_models(raw.of("metrics")),
        questions=_models(raw.of("questions")),
        questionnaires=_placed(_models(raw.of("questionnaires"))),
        benchmarks=_models(raw.of("benchmarks")),
        roles=_models(raw.of("roles")),
        quality=_models(raw.of("data_quality")),
        entries={k: raw.of(k) for k in sorted(raw.entries)},
        areas=_models(raw.of("solution_areas")),
        worksheets=dict(sorted(raw.worksheets.items())),
        claims=_models(raw.of("claims")),
        forms=_models(raw.of("forms")),
        migrations=_migrations(raw),
    ), _few(sorted(set(problems)))


def _few(problems: list[Problem]) -> list[Problem]:
    """No more of one file than whoever wrote it can mend at once."""
    told: list[Problem] = []
    for _, found in groupby(problems, key=lambda p: p.file):
        of_file = list(found)
        told += of_file[:MAX_TOLD]
        if len(of_file) > MAX_TOLD:
            message, hint = MORE
            told.append(replace(
                of_file[MAX_TOLD], message=message, hint=hint
            ))  # fmt: skip
    return told


class _Parsers:
    """One parser a file, made on first use."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        # by identity: two overlays may have files of the same name
        self._found: dict[int, Parser] = {}

    def of(self, place: Place) -> Parser:
        key = id(place.document)
        if key not in self._found:
            self._found[key] = Parser(self.words, place.document)
        return self._found[key]

    def parse(self, entry: Entry, data: Any, path: NodePath) -> Node | None:
        """The condition at a path of an entry, at the place where it was written."""
        place = entry.at(path)
        return self.of(place).parse(data, place.path)

    def problems(self) -> list[Problem]:
        return [p for parser in self._found.values() for p in parser.problems]


def _models(entries: Mapping[str, Entry]) -> dict[str, Any]:
    return {i: e.model for i, e in entries.items()}


def _placed(found: Mapping[str, Questionnaire]) -> dict[str, Questionnaire]:
    """In the order in which they are asked."""
    return dict(sorted(found.items(), key=lambda kv: (kv[1].place, kv[0])))


def _migrations(raw: Raw) -> tuple[Step, ...]:
    names = ["", *(layer.id for layer in raw.layers)]
    return in_order([Step(names[e.layer], e.model) for e in raw.migrations], names[1:])


def _vocabulary(raw: Raw) -> Vocabulary:
    return Vocabulary(
        metrics=_models(raw.of("metrics")),
        questions=_models(raw.of("questions")),
        symptoms=frozenset(raw.of("symptoms")),
        causes=frozenset(raw.of("causes")),
        benchmarks=_models(raw.of("benchmarks")),
        lost=raw.lost,
    )


def _check_question(entry: Entry, parsers: _Parsers) -> None:
    """Conditions of a question, also where no cause reads them."""
    question: QuestionEntry = entry.model
    if question.relevant_if is not None:
        parsers.parse(entry, question.relevant_if, ("relevant_if",))
    if question.problem is not None:
        when = {question.id: question.problem.when}
        parsers.parse(entry, when, ("problem", "when"))


def _symptoms(raw: Raw, parsers: _Parsers) -> dict[str, Node]:
    found = {}
    for i, entry in raw.of("symptoms").items():
        node = parsers.parse(entry, entry.model.condition, ("if",))
        if node is not None:
            found[i] = node
    return found


def _in_place(raw: Raw, parsers: _Parsers) -> dict[str, Node]:
    found = {}
    for i, entry in raw.of("remedies").items():
        if entry.model.unless is not None:
            node = parsers.parse(entry, entry.model.unless, ("unless",))
            if node is not None:
                found[i] = node
    return found


def _causes(
    raw: Raw, parsers: _Parsers, words: Vocabulary, symptoms: Mapping[str, Node]
) -> dict[str, ReadyCause]:
    asked = raw.of("questions").items()
    questions = {i: e for i, e in asked if ("questions", i) not in raw.off}
    pointing = pointing_at(questions)
    causes = {}
    for i, entry in raw.of("causes").items():
        cause: Cause = entry.model
        rules = written_rules(entry, parsers.of, words)
        read = {n for r in rules for n in opened(r.node, symptoms)}
        rules += weak_answers(cause, pointing.get(i, {}), read, parsers.of)
        # a rule that is switched off still reads its question: the answer alone would
        # else come back as slight evidence
        rules = [r for r in rules if ("rules", f"{i}/{r.id}") not in raw.off]
        causes[i] = ReadyCause(
            cause, _grouped(rules, symptoms, words),
            gate=_nodes(parsers, entry, "gate"),
            unless=_nodes(parsers, entry, "unless"),
            rules_out=_nodes(parsers, entry, "rules_out"),
        )  # fmt: skip
    return causes


def _grouped(
    rules: list[ReadyRule], symptoms: Mapping[str, Node], words: Vocabulary
) -> tuple[ReadyRule, ...]:
    used = {n for r in rules for n in names(r.node)}
    expand = {n: observations(n, symptoms, words) for n in used}
    return tuple(group_by_shared_leaves(rules, expand))


def _nodes(parsers: _Parsers, entry: Entry, key: str) -> tuple[Node, ...]:
    conditions = enumerate(getattr(entry.model, key))
    found = [parsers.parse(entry, c, (key, i)) for i, c in conditions]
    return tuple(n for n in found if n is not None)


def _at_layer(cause: ReadyCause, layer: int) -> ReadyCause:
    return ReadyCause(
        cause.spec, cause.rules, cause.gate, cause.unless, cause.rules_out, layer
    )


def _ring(raw: Raw, kind: str, ring: tuple[str, ...]) -> Problem:
    entry = raw.of(kind)[ring[0]]
    path = " -> ".join(ring)
    message = Said(f"{kind} derive each other: {path}", f"{_DERIVED[kind]}: {path}")
    return entry.problem((), "cycle", message)
