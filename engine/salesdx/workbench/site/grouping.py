"""Entries in the order of reading: rules of a cause, lists by group, an A to Z."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadyRule
from salesdx.language import Language
from salesdx.workbench.site.reader import Reader
from salesdx.workbench.site.searching import Row


@dataclass(frozen=True, slots=True)
class Told:
    """A rule, and the letter of its group where several share an observation."""

    rule: ReadyRule
    letter: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a cause: those written for it, and slight signs of questions."""

    pro: list[Told]
    contra: list[Told]
    signs: list[ReadyRule]


def rules(cause: ReadyCause) -> Rules:
    """The heaviest first; letters name groups in the order they are met."""
    weight = sorted(cause.rules, key=lambda r: (-r.points, r.path or ("", 0), r.id))
    written = [r for r in weight if r.path]
    size: dict[str, int] = {}
    for rule in written:
        size[rule.group] = size.get(rule.group, 0) + 1
    order = [r for d in ("for", "against") for r in written if r.direction == d]
    letter: dict[str, str] = {}
    for rule in order:
        if size[rule.group] > 1 and rule.group not in letter:
            letter[rule.group] = _letter(len(letter))
    told = [Told(r, letter.get(r.group, "")) for r in order]
    return Rules(
        [x for x in told if x.rule.direction == "for"],
        [x for x in told if x.rule.direction == "against"],
        [r for r in weight if not r.path],
    )


def _letter(n: int) -> str:
    """A, B, … Z, AA."""
    found = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def groups(knowledge: KnowledgeBase, name: str, r: Reader) -> list[Any]:
    """(heading, ids) of a list page; one without heading where it has no parts."""
    k: Any = knowledge
    if name == "causes":
        return _by(
            {i: r.kind_title(c.spec.kind) for i, c in k.causes.items()}, "cause", r
        )
    if name == "symptoms":
        return [
            (r.t(f"symptoms.{kind}"), _sorted(
                [i for i, s in k.symptoms.items() if s.spec.kind == kind], "symptom", r
            ))
            for kind in ("harm", "check")
        ]  # fmt: skip
    if name == "benchmarks":
        files = {i: e.file for i, e in k.entries.get("benchmarks", {}).items()}
        return [("", _sorted(list(files), "benchmark", r))]
    kinds = {"remedies": "remedy", "metrics": "metric", "claims": "claim",
             "worksheets": "worksheet"}  # fmt: skip
    if name in kinds:
        return [("", _sorted(list(getattr(k, name)), kinds[name], r))]
    return []


def _by(heads: dict[str, str], kind: str, r: Reader) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for i, head in heads.items():
        found.setdefault(head, []).append(i)
    return [(h, _sorted(found[h], kind, r)) for h in sorted(found, key=_key)]


def _sorted(ids: list[str], kind: str, r: Reader) -> list[str]:
    return sorted(ids, key=lambda i: (_key(r.title(kind, i)), i))


def _key(title: str) -> str:
    """What a title is sorted by: letters and figures, ё as е."""
    letters_ = title.casefold().replace("ё", "е")
    return "".join(c for c in letters_ if c.isalnum() or c == " ").strip()


_OTHER: dict[Language, str] = {"en": "А–Я", "ru": "A–Z"}


def letters(entries: Iterable[Row], language: Language) -> list[tuple[str, list[Row]]]:
    """An A to Z: the first letter, then the entries.

    Letters of the other alphabet share a heading after it, then come the figures.
    """
    found: dict[tuple[int, str], list[Row]] = {}
    for row in entries:
        first = _key(row.title)[:1].upper()
        cyrillic = "\u0400" <= first <= "\u04ff"
        if not first.isalpha():
            head = 2, "0–9"
        elif cyrillic is (language == "ru"):
            head = 0, first
        else:
            head = 1, _OTHER[language]
        found.setdefault(head, []).append(row)
    return [
        (head[1], sorted(found[head], key=lambda x: (_key(x.title), x.kind, x.id)))
        for head in sorted(found)
    ]
