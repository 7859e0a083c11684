"""When a measured figure denies what is said: for one company, or a column of them."""

from typing import Any

from salesdx.knowledge.models import MetricEntry

TOLERANCE = 0.2
MOSTLY = 0.5


def off_the_mark(said: Any, low: Any, high: Any, value: Any) -> Any:
    """Whether a number that is said lies further off than anybody would round.

    Args:
        said: the claim, in the unit of the figure.
        low: where the figure starts, if it is an interval; else the figure.
        high: where it ends.
        value: the figure.
    """
    slack = TOLERANCE * abs(value)
    return (said < low - slack) | (said > high + slack)


def habit_denied(yes: bool, entry: MetricEntry, low: Any, high: Any) -> Any:
    """Whether the share of cases in which a thing is done denies a yes or a no.

    Yes is no number: "every request" and "as a rule" are both a yes, and a strict head
    says no to nine in ten. So praise is denied where the good practice is not even
    kept in most cases, and blame where it is kept in practically all.
    """
    if entry.direction == "down":  # the share counts the fault, not the practice
        yes, low, high = not yes, 1 - high, 1 - low
    elif entry.direction != "up":
        return False
    return high < MOSTLY if yes else low > 1 - TOLERANCE
