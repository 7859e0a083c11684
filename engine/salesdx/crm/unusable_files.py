"""Files that nothing can be imported from, and why."""

from collections.abc import Sequence
from pathlib import Path

from salesdx.crm.kinds import Crm
from salesdx.crm.opening import Opened
from salesdx.crm.recognising import recognise
from salesdx.errors import DataError, Said, UsageError
from salesdx.language import Text


def check_names(files: Sequence[Path | Opened]) -> None:
    """Refuse no file at all, and two files of one name.

    Raises:
        UsageError: one of these.
    """
    names = [p.name.casefold() for p in files]
    twice = sorted({n for n in names if names.count(n) > 1})
    if not files:
        raise UsageError(
            Said(
                "name at least one file to import",
                "назовите хотя бы один файл для загрузки",
            )
        )
    if twice:
        raise UsageError(
            Said(
                f"two files are called {twice[0]}; import them one by one",
                f"два файла называются {twice[0]}; загрузите их по одному",
            )
        )


def refused_forms(unknown: Sequence[Opened], crm: Crm) -> dict[str, Text]:
    """Files that a CRM is known to give and that no result can be computed from."""
    known = {u.name: recognise(u.rows().table.column_names, crm) for u in unknown}
    return {
        name: found.form.refused
        for name, found in known.items()
        if found is not None and found.form.refused is not None
    }


def unrecognised(
    files: Sequence[Path | Opened], refused: dict[str, Text] | None = None
) -> DataError:
    """None of the files fits a table, or is of any use."""
    if refused:
        told = list(refused.items())
        return DataError(
            Said(
                "; ".join(f"{name}: {why.en}" for name, why in told),
                "; ".join(f"{name}: {why.ru}" for name, why in told),
            )
        )
    known = [one for one in files if isinstance(one, Opened)]
    if known and all(not one.rows().rows_in for one in known):
        return _empty(known)
    names = ", ".join(p.name for p in files)
    return DataError(
        Said(
            f"none of the files looks like a table we know: {names}; a table needs its"
            " key column, with another value in each row (deals: the ID of the deal),"
            " and one more. Add it to the export, or say which column is which in a"
            " mapping (--map)",
            f"ни один файл не похож на знакомую таблицу: {names}; таблице нужна"
            " ключевая колонка, где в каждой строке своё значение (у сделок — номер"
            " сделки), и хотя бы ещё одна. Добавьте её в выгрузку или укажите"
            " соответствие колонок (--map)",
        )
    )


def _empty(files: Sequence[Opened]) -> DataError:
    names = ", ".join(one.name for one in files)
    hidden = [s for one in files for s in one.rows().skipped_sheets]
    if hidden:
        sheets = ", ".join(hidden)
        return DataError(
            Said(
                f"{names}: nothing to import: the sheets with data are hidden"
                f" ({sheets}); show them and save the file",
                f"{names}: загружать нечего: листы с данными скрыты ({sheets});"
                " покажите их и сохраните файл",
            )
        )
    if any(one.rows().table.num_columns for one in files):
        return DataError(
            Said(
                f"{names}: headers but no rows; check the filter of the export and"
                " export again",
                f"{names}: есть заголовки, но нет строк; проверьте фильтр выгрузки и"
                " выгрузите заново",
            )
        )
    return DataError(
        Said(
            f"{names}: the file is empty; export the data again",
            f"{names}: файл пуст; выгрузите данные заново",
        )
    )
