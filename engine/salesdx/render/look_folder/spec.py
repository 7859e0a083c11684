"""look.yaml, as a closed model: what a house may say about its reports."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from salesdx.errors import Said
from salesdx.knowledge.models import ID
from salesdx.language import Text
from salesdx.render.look import Audience

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Part(BaseModel):
    """Base: closed, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _colour(value: Any) -> str:
    if value is None:
        raise ValueError(Said(
            'no colour here: put it into quotes, "#1d2433", for # begins a comment',
            "здесь нет цвета: возьмите его в кавычки, \"#1d2433\", иначе # начинает "
            "комментарий",
        ))  # fmt: skip
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise ValueError(Said(
            'a colour is written "#1d2433": # and six digits or letters a to f',
            'цвет пишут так: "#1d2433" — # и шесть цифр или букв от a до f',
        ))  # fmt: skip
    return value.lower()


Colour = Annotated[str, BeforeValidator(_colour)]


class Colours(Part):
    """Colours by role; every one may be left out."""

    ink: Colour = ""
    mute: Colour = ""
    head: Colour = ""
    link: Colour = ""
    bar: Colour = ""
    warn: Colour = ""
    line: Colour = ""
    soft: Colour = ""
    paper: Colour = ""

    def given(self) -> dict[str, str]:
        """The roles that were written."""
        return {k: v for k, v in self if v}


class Fonts(Part):
    """Families: of the files in fonts/, and one that office programs have."""

    text: str = ""
    headings: str = ""
    office: str = ""


class LogoFile(Part):
    """The picture and what is read out for it."""

    file: str
    alt: Text


class Chapters(Part):
    """Which chapters of the report, and in which order."""

    order: list[str] = []
    leave_out: list[str] = []


class Section(Part):
    """A chapter of the house."""

    id: str = Field(pattern=ID)
    title: Text
    after: str = ""
    before: str = ""
    audience: list[Audience] = []


class LookFile(Part):
    """The whole of look.yaml."""

    format: Literal[1]
    name: Text
    colours: Colours = Colours()
    dark: Colours = Colours()
    fonts: Fonts = Fonts()
    logo: LogoFile | None = None
    kicker: Text | None = None
    prepared: Text | None = None
    footer: Text | None = None
    mark: Text | None = None
    chapters: Chapters = Chapters()
    sections: list[Section] = []
