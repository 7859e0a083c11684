"""Boxes, lines and words of a graph as SVG: shape and colour by kind, nothing cut.

Colours are classes with a printed default, as in the charts of the reports: a page can
restyle them in the dark, the file by itself is dark on white.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from salesdx.language import Language, Text
from salesdx.render.charts.svg import FONT, text_width
from salesdx.render.texts import Labels
from salesdx.workbench.graph import EdgeKind, Node, NodeKind

BOX, SIZE, _SMALL, _LEADING = 212.0, 12.5, 10.5, 15.5
_PAD = {"cause": 12.0, "symptom": 20.0, "remedy": 14.0}
COLOURS = {
    "ink": "#1d2433", "mute": "#5b6475", "paper": "#ffffff",
    "cause": "#2f6690", "cause-soft": "#e6eef5",
    "symptom": "#a8402c", "symptom-soft": "#fbece8",
    "remedy": "#3c6e47", "remedy-soft": "#e8f2ea",
}  # fmt: skip
KINDS: dict[NodeKind, Text] = {
    "cause": Text(en="cause", ru="причина"),
    "symptom": Text(en="symptom", ru="симптом"),
    "remedy": Text(en="remedy", ru="мера"),
}
EDGES: dict[EdgeKind, Text] = {
    "leads": Text(en="leads to", ru="ведёт к"),
    "aggravates": Text(en="makes worse", ru="усугубляет"),
    "rival": Text(en="looks alike", ru="легко спутать"),
    "shows": Text(en="shows as", ru="проявляется так"),
    "mends": Text(en="mends", ru="устраняет"),
}
_LINES: dict[EdgeKind, tuple[str, float, str, bool]] = {  # colour, width, dash, arrow
    "leads": ("ink", 1.6, "", True),
    "aggravates": ("ink", 1.4, "6 4", True),
    "rival": ("mute", 1.4, "1.5 4", False),
    "shows": ("symptom", 1.1, "", True),
    "mends": ("remedy", 1.1, "", True),
}
_MORE = {
    "symptom": Text(en="other causes: {n}", ru="других причин: {n}"),
    "remedy": Text(en="mends others: {n}", ru="помогает ещё: {n}"),
}
Link = Callable[[Node], str]


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its wrapped words and its height."""

    node: Node
    small: str
    lines: tuple[str, ...]
    height: float


def boxed(node: Node, language: Language) -> Box:
    """Wrap the title; the box grows as it needs."""
    small = KINDS[node.kind].in_(language)
    if node.group:
        small += " · " + Labels(language).code("kind", node.group)
    if node.more:
        small += " · " + _MORE[node.kind].in_(language).format(n=node.more)
    room = BOX - 2 * _PAD[node.kind]
    size = SIZE * (1.13 if node.focus else 1)  # bold runs wider
    lines = tuple(wrapped(node.title.in_(language), room, size))
    return Box(node, small, lines, 30.0 + len(lines) * _LEADING)


def wrapped(text: str, width: float, size: float) -> Iterable[str]:
    """Lines no wider than `width`; a word that is longer is broken."""
    line = ""
    for word in text.split():
        joined = f"{line} {word}".strip()
        if text_width(joined, size) <= width:
            line = joined
            continue
        if line:
            yield line
        while text_width(word, size) > width:
            fits = next(
                n for n in range(len(word), 0, -1)
                if n == 1 or text_width(word[:n], size) <= width
            )  # fmt: skip
            yield word[:fits]
            word = word[fits:]
        line = word
    yield line


def box(drawn: Box, x: float, middle: float, link: Link | None) -> str:
    """One node at its place, as a link where there is a page for it."""
    node, top = drawn.node, middle - drawn.height / 2
    kind, wide = node.kind, 2.6 if node.focus else 1.2
    shape = (
        f'<path d="{_outline(kind, x, top, drawn.height)}" class="g-{kind}"'
        f' fill="{COLOURS[f"{kind}-soft"]}" stroke="{COLOURS[kind]}"'
        f' stroke-width="{wide}"/>'
    )
    left = x + _PAD[kind]
    words = text(left, top + 17, drawn.small, _SMALL, kind)
    for i, line in enumerate(drawn.lines):
        at = top + 33.5 + i * _LEADING
        words += text(left, at, line, SIZE, "ink", bold=node.focus)
    if link is None or node.focus:
        return f"<g>{shape}{words}</g>"
    return f"<a href={quoteattr(link(node))}>{shape}{words}</a>"


