"""Names of ids: a file export writes «Анна», a dump of the API writes 55.

Directories of the CRM (users, stages, pipelines) tell which name an id has and which
stage is won or lost; with them both kinds of files speak of the same things.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.crm.headers import header_of
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.form import Directory, NameKind

_ALIKE = frozenset({"stage"})  # pipelines may have stages of one name


@dataclass(frozen=True, slots=True)
class Named:
    """What directories told: names of ids by kind, and the outcome of stage ids."""

    names: dict[NameKind, dict[str, str]] = field(default_factory=dict)
    # stage id, or its name where all stages of that name end alike -> won | lost
    outcomes: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Named") -> None:
        """Take over what another directory told."""
        for kind, names in other.names.items():
            self.names[kind] = self.names.get(kind, {}) | names
        self.outcomes.update(other.outcomes)


def read_directory(rows: Rows, directory: Directory) -> Named:
    """Names and outcomes of one directory; rows without an id or a name are passed by.

    Two users of one name stay two: the id is added to their names.
    """
    headers = {
        part: header
        for part in ("id", "name", "outcome")
        if (header := header_of(rows, getattr(directory, part))) is not None
    }
    if not {"id", "name"} <= set(headers):
        return Named()
    told = pa.table({part: rows.table[h] for part, h in headers.items()})
    # a column of an export repeats a user in each of its rows
    told = told.group_by(list(headers), use_threads=False).aggregate([])
    cells = told.to_pydict()
    pairs = {i: n for i, n in zip(cells["id"], cells["name"], strict=True) if i and n}
    often = Counter(pairs.values())
    if directory.kind not in _ALIKE:
        pairs = {i: n if often[n] == 1 else f"{n} ({i})" for i, n in pairs.items()}
    outcomes = dict(_outcomes(cells, directory))
    ends: dict[str, set[str | None]] = {}
    for stage, name in pairs.items():
        ends.setdefault(name, set()).add(outcomes.get(stage))
    alike = {n: end for n, (end, *other) in ends.items() if end and not other}
    return Named({directory.kind: pairs}, alike | outcomes)


def _outcomes(
    cells: Mapping[str, list[str | None]], directory: Directory
) -> Iterable[tuple[str, str]]:
    codes = {
        words.normalise(word): code
        for code, many in (("won", directory.won), ("lost", directory.lost))
        for word in many
    }
    for place, stage in enumerate(cells["id"]):
        told = cells["outcome"][place] if "outcome" in cells else stage
        code = codes.get(words.normalise(told)) if told else None
        if stage and code:
            yield stage, code


def with_names(cells: pa.ChunkedArray, names: Mapping[str, str]) -> pa.ChunkedArray:
    """Ids replaced by their names; an id without a name stays."""
    distinct = pc.unique(cells).drop_null().to_pylist()
    known = [i for i in distinct if i in names]
    if not known:
        return cells
    place = pc.index_in(cells, value_set=pa.array(known, pa.string()))
    told = pa.array([names[i] for i in known], pa.string())
    return pc.coalesce(pc.take(told, place), cells)
