"""A worksheet as PDF: its blocks as JSON, laid out by reports/worksheet.typ."""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from markdown_it.token import Token

from salesdx.content import content
from salesdx.render.clean import breakable, walk
from salesdx.render.typeset import typeset
from salesdx.render.worksheets.paper import Paper
from salesdx.render.worksheets.parsed import closing, runs, tokens

_KEEP = frozenset({"kind"})
Block = dict[str, Any]


def write(text: str, paper: Paper) -> bytes:
    """Typeset the sheet; very long words may break anywhere."""
    blocks = _Reader(tokens(text, paper.landscape)).blocks()
    about = {f.name: getattr(paper, f.name) for f in fields(paper) if f.name != "look"}
    data = walk({**about, "blocks": blocks}, breakable, _KEEP)
    files = {
        "main": (content("reports") / "worksheet.typ").read_bytes(),
        "sheet.json": json.dumps(data, ensure_ascii=False).encode(),
    }
    return typeset(files, paper.language, paper.look)


class _Reader:
    """Reads tokens one after another into blocks; a list is a block of blocks."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.found, self.at = found, 0

    def blocks(self, until: str = "") -> list[Block]:
        """All blocks up to a closing token, which is read too."""
        made: list[Block] = []
        while self.at < len(self.found):
            token = self.found[self.at]
            self.at += 1
            if token.type == until:
                break
            block = self.block(token)
            if block is not None:
                made.append(block)
        return made

    def block(self, token: Token) -> Block | None:
        """The block that a token opens; None for what is no block by itself."""
        match token.type:
            case "heading_open":
                return {"kind": "heading", "level": int(token.tag[1:]), **self.inline()}
            case "paragraph_open":
                after = self.found[min(self.at + 2, len(self.found) - 1)].type
                leads = after == "table_open"
                return {"kind": "para", "leads": leads, **self.inline()}
            case "blockquote_open":
                return {"kind": "note", "blocks": self.blocks("blockquote_close")}
            case "bullet_list_open":
                return {"kind": "bullets", "items": self.items("bullet_list_close")}
            case "ordered_list_open":
                start = int(token.attrs.get("start", 1))
                items = self.items("ordered_list_close")
                return {"kind": "numbers", "start": start, "items": items}
            case "table_open":
                return self.table()
            case "hr":
                return {"kind": "rule"}
            case _:
                return None

    def inline(self) -> Block:
        """The words of the inline token that comes next, with their dress."""
        return {"runs": _runs(self.found[self.at])}

    def items(self, until: str) -> list[list[Block]]:
        """The items of a list, each with its blocks."""
        made: list[list[Block]] = []
        while self.at < len(self.found):
            token = self.found[self.at]
            self.at += 1
            if token.type == until:
                break
            if token.type == "list_item_open":
                made.append(self.blocks("list_item_close"))
        return made

    def table(self) -> Block:
        """A table; `lines` is one to write on: a single column, and nothing in it."""
        opening = self.at - 1
        end = closing(self.found, opening)
        rows: list[list[list[Block]]] = []
        for i in range(self.at, end):
            token = self.found[i]
            if token.type == "tr_open":
                rows.append([])
            elif token.type in {"th_open", "td_open"}:
                rows[-1].append(_runs(self.found[i + 1]))
        self.at = end + 1
        head, *rest = rows
        token = self.found[opening]
        return {
            "kind": "table", "widths": token.meta["widths"], "head": head, "rows": rest,
            "whole": token.attrs.get("class") == "whole",
            "lines": len(head) == 1 and not any(cell for row in rest for cell in row),
        }  # fmt: skip


def _runs(inline: Token) -> list[Block]:
    return [
        {"text": text, "bold": bold, "slanted": slanted}
        for text, bold, slanted in runs(inline)
    ]
