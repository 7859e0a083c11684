"""Odoo: leads beside deals, archived losses, `false` for nothing, moves in tracking."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import pyarrow as pa

from salesdx.crm import words
from salesdx.crm.amounts import parse_numbers
from salesdx.crm.headers import header_of
from salesdx.crm.reasons import GROUP_ROW, OTHER_EVENT, OTHER_TABLE, SAME_STAGE
from salesdx.crm.rows import Reject, Rows
from salesdx.crm.vendors.exploding import from_dicts

Record = dict[str, str | None]
T = TypeVar("T")
# fields whose false is a value; elsewhere Odoo writes false for nothing
_FLAGS = frozenset({"active", "is_won", "fold"})
# a many2one whose id is kept, because a directory knows the name of today
_BY_ID = frozenset({"stage_id", "user_id", "partner_id", "create_uid"})
_TYPES = ["type", "тип"]
_LEAD = frozenset({"lead", "лид"})
_EXTERNAL = re.compile(r"__export__\.crm_lead_(\d+)(_\w+)?")
_GROUP = re.compile(r".*\(\d+\)")
_STAGE = frozenset({"stage_id", "stage", "этап", "стадия"})
_WON, _LOST = "outcome.won", "outcome.lost"


def opportunities(rows: Rows) -> Rows:
    """Deals, with yes or no for won and for lost as far as the file tells."""
    return _part(rows, leads_wanted=False)


def leads(rows: Rows) -> Rows:
    """Leads that nobody turned into an opportunity yet."""
    return _part(rows, leads_wanted=True)


def _part(rows: Rows, leads_wanted: bool) -> Rows:
    kind = header_of(rows, _TYPES)
    group = _group_test(rows)
    records, numbers, aside = [], [], []
    flags = _outcomes(rows)
    for place, record in enumerate(_plain(rows)):
        number = int(rows.numbers[place])
        is_lead = words.normalise(record.get(kind or "") or "") in _LEAD
        if group(record):
            aside.append(Reject(number, GROUP_ROW))
        elif is_lead is not leads_wanted:
            aside.append(Reject(number, OTHER_TABLE))
        else:
            records.append(record | {n: many[place] for n, many in flags.items()})
            numbers.append(number)
    return from_dicts(rows, records, numbers, aside)


def references(rows: Rows) -> Rows:
    """Records where each many2one has its id and its name side by side."""
    return from_dicts(rows, list(_plain(rows, names=True)), rows.numbers.tolist())


def _plain(rows: Rows, names: bool = False) -> Iterator[Record]:
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
                both = {f"{header}.id": pair[0], f"{header}.display_name": pair[1]}
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


def _group_test(rows: Rows) -> Callable[[Record], bool]:
    """Whether a record is the heading of a group: `Won (12)` and totals, no deal.

    In a grouped export the first cell of such a row is the label of the group; of the
    other columns only numbers are filled.
    """
    names: Sequence[str] = rows.table.column_names
    key = header_of(rows, [".id", "id", "external id"])

    def is_group(record: Record) -> bool:
        first = record.get(names[0]) if names else None
        if first is None or not _GROUP.fullmatch(first):
            return False
        if key not in {None, names[0]} and record.get(key or "") is not None:
            return False
        rest = [c for n, c in record.items() if n != names[0] and c is not None]
        return all(_is_total(c) for c in rest)

    return is_group


def _is_total(cell: str) -> bool:
    number = parse_numbers(pa.array([cell])).null_count == 0
    return number or words.normalise(cell) in words.booleans()


def _outcomes(rows: Rows) -> dict[str, list[str]]:
    """Columns of yes and no: won, lost; each only where the file can tell it.

    Won is a stage that wins or a probability of 100. Lost is archived with probability
    0; Odoo sets that probability when it archives. An export writes False as nothing,
    so a blank cell of the column for active means archived.
    """
    told = _cells(rows, ["won_status", "won status", "is won"])
    wins = _cells(rows, ["stage_id/is_won", "stage_id.is_won", "stage/is won stage?"])
    chance = _numbers(_cells(rows, ["probability", "вероятность"]))
    active = _cells(rows, ["active", "активно", "активен", "активный", "активна"])
    reason = _cells(rows, ["lost_reason_id", "lost_reason_id/id", "lost_reason_id.id",
                           "lost_reason", "lost_reason/id", "lost reason",
                           "причина проигрыша", "причина потери"])  # fmt: skip
    size = rows.table.num_rows
    found: dict[str, list[str]] = {}
    if told or wins or chance:
        found[_WON] = _flags(
            _code(told, i) == "won" or _yes(wins, i) or _at(chance, i) == 100
            for i in range(size)
        )
    if told or active or (chance and reason):
        found[_LOST] = _flags(
            _code(told, i) == "lost"
            or (
                _at(chance, i) in {0, None}
                and (
                    (active is not None and not _yes(active, i))
                    or (_at(chance, i) == 0 and _at(reason, i) not in {None, "false"})
                )
            )
            for i in range(size)
        )
    return found


def _cells(rows: Rows, wanted: Iterable[str]) -> list[str | None] | None:
    header = header_of(rows, wanted)
    return None if header is None else rows.table[header].to_pylist()


def _numbers(cells: list[str | None] | None) -> list[float | None] | None:
    if cells is None:
        return None
    texts = [c.rstrip(" %\u00a0") if c else c for c in cells]
    found: list[float | None] = parse_numbers(pa.array(texts, pa.string())).to_pylist()
    return found


def _at(cells: Sequence[T | None] | None, place: int) -> T | None:
    return None if cells is None else cells[place]


def _yes(cells: list[str | None] | None, place: int) -> bool:
    cell = _at(cells, place)
    return cell is not None and words.booleans().get(words.normalise(cell)) is True


def _code(cells: list[str | None] | None, place: int) -> str | None:
    cell = _at(cells, place)
    return None if cell is None else words.codes("status").get(words.normalise(cell))


def _flags(many: Iterable[bool]) -> list[str]:
    return ["true" if one else "false" for one in many]


def stages(rows: Rows) -> Rows:
    """Stages in their order."""
    records = list(_plain(rows))
    order = _numbers([r.get("sequence") for r in records]) or []
    places = sorted(range(len(records)), key=lambda i: (order[i] is None, order[i] or 0))
    numbers = sorted(int(n) for n in rows.numbers)
    return from_dicts(rows, [records[i] for i in places], numbers)


def stage_changes(rows: Rows) -> Rows:
    """Moves between stages out of the tracked values; the latest name of each stage."""
    records, numbers, aside = [], [], []
    latest: dict[str, tuple[str, str]] = {}
    for place, record in enumerate(_plain(rows, names=True)):
        number = int(rows.numbers[place])
        reason = _set_aside(record)
        if reason is not None:
            aside.append(Reject(number, reason))
            continue
        stage, name = record["new_value_integer"], record.get("new_value_char")
        moment = next((m for n in _MOMENTS if (m := record.get(n))), "")
        if stage and name and latest.get(stage, ("", ""))[0] <= moment:
            latest[stage] = (moment, name)
        records.append(record)
        numbers.append(number)
    for record in records:
        known = latest.get(record["new_value_integer"] or "")
        record["new_value_char"] = known[1] if known else record.get("new_value_char")
    return from_dicts(rows, records, numbers, aside)


_MOMENTS = ("date", "mail_message_id.date", "mail_message_id/date", "create_date")
_FIELDS = ("field_name", "field_id", "field", "field_desc")
_MODELS = ("model", "mail_message_id.model", "mail_message_id/model")


def _set_aside(record: Record) -> str | None:
    """Changes of other fields and of other documents are no moves."""
    named = {
        words.normalise(re.sub(r"\s*\([^)]*\)$", "", text))
        for n in _FIELDS
        for text in (record.get(n), record.get(f"{n}.name"))
        if text
    }
    model = next((m for n in _MODELS if (m := record.get(n))), "crm.lead")
    if not named & _STAGE or model != "crm.lead":
        return OTHER_EVENT
    stage = record.get("new_value_integer")
    if stage in {None, "0", record.get("old_value_integer")}:
        return SAME_STAGE
    return None


SHAPES = {
    "opportunities": opportunities, "leads": leads, "references": references,
    "stages": stages, "stage-changes": stage_changes,
}  # fmt: skip
