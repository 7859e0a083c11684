"""Managers and clients as A, B, C: in slices, texts and ids alike."""

import re
from collections.abc import Iterable
from typing import Any

from salesdx.compare import Comparison
from salesdx.compare import words as compared
from salesdx.render.clean import walk
from salesdx.result import BreakBy, ResultDocument, Where

_PERSONAL = ("manager", "client")
# closed vocabularies: never a name, and a manager called "data" must not change them
_KEEP = frozenset(
    {
        "schema", "knowledge", "engine", "metric", "question", "rule", "ref", "kind",
        "state", "verdict", "role", "unit", "direction", "grade", "severity", "period",
        "at", "as_of", "currency", "source", "funnel", "worksheet", "languages",
        "scope", "area", "dimension", "cells", "alike", "progress",
        "problems", "in_order", "not_known", "mended", "broken",  # ids of questions
        "slice", "about",  # exact values, changed by _slices
    }
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")
HIDDEN = "…"


def anonymised(document: ResultDocument) -> ResultDocument:
    """Replace names by letters, in order of first appearance; hide free text.

    A name inside a text is found whatever its Russian case ending; a name of digits
    only is replaced in slices, not in texts, where it cannot be told from a figure.
    Notes and free answers may name anybody, so they are hidden.
    """
    return _hidden(document, _letters(document))


def anonymised_since(
    document: ResultDocument, since: Comparison
) -> tuple[ResultDocument, Comparison]:
    """A result and its comparison with an older one: one person, one letter in both.

    Who has left and is in the older result alone gets one of the letters that follow.
    """
    letters = _letters(document, since)
    return _hidden(document, letters), _hidden_since(since, letters)


def _letters(
    document: ResultDocument, since: Comparison | None = None
) -> dict[str, str]:
    names = dict.fromkeys([*_names(document), *(_names_since(since) if since else ())])
    return {name: _letter(i) for i, name in enumerate(names)}


def _hidden(document: ResultDocument, letters: dict[str, str]) -> ResultDocument:
    data = document.model_dump(mode="json", by_alias=True)
    for answer in data["answers"]:
        answer["note"] = HIDDEN if answer["note"] else ""
        for key in ("reason", "evidence", "name"):  # there only where there is one
            answer.pop(key, None)
        _hide_words(answer)
    for differ in data["disagreements"]:
        for said in differ["values"]:
            said.pop("name", None)
            _hide_words(said)
    for row in data["meeting"]:
        for key in ("why", "what", "who"):
            row[key] = HIDDEN if row[key] else ""
    for action in [*data["plan"], *data.get("past_actions", [])]:
        _hide_edit(action.get("edit", {}))
    change = _Change(letters)
    _peers(data, letters)
    data = _slices(walk(data, change, _KEEP), letters)
    for cause in data["causes"]:
        for line in cause["evidence"]:
            line["facts"] = {change(k): v for k, v in line["facts"].items()}
    return ResultDocument.model_validate(data)


def _hidden_since(since: Comparison, letters: dict[str, str]) -> Comparison:
    data = since.model_dump(mode="json", by_alias=True)
    for action in data["actions"]:
        edit = action["edit"] or {}
        if edit.get("dropped"):  # the reason of the row says it over again
            why = compared.said("action.dropped", why=HIDDEN)
            action["reason"] = why.model_dump()
        _hide_edit(edit)
    for metric in data["metrics"]:
        _explainers(metric["by"], letters)
    data = _slices(walk(data, _Change(letters), _KEEP), letters)
    return Comparison.model_validate(data)


def _hide_edit(edit: dict[str, Any]) -> None:
    """Who does it, and what somebody noted."""
    edit.pop("owner", None)
    for key in ("note", "dropped"):  # there only where there is one
        if key in edit:
            edit[key] = HIDDEN


def _explainers(rows: list[dict[str, Any]], letters: dict[str, str]) -> None:
    for by in rows:
        if by["dimension"] in _PERSONAL:
            for part in by["values"]:
                part["value"] = letters.get(part["value"], part["value"])


def _peers(data: dict[str, Any], letters: dict[str, str]) -> None:
    """Values that stand outside a slice: who made no norm, who explains a break."""
    for loss in data["losses"]:
        if "manager" in loss["slice"]:
            loss["excluded"] = [letters.get(v, v) for v in loss["excluded"]]
            for out in loss["left_out"]:
                out["value"] = letters.get(out["value"], out["value"])
    for found in data["breaks"]:
        _explainers(found["by"], letters)


class _Change:
    """Replaces every name in one pass, the longest first, with its endings."""

    def __init__(self, letters: dict[str, str]) -> None:
        forms: dict[str, str] = {}
        for name, letter in letters.items():
            if len(name) > 1 and not name.isdigit():
                forms[_key(name)] = letter
        for name, letter in letters.items():
            words = re.findall(r"[^\W\d_]{3,}", name)
            for word in map(_key, words if len(words) > 1 else ()):
                # two people of one first name cannot be told apart by it
                known = forms.setdefault(word, letter)
                forms[word] = letter if known == letter else HIDDEN
        order = sorted(forms, key=lambda f: (-len(f), f))
        self.letters = [forms[f] for f in order]
        either = "|".join(f"({_pattern(f)})" for f in order)
        self.regex = re.compile(
            rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE
        ) if order else None  # fmt: skip

    def __call__(self, text: str) -> str:
        return self.regex.sub(self._letter, text) if self.regex else text

    def _letter(self, match: re.Match[str]) -> str:
        return self.letters[(match.lastindex or 1) - 1]


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _pattern(form: str) -> str:
    """A name with any blanks between its words and any Russian case endings."""
    return r"\s+".join(map(_inflected, form.split(" ")))


def _inflected(word: str) -> str:
    if not re.fullmatch(r"[а-яё]{4,}", word):
        return re.escape(word)
    stem = word[:-1] if word[-1] in "аяйьеиоу" else word
    return re.sub("[её]", "[её]", stem) + "[а-яё]{0,3}"


def _names_since(since: Comparison) -> list[str]:
    rows = (since.causes, since.losses, since.metrics, since.symptoms)
    found = _named(row.slice for part in rows for row in part)
    for metric in since.metrics:
        found.update(_explaining(metric.by))
    return list(found)


def _named(places: Iterable[Where]) -> dict[str, None]:
    return {where[d]: None for where in places for d in _PERSONAL if where.get(d)}


def _explaining(rows: Iterable[BreakBy]) -> dict[str, None]:
    return {
        v.value: None for by in rows if by.dimension in _PERSONAL for v in by.values
    }


def _names(document: ResultDocument) -> list[str]:
    found = _named(_places(document))
    for loss in document.losses:
        if "manager" in loss.slice:
            found.update(dict.fromkeys(loss.excluded))
    for change in document.breaks:
        found.update(_explaining(change.by))
    return list(found)


def _places(document: ResultDocument) -> Iterable[Where]:
    parts: tuple[Iterable[Any], ...] = (
        document.losses, document.causes, document.metrics, document.symptoms,
        document.breaks, document.meeting,
    )  # fmt: skip
    for rows in parts:
        yield from (row.slice for row in rows)
    yield from (a.about for a in document.answers)


def _slices(value: Any, letters: dict[str, str]) -> Any:
    """Exact values of the personal dimensions, whatever they look like."""
    if isinstance(value, list):
        return [_slices(v, letters) for v in value]
    if isinstance(value, dict):
        return {
            k: letters[v]
            if k in _PERSONAL and isinstance(v, str) and v in letters
            else _slices(v, letters)
            for k, v in value.items()
        }
    return value


def _hide_words(answer: dict[str, Any]) -> None:
    """Own words may name anybody; options, numbers and days name nobody."""
    value = answer["value"]
    if isinstance(value, str) and not answer["shown"] and not _DAY.match(value):
        answer["value"] = HIDDEN


def _letter(index: int) -> str:
    """A to Z, then AA, AB and so on."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
