"""Set keys of a YAML file; its comments and all other keys stay as they are.

Only the lines of a changed key are written anew, by ruamel.yaml, and within them what
did not change keeps its look. A comment that it would lose is put above the key.
"""

import datetime as dt
import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from salesdx.content import Document, parse
from salesdx.errors import DataError, Said
from salesdx.workbench.yaml_comments import remarks

_WIDE = 1_000_000  # texts are not wrapped
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """The text with top-level keys set to plain data; None takes a key out.

    Raises:
        DataError: the text is not one that can be edited so.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    wanted = dict(_read(text).data)
    for key, value in values.items():
        text = _with(text, key, value)
        wanted.pop(key, None)
        if value is not None:
            wanted[key] = value
    if _plain(_read(text).data) != _plain(wanted):
        raise DataError(Said(
            "the file cannot be changed without changing what else it says; edit it by"
            " hand",
            "файл не изменить, не задев остального; поправьте его вручную",
        ))  # fmt: skip
    return text


def _read(text: str) -> Document:
    document, problems = parse(text, "company.yaml")
    if document is None or not isinstance(document.data, dict):
        raise DataError(Said("the file cannot be read", "файл не читается"), problems)
    return document


def _with(text: str, key: str, value: Any) -> str:
    document = _read(text)
    if document.data.get(key) == value:
        return text
    lines = text.split("\n")
    spans = _spans(document, lines)
    if spans is None:  # all in one pair of brackets
        return _updated(text, key, value)
    if key not in spans:
        end = max((e for _, e in spans.values()), default=0)
        return "\n".join([*lines[:end], _dumped(key, value), *lines[end:]])
    start, end = spans[key]
    before = "\n".join(lines[start:end])
    after = [] if value is None else [_updated(before, key, value)]
    return "\n".join([*lines[:start], *_lost(before, after), *after, *lines[end:]])


def _spans(document: Document, lines: list[str]) -> dict[str, tuple[int, int]] | None:
    """The lines of each top-level key; remarks before the next key are not in it."""
    places = {k: document.place((k, "@key")) for k in document.data}
    starts = [line for line, _ in places.values()]
    if any(col != 1 for _, col in places.values()) or len(set(starts)) < len(starts):
        return None
    found = {}
    for key, (line, _) in places.items():
        end = min((s for s in starts if s > line), default=len(lines) + 1) - 1
        while end > line and (not lines[end - 1].strip() or lines[end - 1][0] == "#"):
            end -= 1
        found[key] = (line - 1, end)
    return found


def _lost(before: str, after: list[str]) -> list[str]:
    """Comments that the new lines do not have, as lines of their own."""
    kept = [r.text for text in after for r in remarks(text)]
    found = []
    for remark in remarks(before):
        if remark.text in kept:
            kept.remove(remark.text)
        else:
            found.append(f"# {remark.text}")
    return found


def _updated(text: str, key: str, value: Any) -> str:
    """A block with its one key set, what is the same in it as it was."""
    yaml = _yaml()
    tree = yaml.load(text)
    if value is None:
        del tree[key]
    else:
        tree[key] = _merged(tree.get(key), value)
    return _written(yaml, tree)


def _dumped(key: str, value: Any) -> str:
    return _written(_yaml(), CommentedMap({key: _merged(None, value)}))


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _written(yaml: YAML, tree: Any) -> str:
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue().rstrip("\n")


def _merged(old: Any, new: Any, beside: Any = None) -> Any:
    """New data in the place of old; `beside` is a neighbour whose look a new one has.

    Maps of a list are the same if their ids are.
    """
    if isinstance(new, Mapping):
        if list(new) == ["id"] and old == new["id"]:
            return old  # a stage in short
        found = old if isinstance(old, CommentedMap) else _like(beside)
        for gone in [k for k in found if k not in new]:
            del found[gone]
        for key, value in new.items():
            found[key] = _merged(found.get(key), value)
        return found
    if isinstance(new, list):
        return _merged_list(old if isinstance(old, CommentedSeq) else None, new)
    was, said = _plain(old), _plain(new)
    if was == said and type(was) is type(said):
        return old
    return _scalar(new)


def _merged_list(old: CommentedSeq | None, new: list[Any]) -> CommentedSeq:
    known = {_id(one): one for one in old or ()}
    if old is not None and [_id(o) for o in old] == [_id(n) for n in new]:
        for place, value in enumerate(new):
            old[place] = _merged(old[place], value)
        return old
    beside = next((o for o in old or () if isinstance(o, CommentedMap)), None)
    made = [_merged(known.get(_id(n)), n, beside) for n in new]
    found = CommentedSeq(made)
    flat = old is not None and old.fa.flow_style()
    if flat or not any(isinstance(m, CommentedMap) for m in made):
        found.fa.set_flow_style()
    return found


def _id(one: Any) -> Any:
    return one.get("id") if isinstance(one, Mapping) else _plain(one)


def _like(beside: Any) -> CommentedMap:
    found = CommentedMap()
    if isinstance(beside, CommentedMap) and beside.fa.flow_style():
        found.fa.set_flow_style()
    return found


def _scalar(value: Any) -> Any:
    """As our reader reads it back: what it would take for something else is quoted."""
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return DoubleQuotedScalarString(value)
    document, _ = parse(f"[{value}]\n", "")
    plain = document is not None and document.data == [value]
    return value if plain else DoubleQuotedScalarString(value)


def _plain(value: Any) -> Any:
    """Data without the marks of ruamel.yaml; a stage in short stands for its map."""
    if isinstance(value, Mapping):
        found = {str(k): _plain(v) for k, v in value.items()}
        return found["id"] if list(found) == ["id"] else found
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value == int(value):
        return int(value)
    return str(value) if isinstance(value, str) else value
