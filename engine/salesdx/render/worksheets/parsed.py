"""Markdown of a worksheet as the tokens of markdown-it, fit for page and print."""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_RULE = re.compile(r"[-:]+")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    # an indented line is no code here, and a picture would load something
    return parser.enable("table").disable(["code", "fence", "image", "html_block"])


def tokens(text: str) -> list[Token]:
    """The tokens; tables know the shares of their columns and cells their heading.

    A column is as wide as its dashes under the heading say: `|--|------|` is 1 to 3.
    """
    found = _parser().parse(text)
    lines = text.splitlines()
    heads: list[str] = []
    place = 0
    for i, token in enumerate(found):
        if token.type == "table_open" and token.map:
            rule = lines[token.map[0] + 1]
            token.meta["widths"] = [len(part) for part in _RULE.findall(rule)]
            heads = []
        elif token.type == "tr_open":
            place = 0
        elif token.type in {"th_open", "td_open"}:
            token.attrs.pop("style", None)  # the page allows no inline style
            said = found[i + 1].content
            if token.type == "th_open":
                heads.append(plain(found[i + 1]))
                token.attrs["scope"] = "col"
            else:
                token.attrs["data-label"] = heads[place]
                token.attrs["class"] = "" if said else "blank"
            place += 1
    return found


def plain(inline: Token) -> str:
    """The words of an inline token without their dress."""
    return "".join(c.content for c in inline.children or [] if c.type != "softbreak")


def page(text: str) -> str:
    """HTML of the tokens; column widths as attributes, for styles are not allowed."""
    parser, found = _parser(), tokens(text)
    out = []
    for token in found:
        out.append(parser.renderer.render([token], parser.options, {}))
        if token.type == "table_open":
            widths = token.meta["widths"]
            cols = "".join(
                f'<col width="{100 * w / sum(widths):.1f}%">' for w in widths
            )
            out.append(f"<colgroup>{cols}</colgroup>\n")
    return "".join(out)
