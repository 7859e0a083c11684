"""CSV to rows of text, at the speed of Arrow and never silently wrong."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np

from salesdx.crm.decoding import BLOCK, TextFile, look_through, utf8
from salesdx.crm.limits import MAX_COLUMNS
from salesdx.crm.progress import Progress, silent
from salesdx.crm.rows import Rows, from_columns
from salesdx.crm.splitting import EndlessRowError, Part, Split, Utf8Stream, unclosed
from salesdx.crm.table_area import MOST_TITLE
from salesdx.crm.title_lines import titles_above
from salesdx.errors import DataError, Said

DELIMITERS = (";", ",", "\t")
# blank lines above the table, of spaces too
_BLANK_LINES = re.compile(r"(?:[ \t\x0b\x0c]*[\r\n])*")
# a quote inside of a cell, told by doubling it: neither a blank cell nor `\""`
_DOUBLED = re.compile(rb'[^\\;,\t\r\n"]""[^;,\t\r\n"]|(?<!\\)"""')
_HELD = 4  # bytes at the end of a block that the next one may complete
_T = TypeVar("_T")
LONGEST = 1 << 24  # bytes of a row: no table has longer ones


def read_csv(
    path: Path,
    progress: Progress = silent,
    blocks: Sequence[int] = (BLOCK, LONGEST),
) -> Rows:
    """Read a CSV file of any of the usual encodings and delimiters.

    The file is looked through once and read once, block by block; of a large file the
    text goes to a temporary file, not into memory.

    Args:
        path: the file.
        progress: told how many bytes are read.
        blocks: bytes read at once; the larger ones where a row does not fit.

    Raises:
        DataError: not text, too wide, too long, or a quote that is never closed.
    """
    return tried(path, blocks, lambda opened: _read(opened, path.name, progress))


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was looked through; Arrow reads `block` bytes at once."""

    file: BinaryIO
    found: TextFile
    escape: str | bool
    block: int
    ahead: int

    def stream(self, progress: Progress) -> Utf8Stream:
        """Its text from the start."""
        return Utf8Stream(self.file, self.found.encoding, progress, self.ahead)


def tried(path: Path, blocks: Sequence[int], read: Callable[[Opened], _T]) -> _T:
    """What reading gives with the smallest blocks in which every row fits.

    Raises:
        DataError: see `read_csv`.
    """
    with path.open("rb") as file:
        found = look_through(file, path.name, LONGEST, blocks[0])
        escape = _escape(found, utf8(file, found.encoding, blocks[0]))
        for block in blocks:  # rows of megabytes are rare: try small first
            try:
                return read(Opened(file, found, escape, block, blocks[0]))
            except EndlessRowError as error:
                fault = error
    raise unclosed(path.name, fault.row)


def in_parts(
    opened: Opened, name: str, most: int
) -> tuple[Sequence[str], Iterator[Part]]:
    """The headers of a file, at most so many, and its rows as they stand.

    Nothing is kept of a part: a file may be of any length. Read it through `tried`.

    Raises:
        DataError: too wide, or a quote that is never closed.
    """
    stream = opened.stream(silent)
    text, whole = stream.head(BLOCK)
    delimiter, start, _ = _above(text)
    if not text[start:].strip():
        return [], iter(())
    labels = _labels(text[start:], delimiter, name, whole, most)
    stream.pass_over(text[:start])
    split = Split(name, delimiter, len(labels), text.count("\n", 0, start), None)
    batches = split.batches(stream, opened.block, opened.escape)
    return labels, split.parts(batches, opened.found)


def _escape(found: TextFile, blocks: Iterator[bytes]) -> str | bool:
    """The character that makes a quote part of a cell, unless quotes are doubled."""
    if not found.escaped:
        return False
    return False if found.doubled and _doubled(blocks) else "\\"


def _doubled(blocks: Iterator[bytes]) -> bool:
    """Whether a quote inside a cell is written twice anywhere."""
    held, start = b"", 0
    for block in chain(blocks, [b""]):
        text = held + block
        sure = len(text) - _HELD if block else len(text)
        match = _DOUBLED.search(text, start)
        if match is not None and match.start() < sure:
            return True
        cut = max(sure - 1, 0)
        held, start = text[cut:], min(cut, 1)
    return False


def sniff(text: str) -> str:
    """The delimiter that splits the first lines most evenly, most columns first."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]

    def evenness(delimiter: str) -> tuple[bool, int]:
        try:
            widths = [len(r) for r in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:  # a cell longer than any
            return False, 0
        most = max(set(widths), key=lambda w: (widths.count(w), w))
        return widths[0] == most and most > 1, widths[0]

    return max(DELIMITERS, key=evenness) if lines else ","


def _read(opened: Opened, name: str, progress: Progress) -> Rows:
    stream = opened.stream(progress)
    text, whole = stream.head(BLOCK)
    delimiter, start, titles = _above(text)
    if not text[start:].strip():
        return from_columns(name, [], [], np.empty(0, np.int64))
    labels = _labels(text[start:], delimiter, name, whole)
    stream.pass_over(text[:start])
    split = Split(name, delimiter, len(labels), text.count("\n", 0, start))
    split.set_aside(titles)
    rows = split.rows(
        labels, split.batches(stream, opened.block, opened.escape), opened.found
    )
    return replace(rows, title=text[:start].strip()[:MOST_TITLE]) if titles else rows


def _above(text: str) -> tuple[str, int, Sequence[int]]:
    """The delimiter, where the headers start, and the lines of a title above them."""
    blank = _BLANK_LINES.match(text)
    start = blank.end() if blank else 0
    first = text[start:].partition("\n")[0]
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        rest = text[start + len(first) :]
        return first.strip()[4], len(text) - len(rest.lstrip("\r\n")), ()
    if titled := titles_above(text[start:], DELIMITERS):
        before = text.count("\n", 0, start)
        lines = [line + before for line in titled.lines]
        rest = text[start + titled.start :]
        return titled.delimiter, len(text) - len(rest.lstrip("\r\n")), lines
    return sniff(text[start:]), start, ()


def _labels(
    text: str, delimiter: str, name: str, whole: bool, most: int = MAX_COLUMNS
) -> Sequence[str]:
    """The header row; `text` is the start of the file, or (`whole`) all of it."""
    lines = io.StringIO(text, newline="")
    try:
        labels = next(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise unclosed(name, 1) from error
    if not whole and not lines.read(1):
        raise unclosed(name, 1)
    if len(labels) > most:
        raise DataError(
            Said(
                f"{name}:1: {len(labels)} columns, at most {most} are read;"
                " export only the columns you need",
                f"{name}:1: колонок {len(labels)}, а читаем не больше {most};"
                " выгрузите только нужные колонки",
            )
        )
    return labels
