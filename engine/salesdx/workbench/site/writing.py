"""Write the site into a folder that is ours, and leave nothing of an earlier run.

A marker lists the files of the last run: only these are ever removed, and a folder that
holds anything else and no marker is refused.
"""

from collections.abc import Iterable
from pathlib import Path

from salesdx.errors import DataError, Said, hinted, reason_of

MARKER = ".salesdx-site"
_HEAD = "salesdx kb docs\n"


def write(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write every file, remove what an earlier run left; returns the number of files.

    Raises:
        DataError: the folder holds something else, or cannot be written.
    """
    earlier = _earlier(folder)
    try:
        written = _write(folder, files, earlier)
        for name in sorted(earlier - written):
            _remove(folder, name)
    except OSError as error:
        raise DataError(_told(folder, reason_of(error))) from error
    return len(written)


def check(folder: Path) -> None:
    """Refuse a folder that is not ours before anything is worked out.

    Raises:
        DataError: the folder holds something else.
    """
    _earlier(folder)


def _earlier(folder: Path) -> set[str]:
    """The files of the last run; a folder that is not ours is refused."""
    marker = folder / MARKER
    try:
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return set()
        text = marker.read_text("utf-8") if marker.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        why = reason_of(error) if isinstance(error, OSError) else Said(
            "its marker is damaged", "метка в ней повреждена"
        )  # fmt: skip
        raise DataError(_told(folder, why)) from error
    if not text.startswith(_HEAD):
        what = Said("the folder holds something else", "в папке лежит что-то другое")
        hint = Said(
            "name a new or empty folder with --out",
            "назовите в --out новую или пустую папку",
        )
        raise DataError(hinted(_told(folder, what), hint))
    return {name for name in text.splitlines()[1:] if _inside(name)}


def _inside(name: str) -> bool:
    """Whether a name of the marker stays in the folder, whoever wrote it."""
    return bool(name) and not Path(name).is_absolute() and ".." not in Path(name).parts


def _write(
    folder: Path, files: Iterable[tuple[str, bytes]], earlier: set[str]
) -> set[str]:
    """The marker comes first and names old and new: a run cut short stays ours."""
    pages = dict(files)
    folder.mkdir(parents=True, exist_ok=True)
    _mark(folder, earlier | set(pages))
    for parent in sorted({Path(name).parent for name in pages}):
        (folder / parent).mkdir(parents=True, exist_ok=True)
    for name, data in pages.items():
        (folder / name).write_bytes(data)
    _mark(folder, set(pages))
    return set(pages)


def _mark(folder: Path, names: set[str]) -> None:
    lines = "".join(f"{name}\n" for name in sorted(names))
    (folder / MARKER).write_text(_HEAD + lines, encoding="utf-8", newline="\n")


def _remove(folder: Path, name: str) -> None:
    """A stale page, and its folder when nothing is left in it."""
    path = folder / name
    if path.resolve().is_relative_to(folder.resolve()):
        path.unlink(missing_ok=True)
        for parent in path.relative_to(folder).parents:
            place = folder / parent
            if place == folder or not place.is_dir() or any(place.iterdir()):
                break
            place.rmdir()


def _told(folder: Path, why: Said) -> Said:
    return Said(f"{folder}: {why}", f"{folder}: {why.ru}")
