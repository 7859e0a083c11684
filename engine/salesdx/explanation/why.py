"""why: the bill of a cause, line by line, and what is still unknown."""

from pydantic import BaseModel, ConfigDict

from salesdx.language import Language
from salesdx.result import CauseRow, Evidence

_VERDICTS = {
    "likely": ("likely", "вероятно"),
    "possible": ("possible", "возможно"),
    "open": ("open", "вопрос открыт"),
    "unlikely": ("unlikely", "маловероятно"),
    "ruled_out": ("ruled out", "исключено"),
    "cannot_judge": ("cannot be judged", "нельзя судить"),
}


class Why(BaseModel):
    """All rows of one cause, the strongest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cause: str
    rows: list[CauseRow]

    def text(self, language: Language) -> str:
        """The bill in words."""
        return "\n\n".join(_row(r, language) for r in self.rows)


def _row(row: CauseRow, language: Language) -> str:
    ru = language == "ru"
    where = ", ".join(f"{k} = {v}" for k, v in row.slice.items())
    verdict = _VERDICTS[row.verdict][ru]
    lines = [f"{row.title.in_(language)}{f' ({where})' if where else ''}: {verdict}"]
    lines.append(
        f"Вес свидетельств {row.points} (от {row.worst} до {row.best}), "
        f"проверено {row.coverage:.0%} свидетельств"
        if ru
        else f"Weight of evidence {row.points} (from {row.worst} to {row.best}), "
        f"{row.coverage:.0%} of the evidence looked at"
    )
    lines += [_evidence(e, language) for e in row.evidence]
    for check in row.checks:
        mark = {"true": "✓", "false": "✗", "unknown": "?"}[check.state]
        lines.append(f"  {mark} [{check.kind}] {check.text.in_(language)}")
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


def _evidence(line: Evidence, language: Language) -> str:
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
        f"{name} = {fact.value}" for name, fact in line.facts.items()
        if ":" not in name
    )  # fmt: skip
    return (
        f"  {line.points:+4d}{note} {line.because.in_(language)}\n"
        f"        {line.rule} [{line.grade}] {refs} ({source}) {values}".rstrip()
    )
