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

    def places(
        self, causes: Sequence[str], active: Mapping[str, Verdict],
        leader: str | None = None,
    ) -> list[int]:  # fmt: skip
        """The place of each cause by role and kind, were `active` the verdicts.

        A cause that is not likely is placed as it would be if it became so; one that
        produces the leader would then go before it.
        """
        roles = _roles(active, self._causes)
        sure = [i for i, v in active.items() if v == "likely"]
        produced = {f for i in sure for f in _reach(i, active, self._causes)}
        produced |= {f for i in sure for f in self._causes[i].leads_to}
        worsened = {i for a in active for i in self._causes[a].aggravates}
        found = {}
        for name in causes:
            own = self._causes[name]
            if active.get(name) == "likely" or (name == leader and name in roles):
                role = roles[name]
            elif name in produced:
                role = "consequence"
            elif any(active.get(i) == "likely" for i in own.aggravates):
                role = "aggravating"
            elif name in worsened or not active.keys().isdisjoint(own.leads_to):
                role = "root"
            else:
                role = "standalone"
            kind = KINDS.index(own.kind)
            found[name] = 2 * (ROLES.index(role) * len(KINDS) + kind) + 1
        if leader is not None and leader in found:
            near = {**active, leader: active.get(leader, "possible")}
            for name in causes:
                above = near.get(name) != "likely" and found[name] > found[leader]
                if above and leader in _reach(name, near, self._causes):
                    found[name] = found[leader] - 1
        return [found[name] for name in causes]


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
