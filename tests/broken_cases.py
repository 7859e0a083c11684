"""Broken knowledge files as data: `broken_knowledge/*.yaml`, and some made by code.

A case breaks one line of a sound file (`in`, `was`, `now`), writes a condition (`if`),
a template (`template`) or whole `files`. The sign ⟦ stands where the fault has to be
told and is taken out before the file is written; `told` says what is told there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "broken_knowledge"
MARK, ID = "⟦", "§"
SKELETONS = yaml.safe_load((FOLDER / "skeletons.yaml").read_text("utf-8"))
CONDITION = "{data.young-excluded: no}"
Place = tuple[str, int, int]


@dataclass(frozen=True)
class Case:
    """Files to write, and the places at which faults are to be told."""

    id: str
    files: dict[str, str]
    places: list[Place]
    told: list[dict[str, str]]

    def write(self, folder: Path) -> None:
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def cases(*names: str) -> Iterator[Case]:
    """The cases of some files of the corpus."""
    for name in names:
        text = (FOLDER / f"{name}.yaml").read_text("utf-8")
        for row in yaml.safe_load(text):
            yield _case(row)


def _case(row: dict[str, Any]) -> Case:
    files: dict[str, str] = {}
    places: list[Place] = []
    for name, marked in _marked(row).items():
        text = marked
        while MARK in text:
            before, _, after = text.partition(MARK)
            line, col = before.count("\n") + 1, len(before) - before.rfind("\n")
            templated = name.endswith(".j2")
            places.append((name, line, 1 if templated else col))
            text = before + after
        files[name] = text
    return Case(row["id"], files, places, row.get("told", []))


def _marked(row: dict[str, Any]) -> dict[str, str]:
    if "files" in row:
        return dict(row["files"])
    if "template" in row:
        return _sheet(row["id"], row["template"])
    kind = SKELETONS[row.get("in", "cause")]
    text: str = kind["text"]
    change = (row["was"], row["now"]) if "was" in row else (CONDITION, row["if"])
    changes = [change, row["and"]] if "and" in row else [change]
    for was, now in changes:
        assert was in text or was == MARK, (row["id"], was)
        text = text.replace(was, now, 1)
    if row.get("place") == "top":
        text = MARK + text
    return {kind["path"].replace(ID, row["id"]): text.replace(ID, row["id"])}


def _sheet(name: str, template: str) -> dict[str, str]:
    listed = (
        "format: 1\nworksheets:\n"
        f"  - id: {name}\n    title: {{en: Own, ru: Свой}}\n"
        "    purpose: {en: Own, ru: Свой}\n    unused: example\n"
    )
    return {
        "worksheets/worksheets.yaml": listed,
        f"worksheets/{name}.en.md.j2": template,
        f"worksheets/{name}.ru.md.j2": "Текст\n",
    }
