"""What a gate says, in both languages: the sentences are content."""

from functools import lru_cache
from typing import Any

from salesdx.compare.words import filled
from salesdx.language import Text, texts_of


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    return texts_of("gate/texts.yaml")


def said(key: str, **values: Any) -> Text:
    """A sentence of reports/gate/texts.yaml with its values."""
    return filled(_texts()[key], **values)
