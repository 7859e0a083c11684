"""Records of Odoo without its ways: `false` for nothing, `[4, "Won"]` for a stage."""

import json
import re
from collections.abc import Iterator

from salesdx.crm.rows import Rows

Record = dict[str, str | None]
# fields whose false is a value; elsewhere Odoo writes false for nothing
_FLAGS = frozenset({"active", "is_won", "fold"})
# a many2one whose id is kept, because a directory knows the name of today
_BY_ID = frozenset({"stage_id", "user_id", "partner_id", "create_uid"})
_EXTERNAL = re.compile(r"__export__\.crm_lead_(\d+)(_\w+)?")


def plain(rows: Rows, names: bool = False) -> Iterator[Record]:
    """Records without `false` for nothing and `[4, "Won"]` for a stage."""
    for found in rows.table.to_pylist():
        record: Record = {}
        for header, cell in found.items():
            base, _, part = header.partition(".")
            if base and part in {"id", "display_name"}:  # {"id": 4, "display_name": …}
                _refer(record, base, found, names)
            elif cell == "false" and header not in _FLAGS:
                record.setdefault(header, None)
            elif (pair := _pair(cell)) is not None:
                both: Record = {
                    f"{header}.id": pair[0],
                    f"{header}.display_name": pair[1],
                }
                _refer(record, header, both, names)
            elif header in {"id", "external id"} and cell is not None:
                record[header] = _EXTERNAL.sub(r"\1", cell)
            elif record.get(header) is None:
                record[header] = _bare(cell)
        yield record


def _bare(cell: str | None) -> str | None:
    """Without the apostrophe that Odoo puts before a text like `-18 °C`."""
    return cell[1:] if cell and cell[:2] in {"'=", "'-", "'+", "'@"} else cell


def _refer(record: Record, base: str, found: Record, names: bool) -> None:
    number, name = found.get(f"{base}.id"), found.get(f"{base}.display_name")
    record[base] = (number or name) if base in _BY_ID else (name or number)
    if names:
        record[f"{base}.name"] = name


def _pair(cell: str | None) -> tuple[str, str] | None:
    """A many2one as the API writes it; None for any other cell."""
    if cell is None or not cell.startswith("["):
        return None
    try:
        found = json.loads(cell)
    except ValueError:
        return None
    if isinstance(found, list) and len(found) == 2 and isinstance(found[1], str):
        return str(found[0]), found[1]
    return None
