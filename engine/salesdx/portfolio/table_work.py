"""The work on a table of facts: read a chunk, judge it, keep its rows.

Every engine does it by this one module, so that none can give another result.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any, BinaryIO, Protocol

import pyarrow as pa

from salesdx.inference.columnar.judgement import LIKELY, Judgement
from salesdx.inference.columnar.judging import judge
from salesdx.inference.columnar.planes import Bits
from salesdx.knowledge.base import KnowledgeBase
from salesdx.portfolio.chunk import Chunk, Reject
from salesdx.portfolio.facts_table.table import changed_meanwhile
from salesdx.portfolio.joining import Writer, parquet_of
from salesdx.portfolio.parts import REJECTS, Parts, Tally, rejects_lines
from salesdx.portfolio.result_files import encoded
from salesdx.portfolio.result_table import causes_of, judged_rows, schema

RESULT, RULES = "result.parquet", "rules.parquet"


class Chunks(Protocol):
    """What the work asks of a table: any chunk, in any order, in any process."""

    @property
    def rows(self) -> int:
        """How many rows the table has."""

    @property
    def chunks(self) -> int:
        """How many chunks."""

    @property
    def chunk_rows(self) -> int:
        """How many rows a chunk has at most."""

    @property
    def fingerprint(self) -> str:
        """Another one whenever the content is another."""

    @property
    def changed(self) -> bool:
        """Whether the file is not what it was when it was opened."""

    @property
    def path(self) -> Path:
        """Where the file is."""

    def chunk(self, number: int) -> Chunk:
        """A chunk by its number."""


@dataclass(frozen=True, slots=True)
class TableWork:
    """A table, a piece a chunk; `rules` keeps which rules fired too.

    `ignored` are the columns that were not to be read.
    """

    table: Chunks
    folder: Path
    rules: bool = False
    ignored: Sequence[str] = ()

    @property
    def pieces(self) -> int:
        """How many pieces there are."""
        return self.table.chunks

    def done(self, knowledge: KnowledgeBase, number: int) -> Tally | None:  # noqa: ARG002
        """What came of a piece that need not be done again."""
        return Parts(self.folder).tally(number)

    def do(self, knowledge: KnowledgeBase, number: int) -> Tally:
        """Judge a chunk and keep what came of it."""
        chunk = self.table.chunk(number)
        found = judge(knowledge, chunk.batch)
        rows = judged_rows(knowledge, chunk.keys, found)
        files: dict[str, Any] = {RESULT: memoryview(encoded(rows))}
        if self.rules:
            fired = fired_rules(knowledge, rows["id"], found)
            files[RULES] = memoryview(encoded(fired))
        if chunk.rejects:
            files[REJECTS] = rejects_lines(chunk.rejects)
        out = len({r.row for r in chunk.rejects})
        tally = Tally(rows.num_rows, out, _likely(knowledge, found))
        return Parts(self.folder).put(number, files, tally)

    @property
    def input(self) -> dict[str, Any]:
        """What the result is made of."""
        table = self.table
        return {"table": table.fingerprint, "rows": table.rows}

    @property
    def basis(self) -> dict[str, Any]:
        """What the pieces are made of."""
        return self.input

    @property
    def options(self) -> dict[str, Any]:
        """What changes the result."""
        return {
            "rules": self.rules, "ignored": sorted(self.ignored),
            "chunk_rows": self.table.chunk_rows,
        }  # fmt: skip

    def files(
        self, knowledge: KnowledgeBase, tallies: Sequence[Tally]
    ) -> dict[str, Writer]:
        """The result table, and which rules fired."""
        if self.table.changed:  # nobody knows which pieces are of which content
            rmtree(self.folder)
            raise changed_meanwhile(self.table.path)
        schemas = {RESULT: schema(knowledge, measured=False)}
        if self.rules:
            schemas[RULES] = rules_schema(knowledge)
        parts = Parts(self.folder)
        found = {}
        for name, wanted in schemas.items():
            pieces = [parts.path(n, name) for n in range(len(tallies))]
            found[name] = parquet_of(pieces) if pieces else _empty(wanted)
        return found

    def rejects(self) -> Iterator[Reject]:
        """The rows left out, in the order of the table."""
        return Parts(self.folder).rejects(range(self.pieces))


def _empty(wanted: pa.Schema) -> Writer:
    def write(file: BinaryIO) -> None:
        file.write(encoded(wanted.empty_table()))

    return write


def _likely(knowledge: KnowledgeBase, found: Judgement) -> dict[str, int]:
    counts = {}
    for cause in causes_of(knowledge):
        row = found.causes.get((cause.id, ""))
        count = 0 if row is None else int((row.verdict == LIKELY).sum())
        if count:
            counts[cause.id] = count
    return counts


def rules_schema(knowledge: KnowledgeBase) -> pa.Schema:
    """The id, and a column `CAUSE/for/RULE` or `CAUSE/against/RULE` a rule."""
    fields = [pa.field("id", pa.string())]
    for cause in causes_of(knowledge):
        names = sorted(f"{cause.id}/{r.direction}/{r.id}" for r in cause.rules)
        fields += [pa.field(name, pa.bool_()) for name in names]
    return pa.schema(fields)


def fired_rules(
    knowledge: KnowledgeBase, ids: pa.Array, found: Judgement
) -> pa.RecordBatch:
    """Which rules fired: false where one did not, null where that is not known.

    A rule that is not on the bill of a company is null there too. Arrow keeps flags as
    the planes do, a bit a row, so none is copied.
    """
    planes = {
        f"{cause}/{item.direction}/{item.rule}": item
        for (cause, _, dimension), item in found.rules.items()
        if not dimension
    }
    wanted, rows = rules_schema(knowledge), len(ids)
    columns = [ids]
    for name in wanted.names[1:]:
        item = planes.get(name)
        if item is None:
            columns.append(pa.nulls(rows, pa.bool_()))
            continue
        known = item.state.known
        if item.there is not None:
            known = known & item.there
        columns.append(_flags(item.state.true, known, rows))
    return pa.RecordBatch.from_arrays(columns, schema=wanted)


def _flags(true: Bits, known: Bits, rows: int) -> pa.BooleanArray:
    # rows without a value have no flag either: equal columns are equal byte by byte
    buffers = [pa.py_buffer(known), pa.py_buffer(true & known)]
    return pa.BooleanArray.from_buffers(pa.bool_(), rows, buffers)
