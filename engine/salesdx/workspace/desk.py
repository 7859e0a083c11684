"""Cases of a database, measured once and judged anew at every answer.

Measuring takes seconds, judging a tenth of one. Figures are kept until a table or
company.yaml of the case changes; `cases.changed` of the database tells.
"""

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, func, select

from salesdx.analysis import Analysis, Measured, judge, measured_case, replanned
from salesdx.answers.log import AnswerLog
from salesdx.case import Case
from salesdx.company import Company
from salesdx.crm.company_file import COMPANY_FILE, understood
from salesdx.facts import FactBase, Measurement
from salesdx.inference.executors import choose
from salesdx.inference.program import Executor
from salesdx.interview.choosing import GUIDED, QUICK, Chooser
from salesdx.interview.standing import Mode
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.benchmarks import thresholds
from salesdx.knowledge.load import load
from salesdx.plan_edits import EditFile
from salesdx.plan_edits.keeping import NAME as PLAN
from salesdx.plan_edits.keeping import parsed
from salesdx.render.look import PLAIN as PLAIN_LOOK
from salesdx.render.look import Look
from salesdx.storage import schema
from salesdx.storage.answers import DatabaseAnswers, no_case
from salesdx.storage.case_file import read_file_of
from salesdx.storage.checkout import checked_out
from salesdx.storage.opening import reading
from salesdx.storage.pinned import DatabasePins

KEPT = 64  # cases whose figures are kept in memory


@dataclass(frozen=True, slots=True)
class Version:
    """Which state of a case: another life of the same id is another case."""

    case: str
    added_at: str
    changed: int


@dataclass(frozen=True, slots=True)
class Ground:
    """A case as a talk builds on it: figures, and the answers up to now."""

    case: Case
    knowledge: KnowledgeBase
    log: AnswerLog
    figures: Sequence[Measurement]
    facts: FactBase
    benchmarks: dict[str, float | None]
    rules: KnowledgeBase
    judge: str = "auto"

    @property
    def executor(self) -> Executor:
        """What judges; it compiles all rules, and few pages need it."""
        return choose(self.rules, self.judge)


