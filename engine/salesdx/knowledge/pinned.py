"""The questions of one moment, word for word: what an interview is pinned to.

Kept is all that asking depends on, and nothing of what the rules make of an answer.
The same questions give the same bytes and the same hash, whatever file they stand in;
the version of the pack is written beside them and is no part of the hash.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from salesdx.errors import DataError, Said
from salesdx.knowledge.layers import Layer
from salesdx.knowledge.models import Pack, QuestionEntry, Questionnaire
from salesdx.language import Text

FORMAT = 1
_KEPT = (
    "id", "ref", "part", "title", "type", "options", "min", "max", "unit", "who",
    "about", "why", "hint", "prompt", "relevant_if", "applies_to", "core", "seconds",
)  # fmt: skip
_OF_OPTION = ("code", "title")
_UNFIT = re.compile(r"[^A-Za-z0-9._+-]")
SHORT = 12  # signs of the hash that a file is called by


@dataclass(frozen=True, slots=True)
class Sheet:
    """One questionnaire: its title, and its questions in the author's order."""

    id: str
    title: Text
    intro: Text
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pinned:
    """All questions of one moment.

    `version` is that of the pack; `layers` are the overlays with theirs, None where one
    has none. `off` are questions that an overlay switched off.
    """

    pack: str
    version: str
    layers: tuple[tuple[str, str | None], ...]
    sheets: tuple[Sheet, ...]
    questions: Mapping[str, QuestionEntry]
    off: frozenset[str]
    sha256: str

    @property
    def name(self) -> str:
        """How a file with it is called."""
        return name_of(self.version, self.sha256)


def name_of(version: str, sha256: str) -> str:
    """How a file with the questions of a hash is called."""
    return f"{_UNFIT.sub('-', version)}-{sha256[:SHORT]}"


def pin(
    pack: Pack,
    layers: Iterable[Layer],
    questionnaires: Mapping[str, Questionnaire],
    questions: Mapping[str, QuestionEntry],
    off: Set[tuple[str, str]],
) -> Pinned:
    """The questions of a knowledge base as they are now."""
    sheets = tuple(
        Sheet(s.id, s.title, s.intro, tuple(q.id for q in s.questions))
        for s in questionnaires.values()
    )
    asked = {i: _only_asked(q) for i, q in sorted(questions.items())}
    silent = frozenset(i for kind, i in off if kind == "questions")
    body = _body(sheets, asked, silent)
    return Pinned(
        pack.id, pack.version, tuple((x.id, x.version) for x in layers), sheets, asked,
        silent, _hash(body),
    )  # fmt: skip


def dump(pinned: Pinned) -> bytes:
    """The questions as a file: canonical JSON, the same bytes every time."""
    body = _body(pinned.sheets, pinned.questions, pinned.off)
    whole = {
        "format": FORMAT, "pack": pinned.pack, "version": pinned.version,
        "layers": [list(x) for x in pinned.layers], "sha256": pinned.sha256, **body,
    }  # fmt: skip
    return _canonical(whole) + b"\n"


def load(content: bytes, name: str = "") -> Pinned:
    """Read the bytes that `dump` wrote.

    Raises:
        DataError: they are no kept questions, or were changed since.
    """
    try:
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise _newer(name)
        sheets = tuple(
            Sheet(
                s["id"], Text(**s["title"]), Text(**s["intro"]), tuple(s["questions"])
            )
            for s in data["questionnaires"]
        )
        rows = [QuestionEntry(**row, source={}) for row in data["questions"]]
        found = Pinned(
            str(data["pack"]), str(data["version"]),
            tuple((str(i), v) for i, v in data["layers"]), sheets,
            {q.id: q for q in rows}, frozenset(data["off"]), str(data["sha256"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise _broken(name) from error
    if _hash(_body(found.sheets, found.questions, found.off)) != found.sha256:
        raise _broken(name)
    return found


def with_today(
    pinned: Pinned, today: Mapping[str, QuestionEntry]
) -> dict[str, QuestionEntry]:
    """The kept questions with what today's rules make of an answer to the same one."""
    return {
        i: _with_rules(q, today[i]) if i in today and today[i].type == q.type else q
        for i, q in pinned.questions.items()
    }


def sheets_of(
    pinned: Pinned, questions: Mapping[str, QuestionEntry]
) -> dict[str, Questionnaire]:
    """The questionnaires with their questions."""
    return {
        s.id: Questionnaire(
            format=1, id=s.id, title=s.title, intro=s.intro,
            questions=[questions[i] for i in s.questions if i in questions],
        )
        for s in pinned.sheets
    }  # fmt: skip


def _with_rules(kept: QuestionEntry, today: QuestionEntry) -> QuestionEntry:
    known = {o.code: o for o in today.options}
    options = [
        known[o.code].model_copy(update={"title": o.title}) if o.code in known else o
        for o in kept.options
    ]
    fields = ("problem", "dont_know", "metric", "unused", "source")
    rules = {f: getattr(today, f) for f in fields}
    return kept.model_copy(update={**rules, "options": options})


def _only_asked(question: QuestionEntry) -> QuestionEntry:
    return QuestionEntry(**_row(question), source={})


def _row(question: QuestionEntry) -> dict[str, Any]:
    """What is kept of a question; what says nothing is left out."""
    row = question.model_dump(mode="json", include=set(_KEPT))
    row["options"] = [{k: o[k] for k in _OF_OPTION} for o in row["options"]]
    return {
        k: v for k, v in row.items() if v is not None and v is not False and v != []
    }


def _body(
    sheets: Iterable[Sheet], questions: Mapping[str, QuestionEntry], off: Set[str]
) -> dict[str, Any]:
    return {
        "questionnaires": [
            {
                "id": s.id, "title": s.title.model_dump(),
                "intro": s.intro.model_dump(), "questions": list(s.questions),
            }
            for s in sheets
        ],
        "questions": [_row(q) for q in questions.values()],
        "off": sorted(off),
    }  # fmt: skip


def _canonical(data: Mapping[str, Any]) -> bytes:
    text = json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        allow_nan=False,
    )  # fmt: skip
    return text.encode()


def _hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(body)).hexdigest()


def _broken(name: str) -> DataError:
    return DataError(Said(
        f"{name}: these are not the questions of an interview as they were kept; take"
        " the file from a backup",
        f"{name}: файл с вопросами интервью испорчен или изменён; верните его из"
        " резервной копии",
    ))  # fmt: skip


def _newer(name: str) -> DataError:
    return DataError(Said(
        f"{name}: a newer salesdx has kept these questions; update the program",
        f"{name}: эти вопросы сохранила более новая версия salesdx; обновите программу",
    ))  # fmt: skip
