"""Conditions of what changed: held against an older result.

What is early or cannot be compared fails nothing but the conditions that ask for it.
"""

from salesdx.compare.model import LossChange, MetricChange
from salesdx.compare.words import Value
from salesdx.gate.model import Row
from salesdx.gate.situation import Found, Situation, action, row
from salesdx.gate.words import said


def new_causes(at: Situation, _: float | None) -> Found:
    """Causes that are likely now and were not then."""
    assert at.since is not None
    return Found([
        row("cause", c, c.reason, at.why(c.id, c.slice))
        for c in at.since.causes
        if c.state in ("new", "worse") and c.now and c.now.verdict == "likely"
    ])  # fmt: skip


def new_losses(at: Situation, _: float | None) -> Found:
    """Gaps that are confirmed now and were not then."""
    assert at.since is not None
    found = [
        c for c in at.since.losses
        if c.now and c.now.state == "confirmed" and c.state != "not_comparable"
        and not (c.then and c.then.state == "confirmed")
    ]  # fmt: skip
    return Found([_loss(at, c) for c in found])


def worse_losses(at: Situation, _: float | None) -> Found:
    """Gaps that cost more than chance explains, and did not cost so much then."""
    assert at.since is not None
    return Found([_loss(at, c) for c in at.since.losses if c.state == "worse"])


def _loss(at: Situation, change: LossChange) -> Row:
    because = change.reason
    money = change.now.money if change.now else None
    if because is None and money:
        cost = Value(money.expected, "money", at.now.case.currency)
        because = said("because.loss", cost=cost)
    return row("loss", change, because, at.figures(change.slice))


def worse(at: Situation, _: float | None) -> Found:
    """Figures that went the wrong way beyond chance."""
    assert at.since is not None
    found = [m for m in at.since.metrics if m.state == "worse" and not m.early]
    return Found([_figure(at, m) for m in found])


def early(at: Situation, _: float | None) -> Found:
    """Figures of which it is too early to say anything."""
    assert at.since is not None
    return Found([_figure(at, m) for m in at.since.metrics if m.early])


def _figure(at: Situation, change: MetricChange) -> Row:
    explain = at.figures(change.slice) if change.slice else at.command("diff")
    return row("metric", change, change.reason, explain)


def not_comparable(at: Situation, _: float | None) -> Found:
    """Causes and gaps of which nobody can say whether they changed."""
    assert at.since is not None
    diff, gone = at.command("diff"), "not_comparable"
    causes = [c for c in at.since.causes if c.state == gone]
    losses = [c for c in at.since.losses if c.state == gone]
    return Found([
        *(row("cause", c, c.reason, diff) for c in causes),
        *(row("loss", c, c.reason, diff) for c in losses),
    ])  # fmt: skip


def missed(at: Situation, _: float | None) -> Found:
    """Actions whose day to look has come while their figure is not at the target."""
    assert at.promised is not None
    rows, unknown = [], []
    today = at.now.case.as_of
    for one in at.promised:
        effect = one.effect
        if effect is None or effect.target is None or one.progress == "dropped":
            continue
        if not (effect.look_on and today and effect.look_on <= today):
            continue
        if effect.reached is None or effect.early or effect.state == "not_comparable":
            unknown.append(one)
        elif not effect.reached:
            rows.append(action(at, one, said(
                "because.missed", figure=effect.title,
                now=Value(effect.now, effect.unit, at.now.case.currency),
                target=Value(effect.target, effect.unit, at.now.case.currency),
            )))  # fmt: skip
    return Found(rows, said("open.missed", n=len(unknown)) if unknown else None)
