"""Strings that no format chokes on: control and direction characters are dropped."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

# XML forbids C0 controls and U+FFFE/F; direction marks can reorder a whole line
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)

M = TypeVar("M", bound=BaseModel)
_ESCAPED = re.compile(r"\\[bfu]")  # how JSON writes other controls than line ends


def plain(text: str) -> str:
    """The text without forbidden characters; never empty if it was not."""
    return _FORBIDDEN.sub("", text) or ("\ufffd" if text else "")


def walk(value: Any, change: Callable[[str], str], keep: frozenset[str]) -> Any:
    """Apply `change` to every string below, except under the keys in `keep`.

    A text in both languages is never kept: `verdict` is a code in one place and a
    sentence in another.
    """
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [walk(v, change, keep) for v in value]
    if isinstance(value, dict):
        return {
            k: v if k in keep and not _is_text(v) else walk(v, change, keep)
            for k, v in value.items()
        }
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"en", "ru"}


def cleaned(document: M) -> M:
    """The document with every string cleaned; the same object when nothing changes."""
    if _is_clean(document):
        return document
    data = document.model_dump(mode="json", by_alias=True)
    changed = walk(data, plain, frozenset())
    return document if changed == data else type(document).model_validate(changed)


def _is_clean(document: BaseModel) -> bool:
    """Whether its JSON shows at a glance that there is nothing to drop."""
    try:
        text = document.model_dump_json(by_alias=True)
    except ValueError:  # half of a surrogate pair cannot be written
        return False
    return not (_FORBIDDEN.search(text) or _ESCAPED.search(text))


def breakable(text: str, every: int = 14) -> str:
    """Zero-width spaces inside very long words, for layouts that cannot break them."""
    return re.sub(
        r"\S{30,}",
        lambda m: "\u200b".join(
            m[0][i : i + every] for i in range(0, len(m[0]), every)
        ),
        text,
    )
