"""Which file of a case folder holds which canonical table."""

from pathlib import Path

from salesdx.content import did_you_mean
from salesdx.crm.notes import Note
from salesdx.errors import DataError, Said
from salesdx.tables import TABLES

SUFFIXES = (".csv", ".parquet", ".xlsx")


def data_files(folder: Path) -> tuple[dict[str, Path], list[Note]]:
    """Files of canonical tables by table name, and notes on files left aside.

    Raises:
        DataError: one table stands in two files, so neither can be trusted.
    """
    found: dict[str, Path] = {}
    notes: list[Note] = []
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in files:
        name, suffix = path.stem.casefold(), path.suffix.casefold()
        if path.is_dir() or path.name.startswith((".", "~")):
            continue
        if suffix not in SUFFIXES or name not in TABLES:
            hint = did_you_mean(name, TABLES)
            params = {"count": 1, "examples": hint}
            notes.append(Note("unknown-file", path.name, params))
        elif name in found:
            raise DataError(
                Said(
                    f"{path}: the table {name!r} is also in {found[name].name}; keep"
                    " one",
                    f"{path}: таблица «{name}» есть ещё и в {found[name].name};"
                    " оставьте один файл",
                )
            )
        else:
            found[name] = path
    return dict(sorted(found.items())), notes
