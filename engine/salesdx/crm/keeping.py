"""The mapping that a case keeps (`mapping.yaml`), so that the next export is known."""

from collections.abc import Mapping as Names
from pathlib import Path

from salesdx.crm.mapping import Mapping, load_mapping
from salesdx.crm.writing import write_all
from salesdx.errors import DataError, Said

MAPPING_FILE = "mapping.yaml"


def kept_path(case_dir: Path) -> Path:
    """Where a case keeps its mapping."""
    return case_dir / MAPPING_FILE


def kept_mapping(case_dir: Path) -> Mapping | None:
    """The mapping of a case; None where it has none yet.

    Raises:
        DataError: the file is not valid.
    """
    path = kept_path(case_dir)
    if not path.is_file():
        return None
    try:
        return load_mapping(path)
    except DataError as error:
        raise DataError(
            Said(
                f"{path}: the saved mapping cannot be used; mend the lines below, or"
                " remove the file to recognise the columns anew",
                f"{path}: сохранённое соответствие колонок не читается; исправьте"
                " строки ниже или удалите файл: колонки распознаются заново",
            ),
            error.problems,
        ) from error


def merged(old: Mapping | None, new: Mapping, replaced: Names[str, str]) -> Mapping:
    """Both mappings: maps of other files and names of other ids stay.

    Args:
        old: what was kept.
        new: what an import used.
        replaced: file -> the old name of the map it was read by, which it replaces.
    """
    if old is None:
        return new
    gone = {f.file.casefold() for f in new.files}
    gone |= {n.casefold() for n in replaced.values()}
    kept = [f for f in old.files if f.file.casefold() not in gone]
    names = {
        kind: old.names.get(kind, {}) | new.names.get(kind, {})
        for kind in sorted({*old.names, *new.names})
    }
    crm = new.crm if new.crm != "table" else old.crm
    return Mapping(crm=crm, files=[*kept, *new.files], names=names)


def save_mapping(path: Path, mapping: Mapping) -> None:
    """Write a mapping, whole or not at all.

    Raises:
        DataError: the file cannot be written.
    """
    write_all({path: mapping.to_yaml().encode("utf-8")})