def _outline(kind: NodeKind, x: float, y: float, high: float) -> str:
    """A cause is a box, a symptom is pointed at both sides, a remedy a sheet."""
    if kind == "symptom":
        return (
            f"M{n(x)} {n(y + high / 2)}L{n(x + 10)} {n(y)}H{n(x + BOX - 10)}"
            f"L{n(x + BOX)} {n(y + high / 2)}L{n(x + BOX - 10)} {n(y + high)}"
            f"H{n(x + 10)}Z"
        )
    if kind == "remedy":
        fold = f"M{n(x + BOX - 12)} {n(y)}V{n(y + 12)}H{n(x + BOX)}"
        return (
            f"M{n(x)} {n(y)}H{n(x + BOX - 12)}L{n(x + BOX)} {n(y + 12)}"
            f"V{n(y + high)}H{n(x)}Z{fold}"
        )
    r = 5
    return (
        f"M{n(x + r)} {n(y)}H{n(x + BOX - r)}q{r} 0 {r} {r}V{n(y + high - r)}"
        f"q0 {r} -{r} {r}H{n(x + r)}q-{r} 0 -{r} -{r}V{n(y + r)}q0 -{r} {r} -{r}Z"
    )


def line(kind: EdgeKind, path: str, name: str) -> str:
    """An edge along a path; `name` is that of the picture, whose arrows it uses."""
    colour, width, dash, arrow = _LINES[kind]
    dashed = f' stroke-dasharray="{dash}" stroke-linecap="round"' if dash else ""
    end = f' marker-end="url(#{name}-{colour})"' if arrow else ""
    return (
        f'<path d="{path}" class="g-line-{colour}" fill="none"'
        f' stroke="{COLOURS[colour]}" stroke-width="{width}"{dashed}{end}/>'
    )


def text(
    x: float, y: float, words: str, size: float, colour: str = "ink",
    bold: bool = False,
) -> str:  # fmt: skip
    """One line of words at its baseline."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{n(x)}" y="{n(y)}" font-size="{size}"{weight}'
        f' class="g-text-{colour}" fill="{COLOURS[colour]}">{escape(words)}</text>'
    )


def arrows(name: str) -> str:
    """The arrow heads of a picture, one a colour."""
    return "".join(
        f'<marker id="{name}-{colour}" viewBox="0 0 8 8" refX="7.5" refY="4"'
        ' markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse"'
        f' orient="auto"><path d="M0 0.5L8 4L0 7.5z" class="g-head-{colour}"'
        f' fill="{COLOURS[colour]}"/></marker>'
        for colour in ("ink", "symptom", "remedy")
    )


def legend(
    kinds: Sequence[EdgeKind], x: float, y: float, width: float, name: str,
    language: Language,
) -> tuple[str, float]:  # fmt: skip
    """What the lines mean, wrapped to a width; also how high it is."""
    drawn, at, down = "", x, y
    for kind in kinds:
        words = EDGES[kind].in_(language)
        wide = 46 + text_width(words, 11.5) + 22
        if at > x and at + wide > x + width:
            at, down = x, down + 20
        drawn += line(kind, f"M{n(at)} {n(down - 4)}H{n(at + 36)}", name)
        drawn += text(at + 44, down, words, 11.5, "mute")
        at += wide
    return drawn, down - y + 20


def page(
    name: str, words: tuple[str, str], size: tuple[float, float], body: str,
    linked: bool,
) -> str:  # fmt: skip
    """The finished picture with title and description for those who cannot see it."""
    (title, desc), (width, height) = words, size
    role = "group" if linked else "img"  # the links of a picture would be lost
    ground = "" if linked else f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(width)} {n(height)}"'
        f' width="{n(width)}" height="{n(height)}" role="{role}"'
        f' aria-labelledby="{name}-t {name}-d" class="graph"'
        f" font-family={quoteattr(FONT)}>"
        f'<title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(desc)}</desc>'
        f"<defs>{arrows(name)}</defs>{ground}{body}</svg>"
    )


PAPER = COLOURS["paper"]


def n(value: float) -> str:
    """A length, as short as it may be."""
    return f"{value:.1f}".removesuffix(".0")
