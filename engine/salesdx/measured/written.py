"""Figures written down as JSON, and read back to the bit.

Two lines: what is written here, with a digest of the rest, and the rest. Whatever is
damaged, foreign or of another version is as if it were not there.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from salesdx.case import Note
from salesdx.errors import Said
from salesdx.facts import Fact, GapState, Measurement, Slice
from salesdx.language import Text
from salesdx.losses.model import LossMap
from salesdx.measured.shapes import Shapes
from salesdx.result import (
    Break,
    Change,
    Cohort,
    CohortCurve,
    FunnelStep,
    Loss,
    TotalLoss,
)

Number = int | float  # a whole number stays whole: texts show the difference
Said_ = tuple[str, str]  # English and Russian


class _Part(BaseModel):
    # an infinite figure is rare and lawful: the document leaves it out
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=False, ser_json_inf_nan="constants"
    )


class _Header(_Part):
    format: Literal[1] = 1
    key: str
    sum: str


class _Note(_Part):
    id: str
    table: str
    params: dict[str, Number | str | Said_ | None]


class _Figure(_Part):
    metric: str
    value: Number | None = None
    slice: Slice = ()
    n: int | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    interval: tuple[Number, Number] | None = None
    period: str = ""
    state: Literal["ok", "unknown", "insufficient"] = "ok"
    reason: Said_ | None = None
    said_by: str = ""


class _Gap(_Part):
    name: str
    slice: Slice
    value: GapState


class _Body(_Part):
    tables: list[str]
    as_of: dt.datetime | None
    first: dt.date | None
    last: dt.date | None
    notes: list[_Note]
    figures: list[_Figure]
    losses: list[Loss]
    total: TotalLoss | None
    gaps: list[_Gap]
    basis: Literal["margin", "turnover"] | None
    counted: str | None
    funnel: list[FunnelStep]
    cohorts: list[Cohort]
    curves: list[CohortCurve]
    breaks: list[Break]
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Content:
    """All that measuring a case gives: names of its tables, days, notes, figures."""

    tables: tuple[str, ...]
    as_of: dt.datetime | None
    period: tuple[dt.date | None, dt.date | None]
    notes: tuple[Note, ...]
    figures: list[Measurement]
    loss_map: LossMap
    shapes: Shapes


def written(content: Content, key: str) -> bytes | None:
    """The content as a file; None if reading it back would not give the same."""
    try:
        body = _body(content).model_dump_json(by_alias=True).encode()
    except ValueError:  # a figure that is no number of Python, say
        return None
    head = _Header(key=key, sum=hashlib.sha256(body).hexdigest())
    file = head.model_dump_json().encode() + b"\n" + body
    return file if read(file, key) == content else None


def read(file: bytes, key: str) -> Content | None:
    """The content of a file that was written for this key, whole."""
    head, _, body = file.partition(b"\n")
    try:
        header = _Header.model_validate_json(head)
        if header.key != key or header.sum != hashlib.sha256(body).hexdigest():
            return None
        return _content(_Body.model_validate_json(body))
    except ValidationError:
        return None


def _body(content: Content) -> _Body:
    map_, shapes = content.loss_map, content.shapes
    return _Body(
        tables=list(content.tables), as_of=content.as_of, first=content.period[0],
        last=content.period[1], notes=[_note(n) for n in content.notes],
        figures=[_figure(m) for m in content.figures], losses=map_.losses,
        total=map_.total, gaps=[_gap(g) for g in map_.gaps], basis=map_.basis,
        counted=map_.counted, funnel=shapes.funnel, cohorts=shapes.cohorts,
        curves=shapes.curves, breaks=shapes.breaks, changes=shapes.changes,
    )  # fmt: skip


def _content(body: _Body) -> Content:
    return Content(
        tables=tuple(body.tables), as_of=body.as_of, period=(body.first, body.last),
        notes=tuple(_as_note(n) for n in body.notes),
        figures=[_measurement(f) for f in body.figures],
        loss_map=LossMap(
            losses=body.losses, total=body.total, basis=body.basis,
            gaps=[Fact(g.name, g.value, g.slice, origin="gap") for g in body.gaps],
            counted=body.counted,
        ),
        shapes=Shapes(
            body.funnel, body.cohorts, body.curves, body.breaks, body.changes
        ),
    )  # fmt: skip


def _note(note: Note) -> _Note:
    params: dict[str, Any] = {
        name: (str(value), value.ru) if isinstance(value, Said) else value
        for name, value in note.params.items()
    }
    return _Note(id=note.id, table=note.table, params=params)


def _as_note(note: _Note) -> Note:
    params = {
        name: Said(*value) if isinstance(value, tuple) else value
        for name, value in note.params.items()
    }
    return Note(note.id, note.table, params)


def _figure(m: Measurement) -> _Figure:
    reason = (m.reason.en, m.reason.ru) if m.reason is not None else None
    return _Figure(
        metric=m.metric, value=m.value, slice=m.slice, n=m.n, numerator=m.numerator,
        denominator=m.denominator, interval=m.interval, period=m.period, state=m.state,
        reason=reason, said_by=m.said_by,
    )  # fmt: skip


def _measurement(f: _Figure) -> Measurement:
    reason = Text(en=f.reason[0], ru=f.reason[1]) if f.reason is not None else None
    return Measurement(
        f.metric, f.value, f.slice, f.n, f.numerator, f.denominator, f.interval,
        f.period, f.state, reason, f.said_by,
    )  # fmt: skip


def _gap(gap: Fact) -> _Gap:
    value: Any = gap.value
    return _Gap(name=gap.name, slice=gap.slice, value=value)
