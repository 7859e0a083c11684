"""Plain text inside Markdown: it says what it says and does nothing."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
# what would begin a list or a rule: `- a`, `1. a`; `2.5` begins none
_START = re.compile(r"^\s*(?=[-+=:])|^\s*\d+(?=[.)](?:\s|$))")


def escape(text: str) -> str:
    """Plain text that Markdown and embedded HTML leave alone, on one line."""
    flat = " ".join(text.split())
    return _START.sub(r"\g<0>\\", _SPECIAL.sub(r"\\\1", flat))
