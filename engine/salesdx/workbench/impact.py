"""kb impact: stored cases under two versions, what became otherwise, and by which edit.

A case is read once. Under either version its facts are gathered and its causes judged;
each verdict that is another is explained by the rules that moved, and laid to the edits
that bring it about by themselves: they are applied to OLD, and the case judged again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from salesdx.errors import SalesdxError
from salesdx.explanation.wording import Wording
from salesdx.facts import COMPANY, Slice
from salesdx.inference.verdicts import CauseOutcome
from salesdx.language import Text
from salesdx.result import Verdict
from salesdx.workbench.attribution import Proof, Trials
from salesdx.workbench.counterfactual import Between
from salesdx.workbench.differences import Edit, compare
from salesdx.workbench.impact_grounds import Ground, Grounds
from salesdx.workbench.replay import Judged, StoredCase, case_folders, case_name
from salesdx.workbench.seen import Seen, seen
from salesdx.workbench.versions import Version

_QUIET = ("open", "cannot_judge", "unlikely", "ruled_out")  # nothing a client is told


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict with its points."""

    verdict: Verdict
    points: int


@dataclass(frozen=True, slots=True)
class Row:
    """One cause on one slice that stands otherwise; None where it has no row.

    `turned` says that the verdict is another, not only its points.
    """

    cause: str
    title: Text
    where: Slice
    place: Text | None
    old: Standing | None
    new: Standing | None
    turned: bool
    proof: Proof
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """An action that the plan gains or loses."""

    id: str
    title: Text
    proof: Proof


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is counted otherwise; None is unknown."""

    metric: str
    where: Slice
    text: Text
    old: float | None
    new: float | None


@dataclass(frozen=True, slots=True)
class Named:
    """An id with its title."""

    id: str
    title: Text


@dataclass(frozen=True)
class CaseImpact:
    """What is otherwise in one case.

    `refused` is why it cannot be judged any more under NEW, `accepted` why it could not
    be under OLD; then nothing else is known.
    """

    case: str
    company: str
    rows: tuple[Row, ...] = ()
    top_gained: tuple[Named, ...] = ()
    top_lost: tuple[Named, ...] = ()
    plan_gained: tuple[Action, ...] = ()
    plan_lost: tuple[Action, ...] = ()
    questions_gained: tuple[Named, ...] = ()
    questions_lost: tuple[Named, ...] = ()
    answers_dropped: tuple[Named, ...] = ()
    answers_taken: tuple[Named, ...] = ()
    unknown: tuple[Named, ...] = ()
    figures: tuple[Moved, ...] = ()
    figures_by: tuple[str, ...] = ()
    refused: SalesdxError | None = None
    accepted: SalesdxError | None = None

    @property
    def turned(self) -> list[Row]:
        """Verdicts that are others."""
        return [r for r in self.rows if r.turned]

    @property
    def verdict(self) -> bool:
        """Whether a verdict is another, or there is none on one side."""
        return bool(self.refused or self.accepted or self.turned)

    @property
    def telling(self) -> bool:
        """Whether a client would be told something else."""
        return self.verdict or bool(
            self.turned or self.top_gained or self.top_lost or self.plan_gained
            or self.plan_lost
        )  # fmt: skip

    @property
    def any(self) -> bool:
        """Whether anything at all is otherwise."""
        return self.telling or bool(
            self.rows or self.questions_gained or self.questions_lost or self.unknown
            or self.figures or self.answers_dropped or self.answers_taken
        )  # fmt: skip

    @property
    def proofs(self) -> list[Proof]:
        """What every change is laid to."""
        actions = (*self.plan_gained, *self.plan_lost)
        return [r.proof for r in self.rows] + [a.proof for a in actions]


@dataclass(frozen=True)
class Impact:
    """The whole report. `edits` are all differences, `seen` what cases test of them."""

    old: Version
    new: Version
    edits: tuple[Edit, ...]
    cases: tuple[CaseImpact, ...]
    faulty: tuple[tuple[str, SalesdxError], ...]
    seen: dict[str, Counter[Seen]] = field(default_factory=dict)

    @property
    def changed(self) -> list[CaseImpact]:
        """Cases in which a client would be told something else."""
        return [c for c in self.cases if c.telling]

    @property
    def moved(self) -> list[CaseImpact]:
        """Cases in which only points, questions or figures are otherwise."""
        return [c for c in self.cases if c.any and not c.telling]

    @property
    def working(self) -> list[Edit]:
        """Edits that can change more than texts."""
        return [e for e in self.edits if e.bearing != "text"]

    def share_of(self, edit: str) -> "Share":
        """What one edit did."""
        share = Share()
        for case in self.cases:
            rows = [r for r in case.rows if edit in r.proof.edits]
            turned = [r for r in rows if r.turned]
            actions = [
                a for a in (*case.plan_gained, *case.plan_lost) if edit in a.proof.edits
            ]
            share.cases += bool(turned)
            share.verdicts += len(turned)
            share.together += sum(r.proof.together for r in turned)
            share.points += len(rows) - len(turned)
            share.actions += len(actions)
            share.figures += edit in case.figures_by
        return share


@dataclass(slots=True)
class Share:
    """What one edit did: verdicts (so many only together with others), points, …"""

    cases: int = 0
    verdicts: int = 0
    together: int = 0
    points: int = 0
    actions: int = 0
    figures: int = 0

    @property
    def nothing(self) -> bool:
        """Whether no stored case shows the edit at all."""
        return not (self.verdicts or self.points or self.actions or self.figures)


Progress = Callable[[str, int, int], None]


def impact(
    old: Version,
    new: Version,
    folder: Path,
    progress: Progress = lambda *_: None,
) -> Impact:
    """Replay every case of a folder under both versions.

    A case that neither version can judge is reported and never stops the run.

    Raises:
        KnowledgeError: a version is not valid.
    """
    replay = _Replay(old, new, folder)
    folders = case_folders(folder)
    for done, case in enumerate(folders):
        progress(case_name(case, folder), done, len(folders))
        replay.case(case)
    progress("", len(folders), len(folders))
    return replay.report()


class _Replay:
    """The run: pairs of versions are compared once for all cases they serve."""

    def __init__(self, old: Version, new: Version, folder: Path) -> None:
        self.old, self.new, self.folder = old, new, folder
        self.edits = compare(old.knowledge(), new.knowledge())
        self.pairs = {(): Between(old.knowledge(), new.knowledge(), self.edits)}
        self.cases: list[CaseImpact] = []
        self.faulty: list[tuple[str, SalesdxError]] = []
        self.seen: dict[str, Counter[Seen]] = {}

    def report(self) -> Impact:
        return Impact(
            self.old, self.new, self.edits, tuple(self.cases), tuple(self.faulty),
            self.seen,
        )  # fmt: skip

    def case(self, folder: Path) -> None:
        name = case_name(folder, self.folder)
        try:
            stored = StoredCase(folder)
        except SalesdxError as error:
            self.faulty.append((name, error))
            return
        sides = [_side(stored, version) for version in (self.old, self.new)]
        one, two = sides
        company = stored.case.company.name
        if isinstance(one, SalesdxError) and isinstance(two, SalesdxError):
            self.faulty.append((name, one))
        elif isinstance(two, SalesdxError):
            self.cases.append(CaseImpact(name, company, refused=two))
        elif isinstance(one, SalesdxError):
            self.cases.append(CaseImpact(name, company, accepted=one))
        else:
            between = self._between(stored.own)
            for edit in between.edits.values():
                told = self.seen.setdefault(edit.id, Counter())
                told[seen(edit, one, two)] += 1
            trials = Trials(stored, between, one, two)
            self.cases.append(_Compared(name, trials).case())

    def _between(self, own: tuple[Path, ...]) -> Between:
        if own not in self.pairs:
            old, new = self.old.knowledge(own), self.new.knowledge(own)
            self.pairs[own] = Between(old, new, compare(old, new))
        return self.pairs[own]


def _side(stored: StoredCase, version: Version) -> Judged | SalesdxError:
    try:
        return stored.judged(stored.known(version.knowledge(stored.own)))
    except SalesdxError as error:
        return error


class _Compared:
    """One case under both versions, held side by side."""

    def __init__(self, name: str, trials: Trials) -> None:
        self.name, self.trials = name, trials
        self.old, self.new = trials.old, trials.new
        self.grounds = Grounds(self.old, self.new)

    def case(self) -> CaseImpact:
        rows = tuple(sorted(self._rows(), key=_order))
        by = [i for r in rows for i in r.proof.edits]
        old, new = self.old, self.new
        before, after = [{a.id: a.title for a in s.plan} for s in (old, new)]
        dropped, taken = _answers(old), _answers(new)
        figures = tuple(self._figures())
        return CaseImpact(
            self.name, self.trials.stored.case.company.name, rows,
            top_gained=self._named(new.top, old.top, "cause:"),
            top_lost=self._named(old.top, new.top, "cause:"),
            plan_gained=tuple(self._actions(after, before, by)),
            plan_lost=tuple(self._actions(before, after, by)),
            questions_gained=self._named(new.open_questions, old.open_questions),
            questions_lost=self._named(old.open_questions, new.open_questions),
            answers_dropped=self._named(dropped, taken),
            answers_taken=self._named(taken, dropped),
            unknown=self._unknown(), figures=figures,
            figures_by=tuple(self._figures_by()) if figures else (),
        )  # fmt: skip

    def _rows(self) -> Iterator[Row]:
        for key in sorted({*self.old.found.causes, *self.new.found.causes}):
            one, two = (s.found.causes.get(key) for s in (self.old, self.new))
            old, new = _standing(one), _standing(two)
            if _points(old) == _points(new) and not _turned(old, new):
                continue
            cause, where = key
            turned = _turned(old, new)
            side = self.new if cause in self.new.knowledge.causes else self.old
            yield Row(
                cause, side.knowledge.title(f"cause:{cause}"), where,
                Wording(side.knowledge, "").where(where), old, new, turned,
                self._proof(key, new, turned), self.grounds.of(cause, where),
            )  # fmt: skip

    def _proof(
        self, key: tuple[str, Slice], new: Standing | None, turned: bool
    ) -> Proof:
        """A verdict is proved by the verdict, mere points by the same points."""

        def same(tried: Judged) -> bool:
            found = _standing(tried.found.causes.get(key))
            if turned:
                return not _turned(found, new)
            return _points(found) == _points(new) and not _turned(found, new)

        return self.trials.prove(self.trials.reaching(key[0]), same)

    def _actions(
        self, here: dict[str, Text], there: dict[str, Text], by: Sequence[str]
    ) -> Iterator[Action]:
        """Actions of one side only, with the edits that make the difference."""
        for name, title in here.items():
            if name in there:
                continue
            wanted = name in {a.id for a in self.new.plan}

            def same(tried: Judged, name: str = name, wanted: bool = wanted) -> bool:
                return (name in {a.id for a in tried.plan}) is wanted

            plans = [
                i for i, e in self.trials.between.edits.items() if e.bearing == "plan"
            ]
            yield Action(name, title, self.trials.prove([*by, *plans], same))

    def _named(
        self, here: Sequence[str] | set[str], there: Sequence[str] | set[str],
        prefix: str = "",
    ) -> tuple[Named, ...]:  # fmt: skip
        """What stands here and not there, with titles, in order."""
        order = here if isinstance(here, list) else sorted(here)
        return tuple(
            Named(n, self._title(prefix + n)) for n in order if n not in there
        )  # fmt: skip

    def _title(self, name: str) -> Text:
        for side in (self.new, self.old):
            if side.knowledge.vocabulary.knows(name):
                return side.knowledge.title(name)
        return Text(en=name, ru=name)

    def _unknown(self) -> tuple[Named, ...]:
        """Symptoms and figures of the company that were known and are not any more."""
        found = []
        for (name, where), row in sorted(self.old.found.symptoms.items()):
            after = self.new.found.symptoms.get((name, where))
            if where == COMPANY and row.outcome.state is not None:
                if after is not None and after.outcome.state is None:
                    found.append(Named(name, row.symptom.spec.title))
        after_ = self.new.figures
        for (name, where), value in sorted(self.old.figures.items()):
            if where == COMPANY and value is not None and name in self.new.knowledge.metrics:
                if after_.get((name, where)) is None:
                    found.append(Named(name, self._title(name)))
        return tuple(found)

    def _figures(self) -> Iterator[Moved]:
        """Figures that the settings of a metric or of the loss map moved."""
        if self.old.known.figures is self.new.known.figures:
            return
        before, after = self.old.figures, self.new.figures
        words = Wording(self.new.knowledge, "")
        for key in sorted({*before, *after}):
            one, two = before.get(key), after.get(key)
            if one == two:
                continue
            title, where = self._title(key[0]), words.where(key[1])
            text = title if where is None else Text(
                en=f"{title.en} ({where.en})", ru=f"{title.ru} ({where.ru})"
            )  # fmt: skip
            yield Moved(key[0], key[1], text, one, two)

    def _figures_by(self) -> Iterator[str]:
        """Edits of what the figures were computed by."""
        old, new = self.old.known.figures, self.new.known.figures
        for edit in self.trials.between.edits.values():
            name = edit.entry
            asked = name in old.asked or name in new.asked
            if edit.kind == "benchmarks" and asked:
                if self.old.threshold(name) != self.new.threshold(name):
                    yield edit.id
            elif edit.kind == "metrics" and edit.bearing == "verdict":
                yield edit.id


def _answers(side: Judged) -> set[str]:
    """Questions whose answers the rules read."""
    facts = side.known.facts.values()
    questions = side.knowledge.questions
    return {f.name for f in facts if f.name in questions}


def _standing(outcome: CauseOutcome | None) -> Standing | None:
    return Standing(outcome.verdict, outcome.total.points) if outcome else None


def _points(standing: Standing | None) -> int:
    return standing.points if standing else 0


def _turned(old: Standing | None, new: Standing | None) -> bool:
    """Whether the verdict is another; a row that appears quietly is no news."""
    if old and new:
        return old.verdict != new.verdict
    row = old or new
    return row is not None and row.verdict not in _QUIET


_RANK = ("likely", "possible", "open", "cannot_judge", "unlikely", "ruled_out")


def _order(row: Row) -> tuple[bool, int, int, str, Slice]:
    """What becomes likely first, then what no longer is, then the rest."""
    best = min(
        (_RANK.index(s.verdict) for s in (row.new, row.old) if s), default=len(_RANK)
    )
    gained = row.new is None or (
        row.old is not None and _RANK.index(row.old.verdict) < _RANK.index(row.new.verdict)
    )
    return not row.turned, best, int(gained), row.cause, row.where
