"""`knowledge:` of company.yaml: folders of the case, and installed packs by name.

A case folder may come from somebody else. What it names must lie inside it, or have
been installed on this machine; it never makes salesdx read another folder.
"""

from collections.abc import Iterator
from pathlib import Path

from salesdx import content
from salesdx.company import Company
from salesdx.errors import DataError, Problem, Said, hinted
from salesdx.knowledge.folder import leading_out
from salesdx.knowledge.packs import installed, nothing_called

_FILE = "company.yaml"


def own_knowledge(case: Path, company: Company) -> list[Path]:
    """The folders of the overlays that a case names, in its order.

    Raises:
        DataError: a name leads nowhere or out of the case; all of them, located.
        KnowledgeError: an installed pack that is named cannot be used.
    """
    faults: list[tuple[int, Said, str]] = []
    found = []
    for i, name in enumerate(company.knowledge):
        folder = case / name
        told = list(_faults(case, folder, name))
        faults += [(i, what, hint) for what, hint in told]
        if not told:
            found.append(folder if folder.is_dir() else installed()[name].folder)
    if faults:
        what = Said(
            "the case names knowledge that cannot be used:",
            "в описании компании названа база знаний, которую нельзя использовать:",
        )
        raise DataError(what, _located(case, faults))
    return found


def _faults(case: Path, folder: Path, name: str) -> Iterator[tuple[Said, str]]:
    inside = folder.resolve().is_relative_to(case.resolve())
    hint = Said(
        "copy it into the case, or name it with --kb",
        "скопируйте её в папку разбора или укажите ключом --kb",
    )
    if not inside or Path(name).is_absolute():
        yield (
            Said(
                f"{name!r} lies outside the case, and a case reads nothing but itself",
                f"«{name}» лежит вне папки разбора, а разбор читает только её",
            ),
            hint,
        )
    elif folder.is_dir():
        for path in leading_out(folder, case)[:1]:
            where = path.relative_to(case).as_posix()
            yield (
                Said(
                    f"{where} is a link that leads out of the case",
                    f"{where} — ссылка, которая ведёт за пределы папки разбора",
                ),
                hint,
            )
    elif folder.is_file():
        yield (
            Said(
                f"{name!r} is a file; give its folder",
                f"«{name}» — это файл; укажите папку, в которой он лежит",
            ),
            "",
        )
    else:
        packs = installed()
        if name not in packs:
            yield nothing_called(name, packs)


def _located(case: Path, faults: list[tuple[int, Said, str]]) -> list[Problem]:
    """The faults at their lines of company.yaml."""
    path = case / _FILE
    document, _ = content.read(path)
    if document is None:  # it was read a moment ago
        return [Problem(str(path), 0, 0, "file", hinted(w, h)) for _, w, h in faults]
    return [
        document.problem(("knowledge", i), "knowledge", what, hint)
        for i, what, hint in faults
    ]
