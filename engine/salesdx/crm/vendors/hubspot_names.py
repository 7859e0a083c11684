"""How HubSpot writes stages: a pipeline in brackets after the name, ids in headers."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from salesdx.crm.headers import header_of
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.columns import column

_QUOTES = "\"'“”‘’«»"
_BY_LABEL = re.compile(
    rf"^date (entered|exited)\s+([{_QUOTES}])(.+)[{_QUOTES}]$", re.IGNORECASE
)
_BY_NAME = re.compile(r"^(?:properties[._])?hs_(v2_)?date_(entered|exited)_(.+)$")
_NO_STAGE = "current_stage"
# an id made of letters has the number of the portal behind it
_PORTAL = re.compile(r"^(.+)_\d{3,}$")
_UUID = re.compile(r"^([0-9a-f]{8})_(\w{4})_(\w{4})_(\w{4})_([0-9a-f]{12})$")


@dataclass(frozen=True, slots=True)
class Dated:
    """A column that dates one stage; `newer` of two kinds of it is the surer one."""

    header: str
    stage: str
    entered: bool
    newer: bool


def dated_columns(rows: Rows) -> list[Dated]:
    """Columns of the file that say when a stage was entered or left.

    Double quotes are taken for the older kind of the property (hs_date_entered_...)
    and single ones for the newer (hs_v2_...); a portal lists both.
    """
    found = []
    ids = _by_folded(_distinct(rows, ("dealstage",)))
    for name, label in zip(rows.table.column_names, rows.headers, strict=True):
        if told := _BY_LABEL.match(label.strip()):
            newer = told[2] in "'‘’"
            found.append(Dated(name, told[3], told[1].lower() == "entered", newer))
        elif (told := _BY_NAME.match(name)) and told[3] != _NO_STAGE:
            stage = _id_of(told[3], ids)
            found.append(Dated(name, stage, told[2] == "entered", bool(told[1])))
    return found


def pipelines_of(rows: Rows) -> set[str]:
    """Names that stand in brackets after a stage and are its pipeline.

    The column of the pipeline tells them. Deals may have left a pipeline, so once one
    of its names is seen behind a stage, every bracket there counts as a pipeline; and
    so it does where the file has no such column.
    """
    labels = {d.stage for d in dated_columns(rows)}
    known = _distinct(rows, ("pipeline", "deal pipeline"))
    behind = {b for label in labels if (b := _last_bracket(label)) is not None}
    return known | behind if not known or known & behind else known


def stage_alone(label: str, pipelines: Collection[str]) -> str:
    """`Closed Won (Sales)` without its pipeline."""
    ends = [f" ({p})" for p in pipelines if label.endswith(f" ({p})")]
    return label.removesuffix(max(ends, key=len, default=""))


def _last_bracket(label: str) -> str | None:
    """What the last brackets hold, brackets inside of them included."""
    if not label.endswith(")"):
        return None
    depth = 0
    for place in range(len(label) - 1, 0, -1):
        depth += (label[place] == ")") - (label[place] == "(")
        if not depth:
            return label[place + 1 : -1] if label[place - 1] == " " else None
    return None


def _distinct(rows: Rows, wanted: Iterable[str]) -> set[str]:
    header = header_of(rows, wanted)
    return set(column(rows, header or "").unique().to_pylist()) - {None}


def _by_folded(ids: Iterable[str]) -> dict[str, str]:
    return {_folded(i): i for i in sorted(ids)}


def _folded(stage: str) -> str:
    """The form that an id of a stage takes in the name of a property."""
    return stage.casefold().replace("-", "_")


def _id_of(suffix: str, ids: Mapping[str, str]) -> str:
    """The id of a stage out of `hs_v2_date_entered_<stage>_<portal>`."""
    if suffix in ids:
        return ids[suffix]
    if portal := _PORTAL.match(suffix):
        suffix = portal[1]
    return ids.get(suffix) or _UUID.sub(r"\1-\2-\3-\4-\5", suffix)
