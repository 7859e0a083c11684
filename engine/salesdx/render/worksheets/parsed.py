"""Markdown of a worksheet as the tokens of markdown-it, fit for page and print."""

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_RULE = re.compile(r"[-:]+")
_WORD = re.compile(r"[^ \t\n\u200b]+")  # a blank that holds together ends no word
_UPRIGHT, _WIDE = 84, 126  # characters of a table line, upright and on its side
_LONGEST, _PAD = 15, 3  # of a word that is kept whole; around the text of a cell
WHOLE = 8  # rows of a table that stays on one page


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    # an indented line is no code here, and a picture would load something
    return parser.enable("table").disable(["code", "fence", "image", "html_block"])


def tokens(text: str, wide: bool = False) -> list[Token]:
    """The tokens; tables know the shares of their columns and cells their heading.

    A column is as wide as its dashes under the heading say, `|--|------|` is 1 to 3,
    but no narrower than its longest word.
    """
    found, lines = _parser().parse(text), text.splitlines()
    for i, token in enumerate(found):
        if token.type == "table_open" and token.map:
            rule = lines[token.map[0] + 1]
            dashes = [len(part) for part in _RULE.findall(rule)]
            _table(token, found[i : closing(found, i)], dashes, wide)
    return found


def closing(found: Sequence[Token], at: int) -> int:
    """Where the table that opens at a place ends."""
    return next(i for i in range(at, len(found)) if found[i].type == "table_close")


def _table(
    opening: Token, found: Sequence[Token], dashes: list[int], wide: bool
) -> None:
    heads: list[str] = []
    longest = [0] * len(dashes)
    rows = place = 0
    for i, token in enumerate(found):
        if token.type == "tr_open":
            rows, place = rows + 1, 0
        elif token.type in {"th_open", "td_open"}:
            token.attrs.pop("style", None)  # the page allows no inline style
            said = plain(found[i + 1])
            if token.type == "th_open":
                heads.append(said)
                token.attrs["scope"] = "col"
            else:
                token.attrs["data-label"] = heads[place]
                token.attrs["class"] = "" if said else "blank"
            words = [len(word) for word in _WORD.findall(said)]
            longest[place] = max([longest[place], *words])
            place += 1
    line = _WIDE if wide else _UPRIGHT
    needs = [min(n, _LONGEST) + _PAD for n in longest]
    opening.meta["widths"] = _shares(dashes, needs, line)
    if rows - 1 <= WHOLE:
        opening.attrs["class"] = "whole"


def _shares(wanted: Sequence[int], needs: Sequence[int], line: int) -> list[float]:
    """Widths in the wanted relation, none below its need; they add up to the line."""
    total = sum(needs)
    if total >= line:
        return [line * need / total for need in needs]
    widths = [line * w / sum(wanted) for w in wanted]
    fixed: set[int] = set()
    while short := [i for i, w in enumerate(widths) if i not in fixed and w < needs[i]]:
        fixed.update(short)
        left = line - sum(needs[i] for i in fixed)
        share = sum(w for i, w in enumerate(wanted) if i not in fixed)
        widths = [
            float(needs[i]) if i in fixed else left * w / share
            for i, w in enumerate(wanted)
        ]
    return widths


def plain(inline: Token) -> str:
    """The words of an inline token without their dress."""
    return "".join(c.content for c in inline.children or [] if c.type != "softbreak")


def runs(inline: Token) -> list[tuple[str, bool, bool]]:
    """(text, bold, italic) of an inline token."""
    bold, slanted, found = 0, 0, []
    for child in inline.children or []:
        match child.type:
            case "strong_open" | "strong_close":
                bold += child.nesting
            case "em_open" | "em_close":
                slanted += child.nesting
            case "softbreak" | "hardbreak":
                found.append((" ", False, False))
            case _:
                if child.content:
                    found.append((child.content, bool(bold), bool(slanted)))
    return found


def page(text: str, wide: bool) -> str:
    """HTML of the tokens; column widths as attributes, for styles are not allowed."""
    parser = _parser()
    out = []
    for token in tokens(text, wide):
        out.append(parser.renderer.render([token], parser.options, {}))
        if token.type == "table_open":
            widths = token.meta["widths"]
            shares = [100 * w / sum(widths) for w in widths]
            cols = "".join(f'<col width="{share:.1f}%">' for share in shares)
            out.append(f"<colgroup>{cols}</colgroup>\n")
    return "".join(out)
