"""OLD with some of the edits: what a version would be with them and no others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.files import Raw
from salesdx.knowledge.layers import Off
from salesdx.knowledge.load import build
from salesdx.knowledge.models import Cause, Rule
from salesdx.workbench.differences import Edit
from salesdx.workbench.reads import Read, read_by
from salesdx.workbench.requirements import Needs, requirements

Edits = frozenset[str]  # ids
OFF = "#off"
_SHOWN = ("worksheets", "claims", "solution_areas", "questionnaires")
_KEPT = 300  # versions that are kept


class Between:
    """Every version between OLD and NEW, each built once."""

    def __init__(
        self, old: KnowledgeBase, new: KnowledgeBase, edits: Sequence[Edit]
    ) -> None:
        self.old, self.new = old, new
        self.edits: Mapping[str, Edit] = {e.id: e for e in edits if e.bearing != "text"}
        self._built: dict[Edits, KnowledgeBase | None] = {}
        self._read: dict[str, Read] = {}

    def read_by(self, cause: str) -> Read:
        """What the verdict of a cause rests on, on either side."""
        if cause not in self._read:
            self._read[cause] = read_by(cause, self.old) | read_by(cause, self.new)
        return self._read[cause]

    @cached_property
    def meeting(self) -> frozenset[str]:
        """Edits that share a cause with another one, and so could hold it back."""
        found: set[str] = set()
        for cause in sorted({*self.old.causes, *self.new.causes}):
            read = self.read_by(cause)
            here = [
                i for i, e in self.edits.items()
                if e.bearing == "verdict" and (e.kind, e.entry) in read
            ]  # fmt: skip
            found.update(here if len(here) > 1 else ())
        return frozenset(found)

    @cached_property
    def needs(self) -> Needs:
        """What has to come with an edit."""
        return requirements(self.edits, self.old, self.new)

    def closed(self, chosen: Edits) -> Edits:
        """The chosen edits with all that they cannot be without."""
        return chosen.union(*(self.needs[i] for i in chosen))

    def with_(self, chosen: Edits) -> KnowledgeBase | None:
        """OLD with the chosen edits and all that they cannot be without.

        None where they make no valid base even so.
        """
        chosen = self.closed(chosen)
        if not chosen:
            return self.old
        if chosen not in self._built:
            if len(self._built) >= _KEPT:  # memory, where there are hundreds of edits
                self._built.pop(next(iter(self._built)))
            self._built[chosen] = self._build([self.edits[i] for i in sorted(chosen)])
        return self._built[chosen]

    def _build(self, chosen: Iterable[Edit]) -> KnowledgeBase | None:
        entries = {k: dict(v) for k, v in self.old.entries.items()}
        off = set(self.old.off)
        for kind in _SHOWN:  # of both sides: verdicts do not rest on them
            entries[kind] = {**self.new.entries.get(kind, {}), **entries.get(kind, {})}
        for edit in chosen:
            self._switch(edit, off)
            kind = "causes" if edit.kind == "rules" else edit.kind
            after = self.new.entries.get(kind, {}).get(edit.entry)
            held = entries.setdefault(kind, {})
            if after is None:
                held.pop(edit.entry, None)
            elif edit.part:
                held[edit.entry] = _in_part(edit, held[edit.entry], after)
            else:
                held[edit.entry] = after
        sheets = dict(self.old.worksheets)
        raw = Raw(entries, self.old.pack, worksheets=sheets, off=off)
        knowledge, problems = build(raw)
        faults = [p for p in problems if p.code != "unknown-placeholder"]
        return None if faults else knowledge

    def _switch(self, edit: Edit, off: Off) -> None:
        """What NEW switches off is off with the edit, and the other way round."""
        if edit.part in ("", OFF):
            key = (edit.kind, edit.entry)
        elif edit.kind == "rules":
            key = ("rules", f"{edit.entry}/{edit.part}")
        else:
            return
        if key in self.new.off:
            off.add(key)
        else:
            off.discard(key)


def _in_part(edit: Edit, before: Entry, after: Entry) -> Entry:
    """A cause with one rule or one key as it is after."""
    cause: Cause = before.model
    if edit.part == OFF:
        return before
    if edit.part.startswith("#"):
        key = edit.part[1:]
        changes: dict[str, Any] = {key: getattr(after.model, key)}
    else:
        changes = {
            key: _with_rule(getattr(cause, key), getattr(after.model, key), edit.part)
            for key in ("evidence", "against")
        }
    return replace(before, model=cause.model_copy(update=changes))


def _with_rule(rules: list[Rule], after: list[Rule], name: str) -> list[Rule]:
    """The rules, but the one of a name as it stands after, if it does."""
    return [r for r in rules if r.id != name] + [r for r in after if r.id == name]
