"""The work on case folders: each is measured and judged in full, as `diagnose` does.

Its document is kept in `cases/ID.json`, and its row is made from that. A case that has
not changed since an earlier run is not judged again.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from salesdx.analysis import judge, measured_case
from salesdx.answers.log import load as load_answers
from salesdx.answers.whole import write_whole
from salesdx.errors import SalesdxError
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.language import Text
from salesdx.metrics.engines import Connect
from salesdx.plan_edits import existing
from salesdx.portfolio.chunk import CHUNK_ROWS, Reject
from salesdx.portfolio.document_row import row_of, table_of
from salesdx.portfolio.folders import CaseFolder, sorted_cases
from salesdx.portfolio.joining import Writer
from salesdx.portfolio.parts import REJECTS, Parts, Tally, rejects_lines
from salesdx.portfolio.result_files import encoded
from salesdx.portfolio.standing import Folder, made_of
from salesdx.result import ResultDocument

CASES = "cases"
_RESULT = "result.parquet"


@dataclass(frozen=True)
class CaseWork:
    """Case folders, a piece a case, ordered by id.

    `before` are the cases of an earlier run, each with what it was made of. `connect`
    is where figures are computed: DuckDB on one thread unless told otherwise.
    """

    cases: Sequence[CaseFolder]
    overlays: Sequence[Path]
    out: Path
    folder: Path
    before: Mapping[str, str] = field(default_factory=dict)
    connect: Connect | None = None

    @property
    def pieces(self) -> int:
        """How many pieces there are."""
        return len(self.cases)

    @property
    def input(self) -> dict[str, Any]:
        """What the result is made of."""
        return {"cases": {c.id: c.print for c in self.cases}}

    @property
    def basis(self) -> dict[str, Any]:
        """A piece looks after its own case."""
        return {"cases": None}

    @property
    def options(self) -> dict[str, Any]:
        """What changes the result."""
        return {}

    def done(self, knowledge: KnowledgeBase, number: int) -> Tally | None:
        """What came of a case that has not changed since."""
        case = self.cases[number]
        document = self.document(case.id)
        if self.before.get(case.id) == case.print:
            with suppress(OSError, ValueError):
                content = document.read_bytes()
                found = ResultDocument.model_validate_json(content)
                return self._kept(knowledge, case, found, content)
        tally = Parts(self.folder).tally(case.id)
        if tally is None or tally.more["print"] != case.print:
            return None
        if tally.judged and _sum_of(document) != tally.more["document"]:
            return None
        return tally

    def do(self, knowledge: KnowledgeBase, number: int) -> Tally:
        """Diagnose a case and keep its document; leave out what cannot be read."""
        case = self.cases[number]
        try:
            found = self._diagnosed(knowledge, case.path)
        except (SalesdxError, OSError) as error:
            return self._left_out(number, error)
        content = found.to_json().encode()
        path = self.document(case.id)
        path.parent.mkdir(exist_ok=True)
        write_whole(path, content)
        return self._kept(knowledge, case, found, content)

    def document(self, id_: str) -> Path:
        """Where the document of a case is."""
        return self.out / CASES / f"{id_}.json"

    def files(
        self, knowledge: KnowledgeBase, tallies: Sequence[Tally]
    ) -> dict[str, Writer]:
        """The result table; documents of cases that are no more go."""
        for id_ in set(self.before) - {c.id for c in self.cases}:
            if Path(id_).name == id_:  # whoever wrote run.json
                self.document(id_).unlink(missing_ok=True)
        rows = [t.more["row"] for t in tallies if t.judged]

        def write(file: BinaryIO) -> None:
            # ordered as the cases are, in row groups as a table has them
            file.write(encoded(table_of(rows, knowledge), CHUNK_ROWS))

        return {_RESULT: write}

    def rejects(self) -> Iterator[Reject]:
        """The cases left out."""
        return Parts(self.folder).rejects(c.id for c in self.cases)

    def _diagnosed(self, knowledge: KnowledgeBase, path: Path) -> ResultDocument:
        def own(overlays: Sequence[Path]) -> KnowledgeBase:
            if list(overlays) == list(self.overlays):
                return knowledge
            return _loaded(tuple(overlays))

        measured = measured_case(
            path, overlays=self.overlays, load=own, engine=self.connect or _one_thread()
        )
        people = measured.case.company.respondents
        log = load_answers(measured.case.answers_path, measured.knowledge, people)
        return judge(measured, log, existing(measured.case.plan_path)).document

    def _kept(
        self, knowledge: KnowledgeBase, case: CaseFolder, found: ResultDocument,
        content: bytes,
    ) -> Tally:  # fmt: skip
        row = row_of(found, knowledge, case.id)
        likely = {
            name.removesuffix(".verdict"): 1
            for name, value in row.items()
            if name.endswith(".verdict") and value == "likely"
        }
        sum_ = hashlib.sha256(content).hexdigest()
        more = {"print": case.print, "document": sum_, "row": row}
        return Parts(self.folder).put(case.id, {}, Tally(1, 0, likely, {}, more))

    def _left_out(self, number: int, error: SalesdxError | OSError) -> Tally:
        case = self.cases[number]
        self.document(case.id).unlink(missing_ok=True)
        en = ru = str(error)
        if isinstance(error, SalesdxError):
            en, ru = error.text("en"), error.text("ru")
        # the result is the same wherever the cases lie
        reason = Text(**{
            n: told.replace(str(case.path), case.id)
            for n, told in (("en", en), ("ru", ru))
        })  # fmt: skip
        lines = rejects_lines([Reject(number + 1, case.id, "", case.path.name, reason)])
        tally = Tally(rejected=1, more={"print": case.print})
        return Parts(self.folder).put(case.id, {REJECTS: lines}, tally)


def case_work(
    sources: Sequence[Path], overlays: Sequence[Path], knowledge: KnowledgeBase,
    folder: Folder, connect: Connect | None = None,
) -> CaseWork:  # fmt: skip
    """The work on the case folders that are meant, knowing what an earlier run did."""
    cases = sorted_cases(sources)
    earlier = folder.before() or {}
    input_ = earlier.get("input", {})
    same = made_of(knowledge, input_, {})
    before = (
        input_.get("cases", {}) if {n: earlier.get(n) for n in same} == same else {}
    )
    return CaseWork(cases, overlays, folder.out, folder.parts, before, connect)


@lru_cache(maxsize=4)
def _loaded(overlays: tuple[Path, ...]) -> KnowledgeBase:
    """Knowledge that some cases of a firm share."""
    return load(overlays)


def _one_thread() -> Connect:
    from salesdx.metrics.engines import duck

    limits = duck.Limits.of(os.environ)
    return duck.connect(replace(limits, threads=limits.threads or 1))


def _sum_of(path: Path) -> str | None:
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return None
