"""XML Spreadsheet 2003, which some programs call .xls: rows of its first sheet."""

from collections.abc import Iterator
from xml.parsers import expat

from salesdx.crm.book_archive import refused, too_wide
from salesdx.crm.limits import MAX_COLUMNS

Record = tuple[int, list[str]]
MARK = b"urn:schemas-microsoft-com:office:spreadsheet"


def sheet_records(raw: bytes, name: str) -> Iterator[Record]:
    """Rows of the first sheet that holds cells, with their numbers.

    Raises:
        DataError: damaged, too wide, or with entities.
    """
    sheet = _Sheet(name)
    parser = expat.ParserCreate(namespace_separator="|")

    def no_entities(*_: object) -> None:
        raise refused(
            f"{name}: declares XML entities, which no spreadsheet program writes; open"
            " it in one and save it as CSV",
            f"{name}: объявлены сущности XML, так не пишет ни одна программа; откройте"
            " файл в Excel и сохраните в CSV",
        )

    parser.StartElementHandler = sheet.start
    parser.EndElementHandler = sheet.end
    parser.CharacterDataHandler = sheet.data
    parser.EntityDeclHandler = no_entities
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = parser.CurrentLineNumber
        raise refused(
            f"{name}:{line}: the XML breaks off or is not valid here; export the file"
            " again, or save it as CSV",
            f"{name}:{line}: здесь XML обрывается или написан с ошибкой; выгрузите файл"
            " заново или сохраните в CSV",
        ) from error
    yield from sheet.rows


class _Sheet:
    """Collects the rows of the first sheet with cells of an XML Spreadsheet 2003."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[Record] = []
        self._sheet_done = False
        self._number = 0
        self._row: list[str] = []
        self._data: list[str] | None = None
        self._across = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens; `ss:Index` skips rows and cells."""
        local = tag.rpartition("|")[2]
        known = {k.rpartition("|")[2]: v for k, v in attributes.items()}
        index = _whole(known.get("Index"))
        if local == "Row":
            self._number, self._row = index or self._number + 1, []
        elif local == "Cell":
            self._across = min(_whole(known.get("MergeAcross")) or 0, MAX_COLUMNS)
            if (index or len(self._row) + 1) > MAX_COLUMNS:
                raise too_wide(self.name)
            if index is not None:
                self._row += [""] * (index - 1 - len(self._row))
            self._row.append("")
        elif local == "Data" and self._row:
            self._data = []

    def end(self, tag: str) -> None:
        """An element closes."""
        local = tag.rpartition("|")[2]
        if local == "Data" and self._data is not None:
            self._row[-1] = "".join(self._data).strip()
            self._data = None
        elif local == "Cell":
            self._row += [""] * self._across
        elif local == "Row" and any(self._row) and not self._sheet_done:
            self.rows.append((self._number, self._row))
        elif local == "Worksheet":
            self._sheet_done = bool(self.rows)
            self._number = 0

    def data(self, text: str) -> None:
        """Characters, which count inside of `Data` only."""
        if self._data is not None:
            self._data.append(text)


def _whole(told: str | None) -> int | None:
    plain = told or ""
    return (
        int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 8 else None
    )
