"""A drawing surface for the charts: escapes text, measures it, names its colours.

Colours are classes with a printed default: the HTML page restyles the classes in dark
mode, typst and Word use the default. Shapes and hatches carry the meaning; colour only
repeats it.
"""

from xml.sax.saxutils import escape, quoteattr

WIDTH = 680
HALF = 328  # two of these and the gap between them make a line
SMALL = 11  # px, 8 points in print: nothing is set smaller
PALETTE = {
    "ink": "#1d2433",
    "mute": "#5b6475",
    "line": "#c5ccd6",
    "bar": "#2f6690",
    "warn": "#a8402c",
    "soft": "#e4eaf1",
    "paper": "#ffffff",
    "none": "none",
}
FONT = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_NARROW = set("iljtfrI.,:;|!'()[] ·")
_WIDE = set("mwЖМФЫДжшщюмфы%…")
_WIDEST = set("MWШЩЮ@—")


def text_width(text: str, size: float) -> float:
    """Estimated width in px: generous, so that nothing runs over its neighbour."""
    units = 0.0
    for char in text:
        units += _width(char)
    return units * size


def _width(char: str) -> float:
    if char in _NARROW:
        return 0.33
    if char in _WIDEST:
        return 1.06
    if char in _WIDE:
        return 0.9
    return 0.7 if char.isupper() else 0.6


def fit(text: str, width: float, size: float) -> str:
    """Cut the text to a width, with an ellipsis; in one pass, however long it is."""
    units, kept = 0.0, 0
    for place, char in enumerate(text, 1):
        units += _width(char)
        if units * size > width:
            return text[:kept].rstrip() + "…"
        if (units + _width("…")) * size <= width:
            kept = place
    return text


def wrap(text: str, width: float, size: float, lines: int) -> list[str]:
    """Break the text into at most `lines` lines; the last one is cut."""
    found: list[str] = []
    words = text.split()
    while words and len(found) < lines - 1:
        line = [words.pop(0)]
        while words and text_width(" ".join([*line, words[0]]), size) <= width:
            line.append(words.pop(0))
        found.append(fit(" ".join(line), width, size))
    if words:
        found.append(fit(" ".join(words), width, size))
    return found or [""]


class Drawing:
    """One chart: shapes in drawing order, then `svg()`."""

    def __init__(
        self, name: str, title: str, desc: str, height: float, width: float = WIDTH
    ) -> None:
        self.name, self.title, self.desc = name, title, desc
        self.height, self.width = height, width
        self._parts: list[str] = []

    def hatch(self) -> str:
        """Paint reference of this chart's hatch."""
        return f"url(#{self.name}-hatch)"

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str,
        stroke: str = "", dash: str = "", tip: str = "",
    ) -> None:  # fmt: skip
        """A box; `fill` is a colour name or `hatch`."""
        shape = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        if fill == "hatch":
            self._parts.append(f'<rect {shape} class="f-soft" fill="#e4eaf1"/>')
            paint = f'fill="{self.hatch()}"'
        else:
            paint = f'class="f-{fill}" fill="{PALETTE[fill]}"'
        self._parts.append(
            f'<rect {shape} rx="2" {paint}{_stroke(stroke, 1, dash, fill)}>'
            f"{_tip(tip)}</rect>"
        )

    def line(
        self, points: list[tuple[float, float]], stroke: str = "ink",
        width: float = 1.2, dash: str = "", arrow: bool = False,
    ) -> None:  # fmt: skip
        """A broken line."""
        path = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        self.path(f"M{path}", stroke, width, dash, arrow)

    def path(
        self, path: str, stroke: str = "ink", width: float = 1.2,
        dash: str = "", arrow: bool = False,
    ) -> None:  # fmt: skip
        """A free path, without fill."""
        end = f' marker-end="url(#{self.name}-arrow)"' if arrow else ""
        self._parts.append(
            f'<path d="{path}" fill="none"{_stroke(stroke, width, dash, "none")}{end}/>'
        )

    def text(
        self, x: float, y: float, text: str, size: float = 12, anchor: str = "start",
        fill: str = "ink", bold: bool = False, tip: str = "",
    ) -> None:  # fmt: skip
        """A line of text at its baseline."""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"'
            f' text-anchor="{anchor}"{weight} class="f-{fill}"'
            f' fill="{PALETTE[fill]}">{escape(text)}{_tip(tip)}</text>'
        )

    def slanted(
        self, x: float, y: float, text: str, size: float, turn: float,
        fill: str = "ink",
    ) -> None:  # fmt: skip
        """Text that leans by `turn` degrees and begins at the point."""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"'
            f' transform="rotate({_n(turn)} {_n(x)} {_n(y)})" class="f-{fill}"'
            f' fill="{PALETTE[fill]}">{escape(text)}</text>'
        )

    def label(
        self, x: float, middle: float, text: str, width: float, size: float = 12,
        lines: int = 2, anchor: str = "start", fill: str = "ink",
    ) -> None:  # fmt: skip
        """Wrapped text, centred on `middle`; the whole text is in the tip."""
        rows = wrap(text, width, size, lines)
        top = middle - (len(rows) - 1) * size * 0.6 + size * 0.36
        tip = text if " ".join(rows) != text else ""
        for i, row in enumerate(rows):
            self.text(x, top + i * size * 1.2, row, size, anchor, fill, tip=tip)

    def whisker(self, low: float, high: float, y: float, size: float = 4) -> None:
        """A horizontal interval mark, edged with paper: it shows on a dark bar too."""
        for stroke, width in (("paper", 3.4), ("ink", 1.2)):
            self.line([(low, y), (high, y)], stroke, width)
            for x in (low, high):
                self.line([(x, y - size), (x, y + size)], stroke, width)

    def diamond(self, x: float, y: float, size: float, fill: str = "ink") -> None:
        """A mark for a day."""
        path = f"M{_n(x)} {_n(y - size)}l{_n(size)} {_n(size)}l{_n(-size)} {_n(size)}"
        self.shape(f"{path}l{_n(-size)} {_n(-size)}z", fill)

    def shape(self, path: str, fill: str) -> None:
        """A filled path."""
        self._parts.append(
            f'<path d="{path}" class="f-{fill}" fill="{PALETTE[fill]}"/>'
        )

    def svg(self) -> str:
        """The finished picture, with title, description and its own patterns."""
        name, size = self.name, f"{_n(self.width)} {_n(self.height)}"
        shape = "chart" if self.width > HALF else "chart half"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}"'
            f' role="img" aria-labelledby="{name}-t {name}-d" class="{shape}"'
            f" font-family={quoteattr(FONT)}>"
            f'<title id="{name}-t">{escape(self.title)}</title>'
            f'<desc id="{name}-d">{escape(self.desc)}</desc>'
            f'<defs><pattern id="{name}-hatch" width="6" height="6"'
            ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<path d="M0 0V6" class="s-mute" stroke="#5b6475" stroke-width="2"/>'
            f'</pattern><marker id="{name}-arrow" viewBox="0 0 8 8" refX="7"'
            ' refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0L8 4L0 8z" class="f-ink" fill="#1d2433"/></marker></defs>'
            + "".join(self._parts)
            + "</svg>"
        )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _tip(text: str) -> str:
    return f"<title>{escape(text)}</title>" if text else ""


def _stroke(stroke: str, width: float, dash: str, fill: str) -> str:
    if not stroke:
        return ""
    name = "" if fill not in {"none", "hatch"} else f' class="s-{stroke}"'
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'{name} stroke="{PALETTE[stroke]}" stroke-width="{_n(width)}"{dashed}'
