"""How a house likes its reports: the look that a consultancy gives them.

A look is read from a folder (`loading`); formats only ask it for colours, fonts, words
and a logo. The plain one changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from salesdx.knowledge.worksheets import ReadyWorksheet, Template
from salesdx.language import Language, Text

Colours = Mapping[str, str]
Audience = Literal["owner", "consultant", "team"]


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture of the house: SVG or PNG, checked; `ratio` is width by height."""

    kind: Literal["svg", "png"]
    data: bytes
    alt: Text
    ratio: float

    def within(self, width: float, height: float) -> tuple[float, float]:
        """The largest size inside a box."""
        wide = min(width, height * self.ratio)
        return wide, wide / self.ratio


@dataclass(frozen=True, slots=True)
class Font:
    """One checked font file."""

    data: bytes
    kind: Literal["otf", "ttf"]
    family: str
    weight: int
    slanted: bool
    cyrillic: bool
    narrow: bool  # no wider than the charts reckon with


@dataclass(frozen=True, slots=True)
class OwnSection:
    """A chapter of the house: a template in each language, and where it goes."""

    id: str
    title: Text
    templates: Mapping[Language, Template]
    after: str = ""
    before: str = ""
    audiences: tuple[Audience, ...] = ()


@dataclass(frozen=True, eq=False)
class Look:
    """What a folder says; colours are complete, in light and in dark."""

    name: Text | None = None
    colours: Colours = field(default_factory=dict)
    dark: Colours = field(default_factory=dict)
    text_font: str = ""
    heading_font: str = ""
    office_font: str = ""
    fonts: tuple[Font, ...] = ()
    font_folder: Path | None = None
    logo: Logo | None = None
    kicker: Text | None = None
    footer: Text | None = None
    prepared: Text | None = None
    mark: Text | None = None
    order: tuple[str, ...] = ()
    leave_out: frozenset[str] = frozenset()
    sections: tuple[OwnSection, ...] = ()
    worksheets: Mapping[str, ReadyWorksheet] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether nothing is changed."""
        return self.name is None

    def family(self, role: Literal["text", "headings"], lang: Language) -> str:
        """The font of the house, where it has the letters of the language."""
        name = self.heading_font if role == "headings" else self.text_font
        files = [f for f in self.fonts if f.family == name]
        readable = lang != "ru" or all(f.cyrillic for f in files)
        return name if readable else ""


PLAIN = Look()
