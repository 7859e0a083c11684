"""Markdown of an own section as the blocks of a report, so that every format has it."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from salesdx.render.report import Block, Bullets, Column, Group, Para, Table
from salesdx.render.worksheets.parsed import closing, plain, tokens

_BLANK = re.compile(r"[ \t\u200b]*\n[ \t]*|[ \t]{2,}")


def blocks_of(text: str) -> list[Block]:
    """Paragraphs, quotes as notes, lists, tables; a heading groups what follows."""
    found: list[Block] = []
    here, level = found, 0
    read, at = tokens(text), 0
    while at < len(read):
        token, end = read[at], at
        match token.type:
            case "heading_open":
                depth = int(token.tag[1:])
                group = Group(_words(read[at + 1]), [])
                parent = found
                if depth > 2 and level == 2:
                    parent = here
                parent.append(group)
                if parent is found:
                    here, level = group.blocks, 2
                end = at + 2
            case "paragraph_open":
                said = _words(read[at + 1])
                here += [Para(said)] if said else []
                end = at + 2
            case "blockquote_open":
                end = _closing(read, at)
                said = " ".join(_lines(read[at:end]))
                here += [Para(said, "note")] if said else []
            case "bullet_list_open" | "ordered_list_open":
                end = _closing(read, at)
                here.append(Bullets(_items(read[at:end]), token.type[0] == "o"))
            case "table_open":
                end = closing(read, at)
                here.append(_table(read[at : end + 1]))
            case _:
                pass
        at = end + 1
    return _kept(found)


def _kept(blocks: Sequence[Block]) -> list[Block]:
    """Without groups that stayed empty: a heading says nothing by itself."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Group):
            inner = _kept(block.blocks)
            found += [Group(block.title, inner)] if inner else []
        else:
            found.append(block)
    return found


def _closing(read: Sequence[Token], at: int) -> int:
    name, level = read[at].type.replace("_open", "_close"), read[at].level
    return next(
        i for i in range(at, len(read))
        if read[i].type == name and read[i].level == level
    )  # fmt: skip


def _words(inline: Token) -> str:
    parts = [
        " " if c.type in ("softbreak", "hardbreak") else c.content
        for c in inline.children or []
    ]
    return _BLANK.sub(" ", "".join(parts)).strip()


def _lines(read: Sequence[Token]) -> list[str]:
    return [said for t in read if t.type == "inline" and (said := _words(t))]


def _items(read: Sequence[Token]) -> list[str]:
    """One line an item; what is nested below it follows in the same line."""
    found: list[list[str]] = []
    base = read[0].level + 1
    for token in read:
        if token.type == "list_item_open" and token.level == base:
            found.append([])
        elif token.type == "inline" and (said := _words(token)):
            found[-1].append(said)
    return [" ".join(parts) for parts in found if parts]


def _table(read: Sequence[Token]) -> Table:
    widths = [max(1, round(w)) for w in read[0].meta["widths"]]
    rows: list[list[str]] = []
    heads: list[str] = []
    for i, token in enumerate(read):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "th_open":
            heads.append(plain(read[i + 1]))
        elif token.type == "td_open":
            rows[-1].append(plain(read[i + 1]))
    columns = [Column(h, w) for h, w in zip(heads, widths, strict=True)]
    return Table(columns, [r for r in rows if r])
