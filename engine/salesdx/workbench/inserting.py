"""Write into files of trainers: whole, or one entry more at the end of a list.

Only the new lines are touched, so comments and layout of the rest stay as they are.
"""

import os
import shutil
import tempfile
from pathlib import Path

from salesdx.content import Document, NodePath, parse
from salesdx.errors import Said, UsageError


def indented(text: str, by: int) -> str:
    """Every line moved to the right; empty ones stay empty."""
    lines = text.splitlines()
    return "".join(f"{' ' * by}{line}".rstrip() + "\n" for line in lines)


def with_entry(text: str, file: str, key: str, item: str) -> str:
    """The text of a file with an entry (`- …`, from column 1) at the end of a list.

    Raises:
        UsageError: the list is written in brackets, or is no list.
    """
    document, _ = parse(text, file)
    if document is None or not isinstance(document.data, dict):
        raise UsageError(_unfit(file, key))
    after = _appended(text, document, key, item, _unfit(file, key))
    grown, _ = parse(after, file)
    entry, _ = parse(item, file)
    old = document.data | {key: document.data.get(key) or []}
    if entry is None or grown is None or not isinstance(old[key], list):
        raise UsageError(_unfit(file, key))
    if grown.data != old | {key: [*old[key], *entry.data]}:
        raise UsageError(_unfit(file, key))
    return after


def _appended(text: str, document: Document, key: str, item: str, unfit: Said) -> str:
    lines = text.split("\n")
    if key not in document.data:
        body = text.rstrip("\n")
        return f"{body}\n{key}:\n{indented(item, 2)}"
    row = document.places[(key, "@key")][0] - 1
    if not document.data[key]:
        return _into_empty(lines, row, key, item, unfit)
    first = document.places.get((key, 0), (row + 1, 1))
    dash = lines[first[0] - 1].rfind("-", 0, first[1] - 1)
    if first[0] - 1 == row or dash < 0 or lines[first[0] - 1][:dash].strip():
        raise UsageError(unfit)
    end = _end(document, (key,), len(lines))
    while _belongs_to_the_next(lines[end - 1], dash):
        end -= 1
    added = indented(item, dash).rstrip("\n").split("\n")
    return "\n".join([*lines[:end], *added, *lines[end:]])


def _belongs_to_the_next(line: str, dash: int) -> bool:
    """Blank, or a comment that stands no deeper than the dashes of the list."""
    inside = line.startswith(" " * (dash + 1))
    return not line.strip() or (line.lstrip().startswith("#") and not inside)


def _into_empty(lines: list[str], row: int, key: str, item: str, unfit: Said) -> str:
    """`key: []` or `key:` becomes a list of one."""
    head, _, remark = lines[row].partition("#")
    if head.split(":", 1)[1].strip() not in ("", "[]", "null", "~"):
        raise UsageError(unfit)
    kept = f"{key}:" + (f"  #{remark}" if remark else "")
    added = indented(item, 2).rstrip("\n").split("\n")
    return "\n".join([*lines[:row], kept, *added, *lines[row + 1 :]])


def _end(document: Document, path: NodePath, lines: int) -> int:
    """The row behind a value at the top: that of the next key, or of the end."""
    row = document.places[(*path, "@key")][0]
    tops = [
        place[0] for p, place in document.places.items()
        if len(p) == 2 and p[1] == "@key" and place[0] > row
    ]  # fmt: skip
    return min(tops) - 1 if tops else lines


def _unfit(file: str, key: str) -> Said:
    return Said(
        f"{file}: the list `{key}` is not written one entry under another with “- ”; "
        "write it so, or add the entry by hand",
        f"{file}: список `{key}` записан не построчно, через «- »; запишите его так "
        "или добавьте запись вручную",
    )


def create(path: Path, text: str) -> None:
    """Write a file that is not there yet; one that is stays as it is.

    Raises:
        UsageError: it is there.
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="") as out:
            out.write(text)
    except FileExistsError:
        raise UsageError(Said(
            f"{path.as_posix()} is there already; it stays as it is",
            f"{path.as_posix()} уже есть; он оставлен как есть",
        )) from None  # fmt: skip


def replace_whole(path: Path, text: str) -> None:
    """Replace a file at once: whoever reads sees the old text or the new one.

    Raises:
        OSError: the file cannot be written; the old one is still there.
    """
    target = path.resolve()  # a link stays a link
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    aside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        shutil.copymode(target, aside)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
