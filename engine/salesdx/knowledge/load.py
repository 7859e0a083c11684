"""load(overlays) -> KnowledgeBase; every problem is collected and raised at once."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salesdx.content import content
from salesdx.errors import KnowledgeError, Problem, Said
from salesdx.knowledge.base import (
    KnowledgeBase,
    ReadyCause,
    ReadyRule,
    ReadySymptom,
)
from salesdx.knowledge.conditions import Node, names
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.files import Raw, read_layers
from salesdx.knowledge.grammar import Parser
from salesdx.knowledge.links import dangling
from salesdx.knowledge.models import Cause, Pack, QuestionEntry
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
    raw = read_layers(*places(folder), list(overlays))
    return build(raw, tuple(p.resolve().name for p in overlays))


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


def build(
    raw: Raw, overlays: tuple[str, ...] = ()
) -> tuple[KnowledgeBase, list[Problem]]:
    """Parse, group and order what was read, and list every problem."""
    words = _vocabulary(raw)
    parsers = _Parsers(words)
    symptoms = _symptoms(raw, parsers)
    causes = _causes(raw, parsers, words, symptoms)
    for entry in raw.of("questions").values():
        _check_question(entry, parsers)
    in_place = _in_place(raw, parsers)
    problems = [*raw.problems, *parsers.problems(), *dangling(raw, words)]
    layers, rings = cause_layers(causes)
    problems += [_ring(raw, "causes", ring) for ring in rings]
    order, rings = symptom_layers(symptoms)
    problems += [_ring(raw, "symptoms", ring) for ring in rings]
    ready_symptoms = {
        i: ReadySymptom(raw.of("symptoms")[i].model, node, order.get(i, 0))
        for i, node in symptoms.items()
    }
    return KnowledgeBase(
        pack=raw.pack or _NO_PACK,
        hash=raw.digest.hexdigest()[:16],
        overlays=overlays,
        vocabulary=words,
        causes={i: _at_layer(c, layers.get(i, 0)) for i, c in causes.items()},
        symptoms=ready_symptoms,
        remedies=_models(raw.of("remedies")),
        in_place=in_place,
        metrics=_models(raw.of("metrics")),
        questions=_models(raw.of("questions")),
        questionnaires=_models(raw.of("questionnaires")),
        benchmarks=_models(raw.of("benchmarks")),
        roles=_models(raw.of("roles")),
        quality=_models(raw.of("data_quality")),
        entries={k: raw.of(k) for k in sorted(raw.entries)},
        areas=_models(raw.of("solution_areas")),
        worksheets=dict(sorted(raw.worksheets.items())),
        claims=_models(raw.of("claims")),
        forms=_models(raw.of("forms")),
    ), sorted(set(problems))


class _Parsers(dict[str, Parser]):
    """One parser a file, made on first use."""

    def __init__(self, words: Vocabulary) -> None:
        super().__init__()
        self.words = words

    def of(self, entry: Entry) -> Parser:
        file = entry.document.file
        if file not in self:
            self[file] = Parser(self.words, entry.document)
        return self[file]

    def problems(self) -> list[Problem]:
        return [p for parser in self.values() for p in parser.problems]


def _models(entries: Mapping[str, Entry]) -> dict[str, Any]:
    return {i: e.model for i, e in entries.items()}


def _vocabulary(raw: Raw) -> Vocabulary:
    return Vocabulary(
        metrics=_models(raw.of("metrics")),
        questions=_models(raw.of("questions")),
        symptoms=frozenset(raw.of("symptoms")),
        causes=frozenset(raw.of("causes")),
        benchmarks=_models(raw.of("benchmarks")),
    )


def _check_question(entry: Entry, parsers: _Parsers) -> None:
    """Conditions of a question, also where no cause reads them."""
    question: QuestionEntry = entry.model
    parser = parsers.of(entry)
    if question.relevant_if is not None:
        parser.parse(question.relevant_if, (*entry.path, "relevant_if"))
    if question.problem is not None:
        path = (*entry.path, "problem", "when")
        parser.parse({question.id: question.problem.when}, path)


def _symptoms(raw: Raw, parsers: _Parsers) -> dict[str, Node]:
    found = {}
    for i, entry in raw.of("symptoms").items():
        path = (*entry.path, "if")
        node = parsers.of(entry).parse(entry.model.condition, path)
        if node is not None:
            found[i] = node
    return found


def _in_place(raw: Raw, parsers: _Parsers) -> dict[str, Node]:
    found = {}
    for i, entry in raw.of("remedies").items():
        if entry.model.unless is not None:
            path = (*entry.path, "unless")
            node = parsers.of(entry).parse(entry.model.unless, path)
            if node is not None:
                found[i] = node
    return found


def _causes(
    raw: Raw, parsers: _Parsers, words: Vocabulary, symptoms: Mapping[str, Node]
) -> dict[str, ReadyCause]:
    questions = raw.of("questions")
    for entry in questions.values():
        parsers.of(entry)
    pointing = pointing_at(questions)
    causes = {}
    for i, entry in raw.of("causes").items():
        cause: Cause = entry.model
        parser = parsers.of(entry)
        rules = written_rules(cause, parser)
        read = {n for r in rules for n in opened(r.node, symptoms)}
        rules += weak_answers(cause, pointing.get(i, {}), read, parsers)
        causes[i] = ReadyCause(
            cause, _grouped(rules, symptoms, words),
            gate=_nodes(parser, cause, "gate"),
            unless=_nodes(parser, cause, "unless"),
            rules_out=_nodes(parser, cause, "rules_out"),
        )  # fmt: skip
    return causes


def _grouped(
    rules: list[ReadyRule], symptoms: Mapping[str, Node], words: Vocabulary
) -> tuple[ReadyRule, ...]:
    used = {n for r in rules for n in names(r.node)}
    expand = {n: observations(n, symptoms, words) for n in used}
    return tuple(group_by_shared_leaves(rules, expand))


def _nodes(parser: Parser, cause: Cause, key: str) -> tuple[Node, ...]:
    found = [parser.parse(c, (key, i)) for i, c in enumerate(getattr(cause, key))]
    return tuple(n for n in found if n is not None)


def _at_layer(cause: ReadyCause, layer: int) -> ReadyCause:
    return ReadyCause(
        cause.spec, cause.rules, cause.gate, cause.unless, cause.rules_out, layer
    )


def _ring(raw: Raw, kind: str, ring: tuple[str, ...]) -> Problem:
    entry = raw.of(kind)[ring[0]]
    path = " -> ".join(ring)
    message = Said(f"{kind} derive each other: {path}", f"{_DERIVED[kind]}: {path}")
    return entry.document.problem(entry.path, "cycle", message)
