"""The child process that reads spreadsheets: stdin is the file, stdout lines of JSON.

First `{"labels", "above", "others"}`, then blocks `{"numbers", "columns", "wide"}`; or
`{"refused": [en, ru]}` at any time.
"""

import gc
import json
import sys
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from salesdx.crm.in_child import OUT_OF_MEMORY, bound
from salesdx.crm.table_area import LOOK, MOST_TITLE, header_place
from salesdx.errors import DataError, in_language

BLOCK = 5_000
Record = tuple[int, list[str]]


def main(kind: str, name: str) -> None:
    """Read stdin as a kind of file and print it."""
    gc.disable()  # cells are plain and die with their block
    raw = sys.stdin.buffer.read()
    try:
        if kind == "book":
            _print_book(raw, name)
        else:
            from salesdx.crm.web_tables import records

            _print(records(raw, name), [])
    except DataError as error:
        said = [in_language(error.message, language) for language in ("en", "ru")]
        _line({"refused": said})


def _print_book(raw: bytes, name: str) -> None:
    import python_calamine as calamine

    from salesdx.crm.book_archive import damaged
    from salesdx.crm.workbook import Book
    from salesdx.errors import Said

    try:
        book = Book(raw, name)
        found = book.table()
        if found is None:
            _print(iter(()), book.hidden)
            return
        sheet, records = found
        others = [s for s in (*book.visible, *book.hidden) if s != sheet]
        _print(records, others)
    except calamine.PasswordError as error:
        raise DataError(
            Said(
                f"{name}: protected by a password; save it without one",
                f"{name}: файл под паролем; сохраните его без пароля",
            )
        ) from error
    except (DataError, MemoryError, KeyboardInterrupt):
        raise
    except BaseException as error:  # a panic of the library is no `Exception`
        raise damaged(name) from error


def _print(records: Iterator[Record], others: list[str]) -> None:
    filled = (r for r in records if any(r[1]))
    first = list(islice(filled, LOOK))
    place = header_place([cells for _, cells in first])
    labels = first[place][1] if first else []
    title = " ".join(c for _, cells in first[:place] for c in cells if c)[:MOST_TITLE]
    above = [number for number, _ in first[:place]]
    _line({"labels": labels, "above": above, "others": others, "title": title})
    rest = chain(first[place + 1 :], filled)
    while block := list(islice(rest, BLOCK)):
        _line(_columns(block, len(labels)))


def _columns(block: list[Record], width: int) -> dict[str, Any]:
    wide = [n for n, cells in block if any(cells[width:])]
    if wide:
        aside = set(wide)
        block = [r for r in block if r[0] not in aside]
    rows = [
        c if len(c) == width else (c + [""] * (width - len(c)))[:width]
        for _, c in block
    ]
    columns = [list(c) for c in zip(*rows, strict=True)] or [[] for _ in range(width)]
    return {"numbers": [n for n, _ in block], "columns": columns, "wide": wide}


def _line(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    bound(int(sys.argv[1]))
    try:
        main(sys.argv[2], sys.argv[3])
        sys.stdout.flush()
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
