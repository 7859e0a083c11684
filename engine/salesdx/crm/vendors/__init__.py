"""Readers of the CRMs: a YAML file of forms each, and a module where shapes are due."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from salesdx.content import shipped
from salesdx.crm.kinds import VENDORS
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.form import Form, Vendor
from salesdx.errors import DataError, Said

_NOT_AS_WRITTEN = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
_SHAPED = (*VENDORS, "table")
Shape = Callable[[Rows], Rows]


@cache
def vendor(name: str) -> Vendor:
    """Read the forms of one CRM once.

    Raises:
        KnowledgeError: the file is not valid.
    """
    return shipped(
        Vendor,
        Path(__file__).with_name(f"{name}.yaml"),
        Said(
            f"the reader of {name} is not valid",
            f"в описании выгрузок {name} ошибки",
        ),
    )


def form_of(name: str) -> Form | None:
    """The form of a qualified name: `amocrm.events`."""
    crm, _, form_id = name.partition(".")
    forms = vendor(crm).forms if crm in VENDORS else ()
    return next((f for f in forms if f.id == form_id), None)


def shapes(crm: str) -> Mapping[str, Shape]:
    """Shapes of a vendor's module by name; empty where it has none."""
    if crm not in _SHAPED or not Path(__file__).with_name(f"{crm}.py").is_file():
        return {}
    found: Mapping[str, Shape] = import_module(f"{__name__}.{crm}").SHAPES
    return found


def shape_names() -> list[str]:
    """Qualified names of all shapes, as a mapping writes them."""
    return [f"{crm}.{name}" for crm in _SHAPED for name in sorted(shapes(crm))]


def shaped(rows: Rows, name: str | None) -> Rows:
    """Rows after a shape of a qualified name; as they are without one.

    Raises:
        DataError: cells do not hold what the CRM writes there.
    """
    if name is None:
        return rows
    crm, _, shape = name.partition(".")
    try:
        return shapes(crm)[shape](rows)
    except _NOT_AS_WRITTEN as error:
        raise DataError(
            Said(
                f"{rows.source}: looks like {vendor(crm).title.en}, but not as that CRM"
                f" writes it ({name}); dump it again, or rename its columns to ours",
                f"{rows.source}: похоже на {vendor(crm).title.ru}, но эта CRM пишет"
                f" иначе ({name}); выгрузите файл заново или назовите колонки, как у"
                " нас",
            )
        ) from error
