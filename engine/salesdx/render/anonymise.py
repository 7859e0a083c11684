"""Managers and clients as A, B, C: in slices, texts and ids alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from salesdx.render.clean import walk
from salesdx.render.hiding import HIDDEN, RESPONDENT, Names
from salesdx.render.texts import Labels
from salesdx.result import BreakBy, ResultDocument, Where

if TYPE_CHECKING:
    from salesdx.compare import Comparison

_PERSONAL = ("manager", "client")
# closed vocabularies: never a name, and a manager called "data" must not change them
_KEEP = frozenset(
    {
        "schema", "knowledge", "engine", "metric", "question", "rule", "ref", "kind",
        "state", "verdict", "role", "unit", "direction", "grade", "severity", "period",
        "at", "as_of", "currency", "source", "worksheet", "languages",
        "scope", "area", "dimension", "cells", "alike", "progress",
        "problems", "in_order", "not_known", "mended", "broken",  # ids of questions
        "slice", "about", "reached_by",  # changed by _slices
    }
)  # fmt: skip
_PLACES = ("slice", "about", "reached_by")
_SAID_BY = frozenset({"by", "said_by", "profit_by", "clients_by", "cost_by"})
_NUMBER = re.compile(r"-\d+$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")


def anonymised(document: ResultDocument) -> ResultDocument:
    """Replace names by letters, in order of first appearance; hide free text.

    A name inside a text is found whatever its Russian case ending; a name of digits
    only is replaced in slices, not in texts, where it cannot be told from a figure.
    Notes and free answers may name anybody, so they are hidden. Never to be done twice:
    a letter is no name, and letters such as AT are words.
    """
    return _hidden(document, _Letters(document))


def anonymised_since(
    document: ResultDocument, since: Comparison
) -> tuple[ResultDocument, Comparison]:
    """A result and its comparison with an older one: one person, one letter in both.

    Who has left and is in the older result alone gets one of the letters that follow.
    """
    letters = _Letters(document, since)
    return _hidden(document, letters), _hidden_since(since, letters)


class _Letters:
    """Who is called how: exactly in slices, by any of the names in texts."""

    def __init__(
        self, document: ResultDocument, since: Comparison | None = None
    ) -> None:
        people = _names(document)
        for name, is_person in _names_since(since).items() if since else ():
            people[name] = people.get(name, False) or is_person
        self.exact = {name: _letter(i) for i, name in enumerate(people)}
        persons = [name for name, is_person in people.items() if is_person]
        self.change = Names(self.exact, persons, _respondents(document))
        self.said_by = _anonymous(document)


def _hidden(document: ResultDocument, letters: _Letters) -> ResultDocument:
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
    facts = [x["facts"] for c in data["causes"] for x in c["evidence"]]
    for fact in (f for some in facts for f in some.values()):
        if fact["by"] not in (None, "data"):
            _hide_words(fact)
    _unsigned(data, letters.said_by)
    _peers(data, letters.exact)
    data = _slices(walk(data, letters.change, _KEEP), letters)
    for cause in data["causes"]:
        for line in cause["evidence"]:
            line["facts"] = {letters.change(k): v for k, v in line["facts"].items()}
    return ResultDocument.model_validate(data)


def _hidden_since(since: Comparison, letters: _Letters) -> Comparison:
    from salesdx.compare import Comparison
    from salesdx.compare import words as compared

    data = since.model_dump(mode="json", by_alias=True)
    for action in data["actions"]:
        edit = action["edit"] or {}
        if edit.get("dropped"):  # the reason of the row says it over again
            why = compared.said("action.dropped", why=HIDDEN)
            action["reason"] = why.model_dump()
        _hide_edit(edit)
    for metric in data["metrics"]:
        _explainers(metric["by"], letters.exact)
    data = _slices(walk(data, letters.change, _KEEP), letters)
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


def _names_since(since: Comparison) -> dict[str, bool]:
    rows = (since.causes, since.losses, since.metrics, since.symptoms)
    found = _named(row.slice for part in rows for row in part)
    for metric in since.metrics:
        found.update(_explaining(metric.by))
    return found


def _named(places: Iterable[Where]) -> dict[str, bool]:
    """Names in order, and whether each is a manager's."""
    return {where[d]: d == "manager" for where in places for d in _PERSONAL
            if where.get(d)}  # fmt: skip


def _explaining(rows: Iterable[BreakBy]) -> dict[str, bool]:
    return {
        v.value: by.dimension == "manager"
        for by in rows if by.dimension in _PERSONAL for v in by.values
    }  # fmt: skip


def _names(document: ResultDocument) -> dict[str, bool]:
    found = _named(_places(document))
    for loss in document.losses:
        if "manager" in loss.slice:
            found.update(dict.fromkeys(loss.excluded, True))
    for change in document.breaks:
        found.update(_explaining(change.by))
    return found


def _respondents(document: ResultDocument) -> list[str]:
    """Who answered: no letter is theirs, and a text may name them all the same."""
    said = [a.name for a in document.answers]
    said += [v.name for d in document.disagreements for v in d.values]
    return list(dict.fromkeys(filter(None, said)))


def _anonymous(document: ResultDocument) -> dict[str, str]:
    """Ids of respondents that are more than a role: `belova-irina` says who it is."""
    t = Labels("en")
    said = [a.by for a in document.answers]
    said += [v.by for d in document.disagreements for v in d.values]
    said += [row.by for row in document.meeting]
    said += [f.by for c in document.causes for line in c.evidence
             for f in line.facts.values() if f.by]  # fmt: skip
    own = [by for by in dict.fromkeys(said) if not t.names("by", _NUMBER.sub("", by))]
    return {by: f"{RESPONDENT}-{i}" for i, by in enumerate(own, 1)}


def _unsigned(value: Any, names: Mapping[str, str]) -> None:
    """Ids of respondents wherever it says who said something."""
    if isinstance(value, dict):
        for key, below in value.items():
            if isinstance(below, str) and key in _SAID_BY:
                value[key] = names.get(below, below)
            else:
                _unsigned(below, names)
    elif isinstance(value, list):
        for below in value:
            _unsigned(below, names)


def _places(document: ResultDocument) -> Iterable[Where]:
    parts: tuple[Iterable[Any], ...] = (
        document.losses, document.causes, document.metrics, document.symptoms,
        document.breaks, document.meeting,
    )  # fmt: skip
    for rows in parts:
        yield from (row.slice for row in rows)
    yield from (a.about for a in document.answers)


def _slices(value: Any, letters: _Letters) -> Any:
    """Exact values of the personal dimensions, whatever they look like.

    A segment or a source may be called by somebody's name, too: «Клиенты Ковалёва».
    """
    if isinstance(value, list):
        return [_slices(v, letters) for v in value]
    if isinstance(value, dict):
        return {
            k: _places_of(below, letters)
            if k in _PLACES
            else letters.exact[below]
            if k in _PERSONAL and isinstance(below, str) and below in letters.exact
            else _slices(below, letters)
            for k, below in value.items()
        }
    return value


def _places_of(value: Any, letters: _Letters) -> Any:
    if isinstance(value, list):
        return [_places_of(v, letters) for v in value]
    if isinstance(value, dict):
        return {d: _placed(d, v, letters) for d, v in value.items()}
    return value


def _placed(dimension: str, value: Any, letters: _Letters) -> Any:
    if dimension in _PERSONAL:
        return letters.exact.get(value, value)
    return letters.change(value) if isinstance(value, str) else value


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
