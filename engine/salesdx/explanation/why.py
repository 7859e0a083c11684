"""why: the bill of a cause, line by line, and what is still unknown."""

from pydantic import BaseModel, ConfigDict

from salesdx.explanation.wording import VERDICTS
from salesdx.language import Language, quantity
from salesdx.result import CauseRow, Evidence, FactValue

_STATES = {
    "true": ("yes", "да"),
    "false": ("no", "нет"),
    "unknown": ("not known", "неизвестно"),
}
_CHECKS = {
    "gate": ("needed for “likely”", "нужно для «вероятно»"),
    "unless": ("would take the blame off", "сняло бы вину"),
    "rules_out": ("would rule it out", "исключило бы"),
    "rival": ("held back", "придержано"),
    "no_harm": ("held back", "придержано"),
    "two_groups": ("held back", "придержано"),
}


class Why(BaseModel):
    """All rows of one cause, the strongest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cause: str
    rows: list[CauseRow]
    currency: str = ""

    def text(self, language: Language) -> str:
        """The bill in words."""
        return "\n\n".join(_row(r, language, self.currency) for r in self.rows)


def _row(row: CauseRow, language: Language, currency: str) -> str:
    ru = language == "ru"
    where = ", ".join(f"{k} = {v}" for k, v in row.slice.items())
    verdict = VERDICTS[row.verdict].in_(language)
    lines = [f"{row.title.in_(language)}{f' ({where})' if where else ''}: {verdict}"]
    lines.append(
        f"Вес свидетельств {row.points} (от {row.worst} до {row.best}), "
        f"проверено {row.coverage:.0%} свидетельств"
        if ru
        else f"Weight of evidence {row.points} (from {row.worst} to {row.best}), "
        f"{row.coverage:.0%} of the evidence looked at"
    )
    lines += [_evidence(e, language, currency) for e in row.evidence]
    for check in row.checks:
        kind, state = _CHECKS[check.kind][ru], _STATES[check.state][ru]
        said = f"  ·  {kind}: {check.text.in_(language)}"
        held = check.kind in ("rival", "no_harm", "two_groups")
        lines.append(said if held else f"{said} — {state}")
    if row.missing:
        lines.append("Неизвестно:" if ru else "Not known:")
        lines += [
            f"  ?  {m.title.in_(language)} ({m.question or m.metric}, до {m.could_add})"
            if ru
            else f"  ?  {m.title.en} ({m.question or m.metric}, up to {m.could_add})"
            for m in row.missing[:8]
        ]
    lines.append(
        ("Как проверить: " if ru else "How to verify: ") + row.verify.in_(language)
    )
    return "\n".join(lines)


def _evidence(line: Evidence, language: Language, currency: str) -> str:
    ru = language == "ru"
    note = ""
    if line.counted != line.points:
        note = (
            f" (учтено {line.counted}: {line.group})"
            if ru
            else f" (counted {line.counted}: {line.group})"
        )
    source = ", ".join(f"{k} {v}" for k, v in line.source.items())
    refs = " ".join(line.ref)
    values = "; ".join(
        f"{name} = {_value(fact, language, currency)}"
        for name, fact in line.facts.items()
        if ":" not in name
    )
    return (
        f"  {line.points:+4d}{note} {line.because.in_(language)}\n"
        f"        {line.rule} [{line.grade}] {refs} ({source}) {values}".rstrip()
    )


def _value(fact: FactValue, language: Language, currency: str) -> str:
    """A value as people write it; codes of options stay codes here."""
    value = fact.value
    if value is None or isinstance(value, bool):
        state = {True: "true", False: "false", None: "unknown"}[value]
        return _STATES[state][language == "ru"]
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    if isinstance(value, int | float):
        return quantity(float(value), fact.unit or "", language, currency)
    return str(value)
