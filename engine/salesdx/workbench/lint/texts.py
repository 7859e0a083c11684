"""Texts in the wrong language, statements without a source, figures out of nowhere."""

import re
from collections.abc import Iterator
from typing import Any

from salesdx.content import NodePath
from salesdx.errors import Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.links import OWN_HOLES
from salesdx.knowledge.rules import opened
from salesdx.language import Text
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.places import found_at_rule
from salesdx.workbench.lint.usage import marks_of

_LANGUAGES = {"en", "ru"}
_HOLE = re.compile(r"\{[^{}]*\}")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_LATIN = re.compile(r"[A-Za-z]")
_ELSEWHERE = {"questionnaires": "questions"}  # entries of their own


def check_texts(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """Texts and sources of every entry of every kind."""
    for kind, entries in knowledge.entries.items():
        for name, entry in entries.items():
            yield from _entry(entry, name, _ELSEWHERE.get(kind, ""))


def _entry(entry: Entry, name: str, skipped: str) -> Iterator[Finding]:
    data = entry.document.data
    for step in entry.path:
        data = data[step]
    for path, value in _mappings(data, (), skipped):
        subject = _subject(data, name, path)
        if value.keys() == _LANGUAGES:
            for key, message in _spoken(str(value["en"]), str(value["ru"])):
                at = (*path, key)
                yield Finding(entry.problem(at, "missing-language", message), subject)
        elif path and path[-1] == "source" and not any(map(_said, value.values())):
            yield Finding(
                entry.problem(
                    path, "missing-source",
                    Said("the source is empty", "источник не указан"),
                    Said(
                        "fill in title, section, seed or note; of your own experience "
                        "say so in note",
                        "заполните title, section, seed или note; если это ваш опыт, "
                        "так и напишите в note",
                    ),
                ),
                subject,
            )  # fmt: skip


def _said(value: object) -> bool:
    return bool(str(value or "").strip())


def _mappings(
    data: Any, path: NodePath, skipped: str = ""
) -> Iterator[tuple[NodePath, dict[str, Any]]]:
    """Every mapping inside an entry; tests hold values, not statements."""
    if isinstance(data, dict):
        yield path, data
        for key, value in data.items():
            if key not in (skipped, "tests"):
                yield from _mappings(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _mappings(value, (*path, i))


def _subject(data: dict[str, Any], name: str, path: NodePath) -> str:
    """`cause/rule` inside a rule, else the id of the entry."""
    if len(path) > 1 and path[0] in ("evidence", "against"):
        return f"{name}/{data[path[0]][path[1]]['id']}"
    return name


def _spoken(en: str, ru: str) -> Iterator[tuple[str, Said]]:
    en, ru = (_HOLE.sub("", text).strip() for text in (en, ru))
    if _CYRILLIC.search(en):
        yield "en", Said("the English text is Russian", "английский текст — по-русски")
    if _LATIN.search(ru) and not _CYRILLIC.search(ru) and not _is_name(en, ru):
        yield "ru", Said("the Russian text is not", "русский текст — не по-русски")


def _is_name(en: str, ru: str) -> bool:
    """CRM, B2B, amoCRM, Telegram: what is written alike in both languages."""
    words = ru.split()
    return en == ru and len(words) <= 2 and all(w != w.lower() for w in words)


def check_placeholders(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """A `because` that names a figure which its own condition does not read.

    The rule may hold while the figure is not known: then the sentence has a hole.
    """
    symptoms = {i: s.node for i, s in knowledge.symptoms.items()}
    for cause in knowledge.causes.values():
        for rule in cause.rules:
            if rule.path:
                read = _read(rule.node, symptoms, knowledge) | set(cause.spec.needs)
                for hole in _unread(rule.because, read):
                    yield found_at_rule(
                        knowledge, rule, "placeholder-not-read", *_not_read(hole),
                        "because",
                    )  # fmt: skip
    for symptom in knowledge.symptoms.values():
        because = symptom.spec.because
        read = _read(symptom.node, symptoms, knowledge)
        for hole in _unread(because, read) if because else ():
            message, hint = _not_read(hole)
            at, code = ("because",), "placeholder-not-read"
            yield Finding(
                knowledge.problem("symptoms", symptom.id, at, code, message, hint),
                symptom.id,
            )


def _read(node: Node, symptoms: dict[str, Node], knowledge: KnowledgeBase) -> set[str]:
    """Names and thresholds that a condition reads, also through its symptoms."""
    names = opened(node, symptoms)
    inside = [symptoms[s] for n in names if (s := n.removeprefix("symptom:")) != n]
    marks = {m for n in (node, *inside) for m in marks_of(n)}
    bare = {n.partition(":")[2] for n in names if ":" in n}
    return names | bare | marks | {knowledge.vocabulary.leaf_of(n) for n in names}


def _unread(text: Text, read: set[str]) -> list[str]:
    return sorted(text.holes() - OWN_HOLES - read)


def _not_read(hole: str) -> tuple[Said, Said]:
    return (
        Said(
            f"the sentence names {{{hole}}}, which the condition does not read",
            f"в тексте есть {{{hole}}}, но условие этого не читает",
        ),
        Said(
            "read it in the condition, or name it under `needs` of the cause",
            "добавьте его в условие или в `needs` причины",
        ),
    )
