"""What a zipped spreadsheet may be, looked at before anything unpacks it."""

import io
import zipfile

from salesdx.crm.limits import MAX_COLUMNS, MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED
from salesdx.errors import DataError, Said

_HEAD = 65_536
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY")


def checked(raw: bytes, name: str) -> zipfile.ZipFile:
    """The archive, if it is a spreadsheet and no bomb by its directory."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise damaged(name) from error
    entries = archive.infolist()
    unpacked = sum(e.file_size for e in entries)
    ratio = max((e.file_size / max(e.compress_size, 1) for e in entries), default=0)
    large = unpacked > 1_000_000 and ratio > MAX_RATIO
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or large:
        raise refused(
            f"{name}: unpacks to {unpacked // 1_000_000} MB in {len(entries)} parts,"
            " more than a table needs; save it as CSV",
            f"{name}: после распаковки {unpacked // 1_000_000} МБ, частей"
            f" {len(entries)} — для таблицы слишком много; сохраните её в CSV",
        )
    _is_spreadsheet({e.filename for e in entries}, name)
    _without_entities(archive, name)
    return archive


def _is_spreadsheet(parts: set[str], name: str) -> None:
    if any(p.startswith("word/") for p in parts):
        raise refused(
            f"{name}: a Word document, not a table; export the data as CSV or XLSX",
            f"{name}: это документ Word, а не таблица; выгрузите данные в CSV или XLSX",
        )
    if any(p.startswith("ppt/") for p in parts):
        raise refused(
            f"{name}: a presentation, not a table; export the data as CSV or XLSX",
            f"{name}: это презентация, а не таблица; выгрузите данные в CSV или XLSX",
        )
    if not parts & {"[Content_Types].xml", "content.xml", "xl/workbook.xml"}:
        raise refused(
            f"{name}: an archive; unpack it and import the files inside",
            f"{name}: это архив; распакуйте его и загрузите файлы, которые внутри",
        )


def _without_entities(archive: zipfile.ZipFile, name: str) -> None:
    """No program writes entities into a spreadsheet: they are there to blow it up."""
    for entry in archive.infolist():
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        try:
            with archive.open(entry) as file:
                head = file.read(_HEAD)
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
            raise damaged(name, entry.filename) from error
        except NotImplementedError as error:
            raise damaged(name, entry.filename) from error
        if any(word in head for word in _DECLARED):
            raise refused(
                f"{name}: {entry.filename} declares entities, which no spreadsheet"
                " program writes; open the file in one and save it again",
                f"{name}: в {entry.filename} объявлены сущности XML, так не пишет ни"
                " одна программа; откройте файл в Excel и сохраните заново",
            )


def damaged(name: str, part: str = "") -> DataError:
    """What is said of a file that breaks off or does not add up."""
    where = f" ({part})" if part else ""
    return refused(
        f"{name}: a damaged Excel file{where}; export it again, or save it as CSV",
        f"{name}: файл Excel повреждён{where}; выгрузите его заново или сохраните в"
        " CSV",
    )


def too_wide(name: str) -> DataError:
    """What is said of a table with more columns than are read."""
    return refused(
        f"{name}: more than {MAX_COLUMNS} columns; export only the columns you need",
        f"{name}: больше {MAX_COLUMNS} колонок; выгрузите только нужные",
    )


def refused(en: str, ru: str) -> DataError:
    """A refusal in both languages."""
    return DataError(Said(en, ru))
