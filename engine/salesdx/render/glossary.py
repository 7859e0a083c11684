"""The glossary: the words that this report uses, in plain language, and no others."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from salesdx.language import Text, texts_of
from salesdx.render.report import (
    Block,
    Bullets,
    Card,
    Figure,
    Group,
    Pairs,
    Para,
    Points,
    Section,
    Table,
)
from salesdx.render.words import Words

_MEANS, _FOUND = ".means", ".found"
_EXPLAINED = {"method"}  # a chapter that explains its words itself
_MOST = 8  # words that an owner and a team are told: those that they meet most often


@lru_cache(maxsize=1)
def _terms() -> dict[str, Text]:
    return texts_of("glossary.yaml")


def section(sections: Sequence[Section], words: Words) -> Section:
    """Terms that occur in these sections, by the alphabet; empty where none does."""
    told = [s for s in sections if s.id not in _EXPLAINED]
    said = "\n".join(s for part in told for s in _strings(part.blocks)).casefold()
    met = {
        key: len(re.findall(rf"\b(?:{_terms()[key + _FOUND].in_(words.lang)})", said))
        for key in _terms()
        if not key.endswith((_MEANS, _FOUND))
    }
    found = sorted((key for key in met if met[key]), key=lambda key: -met[key])
    brief = words.reader in ("owner", "team")
    rows = [
        (words.text(_terms()[key]), words.text(_terms()[key + _MEANS]))
        for key in (found[:_MOST] if brief else found)
    ]
    lines = [
        words.t("glossary.line", term=term, means=words.lowered(means))
        for term, means in sorted(rows, key=_letters)
    ]
    blocks: list[Block] = [Bullets(lines)] if lines else []
    return Section("glossary", words.t("method.glossary"), blocks)


def _letters(row: tuple[str, str]) -> str:
    return row[0].casefold().lstrip("«“").replace("ё", "е")


def _strings(blocks: Sequence[Block]) -> Iterator[str]:
    """Every text of the blocks; of a chart what it says in words."""
    for block in blocks:
        match block:
            case Para():
                yield block.text
            case Bullets():
                yield from block.items
            case Pairs():
                yield from (text for row in block.rows for text in row)
            case Points():
                yield from (f"{p.text} {p.note}" for p in block.rows)
            case Table():
                yield from (c.title for c in block.columns)
                yield from (cell for row in block.rows for cell in row)
            case Figure():
                yield f"{block.caption} {block.desc}"
            case Group():
                yield block.title
                yield from _strings(block.blocks)
            case Card():
                yield " ".join((block.title, *block.tags))
                yield from _strings(block.blocks)
