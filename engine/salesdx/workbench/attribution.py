"""Which edits brought a change about: proved by replaying with them and no others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from salesdx.errors import SalesdxError
from salesdx.workbench.counterfactual import Between, Edits
from salesdx.workbench.differences import Edit
from salesdx.workbench.replay import Judged, StoredCase

_PAIRS = 14  # of so many candidates every pair is tried
_KEPT = 150  # judged versions of a case that are kept
_MANY = 40  # of more candidates not even every single one
Does = Callable[[Edits], bool]


@dataclass(frozen=True, slots=True)
class Proof:
    """Sets of edits each of which brings the change about, applied to OLD alone.

    Several sets of one edit: each alone is enough. One set of several: nothing can be
    left out of it, and `smallest` says that no smaller set does. `needed` came along,
    for the others cannot be without: the question that a new rule reads.
    """

    sets: tuple[tuple[str, ...], ...] = ()
    smallest: bool = True
    needed: tuple[str, ...] = ()

    @property
    def edits(self) -> list[str]:
        """Every edit that has a part in it."""
        return sorted({*self.needed, *(i for s in self.sets for i in s)})

    @property
    def together(self) -> bool:
        """Whether no edit does it alone."""
        return bool(self.sets) and len(self.sets[0]) > 1


def prove(candidates: Sequence[str], does: Does) -> Proof:
    """The single edits that do it, else the pairs, else a set with nothing to spare."""
    if len(candidates) > _MANY:
        if not does(frozenset(candidates)):
            return Proof()
        held = _without_spare(list(candidates), does)
        return Proof((tuple(held),), smallest=len(held) == 1)
    alone = [i for i in candidates if does(frozenset({i}))]
    if alone:
        return Proof(tuple((i,) for i in alone))
    if not candidates or not does(frozenset(candidates)):
        return Proof()
    if len(candidates) <= _PAIRS:
        pairs = [p for p in combinations(candidates, 2) if does(frozenset(p))]
        if pairs:
            return Proof(tuple(pairs))
    held = _without_spare(list(candidates), does)
    return Proof((tuple(held),), len(held) == 3 and len(candidates) <= _PAIRS)


def _without_spare(held: list[str], does: Does) -> list[str]:
    """Leave out large parts first, then single edits, while it still does."""
    size = len(held) // 2
    while size:
        at = 0
        while at < len(held):
            rest = held[:at] + held[at + size :]
            if rest and does(frozenset(rest)):
                held = rest
            else:
                at += size
        size //= 2
    return held


@dataclass
class Trials:
    """One case judged under the versions between OLD and NEW, each once."""

    stored: StoredCase
    between: Between
    old: Judged
    new: Judged
    _done: dict[Edits, Judged | None] = field(default_factory=dict)

    def under(self, chosen: Edits) -> Judged | None:
        """The case under OLD with the chosen edits; None where there is no such."""
        chosen = self.between.closed(chosen)
        if chosen not in self._done:
            if len(self._done) >= _KEPT:
                self._done.pop(next(iter(self._done)))
            self._done[chosen] = self._judged(chosen)
        return self._done[chosen]

    def _judged(self, chosen: Edits) -> Judged | None:
        knowledge = self.between.with_(chosen)
        if knowledge is None:
            return None
        try:
            return self.stored.judged(self.stored.known(knowledge))
        except SalesdxError:  # an answer to a question that is not there yet
            return None

    def prove(
        self, likely: Iterable[str], same: Callable[[Judged], bool]
    ) -> Proof:  # fmt: skip
        """Which edits make the case `same` as under NEW; the likely ones come first."""

        def does(chosen: Edits) -> bool:
            found = self.under(chosen)
            return found is not None and same(found)

        first = sorted(set(likely))
        proof = prove(first, does)
        every = sorted(self.between.edits)
        if not proof.sets and first != every:
            proof = prove(every, does)
        told = {i for s in proof.sets for i in s}
        needed = self.between.closed(frozenset(told)) - told
        return replace(proof, needed=tuple(sorted(needed)))

    def reaching(self, cause: str) -> list[str]:
        """Edits that can bear on the verdict of a cause, by what it reads."""
        read = self.between.read_by(cause)
        figures = self.old.known.figures, self.new.known.figures
        moved = figures[0] is not figures[1]
        asked = {*figures[0].asked, *figures[1].asked} if moved else set()
        return [
            i for i, e in self.between.edits.items()
            if e.bearing == "verdict"
            and ((e.kind, e.entry) in read or _by_figures(e, moved, asked))
        ]  # fmt: skip


def _by_figures(edit: Edit, moved: bool, asked: set[str]) -> bool:
    """Whether an edit can bear on everything, by way of the figures."""
    if edit.kind == "roles":
        return True
    return moved and (edit.kind == "metrics" or edit.entry in asked)
