"""One stored case under two versions: what stands otherwise, and why."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from salesdx.explanation.wording import Wording
from salesdx.facts import COMPANY, Slice
from salesdx.inference.verdicts import CauseOutcome
from salesdx.language import Text
from salesdx.workbench.attribution import Proof, Trials
from salesdx.workbench.impact_grounds import Grounds
from salesdx.workbench.impact_report import (
    Action,
    CaseImpact,
    Kept,
    Moved,
    Named,
    Row,
    Standing,
)
from salesdx.workbench.replay import Judged
from salesdx.workbench.seen import seen

_DARK = ("unknown", "absent")  # an edit of what is not known here can do nothing
_QUIET = ("open", "cannot_judge", "unlikely", "ruled_out")  # nothing a client is told


def compared(name: str, trials: Trials, shown: Collection[str] = ()) -> CaseImpact:
    """What is otherwise in one case; `shown` are edits that need no more showing."""
    return _Compared(name, trials).case(shown)


class _Compared:
    """One case under both versions, held side by side."""

    def __init__(self, name: str, trials: Trials) -> None:
        self.name, self.trials = name, trials
        self.old, self.new = trials.old, trials.new
        self.grounds = Grounds(self.old, self.new)

    def case(self, shown: Collection[str]) -> CaseImpact:
        rows = tuple(sorted(self._rows(), key=_order))
        by = [i for r in rows for i in r.proof.edits]
        plans = self._for_plan(rows)
        old, new = self.old, self.new
        before, after = [{a.id: a.title for a in s.plan} for s in (old, new)]
        dropped, taken = _answers(old), _answers(new)
        figures = tuple(self._figures())
        return CaseImpact(
            self.name, self.trials.stored.case.company.name, rows,
            top_gained=self._named(new.top, old.top, "cause:"),
            top_lost=self._named(old.top, new.top, "cause:"),
            plan_gained=tuple(self._actions(after, before, plans)),
            plan_lost=tuple(self._actions(before, after, plans)),
            questions_gained=self._named(new.open_questions, old.open_questions),
            questions_lost=self._named(old.open_questions, new.open_questions),
            answers_dropped=self._named(dropped, taken),
            answers_taken=self._named(taken, dropped),
            unknown=self._unknown(), figures=figures,
            figures_by=tuple(self._figures_by()) if figures else (),
            kept=tuple(self._kept({*shown, *by})),
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

    def _kept(self, shown: Collection[str]) -> Iterator[Kept]:
        """Edits that seem to do nothing, but hold back what the others would do.

        Each is left out by itself: two left out together might make up for each other.
        """
        between = self.trials.between
        every = frozenset(between.edits)
        for name, edit in between.edits.items():
            if name in shown or name not in between.meeting:
                continue
            sides = (s for s in (self.old, self.new))
            if all(seen(edit, side, side) in _DARK for side in sides):
                continue
            without = self.trials.under(every - {name})
            for key in self._turned_without(without) if without else ():
                yield Kept(name, *key)

    def _turned_without(self, without: Judged) -> list[tuple[str, Slice]]:
        """Verdicts that are others where some edits are left out."""
        rows = self.new.found.causes
        return [
            key
            for key in sorted({*without.found.causes, *rows})
            if _turned(_standing(without.found.causes.get(key)),
                       _standing(rows.get(key)))
        ]  # fmt: skip

    def _actions(
        self,
        here: dict[str, Text],
        there: dict[str, Text],
        by: Mapping[str, list[str]],
    ) -> Iterator[Action]:
        """Actions of one side only, with the edits that make the difference."""
        for name, title in here.items():
            if name in there:
                continue
            wanted = name in {a.id for a in self.new.plan}

            def same(tried: Judged, name: str = name, wanted: bool = wanted) -> bool:
                return (name in {a.id for a in tried.plan}) is wanted

            first = [*self._planned(name), *by.get(name, ())]
            yield Action(name, title, self.trials.prove(first, same))

    def _planned(self, remedy: str) -> Iterator[str]:
        """Edits of a remedy, and of what the causes name it for."""
        for name, edit in self.trials.between.edits.items():
            changed = edit.aspect("remedies")
            named = changed and remedy in (*changed.old, *changed.new)
            if (edit.kind, edit.entry) == ("remedies", remedy) or named:
                yield name

    def _for_plan(self, rows: Sequence[Row]) -> dict[str, list[str]]:
        """Per remedy what turned the causes that call for it."""
        found: dict[str, list[str]] = {}
        for row in rows:
            for side in (self.old, self.new):
                cause = side.knowledge.causes.get(row.cause)
                for remedy in cause.spec.remedies if cause and row.turned else ():
                    found.setdefault(remedy, []).extend(row.proof.edits)
        return found

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
            known = where == COMPANY and row.outcome.state is not None
            if known and after is not None and after.outcome.state is None:
                found.append(Named(name, row.symptom.spec.title))
        figures = self.new.figures
        for (name, where), value in sorted(self.old.figures.items()):
            known = where == COMPANY and value is not None
            if known and figures.get((name, where)) is None:
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
    old, new = (_RANK.index(s.verdict) if s else len(_RANK) for s in (row.old, row.new))
    return not row.turned, min(old, new), int(old < new), row.cause, row.where
