"""Packs: pack.yaml and its engine range, and packs installed as Python packages.

A pack announces itself by an entry point of the group `salesdx.packs`: its name is the
id of the pack, its value the package whose folder holds the files, or
`package:folder`. The package is found and read, never imported: content runs no code.
"""

import importlib.metadata
import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from salesdx.content import Document, did_you_mean, read
from salesdx.errors import KnowledgeError, Problem, Said
from salesdx.knowledge.models import Pack

GROUP = "salesdx.packs"
FILE = "pack.yaml"


def engine_version() -> str:
    """The version of the installed salesdx."""
    return importlib.metadata.version("salesdx")


def engine_problem(pack: Pack, document: Document) -> Problem | None:
    """What is wrong with the engine range of a pack, if anything is."""
    here = ("engine",)
    try:
        wanted = SpecifierSet(pack.engine)
    except InvalidSpecifier:
        what = Said(
            f"{pack.engine!r} is no range of versions",
            f"«{pack.engine}» — не диапазон версий",
        )
        hint = Said('write for example ">=0.1,<1"', 'пишите, например, ">=0.1,<1"')
        return document.problem(here, "engine-range", what, hint)
    version = Version(engine_version())
    # 0.3.dev1 is asked for as 0.3: who runs it has what the pack needs, or soon will
    if any(wanted.contains(v, prereleases=True) for v in _as_asked(version)):
        return None
    what = Said(
        f"pack {pack.id!r} needs salesdx {pack.engine}; this is {version}",
        f"пакет «{pack.id}» рассчитан на salesdx {pack.engine}, а здесь {version}",
    )
    hint = Said(
        "install a salesdx of that range, or ask the author for a newer pack",
        "поставьте подходящую версию salesdx или попросите у автора новый выпуск",
    )
    return document.problem(here, "engine-range", what, hint)


def _as_asked(version: Version) -> list[Version]:
    return [version, Version(version.base_version)]


@dataclass(frozen=True, slots=True)
class Installed:
    """An installed pack: the distribution that brought it, and where it says so."""

    name: str
    value: str
    distribution: str
    file: str
    line: int
    rivals: tuple[str, ...] = ()  # other distributions that bring the same name

    @property
    def folder(self) -> Path:
        """The folder of its files.

        Raises:
            KnowledgeError: it is not there, holds another pack, or two distributions
                bring the name; located in entry_points.txt.
        """
        package, _, inside = self.value.partition(":")
        found = _folder(package.strip(), inside.strip())
        if self.rivals:
            raise self._broken(*self._twice())
        if found is None:
            raise self._broken(*self._lost())
        document, _ = read(found / FILE)
        data = document.data if document else None
        called = data.get("id", self.name) if isinstance(data, dict) else self.name
        if called != self.name:
            raise self._broken(*self._misnamed(called))
        return found

    def _broken(self, what: Said, hint: Said) -> KnowledgeError:
        told = Said(
            f"the installed pack {self.name!r} cannot be used:",
            f"установленный пакет «{self.name}» использовать нельзя:",
        )
        problem = Problem(self.file, self.line, 1, "pack", what, hint)
        return KnowledgeError(told, [problem])

    def _twice(self) -> tuple[Said, Said]:
        both = (self.distribution, *self.rivals)
        return Said(
            f"pack {self.name!r} is brought by {' and by '.join(both)}",
            f"пакет «{self.name}» есть сразу в нескольких: {', '.join(both)}",
        ), Said("remove all but one", "оставьте один, остальные удалите")

    def _misnamed(self, called: object) -> tuple[Said, Said]:
        return Said(
            f"pack {self.name!r} of {self.distribution} calls itself {called!r} in "
            f"{FILE}",
            f"пакет «{self.name}» из {self.distribution} назван в {FILE} «{called}»",
        ), Said(
            "the name of the entry point is the id of the pack: tell its author",
            "имя точки входа — это код пакета: сообщите автору",
        )

    def _lost(self) -> tuple[Said, Said]:
        return Said(
            f"pack {self.name!r} of {self.distribution}: there is no folder "
            f"{self.value!r} with a {FILE}",
            f"пакет «{self.name}» из {self.distribution}: нет папки «{self.value}» с "
            f"файлом {FILE}",
        ), Said(
            "install the pack anew, or tell its author",
            "поставьте пакет заново или сообщите автору",
        )


def _folder(package: str, inside: str) -> Path | None:
    """The folder of a package, or one in it, found without importing anything.

    Only the first name is looked up: for a dotted one Python would run the packages
    above it.
    """
    first, *rest = package.split(".")
    try:
        spec = importlib.util.find_spec(first)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    for home in spec.submodule_search_locations or ():
        folder = Path(home, *rest, *filter(None, inside.split(".")))
        if (folder / FILE).is_file():
            return folder
    return None


def installed() -> Mapping[str, Installed]:
    """All installed packs by name, sorted; nothing of them is read yet."""
    found: dict[str, Installed] = {}
    for point in importlib.metadata.entry_points(group=GROUP):
        brought = point.dist
        name = f"{brought.name} {brought.version}" if brought else "?"
        file, line = _announced(brought, point.name)
        pack = Installed(point.name, point.value, name, file, line)
        first = found.setdefault(point.name, pack)
        if first is not pack:
            both = tuple(sorted((*first.rivals, name)))
            found[point.name] = replace(first, rivals=both)
    return dict(sorted(found.items()))


def _announced(
    brought: importlib.metadata.Distribution | None, name: str
) -> tuple[str, int]:
    """The file that names a pack, and the line in it."""
    text = (brought.read_text("entry_points.txt") if brought else "") or ""
    of = f"{brought.name}-{brought.version}.dist-info/" if brought else ""
    section, key = "", re.compile(rf"\s*{re.escape(name)}\s*=")
    for n, line in enumerate(text.splitlines(), start=1):
        if line.strip().startswith("["):
            section = line.strip().strip("[]").strip()
        elif section == GROUP and key.match(line):
            return f"{of}entry_points.txt", n
    return f"{of}entry_points.txt", 1


def nothing_called(name: str, packs: Mapping[str, Installed]) -> tuple[Said, Said]:
    """What to say where neither a folder nor a pack has this name, and the hint."""
    told = ", ".join(packs)
    what = Said(
        f"there is neither a folder nor an installed pack {name!r}"
        + (f"; installed packs: {told}" if told else "; no packs are installed"),
        f"нет ни папки, ни установленного пакета «{name}»"
        + (f"; установлены: {told}" if told else "; пакетов не установлено"),
    )
    return what, did_you_mean(name, packs)
