"""What making a skeleton needs: its template, its file, a code that will do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from salesdx.content import content, did_you_mean, read
from salesdx.errors import KnowledgeError, Said, UsageError, hinted
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.models import ID
from salesdx.language import Language
from salesdx.workbench.inserting import create, replace_whole, with_entry
from salesdx.workbench.schema import FOLDER

TODO = "TODO"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made; `on` is what its rules look at."""

    kind: str
    id: str
    lang: Language = "en"
    on: Sequence[str] = ()
    cause_kind: str = "process"
    area: str | None = None
    weight: str | None = None
    against: bool = False
    type: str = "yesno"
    who: str = "head_of_sales"
    cause: str | None = None
    value: float | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The file that was written, the line of the new entry, and what to run next."""

    path: Path
    line: int
    created: bool
    next: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Desk:
    """What every maker needs at hand."""

    wanted: Wanted
    folder: Path
    knowledge: KnowledgeBase

    def fill(self, template: str, **values: Any) -> str:
        """A template in the trainer's language, or in none."""
        names = [f"{template}.{self.wanted.lang}.yaml.j2", f"{template}.yaml.j2"]
        text = (
            templates()
            .select_template(names)
            .render(id=self.wanted.id, folder=self.folder.as_posix(), **values)
        )
        return text.strip("\n") + "\n"

    def modelines(self, path: Path, kind: str) -> str:
        """The first lines, by which VS Code and JetBrains find the schema."""
        up = "../" * (len(path.relative_to(self.folder).parts) - 1) or "./"
        place = f"{up}{FOLDER}/{kind}.json"
        return f"# yaml-language-server: $schema={place}\n# $schema: {place}"

    def check_id(self, pattern: str, entries: str) -> None:
        """The id is well-formed and free."""
        name = self.wanted.id
        fits(name, pattern)
        entry = self.knowledge.entries.get(entries, {}).get(name)
        if entry is not None:
            line = entry.document.place((*entry.path, "id"))[0]
            where = f"{entry.document.file}:{line}"
            raise UsageError(Said(
                f"{name!r} is there already: {where}",
                f"«{name}» уже есть: {where}",
            ))  # fmt: skip

    def add(self, path: Path, key: str, item: str, whole: str) -> Made:
        """Put an entry at the end of a list of a file, or write the file."""
        if not path.exists():
            create(path, whole)
            return self.made(path, row_of(whole, item), created=True)
        after = with_entry(text_of(path), path.as_posix(), key, item)
        rewrite(path, after)
        return self.made(path, row_of(after, item), created=False)

    def made(self, path: Path, line: int, *, created: bool) -> Made:
        """What was done, and the commands that come next."""
        kb = self.folder.as_posix()
        test = ""
        if self.wanted.kind in ("cause", "rule"):
            test = f"salesdx kb test {self.wanted.id.partition('/')[0]} --kb {kb}"
        steps = [f"salesdx kb lint --kb {kb}", *([test] if test else [])]
        return Made(path, line, created, steps)


def templates() -> SandboxedEnvironment:
    """The skeletons; a name that is not given is a fault of ours."""
    return SandboxedEnvironment(
        loader=FileSystemLoader(content("reports") / "workbench"),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, autoescape=False,
    )  # fmt: skip


def text_of(path: Path) -> str:
    """A file that our reader can read, with plain line ends."""
    document, problems = read(path, path.as_posix())
    if document is None:
        raise KnowledgeError(
            Said("mend this file first:", "сначала исправьте этот файл:"), problems
        )
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def rewrite(path: Path, text: str) -> None:
    """Keep the line ends of the file."""
    before = path.read_bytes()
    replace_whole(path, text.replace("\n", "\r\n") if b"\r\n" in before else text)


def row_of(text: str, item: str) -> int:
    """The line on which an entry begins."""
    first = item.splitlines()[0].strip()
    rows = [i for i, line in enumerate(text.split("\n"), 1) if line.strip() == first]
    return rows[-1] if rows else 1


def fits(name: str, pattern: str) -> None:
    """Refuse a code that is none, and say which would be one."""
    if re.match(pattern, name):
        return
    tidy = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")
    if pattern == ID:
        tidy = tidy.replace(".", "-")
    hint = (
        Said(f"did you mean {tidy!r}?", f"может быть, «{tidy}»?")
        if re.match(pattern, tidy)
        else Said("for example nobody-at-lunch", "например nobody-at-lunch")
    )
    raise UsageError(hinted(Said(
        f"{name!r} is no code: lower-case Latin letters, digits and hyphens",
        f"«{name}» не годится в коды: нужны строчные латинские буквы, цифры и дефисы",
    ), hint))  # fmt: skip


def one_of(name: str, known: Sequence[str]) -> None:
    """Refuse a word that is not in a closed list."""
    if name not in known:
        many = ", ".join(known)
        none = Said(f"no kind {name!r}", f"нет рода «{name}»")
        hint = did_you_mean(name, known) or Said(f"one of {many}", f"есть {many}")
        raise UsageError(hinted(none, hint))


def known(name: str, among: Mapping[str, Any], what: Said) -> None:
    """Refuse the name of an entry that there is not."""
    if name not in among:
        none = Said(
            f"there is no {what} {name!r}", f"нет такого имени ({what.ru}): «{name}»"
        )
        raise UsageError(hinted(none, did_you_mean(name, among)))
