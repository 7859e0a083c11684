"""The report as a tree of plain localised blocks: what every format lays out.

`document -> Report` is decided once (sections, order, wording); HTML, PDF, DOCX,
Markdown and the terminal only place the blocks. All strings are plain text: escaping
is the business of each format.
"""

from dataclasses import dataclass, field
from typing import Literal

_MANY, _SHORT = 9, 130  # items of a list, letters of an item
Tone = Literal["plain", "lead", "note", "muted"]


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `note` stands out, `muted` steps back."""

    text: str
    tone: Tone = "plain"
    kind: Literal["para"] = field(default="para", init=False)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `ordered` for steps."""

    items: list[str]
    ordered: bool = False
    kind: Literal["bullets"] = field(default="bullets", init=False)

    @property
    def is_long(self) -> bool:
        """Many short items stand in two columns, read downwards."""
        many = len(self.items) > _MANY and not self.ordered
        return many and all(len(item) < _SHORT for item in self.items)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Label and value, one a line."""

    rows: list[tuple[str, str]]
    kind: Literal["pairs"] = field(default="pairs", init=False)


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the bill: a mark (`+40`), the reason, and where it comes from."""

    mark: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """Weighed lines: evidence, missing answers."""

    rows: list[Point]
    kind: Literal["points"] = field(default="points", init=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; `width` is its share of the line."""

    title: str
    width: int = 2
    align: Literal["left", "right"] = "left"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; every row has one cell a column."""

    columns: list[Column]
    rows: list[list[str]]
    kind: Literal["table"] = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell of a map: the state of a gap as a code, its money, and both as a sign."""

    state: str
    money: float | None
    n: int
    text: str


@dataclass(frozen=True, slots=True)
class Heat:
    """The whole of a map as rows and columns of marks; None was not measured.

    Documents that people edit draw it as a table of their own, with `legend` below.
    `most` is how many rows and columns the chart shows and its caption speaks of.
    """

    title: str
    head: str
    columns: list[str]
    rows: list[tuple[str, list[Mark | None]]]
    legend: str
    most: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: the SVG, its name (unique in the report), and what it shows in words.

    `twin` holds the same figures as a table, for who cannot or would not read charts;
    pages on a screen offer it, reports have their own tables. `by` is the dimension of
    a map: each answers another question. A `half` is drawn for half a line, `heat` is
    there for maps only.
    """

    name: str
    caption: str
    desc: str
    svg: str
    twin: "Table | None" = None
    by: str = ""
    half: bool = False
    heat: Heat | None = None
    kind: Literal["figure"] = field(default="figure", init=False)


@dataclass(frozen=True, slots=True)
class Group:
    """A small heading with blocks, inside a card or a section."""

    title: str
    blocks: list["Block"]
    kind: Literal["group"] = field(default="group", init=False)


@dataclass(frozen=True, slots=True)
class Card:
    """A finding or an action: the title is a conclusion, tags place it."""

    id: str
    title: str
    tags: list[str]
    tone: Literal["strong", "soft"]
    blocks: list["Block"]
    kind: Literal["card"] = field(default="card", init=False)


Block = Para | Bullets | Pairs | Points | Table | Figure | Group | Card


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter with an anchor."""

    id: str
    title: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Key:
    """A headline figure of page one."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Item:
    """A finding or an action on page one."""

    title: str
    meta: str
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class PageOne:
    """The answer by itself: verdict, figures, findings, actions or what would help.

    `since` is what changed since last time, in a sentence; empty without an older run.
    """

    verdict: str
    keys: list[Key]
    findings_title: str
    findings: list[Item]
    actions_title: str
    actions: list[Item]
    enough_title: str
    enough: list[str]
    foot: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in one language for one audience."""

    language: str
    kicker: str
    company: str
    meta: list[str]
    page_one: PageOne
    contents_title: str
    sections: list[Section]
    footer: str
    page_word: str
    as_table: str
    skip: str
    mark: str = ""


def figures(blocks: list[Block]) -> list[Figure]:
    """All figures below these blocks, in reading order."""
    found: list[Figure] = []
    for block in blocks:
        if isinstance(block, Figure):
            found.append(block)
        elif isinstance(block, Group | Card):
            found += figures(block.blocks)
    return found
