"""kb impact: stored cases under two versions, what became otherwise, and by which edit.

A case is read once. Under either version its facts are gathered and its causes judged;
each verdict that is another is explained by the rules that moved, and laid to the edits
that bring it about by themselves: they are applied to OLD, and the case judged again.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from salesdx.errors import SalesdxError
from salesdx.workbench.attribution import Trials
from salesdx.workbench.counterfactual import Between
from salesdx.workbench.differences import compare
from salesdx.workbench.impact_case import compared
from salesdx.workbench.impact_report import CaseImpact, Impact
from salesdx.workbench.replay import Judged, StoredCase, case_folders, case_name
from salesdx.workbench.seen import Seen, seen
from salesdx.workbench.versions import Version

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
        self.added = {*new.knowledge().questions} - {*old.knowledge().questions}
        self.pairs: dict[tuple[Path, ...], Between] = {
            (): Between(old.knowledge(), new.knowledge(), self.edits)
        }
        self.cases: list[CaseImpact] = []
        self.faulty: list[tuple[str, SalesdxError]] = []
        self.seen: dict[str, Counter[Seen]] = {}
        self.shown: set[str] = set()  # edits that some case has shown already

    def report(self) -> Impact:
        return Impact(
            self.old, self.new, self.edits, tuple(self.cases), tuple(self.faulty),
            self.seen,
        )  # fmt: skip

    def case(self, folder: Path) -> None:
        name = case_name(folder, self.folder)
        try:
            stored = StoredCase(folder, added=self.added)
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
            self.cases.append(compared(name, trials, self.shown))
            for proof in self.cases[-1].proofs:
                self.shown.update(proof.edits)

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
