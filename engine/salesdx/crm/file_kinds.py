"""What a file is by its first bytes, and what to say of those that hold no table."""

from typing import Literal

from salesdx.errors import DataError, Said

Kind = Literal["parquet", "book", "page", "json", "text"]
HEAD = 4096
_BLANK = b" \t\r\n\x0b\x0c"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_ZEROS = 0.1  # share of zero bytes above which a text is of wide letters
_BOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods")
_ARCHIVE = Said(
    "an archive; unpack it and import the files inside",
    "это архив; распакуйте его и загрузите файлы, которые внутри",
)
_NO_TABLES = (
    (b"\x1f\x8b", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (b"%PDF", Said("a PDF document", "это документ PDF")),
    (b"{\\rtf", Said("an RTF document", "это документ RTF")),
    (b"\x89PNG", Said("a picture", "это картинка")),
    (b"\xff\xd8\xff", Said("a picture", "это картинка")),
    (b"GIF8", Said("a picture", "это картинка")),
    (
        b"SQLite format 3\x00",
        Said("a database file (SQLite)", "это файл базы данных (SQLite)"),
    ),
    (b"\x7fELF", Said("a program", "это программа")),
    (b"MZ\x90", Said("a program", "это программа")),
    (b"ORC", Said("an ORC file", "это файл ORC")),
    (b"Obj\x01", Said("an Avro file", "это файл Avro")),
)
_EXPORT = Said(
    "not a table; export the data as CSV or XLSX",
    "а не таблица; выгрузите данные в CSV или XLSX",
)


def kind_of(head: bytes, name: str) -> Kind:
    """Which reader takes a file.

    Args:
        head: its first bytes, without blank lines before them.
        name: for the message.

    Raises:
        DataError: a kind of file that holds no table.
    """
    for mark, what in _NO_TABLES:
        if head.startswith(mark):
            raise _no_table(name, what)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "book"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "book"
    if head.startswith(b"PK") and name.casefold().endswith(_BOOKS):
        return "book"  # damaged at once; other files may have a column PK
    _refuse_wide(head, name)
    text = _plain(head)
    if text.startswith(b"<"):
        return "page"
    if text.startswith((b"{", b"[")):
        return "json"
    return "text"


def _refuse_wide(head: bytes, name: str) -> None:
    """UTF-32, and UTF-16 without its mark: letters with zero bytes between them."""
    text = head.rstrip(b"\x00")
    if head.startswith(UTF_32):
        told = Said("text in UTF-32", "это текст в UTF-32")
    elif head.startswith(_UTF_16) or text.count(b"\x00") < _ZEROS * len(text):
        return
    else:
        told = Said(
            "seems to be text in UTF-16 without the mark that says so",
            "похоже на текст в UTF-16 без метки кодировки",
        )
    raise DataError(
        Said(
            f"{name}: {told}; save it as CSV UTF-8",
            f"{name}: {told.ru}; сохраните его как CSV UTF-8",
        )
    )


def _plain(head: bytes) -> bytes:
    """The first characters as ASCII would have them, whatever Unicode they are in."""
    for mark in _UTF_16:
        if head.startswith(mark):
            return head[2:].replace(b"\x00", b"").lstrip(_BLANK)
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK)


def _no_table(name: str, what: Said) -> DataError:
    if what is _ARCHIVE:
        return DataError(Said(f"{name}: {what}", f"{name}: {what.ru}"))
    return DataError(
        Said(f"{name}: {what}, {_EXPORT}", f"{name}: {what.ru}, {_EXPORT.ru}")
    )
