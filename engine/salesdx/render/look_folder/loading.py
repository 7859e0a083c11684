"""Read a look from its folder; all faults at once, each with file, line and column.

The folder is a stranger's: nothing outside it is read, every file has a limit, and
what is taken in is checked before anything is drawn.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from salesdx.content import Document, NodePath, did_you_mean, text_of, validate
from salesdx.errors import KnowledgeError, Problem, Said, UsageError
from salesdx.knowledge.worksheets import (
    LARGEST as LARGEST_TEMPLATE,
)
from salesdx.knowledge.worksheets import (
    Template,
)
from salesdx.language import LANGUAGES, Language, Text
from salesdx.render.look import Font, Look, OwnSection
from salesdx.render.look import colours as palette
from salesdx.render.look import fonts as fonts_of
from salesdx.render.look.words import CHAPTERS, HOLES, OWN_PREFIX
from salesdx.render.look_folder.files import FILE, FONTS, Folder
from salesdx.render.look_folder.spec import LookFile
from salesdx.render.texts import known_texts

TEXTS = "texts.yaml"
SHIPPED_FAMILY = "Inter"
_SECTIONS = "sections"
_SUFFIX = ".md.j2"
_LONGEST = {"name": 80, "kicker": 120, "prepared": 200, "footer": 160, "mark": 80,
            "logo.alt": 200}  # fmt: skip


def load_look(folder: Path) -> Look:
    """The look of a folder.

    Raises:
        UsageError: there is no such folder, or no look in it.
        KnowledgeError: the look has faults; every one is told.
    """
    found, problems = read_look(folder)
    if found is None or problems:
        raise KnowledgeError(
            Said("the look cannot be used:", "с этим оформлением отчёт не сделать:"),
            problems,
        )
    return found


def read_look(folder: Path) -> tuple[Look | None, list[Problem]]:
    """The look and all its faults; none where look.yaml itself cannot be read.

    Raises:
        UsageError: there is no such folder, or no look in it.
    """
    _is_look(folder)
    reading = _Reading(folder)
    reading.read()
    return reading.look, sorted(set(reading.problems))


def _is_look(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(Said(
            f"--look {folder}: no such folder", f"--look {folder}: такой папки нет"
        ))  # fmt: skip
    if not (folder / FILE).exists():
        near = next((n for n in ("look.yml", "look.yaml.txt", "Look.yaml")
                     if (folder / n).exists()), "")  # fmt: skip
        more = (f" (rename {near})", f" (переименуйте {near})") if near else ("", "")
        raise UsageError(Said(
            f"--look {folder}: there is no {FILE} in it{more[0]}; `salesdx look new` "
            "makes a folder to begin with",
            f"--look {folder}: в папке нет {FILE}{more[1]}; `salesdx look new` создаст "
            "папку для начала",
        ))  # fmt: skip


class _Reading(Folder):
    """One pass over a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.look: Look | None = None

    def read(self) -> None:
        """Read everything; faults are collected. A folder that leads out is left."""
        files = self.all_files()
        if self.problems:
            return
        document = self.yaml(FILE)
        if document is None:
            return
        spec, faults = validate(LookFile, document)
        self.problems += faults
        texts = self._texts(files)
        sheets = self.sheets(files)
        faces = self.faces(files)
        if spec is None:
            return
        self._lines(document, spec)
        light, dark = self._colours(document, spec)
        sections = self._sections(document, spec, files)
        self._chapters(document, spec)
        self._families(document, spec, faces)
        self.look = Look(
            name=spec.name, colours=light, dark=dark,
            text_font=_own(spec.fonts.text), heading_font=_own(spec.fonts.headings),
            office_font=spec.fonts.office, fonts=tuple(faces),
            font_folder=self.home / FONTS if faces else None,
            logo=self.logo(document, spec),
            kicker=spec.kicker, footer=spec.footer, prepared=spec.prepared,
            mark=spec.mark, order=tuple(spec.chapters.order),
            leave_out=frozenset(spec.chapters.leave_out),
            sections=tuple(sections), worksheets=sheets, texts=texts,
        )  # fmt: skip

    def _lines(self, document: Document, spec: LookFile) -> None:
        """Texts are short, and their braces hold what there is."""
        alt = spec.logo.alt if spec.logo else None
        texts: dict[str, Text | None] = {
            "name": spec.name, "kicker": spec.kicker, "prepared": spec.prepared,
            "footer": spec.footer, "mark": spec.mark, "logo.alt": alt,
        }  # fmt: skip
        for key, text in texts.items():
            if text is None:
                continue
            path: NodePath = tuple(key.split("."))
            for lang in LANGUAGES:
                self._line(document, (*path, lang), text.in_(lang), _LONGEST[key])
            allowed = set() if key in ("name", "logo.alt") else set(HOLES)
            for hole in sorted(text.holes() - allowed):
                self.problems.append(document.problem(
                    path, "placeholder",
                    Said(f"unknown {{{hole}}}", f"нет подстановки {{{hole}}}"),
                    did_you_mean(hole, allowed) or _holes(allowed),
                ))  # fmt: skip

    def _line(self, document: Document, path: NodePath, text: str, most: int) -> None:
        if len(text) > most or "\n" in text.strip():
            self.problems.append(document.problem(path, "length", Said(
                f"one line of at most {most} characters",
                f"здесь нужна одна строка не длиннее {most} знаков",
            )))  # fmt: skip

    def _colours(
        self, document: Document, spec: LookFile
    ) -> tuple[dict[str, str], dict[str, str]]:
        given, own = spec.colours.given(), spec.dark.given()
        light = palette.light(given)
        dark = palette.dark(given, own)
        for key, shown, screen in (("colours", light, False), ("dark", dark, True)):
            written = own if screen else given
            for faint in palette.faint(shown, screen):
                if faint.role == "head" and "head" not in written:
                    continue  # it is ink, which is told
                self._faint(document, key, written, faint)
        return light, dark

    def _faint(
        self, document: Document, key: str, written: Mapping[str, str],
        faint: palette.Faint,
    ) -> None:  # fmt: skip
        """A colour that cannot be read, told where it was written."""
        under = "soft" if faint.ground == "ground" else faint.ground
        place = next((r for r in (faint.role, under, "bar") if r in written), "")
        en, ru = _GROUND_NAMES[under]
        what = Said(
            f"{faint.role} on {en} cannot be read: contrast {faint.contrast:.2f}, "
            f"at least {faint.least:g} is needed",
            f"{faint.role} на {ru} не прочитать: контраст {_comma(faint.contrast)}, "
            f"нужно не меньше {_comma(faint.least)}",
        )
        hint = Said("", "")
        if place != under and faint.instead:
            hint = Said(
                f'{faint.role}: "{faint.instead}" would do',
                f'подойдёт {faint.role}: "{faint.instead}"',
            )
        elif place == under:
            hint = Said(f"make {under} lighter" if key == "colours" else
                        f"make {under} darker",
                        f"сделайте {under} светлее" if key == "colours" else
                        f"сделайте {under} темнее")  # fmt: skip
        path = (key, place) if place else (key,)
        self.problems.append(document.problem(path, "contrast", what, hint))

    def _texts(self, files: list[str]) -> dict[str, Text]:
        """Own words for known labels; what they have in braces stays the same."""
        if TEXTS not in files:
            return {}
        document = self.yaml(TEXTS)
        known, found = known_texts(), dict[str, Text]()
        if document is None:
            return {}
        if not isinstance(document.data, dict):
            self.say(TEXTS, Said("must be pairs `key: {en: …, ru: …}`",
                                  "нужны пары «ключ: {en: …, ru: …}»"))  # fmt: skip
            return {}
        for key in document.data:
            if key not in known:
                what = Said(
                    f"unknown text {key!r}", f"в отчётах нет текста с ключом «{key}»"
                )
                self.problems.append(document.problem(
                    (key, "@key"), "unknown-text", what, did_you_mean(key, known)
                ))  # fmt: skip
                continue
            text, faults = validate(Text, document, (key,))
            self.problems += faults
            if text is not None:
                found[key] = text
                self._same_holes(document, key, text, known[key])
        return found

    def _same_holes(self, document: Document, key: str, text: Text, ours: Text) -> None:
        for lang in LANGUAGES:
            said = Text(en=text.in_(lang), ru=text.in_(lang)).holes()
            wanted = Text(en=ours.in_(lang), ru=ours.in_(lang)).holes()
            if said != wanted:
                names = ", ".join(f"{{{h}}}" for h in sorted(wanted)) or "—"
                self.problems.append(document.problem((key, lang), "placeholder", Said(
                    f"the placeholders of this text are: {names}",
                    f"в этом тексте должны быть подстановки: {names}",
                )))  # fmt: skip

    def _sections(
        self, document: Document, spec: LookFile, files: list[str]
    ) -> list[OwnSection]:
        found: list[OwnSection] = []
        seen: set[str] = set()
        for i, section in enumerate(spec.sections):
            path: NodePath = ("sections", i)
            if section.id in seen:
                self.problems.append(document.problem(path, "duplicate-id", Said(
                    f"{section.id!r} stands here twice",
                    f"раздел «{section.id}» указан дважды",
                )))  # fmt: skip
            seen.add(section.id)
            self._neighbours(document, path, section.after, section.before)
            templates = self._pair(document, path, section.id)
            if len(templates) == len(LANGUAGES):
                found.append(OwnSection(
                    section.id, section.title, templates, section.after,
                    section.before, tuple(section.audience),
                ))  # fmt: skip
        known = {f"{_SECTIONS}/{i}.{lang}{_SUFFIX}" for i in seen for lang in LANGUAGES}
        for name in files:
            if name.startswith(f"{_SECTIONS}/") and name not in known:
                what = Said(f"no section of {FILE} has this file",
                            f"в {FILE} нет раздела с таким файлом")  # fmt: skip
                self.say(name, what, did_you_mean(name, known), code="unknown-file")
        return found

    def _pair(
        self, document: Document, path: NodePath, name: str
    ) -> dict[Language, Template]:
        """The templates of a section in both languages."""
        found: dict[Language, Template] = {}
        for lang in LANGUAGES:
            file = f"{_SECTIONS}/{name}.{lang}{_SUFFIX}"
            if not (self.home / file).exists():
                what = Said(f"no template {file}", f"нет шаблона {file}")
                self.problems.append(
                    document.problem((*path, "id"), "missing-template", what)
                )
                continue
            text, faults = text_of(
                self.home / file, self.shown(file), LARGEST_TEMPLATE, "template"
            )
            self.problems += faults
            if text is not None:
                found[lang] = Template(self.shown(file), text)
                self.compiles(found[lang])
        return found

    def _neighbours(
        self, document: Document, path: NodePath, after: str, before: str
    ) -> None:
        if after and before:
            self.problems.append(document.problem((*path, "before"), "place", Said(
                "`after` or `before`, not both", "либо after, либо before, но не оба"
            )))  # fmt: skip
        known = {*CHAPTERS, "start"}
        for key, name in (("after", after), ("before", before)):
            if name:
                self._chapter(document, (*path, key), name, known - (
                    {"start"} if key == "before" else set()
                ))  # fmt: skip

    def _chapters(self, document: Document, spec: LookFile) -> None:
        own = {f"{OWN_PREFIX}{s.id}" for s in spec.sections}
        for key, names in (("order", spec.chapters.order),
                           ("leave_out", spec.chapters.leave_out)):  # fmt: skip
            known = {*CHAPTERS, *own} if key == "order" else set(CHAPTERS)
            for i, name in enumerate(names):
                self._chapter(document, ("chapters", key, i), name, known)
                if name in names[:i]:
                    self.problems.append(document.problem(
                        ("chapters", key, i), "duplicate-id",
                        Said(f"{name!r} stands here twice", f"«{name}» указан дважды"),
                    ))  # fmt: skip

    def _chapter(
        self, document: Document, path: NodePath, name: str, known: Iterable[str]
    ) -> None:
        known = set(known)
        if name not in known:
            chapters = ", ".join(sorted(known))
            self.problems.append(document.problem(path, "unknown-chapter", Said(
                f"there is no chapter {name!r}", f"раздела «{name}» нет"
            ), did_you_mean(name, known) or Said(chapters, chapters)))  # fmt: skip

    def _families(self, document: Document, spec: LookFile, faces: list[Font]) -> None:
        """Families that are named have files; office programs bring their own."""
        known = {f.family for f in faces} | {SHIPPED_FAMILY}
        for key in ("text", "headings", "office"):
            name = getattr(spec.fonts, key)
            if not name:
                continue
            if not fonts_of.NAME.fullmatch(name):
                what = Said(
                    "a font has a name of letters, digits and blanks",
                    "имя шрифта состоит из букв, цифр и пробелов",
                )
                self.problems.append(document.problem(("fonts", key), "font", what))
            elif key != "office" and name not in known:
                there = ", ".join(sorted(known))
                self.problems.append(document.problem(
                    ("fonts", key), "font",
                    Said(
                        f"no file in {FONTS}/ has the family {name!r}",
                        f"в папке {FONTS}/ нет шрифта «{name}»",
                    ),
                    did_you_mean(name, known)
                    or Said(f"there are: {there}", f"есть: {there}"),
                ))  # fmt: skip


def _own(family: str) -> str:
    """The shipped family is what stands there anyway."""
    return "" if family == SHIPPED_FAMILY else family


def _holes(names: Iterable[str]) -> Said:
    told = ", ".join(f"{{{n}}}" for n in sorted(names))
    return Said(told, told)


def _comma(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


_GROUND_NAMES = {
    "paper": ("paper", "paper"),
    "soft": ("soft", "soft"),
    "white": ("white, as Word and printers have it", "белом, как в Word и на принтере"),
}
