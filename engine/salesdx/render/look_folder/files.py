"""The files of a look: found, limited, checked; nothing outside is read."""

import os
from pathlib import Path

from salesdx.content import Document, NodePath, did_you_mean, parse, text_of, validate
from salesdx.errors import KnowledgeError, Problem, Said, reason_of
from salesdx.knowledge import models
from salesdx.knowledge.worksheets import LIST, ReadyWorksheet, Template, read_templates
from salesdx.language import Text
from salesdx.render.look import Font, Logo, logos
from salesdx.render.look import fonts as fonts_of
from salesdx.render.look_folder.spec import LookFile
from salesdx.render.worksheets.template import compiled

FILE = "look.yaml"
WORKSHEETS, FONTS = "worksheets", "fonts"
_MOST_YAML, _MOST_FONTS, _MOST_FILES = 200_000, 8, 200
_NOTES = {".txt", ".md"}  # licences and reminders lie beside fonts


class Folder:
    """A folder of a stranger; its faults are collected."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder.resolve()
        self.problems: list[Problem] = []

    def all_files(self) -> list[str]:
        """Names of all files from the folder; a link out of it is told, not listed.

        Hidden ones are left alone, except beside fonts: typst reads all of those.
        """
        found: list[str] = []
        for root, folders, files in os.walk(self.home):
            here = Path(root).relative_to(self.home)
            seen = here.parts[:1] == (FONTS,)
            folders[:] = sorted(n for n in folders if seen or n[0] != ".")
            names = sorted(n for n in files if seen or n[0] != ".")
            for name in (*folders, *names):
                inside = (here / name).as_posix()
                path = self.home / inside
                if not path.resolve().is_relative_to(self.home):
                    out = Said("a link out of the folder", "ссылка за пределы папки")
                    self.say(inside, out)
                elif name in names:
                    found.append(inside)
            if len(found) > _MOST_FILES:
                self.say("", Said(
                    f"more than {_MOST_FILES} files: this is not the folder of a look",
                    f"больше {_MOST_FILES} файлов: это не папка оформления",
                ))  # fmt: skip
                break
        return sorted(found)

    def say(
        self, name: str, what: Said, hint: str = "", line: int = 1, code: str = "file"
    ) -> None:
        """A fault of a file; `name` begins inside the folder."""
        self.problems.append(Problem(self.shown(name), line, 1, code, what, hint))

    def shown(self, name: str) -> str:
        """How messages call a file."""
        return f"{self.home.name}/{name}".rstrip("/")

    def yaml(self, name: str) -> Document | None:
        """A file of YAML with its places; None where it has a fault."""
        text, faults = text_of(self.home / name, self.shown(name), _MOST_YAML)
        if text is None:
            self.problems += faults
            return None
        document, faults = parse(text, self.shown(name))
        self.problems += faults
        return document

    def sheets(self, files: list[str]) -> dict[str, ReadyWorksheet]:
        """The worksheets of the house."""
        name = f"{WORKSHEETS}/{LIST}"
        if name not in files:
            strays = [f for f in files if f.startswith(f"{WORKSHEETS}/")]
            if strays:
                self.say(strays[0], Said(
                    f"there is no {name}, so nobody hands this out",
                    f"нет файла {name}, поэтому лист никто не выдаст",
                ), code="unknown-file")  # fmt: skip
            return {}
        document = self.yaml(name)
        if document is None:
            return {}
        spec, faults = validate(models.Worksheets, document)
        self.problems += faults
        if spec is None:
            return {}
        pairs: list[tuple[models.Worksheet, NodePath]] = [
            (sheet, ("worksheets", i)) for i, sheet in enumerate(spec.worksheets)
        ]
        found, faults = read_templates(self.home / WORKSHEETS, document, pairs)
        self.problems += faults
        for sheet in found.values():
            for template in sheet.templates.values():
                self.compiles(template)
        return found

    def compiles(self, template: Template) -> None:
        """Judge a template before anything is filled."""
        try:
            compiled(template)
        except KnowledgeError as error:
            self.problems += error.problems

    def faces(self, files: list[str]) -> list[Font]:
        """Every file in fonts/, checked to be one; typst is handed the folder."""
        found: list[Font] = []
        names = [f for f in files if f.startswith(f"{FONTS}/")]
        for name in names:
            if Path(name).suffix.lower() in _NOTES:
                continue
            if name.count("/") > 1:
                self.say(name, Said("fonts lie in fonts/ itself",
                                     "шрифты лежат прямо в fonts/"))  # fmt: skip
                continue
            data = self.bytes_of(name, fonts_of.LARGEST)
            if data is None:
                continue
            try:
                found.append(fonts_of.read_font(data))
            except fonts_of.NoFontError as error:
                self.say(name, error.said, code="font")
        if len(found) > _MOST_FONTS:
            self.say(FONTS, Said(
                f"more than {_MOST_FONTS} fonts: a report would grow too large",
                f"больше {_MOST_FONTS} шрифтов: отчёт станет слишком большим",
            ))  # fmt: skip
        return found

    def bytes_of(self, name: str, most: int) -> bytes | None:
        """The bytes of a file of no more than `most`."""
        path = self.home / name
        try:
            if not path.is_file():
                raise FileNotFoundError(2, "no such file")
            if path.stat().st_size > most:
                self.say(name, Said(
                    f"larger than {most // 1_000_000} MB",
                    f"больше {most // 1_000_000} МБ",
                ))  # fmt: skip
                return None
            return path.read_bytes()
        except OSError as error:
            self.say(name, reason_of(error))
            return None

    def logo(self, document: Document, spec: LookFile) -> Logo | None:
        """The logo, redrawn of what is harmless."""
        if spec.logo is None:
            return None
        name, place = spec.logo.file, ("logo", "file")
        kind = Path(name).suffix.lower()
        if "/" in name or "\\" in name or name.startswith("."):
            self.problems.append(document.problem(place, "file", Said(
                "the logo lies in the folder itself: give only its name",
                "логотип лежит в самой папке: укажите только имя файла",
            )))  # fmt: skip
            return None
        if kind not in (".svg", ".png"):
            self.problems.append(document.problem(place, "file", Said(
                "a logo is a .svg or .png file", "логотип — это файл .svg или .png"
            )))  # fmt: skip
            return None
        if not (self.home / name).exists():
            there = [p.name for p in self.home.iterdir() if p.suffix.lower() == kind]
            self.problems.append(document.problem(
                place, "file",
                Said(f"there is no file {name!r}", f"файла «{name}» нет"),
                did_you_mean(name, there),
            ))  # fmt: skip
            return None
        data = self.bytes_of(name, logos.LARGEST)
        if data is None:
            return None
        try:
            if kind == ".svg":
                return Logo("svg", *_swapped(logos.svg(data), spec.logo.alt))
            return Logo("png", *_swapped(logos.png(data), spec.logo.alt))
        except logos.NoLogoError as error:
            self.say(name, error.said, error.hint, error.line, "logo")
            return None


def _swapped(found: tuple[bytes, float], alt: Text) -> tuple[bytes, Text, float]:
    return found[0], alt, found[1]