class Desk:
    """The cases of one database. Threads may share it.

    Judged by the reference executor: it has the same semantics as the others, needs no
    compiling a case, and many threads may run it.
    """

    def __init__(
        self, engine: Engine, overlays: Sequence[Path] = (),
        executor: str = "reference", look: Look = PLAIN_LOOK,
    ) -> None:  # fmt: skip
        self.engine, self.overlays, self.look = engine, tuple(overlays), look
        self._executor = executor
        self._lock = threading.Lock()
        self._measured: OrderedDict[Version, Future[Measured]] = OrderedDict()
        self._companies: OrderedDict[Version, Company] = OrderedDict()
        self._judged: OrderedDict[tuple[object, ...], Analysis] = OrderedDict()
        self._choosers: OrderedDict[tuple[object, ...], Chooser] = OrderedDict()
        self._bases: dict[tuple[Path, ...], KnowledgeBase] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="measuring")

    def close(self) -> None:
        """Let nothing run on."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        gc.unfreeze()

    @property
    def knowledge(self) -> KnowledgeBase:
        """What is asked and judged where a case brings no knowledge of its own."""
        return self._knowledge(self.overlays)

    def version(self, case: str) -> Version:
        """Which state the case is in.

        Raises:
            DataError: there is no such case.
        """
        c = schema.cases.c
        with reading(self.engine) as connection:
            query = select(c.id, c.added_at, c.changed).where(c.id == case)
            row = connection.execute(query).first()
        if row is None:
            raise no_case(case)
        return Version(*row)

    def is_ready(self, case: str) -> bool:
        """Whether the figures of a case are at hand."""
        found = self._measured.get(self.version(case))
        return found is not None and found.done()

    def prepare(self, case: str) -> None:
        """Begin to measure, if need be; who asks for the figures then waits less."""
        self._future(self.version(case))

    def wait(self, case: str, seconds: float) -> bool:
        """Wait so long for the figures; whether they are there."""
        done, _ = wait([self._future(self.version(case))], seconds)
        return bool(done)

    def measured(self, case: str) -> Measured:
        """The case with its figures; waits until they are there.

        Raises:
            DataError: there is no such case, or it cannot be read.
            KnowledgeError: the knowledge of the case is not valid.
        """
        return self._future(self.version(case)).result()

    def company(self, case: str) -> Company:
        """company.yaml of a case, whether it is measured or not.

        Raises:
            DataError: there is no such case, or the file is not valid.
        """
        version = self.version(case)
        with self._lock:
            known = self._companies.get(version)
        if known is not None:
            return known
        found = read_file_of(self.engine, case, COMPANY_FILE) or b""
        company = understood(found.decode("utf-8-sig", "replace"), COMPANY_FILE)
        return _kept(self._companies, version, company, self._lock)

    def later(self, work: Callable[[], object]) -> None:
        """Do something that nobody waits for, when nothing is to be measured."""
        self._pool.submit(work)

    def answers(self, case: str) -> DatabaseAnswers:
        """Where the answers of a case are kept."""
        return DatabaseAnswers(
            self.engine, case, self.measured(case).case.company.respondents
        )

    @property
    def pins(self) -> DatabasePins:
        """Where the questions of interviews are kept."""
        return DatabasePins(self.engine)

    def ground(self, case: str, knowledge: KnowledgeBase | None = None) -> Ground:
        """What a talk builds on; `knowledge` asks the questions of an older one."""
        found = self.measured(case)
        asked = knowledge or found.knowledge
        people = found.case.company.respondents
        log = DatabaseAnswers(self.engine, case, people).load(asked)
        said = found if asked is found.knowledge else _asking(found, asked)
        _, facts = said.said(log)
        company = found.case.company
        return Ground(
            found.case, asked, log, found.figures, facts,
            thresholds(found.knowledge.benchmarks, company), found.knowledge,
            self._executor,
        )  # fmt: skip

    def analysis(self, case: str) -> Analysis:
        """The case judged by all that was answered, with its plan as people set it.

        Edits of the plan are laid over what is judged already: they move no verdict.
        """
        version = self.version(case)
        measured = self._future(version).result()
        plan = read_file_of(self.engine, case, PLAN)
        told = version, *self._told(case)
        key = *told, plan
        with self._lock:
            for known in (key, told):
                if known in self._judged:
                    self._judged.move_to_end(known)
            found, judged = self._judged.get(key), self._judged.get(told)
        if found is not None:
            return found
        if judged is None:
            people = measured.case.company.respondents
            answers = DatabaseAnswers(self.engine, case, people)
            log = answers.load(measured.knowledge)
            judged = judge(measured, log, EditFile(), executor=self._executor)
            _kept(self._judged, told, judged, self._lock)
        return _kept(self._judged, key, replanned(judged, edits_of(plan)), self._lock)

    def at_hand(self, case: str) -> Analysis | None:
        """The judgement of a case if nothing has to be judged for it.

        Its plan is as people set it now: to lay edits over it takes no time.
        """
        told = self.version(case), *self._told(case)
        with self._lock:
            judged = self._judged.get(told)
        return self.analysis(case) if judged is not None else None

    def forget_said(self, before: Version) -> None:
        """Answers were deleted: forget what was judged and asked by them.

        `before` is the version before that. Figures hang on no answer: where nothing
        else has changed they stay, and nobody waits for them.
        """
        now = self.version(before.case)
        with self._lock:
            figures = self._measured.pop(before, None)
            alike = now in (before, replace(before, changed=before.changed + 1))
            if figures is not None and alike:
                self._measured.setdefault(now, figures)
            for kept in (self._judged, self._choosers):
                for key in [k for k in kept if _case_of(k) == before.case]:
                    del kept[key]

    def chooser(self, case: str, mode: Mode) -> Chooser:
        """What chooses the next question of a case."""
        version = self.version(case)
        found = self._future(version).result()
        with self._lock:
            known = self._choosers.get((version, mode))
        if known is not None:
            return known
        company = found.case.company
        made = Chooser(
            found.knowledge, sales_model=company.sales_model,
            benchmarks=thresholds(found.knowledge.benchmarks, company),
            keeping=GUIDED if mode == "guided" else QUICK,
        )  # fmt: skip
        return _kept(self._choosers, (version, mode), made, self._lock)

    def _told(self, case: str) -> tuple[int, ...]:
        """How much was answered: it only grows while `cases.changed` stays."""
        answers, talks = schema.answers.c, schema.interviews.c
        with reading(self.engine) as connection:
            counts = [
                connection.execute(
                    select(func.count()).where(c.case_id == case)
                ).scalar_one()
                for c in (answers, talks)
            ]
        return tuple(counts)

    def _future(self, version: Version) -> Future[Measured]:
        with self._lock:
            found = self._measured.get(version)
            if found is None or (found.done() and found.exception() is not None):
                found = self._pool.submit(self._measure, version.case)
                self._measured[version] = found
                for old in [v for v in self._measured if v.case == version.case]:
                    if old != version:
                        del self._measured[old]
                while len(self._measured) > KEPT:
                    self._measured.popitem(last=False)
            self._measured.move_to_end(version)
            return found

    def _measure(self, case: str) -> Measured:
        with checked_out(self.engine, case) as folder:
            found = measured_case(
                folder, overlays=self.overlays, load=lambda o: self._loaded(o, folder)
            )
        _spare_collector()
        return found

    def _loaded(self, overlays: Sequence[Path], folder: Path) -> KnowledgeBase:
        """Knowledge; that of the case itself is of this moment and not shared."""
        if any(o.is_relative_to(folder) for o in overlays):
            return load(overlays)
        return self._knowledge(tuple(overlays))

    def _knowledge(self, overlays: tuple[Path, ...]) -> KnowledgeBase:
        if overlays not in self._bases:
            self._bases[overlays] = load(overlays)
        return self._bases[overlays]


def edits_of(plan: bytes | None) -> EditFile:
    """What people set of the plan.

    Raises:
        DataError: plan.yaml cannot be read; all faults, located.
    """
    return parsed(plan.decode("utf-8", "replace") if plan else "", PLAN)


def _case_of(key: tuple[object, ...]) -> str | None:
    return key[0].case if isinstance(key[0], Version) else None


def _asking(found: Measured, knowledge: KnowledgeBase) -> Measured:
    return Measured(found.case, knowledge, found.figures, found.loss_map, found.shapes)


K = TypeVar("K")
V = TypeVar("V")


def _kept(
    cache: OrderedDict[K, V], key: K, value: V, lock: threading.Lock
) -> V:  # fmt: skip
    with lock:
        cache[key] = value
        cache.move_to_end(key)
        while len(cache) > KEPT:
            cache.popitem(last=False)
    return value


def _spare_collector() -> None:
    """Let the garbage collector pass by what lives long.

    Going through the figures of large cases again and again took 0.2 s of many a page.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
