"""What `--fail-on` asks for: names of conditions by commas, some with a limit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.content import did_you_mean
from salesdx.errors import Said, UsageError, hinted
from salesdx.gate.conditions import CONDITIONS, Takes

# what is new and what makes the rest worthless; what people promised is asked for
DEFAULT = "new-cause,new-loss,worse,data-error,not-enough-data"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition that was asked for, with its limit where it takes one."""

    id: str
    limit: float | None = None


def wanted(text: str) -> list[Wanted]:
    """The conditions of a text such as `new-cause,loss-above=5000000`.

    Raises:
        UsageError: a name is not known or named twice, or a limit does not do.
    """
    found = [_one(part.strip()) for part in text.split(",") if part.strip()]
    if not found:
        names = ", ".join(CONDITIONS)
        raise UsageError(Said(
            f"--fail-on: name at least one condition: {names}",
            f"--fail-on: назовите хотя бы одно условие: {names}",
        ))  # fmt: skip
    _once([w.id for w in found])
    return found


def _one(part: str) -> Wanted:
    name, has_limit, limit = part.partition("=")
    name = name.strip()
    condition = CONDITIONS.get(name)
    if condition is None:
        what = Said(
            f"--fail-on: there is no condition {name!r}",
            f"--fail-on: нет условия «{name}»",
        )
        names = ", ".join(CONDITIONS)
        known = Said(f"there are {names}", f"есть {names}")
        raise UsageError(hinted(what, did_you_mean(name, CONDITIONS) or known))
    if condition.takes is None:
        if has_limit:
            raise UsageError(Said(
                f"--fail-on: {name} takes no limit",
                f"--fail-on: у условия {name} нет порога",
            ))  # fmt: skip
        return Wanted(name)
    return Wanted(name, _limit(name, condition.takes, limit.strip()))


def _limit(name: str, takes: Takes, text: str) -> float:
    percent = takes == "share" and text.endswith("%")
    try:
        found = float(text.removesuffix("%") if percent else text)
    except ValueError:
        found = math.nan
    found = found / 100 if percent else found
    if not 0 <= found < math.inf or (takes == "share" and found > 1):
        example = {"money": "5000000", "share": "0.5"}[takes]
        raise UsageError(Said(
            f"--fail-on: {name} needs a limit: {name}={example}",
            f"--fail-on: условию {name} нужен порог: {name}={example}",
        ))  # fmt: skip
    return found


def _once(names: Sequence[str]) -> None:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            raise UsageError(Said(
                f"--fail-on: {name} is named twice",
                f"--fail-on: условие {name} названо дважды",
            ))  # fmt: skip
