"""The order of causes as the diagnosis prints it: verdict, role, kind, points, id.

The same as `diagnosis.diagnose` for the rows of the company, without money: tests hold
it to that.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from salesdx.diagnosis import KINDS, ROLES, VERDICTS
from salesdx.inference.points import Total
from salesdx.knowledge.models import Cause
from salesdx.result import Role, Verdict

_ACTIVE = ("likely", "possible")


class Judged(Protocol):
    """A cause with its bill and verdict."""

    @property
    def total(self) -> Total:
        """The bill."""
        ...

    @property
    def verdict(self) -> Verdict:
        """The verdict, rivals compared."""
        ...


class Ranking:
    """Orders the causes of one company."""

    def __init__(self, causes: Mapping[str, Cause]) -> None:
        self._causes = causes
        self.rivals: dict[str, tuple[str, ...]] = {}
        for name, spec in causes.items():
            near = {o for o, s in causes.items() if name in s.rivals}
            found = sorted((near | set(spec.rivals)) & set(causes))
            if found:
                self.rivals[name] = tuple(found)

    def order(
        self, rows: Mapping[str, Judged],
        people: Mapping[str, tuple[Verdict, int]],
    ) -> tuple[str, ...]:  # fmt: skip
        """Ids of the causes, the first place first. `people` count as other roles."""
        active = {i: r.verdict for i, r in rows.items() if r.verdict in _ACTIVE}
        active |= {i: v for i, (v, _) in people.items() if v in _ACTIVE}
        roles = _roles(active, self._causes)
        key = {
            i: (
                VERDICTS.index(r.verdict),
                ROLES.index(roles.get(i, "standalone")),
                KINDS.index(self._causes[i].kind),
                -r.total.points, i,
            )
            for i, r in rows.items()
        }  # fmt: skip
        return tuple(sorted(rows, key=key.__getitem__))

    def places(self, causes: Sequence[str], active: Mapping[str, Verdict]) -> list[int]:
        """The place of each cause by role and kind, were `active` the verdicts."""
        roles = _roles(active, self._causes)
        return [
            ROLES.index(roles.get(i, "standalone")) * len(KINDS)
            + KINDS.index(self._causes[i].kind)
            for i in causes
        ]


def _roles(
    active: Mapping[str, Verdict], causes: Mapping[str, Cause]
) -> dict[str, Role]:
    """The role of every active cause: see `diagnosis`."""
    reach = {i: _reach(i, active, causes) for i in active}
    worsened = {
        a for i in active if i in causes for a in causes[i].aggravates
    }  # fmt: skip
    found: dict[str, Role] = {}
    for name, verdict in active.items():
        mine = VERDICTS.index(verdict)
        sure = [i for i, v in active.items() if i != name and VERDICTS.index(v) <= mine]
        if name not in causes:
            continue
        own = causes[name]
        if any(name in reach[i] for i in sure):
            found[name] = "consequence"
        elif any(i in sure for i in own.aggravates):
            found[name] = "aggravating"
        elif any(i in active for i in own.leads_to) or name in worsened:
            found[name] = "root"
        else:
            found[name] = "standalone"
    return found


def _reach(
    start: str, active: Mapping[str, Verdict], causes: Mapping[str, Cause]
) -> set[str]:
    """Active causes that a cause produces, directly or through other active ones."""
    found: set[str] = set()
    left = [start]
    while left:
        name = left.pop()
        for follower in causes[name].leads_to if name in causes else ():
            if follower in active and follower not in found and follower != start:
                found.add(follower)
                left.append(follower)
    return found
