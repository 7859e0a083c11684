"""Imports over the web: files are read aside, shown, corrected, and brought in once.

Reading and importing take a thread of their own, one at a time: the machine has other
work. Two imports into one case do not run together, and an import that meets another
change of the case is told so and keeps nothing of itself.
"""

import datetime as dt
import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine

from salesdx.crm.answering import answer
from salesdx.crm.company_file import COMPANY_FILE
from salesdx.crm.import_report import ImportPlan, ImportReport
from salesdx.crm.importing import plan_import, run_import
from salesdx.crm.keeping import MAPPING_FILE, kept_mapping, kept_path, merged
from salesdx.crm.unusable_files import unrecognised
from salesdx.crm.writing import write_all
from salesdx.errors import DataError, Said, SalesdxError
from salesdx.storage import staged
from salesdx.storage.answers import stays
from salesdx.storage.case_file import read_file_of
from salesdx.storage.checkout import checked_out
from salesdx.storage.events import record
from salesdx.storage.opening import writing
from salesdx.storage.retention import closed_at
from salesdx.storage.staged import Staged
from salesdx.workspace.uploads import (
    Given,
    Save,
    State,
    fault_of,
    forget_files,
    opened_files,
    read_state,
    receive,
    write_state,
)

IMPORTED = "imported"
Stage = Literal["reading", "asking", "importing", "done", "failed"]
_KEPT = 6  # plans with their files in memory
_CASE = "case"
_log = logging.getLogger("salesdx.importing")


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as pages show it."""

    id: str
    owner: str
    at: str
    stage: Stage
    state: State
    plan: ImportPlan | None = None


class Imports:
    """The imports of one server. Threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock = threading.Lock()
        self._plans: OrderedDict[str, Future[ImportPlan]] = OrderedDict()
        self._running: dict[str, tuple[str, Future[None]]] = {}  # case -> upload
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="importing")

    def close(self) -> None:
        """Let what runs come to its end, and begin nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def begin(
        self, case: str, owner: str, files: Sequence[tuple[str, Save]],
        now: dt.datetime,
    ) -> str:  # fmt: skip
        """Keep files that were sent and begin to read them; gives the upload's id.

        Raises:
            DataError: the case is closed, too many files, or the disk refuses.
        """
        if closed_at(self.engine, case) is not None:
            raise stays(case)
        found = receive(self.engine, case, owner, files, now)
        self._plan(found)
        return found.about.id

    def look(self, case: str, upload: str, now: dt.datetime) -> Upload | None:
        """How far an upload has come; None where there is none any more."""
        found = staged.find(self.engine, case, upload, now)
        if found is None:
            return None
        state, about = read_state(found), found.about
        if state.report is not None:
            return Upload(about.id, about.owner, about.at, "done", state)
        if self._is_running(case, upload):
            return Upload(about.id, about.owner, about.at, "importing", state)
        if state.fault is not None:
            return Upload(about.id, about.owner, about.at, "failed", state)
        plan = self._plan(found)
        if not plan.done():
            return Upload(about.id, about.owner, about.at, "reading", state)
        if plan.exception() is not None:
            state = read_state(found)
            return Upload(about.id, about.owner, about.at, "failed", state)
        return Upload(about.id, about.owner, about.at, "asking", state, plan.result())

    def wait(self, case: str, upload: str, seconds: float) -> None:
        """Wait so long for what is being done for an upload."""
        with self._lock:
            reading, running = self._plans.get(upload), self._running.get(case)
        jobs: list[Future[Any]] = [reading] if reading else []
        jobs += [running[1]] if running and running[0] == upload else []
        wait(jobs, seconds)

    def uploads(self, case: str, now: dt.datetime) -> list[Upload]:
        """What waits or was brought in during the last day, the newest first."""
        found = [
            self.look(case, s.about.id, now)
            for s in staged.of_case(self.engine, case, now)
        ]
        return [u for u in found if u is not None]

    def answer(self, case: str, upload: str, given: Sequence[Given], now: dt.datetime
               ) -> list[tuple[str, SalesdxError]]:  # fmt: skip
        """Take answers; gives the ids of questions that could not be taken so.

        Raises:
            DataError: the upload is gone, or not waiting for answers.
        """
        found, plan = self._asking(case, upload, now)
        faults: list[tuple[str, SalesdxError]] = []
        taken: list[Given] = []
        for one in given:
            try:
                plan = answer(plan, one.question, one.chosen)
                taken.append(one)
            except SalesdxError as error:
                faults.append((one.question.id, error))
        state = read_state(found)
        answers = [*state.answers, *taken]
        write_state(found, state.model_copy(update={"answers": answers}))
        self._keep(upload, plan)
        return faults

    def run(self, case: str, upload: str, by: str, now: dt.datetime) -> None:
        """Begin to bring the files in.

        Raises:
            DataError: the case is closed, the upload is gone, nothing in it fits a
                table, or another import into this case is running.
        """
        if closed_at(self.engine, case) is not None:
            raise stays(case)
        found, plan = self._asking(case, upload, now)
        if not any(f.tables or f.form for f in plan.mapping.files):
            raise unrecognised([Path(f.name) for f in read_state(found).files])
        with self._lock:
            other = self._running.get(case)
            if other is not None and not other[1].done():
                raise DataError(Said(
                    "another import into this company is running; wait until it is"
                    " done and look at the proposal again",
                    "в эту компанию уже идёт другая загрузка; дождитесь её конца и"
                    " просмотрите предложение заново",
                ))  # fmt: skip
            job = self._pool.submit(self._run, found, plan, by, now)
            self._running[case] = upload, job

    def again(self, case: str, upload: str, now: dt.datetime) -> None:
        """Read the files of a failed upload anew, as the case is now."""
        found = staged.find(self.engine, case, upload, now)
        if found is not None:
            state = read_state(found)
            write_state(found, state.model_copy(update={"fault": None}))
            with self._lock:
                self._plans.pop(upload, None)
            self._plan(found)

    def discard(self, case: str, upload: str, now: dt.datetime) -> None:
        """Erase an upload that is not being brought in."""
        found = staged.find(self.engine, case, upload, now)
        if found is not None and not self._is_running(case, upload):
            self.wait(case, upload, 60)  # for the reader to let go of the files
            with self._lock:
                self._plans.pop(upload, None)
            staged.remove(found)

    def _asking(
        self, case: str, upload: str, now: dt.datetime
    ) -> tuple[Staged, ImportPlan]:
        looked = self.look(case, upload, now)
        found = staged.find(self.engine, case, upload, now)
        if found is None or looked is None or looked.plan is None:
            raise DataError(Said(
                "this upload does not wait for answers any more; look at it again",
                "эта загрузка уже не ждёт ответов; откройте её заново",
            ))  # fmt: skip
        return found, looked.plan

    def _is_running(self, case: str, upload: str) -> bool:
        with self._lock:
            known = self._running.get(case)
        return known is not None and known[0] == upload and not known[1].done()

    def _plan(self, found: Staged) -> Future[ImportPlan]:
        upload = found.about.id
        with self._lock:
            known = self._plans.get(upload)
            if known is None:
                known = self._pool.submit(self._read, found)
                self._plans[upload] = known
            self._plans.move_to_end(upload)
            while len(self._plans) > _KEPT:
                self._plans.popitem(last=False)
            return known

    def _keep(self, upload: str, plan: ImportPlan) -> None:
        done: Future[ImportPlan] = Future()
        done.set_result(plan)
        with self._lock:
            self._plans[upload] = done

    def _read(self, found: Staged) -> ImportPlan:
        """The proposal for an upload, with the answers that were given already."""
        try:
            state = read_state(found)
            folder = self._case_of(found)
            files, unread = opened_files(found, state)
            if unread != state.unread:
                write_state(found, state.model_copy(update={"unread": unread}))
            mapping = kept_mapping(folder)
            plan = plan_import(folder, files, "auto", mapping, ask=True)
            for one in state.answers:
                plan = answer(plan, one.question, one.chosen)
        except SalesdxError as error:
            self._fail(found, error, "reading")
            raise
        except Exception as error:  # a reader that fails on a strange file
            _tell("reading", error)
            self._fail(found, DataError(_STRANGE), "reading")
            raise DataError(_STRANGE) from error
        return plan

    def _case_of(self, found: Staged) -> Path:
        """A folder that knows the company and its mapping: a proposal needs no more."""
        folder = found.folder / _CASE
        folder.mkdir(mode=0o700, exist_ok=True)
        for name in (COMPANY_FILE, MAPPING_FILE):
            raw = read_file_of(self.engine, found.about.case, name)
            if raw is not None:
                (folder / name).write_bytes(raw)
        return folder

    def _run(self, found: Staged, plan: ImportPlan, by: str, now: dt.datetime) -> None:
        case = found.about.case
        try:
            with checked_out(self.engine, case) as folder:
                report = _imported(plan, folder)
            with writing(self.engine) as connection:
                rows = sum(f.accepted for f in report.files)
                told = {"files": len(plan.files), "rows": rows}
                at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
                record(connection, at, by, IMPORTED, case, told)
            state = read_state(found)
            done = state.model_copy(update={"report": report, "answers": []})
            write_state(found, done)
            forget_files(found)
        except SalesdxError as error:
            self._fail(found, error, "importing")
        except Exception as error:
            _tell("importing", error)
            self._fail(found, DataError(_STRANGE), "importing")
        with self._lock:
            self._plans.pop(found.about.id, None)

    def _fail(
        self, found: Staged, error: SalesdxError,
        during: Literal["reading", "importing"],
    ) -> None:  # fmt: skip
        state = read_state(found)
        fault = fault_of(error, during)
        write_state(found, state.model_copy(update={"fault": fault}))


def _imported(plan: ImportPlan, folder: Path) -> ImportReport:
    """Run a plan in a checked out case, and keep how its files were read."""
    kept = kept_mapping(folder)  # of now: another import may have added to it
    before = _hashes(folder)
    report = run_import(plan.model_copy(update={"case_dir": folder}))
    replaced = {s.file: s.known_as for s in plan.seen if s.known_as}
    mapping = merged(kept, plan.mapping, replaced)
    after = _hashes(folder)
    # a table that was written anew as it was has not changed
    changed = [t for t in report.tables if before.get(t.path) != after.get(t.path)]
    write_all({kept_path(folder): mapping.to_yaml().encode("utf-8")})
    return report.model_copy(update={
        "columns": [], "questions": [],
        "files": [
            f.model_copy(update={"rejects_file": _inside(f.rejects_file, folder)})
            for f in report.files
        ],
        "tables": [
            t.model_copy(update={"path": _inside(t.path, folder)})
            for t in changed
        ],
    })  # fmt: skip


def _tell(what: str, error: Exception) -> None:
    """Log where it failed, and never what stood in the file."""
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
    _log.error("%s: %s at %s", what, type(error).__name__, place)


def _hashes(folder: Path) -> dict[Path, bytes]:
    found = {}
    for path in (folder / "data").glob("*.*"):
        with path.open("rb") as stream:
            found[path] = hashlib.file_digest(stream, "sha256").digest()
    return found


def _inside(path: Path | None, folder: Path) -> Path | None:
    return path and path.relative_to(folder)


_STRANGE = Said(
    "the files could not be read: this is a fault of ours. Save them as CSV or XLSX and"
    " try once more; if it happens again, tell whoever runs this server",
    "файлы не удалось прочитать, это наша ошибка. Сохраните их в CSV или XLSX и"
    " повторите; если не поможет, сообщите тому, кто ведёт этот сервер",
)
