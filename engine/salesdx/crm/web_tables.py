"""Tables of a web page, which some CRMs call .xls: rows of the largest one."""

from collections.abc import Iterator
from html.parser import HTMLParser

from salesdx.crm.book_archive import refused, too_wide
from salesdx.crm.decoding import decode
from salesdx.crm.limits import MAX_COLUMNS, MAX_PAGE, MAX_ROWS
from salesdx.crm.xml_spreadsheet import MARK, sheet_records

Record = tuple[int, list[str]]


def records(raw: bytes, name: str) -> Iterator[Record]:
    """Rows of the largest table, numbered from 1.

    Raises:
        DataError: no table inside, too large, or damaged.
    """
    if len(raw) > MAX_PAGE:
        raise refused(
            f"{name}: a page larger than {MAX_PAGE // 1_000_000} MB; export it as CSV",
            f"{name}: страница больше {MAX_PAGE // 1_000_000} МБ; выгрузите её в CSV",
        )
    if MARK in raw[:4096]:
        yield from sheet_records(raw, name)
        return
    text, _ = decode(raw, name)
    parser = _Tables()
    parser.feed(text)
    parser.close()
    tables = [[row for row in table if any(row)] for table in parser.tables]
    table = max(tables, key=len, default=[])
    if not table:
        what = "веб-страница" if "<html" in text[:4096].casefold() else "файл XML"
        raise refused(
            f"{name}: a web page without a table, perhaps the page to sign in; sign in"
            " and export it as CSV",
            f"{name}: это {what} без таблицы, возможно, страница входа; войдите в CRM"
            " и выгрузите данные в CSV",
        )
    if max(map(len, table)) > MAX_COLUMNS:
        raise too_wide(name)
    yield from enumerate(table, 1)


class _Tables(HTMLParser):
    """Collects the cells of every table; nested tables count as their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._down: list[dict[int, tuple[int, str]]] = []  # column -> rows left, text
        self._cell: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._close()
            self._open.append([])
            self._down.append({})
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._close()
            self._open[-1].append([])
            self._fill()
        elif tag in {"td", "th"} and self._open and self._open[-1]:
            self._close()
            known = dict(attrs)
            across = _span(known.get("colspan"), MAX_COLUMNS)
            self._span = (across, _span(known.get("rowspan"), MAX_ROWS))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._close()
        if tag == "table" and self._open:
            self._open.pop()
            self._down.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _close(self) -> None:
        if self._cell is not None and self._open and self._open[-1]:
            text = "".join(self._cell).strip()
            row, (across, down) = self._open[-1][-1], self._span
            if len(row) <= MAX_COLUMNS:
                for cell in (text, *[""] * (across - 1)):
                    if down > 1:
                        self._down[-1][len(row)] = (down - 1, cell)
                    row.append(cell)
            self._fill()
        self._cell, self._span = None, (1, 1)

    def _fill(self) -> None:
        """Cells that reach down from rows above stand in this row too."""
        row, down = self._open[-1][-1], self._down[-1]
        while len(row) in down and len(row) <= MAX_COLUMNS:
            left, text = down.pop(len(row))
            if left > 1:
                down[len(row)] = (left - 1, text)
            row.append(text)


def _span(told: str | None, most: int) -> int:
    plain = (told or "").strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        return 1
    return max(1, min(int(plain), most))
