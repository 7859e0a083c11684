"""Where the records lie in an answer of an API, and whether it is an error instead."""

from typing import Any

MAX_DEPTH = 4  # where the records of an answer may lie: `data.deals.edges`
_ERRORS = ("error", "errors", "fault")
_WORDS = (
    "error", "errorcode", "error_code", "code", "error_description", "error_message",
    "error_info", "message", "title", "detail", "description", "name",
)  # fmt: skip
_FEW = 8  # an error has few fields, a record has many
_HTTP_ERROR = range(400, 600)


def records_of(document: Any) -> list[Any]:
    """Entries of the longest list of records; an object without one is a record.

    `{"node": {…}}`, as GraphQL wraps them, is unwrapped.
    """
    return [_unwrapped(entry) for entry in _entries(document, 0)]


def error_of(document: Any) -> str:
    """What an API says went wrong, if a document is such an answer; else empty."""
    if isinstance(document, list):
        told = [_worded(d) for d in document[:3]]
        coded = all(isinstance(d, dict) and _is_coded(d) for d in document)
        return "; ".join(t for t in told if t) if document and coded else ""
    if not isinstance(document, dict):
        return ""
    named = {k.casefold(): v for k, v in document.items()}
    found = next((named[k] for k in _ERRORS if named.get(k)), None)
    status = named.get("status")
    refused = status == "error" or named.get("success") is False
    refused |= isinstance(status, int) and status in _HTTP_ERROR
    refused &= any(named.get(w) for w in _WORDS)
    if len(named) > _FEW or ("id" in named and "jsonrpc" not in named):
        return ""  # a record may have a field for errors
    if found is None and not refused:
        return ""
    return _worded(document) or _worded(found) or "error"


def _is_coded(record: dict[str, Any]) -> bool:
    """`[{"message": …, "errorCode": …}]`, an error of Salesforce."""
    names = {k.casefold() for k in record}
    return "errorcode" in names and names <= {"errorcode", "message", "fields"}


def _worded(told: Any) -> str:
    if isinstance(told, list):
        return "; ".join(t for t in map(_worded, told[:3]) if t)
    if isinstance(told, dict):
        named = {k.casefold(): v for k, v in told.items()}
        words = [_worded(named[w]) for w in _WORDS if named.get(w)]
        words += [_worded(named[k]) for k in ("errors", "fault") if named.get(k)]
        return ": ".join(dict.fromkeys(w for w in words if w))
    return "" if told is None or isinstance(told, bool) else str(told)


def _entries(document: Any, depth: int) -> list[Any]:
    for _ in range(MAX_DEPTH):
        if (key := _inside(document)) is not None:
            document = document.get(key)
    if isinstance(document, list):
        if document and depth < MAX_DEPTH and all(map(_inside, document)):
            return [r for answer in document for r in _entries(answer, depth + 1)]
        return document
    if not isinstance(document, dict):
        return [document] if depth == 0 else []
    if "id" in {k.casefold() for k in document}:
        return [document]
    if depth < MAX_DEPTH:
        inside = [
            _entries(v, depth + 1)
            for v in document.values()
            if isinstance(v, dict | list)
        ]
        longest = max(inside, key=_records, default=[])
        if _records(longest):
            return longest
        if depth == 0 and any(v == [] for v in document.values()):
            return []  # a page without records
    return [document] if depth == 0 and document else []


def _inside(document: Any) -> str | None:
    """Where an answer says that its records are, whatever else it holds beside them."""
    if not isinstance(document, dict):
        return None
    if "jsonrpc" in document:
        return "result"
    return "data" if {"success", "data"} <= set(document) else None


def _records(entries: list[Any]) -> int:
    return sum(isinstance(entry, dict) for entry in entries)


def _unwrapped(entry: Any) -> Any:
    if isinstance(entry, dict) and isinstance(entry.get("node"), dict):
        return entry["node"] if set(entry) <= {"node", "cursor"} else entry
    return entry
