"""Numbering of the DOCX: real lists, so that an editor can add a step and go on."""

from salesdx.render.word_text import NAMESPACES, TWIPS

BULLETS, NUMBERS = 1, 2
_INDENT, _DEPTH = 6, 3  # millimetres a level; levels


class Lists:
    """The lists of one document: each numbered one begins anew."""

    def __init__(self) -> None:
        self.starts: list[tuple[int, int]] = []  # first number, level

    def numbered(self, start: int = 1, level: int = 0) -> int:
        """A new numbered list; its id."""
        self.starts.append((start, level))
        return NUMBERS + len(self.starts)

    def xml(self) -> str:
        """numbering.xml: the two kinds, then every list."""
        kinds = _kind(0, "bullet", "ListBullet") + _kind(1, "decimal", "ListNumber")
        first = _list(BULLETS, 0) + _list(NUMBERS, 1)
        rest = "".join(
            _list(NUMBERS + i, 1, begins) for i, begins in enumerate(self.starts, 1)
        )
        return f"<w:numbering {NAMESPACES}>{kinds}{first}{rest}</w:numbering>"


def _kind(number: int, shape: str, style: str) -> str:
    levels = "".join(_level(i, shape, style) for i in range(_DEPTH))
    return (
        f'<w:abstractNum w:abstractNumId="{number}">'
        f'<w:multiLevelType w:val="hybridMultilevel"/>{levels}</w:abstractNum>'
    )


def _level(place: int, shape: str, style: str) -> str:
    text = "–" if shape == "bullet" else f"%{place + 1}."
    left = round(_INDENT * (place + 1) * TWIPS)
    mine = f'<w:pStyle w:val="{style}"/>' if place == 0 else ""
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/>{mine}'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr>'
        f'<w:ind w:left="{left}" w:hanging="{round(_INDENT * TWIPS)}"/></w:pPr></w:lvl>'
    )


def _list(number: int, kind: int, begins: tuple[int, int] | None = None) -> str:
    again = ""
    if begins:
        again = (
            f'<w:lvlOverride w:ilvl="{begins[1]}">'
            f'<w:startOverride w:val="{begins[0]}"/></w:lvlOverride>'
        )
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{again}</w:num>'
