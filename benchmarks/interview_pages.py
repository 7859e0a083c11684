"""The figures of a run as the tables of the manual, in both languages."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
START, END = "<!-- table -->", "<!-- end of table -->"
HEADS = {
    "en": (
        "setting", "order", "companies", "stable first cause, median", "p90",
        "seconds, median", "stable top 3, median", "true after 10 / 25",
        "stop suggested after", "same first cause as at the end",
        "true at the stop / at the end", "jumps a question",
    ),
    "ru": (
        "условия", "порядок", "компаний", "вопросов до устоявшейся причины, медиана",
        "p90", "секунд, медиана", "до устоявшейся тройки, медиана",
        "верна после 10 / 25", "совет закончить после",
        "первая причина та же, что в конце", "верна тогда / в конце",
        "скачков темы на вопрос",
    ),
}  # fmt: skip
RUSSIAN = {
    "plain: answers alone": "только ответы",
    "with figures of a CRM": "есть цифры из CRM",
    "heavy distortion, slips 20 %": "сильные искажения, 20 % оговорок",
    "many don't-knows": "много «не знаю»",
    "one role: head of sales": "одна роль: РОП",
    "business to business": "b2b",
    "business to consumer": "b2c",
}
READINGS = {
    "en": {
        "diagnosis": "First cause in the order of the diagnosis:",
        "points": "First cause by points:",
    },
    "ru": {
        "diagnosis": "Первая причина по порядку диагноза:",
        "points": "Первая причина по баллам:",
    },
}
SUMS = {
    "en": "{companies} companies, seed {seed}.",
    "ru": "Компаний: {companies}, начальное число {seed}.",
}


def write_pages(data: Mapping[str, Any]) -> None:
    """Put the tables between the marks of both pages."""
    for language, page in (
        ("en", ROOT / "docs" / "interview-order.md"),
        ("ru", ROOT / "docs" / "ru" / "interview-order.md"),
    ):
        before, _, rest = page.read_text(encoding="utf-8").partition(START)
        _, _, after = rest.partition(END)
        text = f"{before}{START}\n{tables(data, language)}\n{END}{after}"
        page.write_text(text, encoding="utf-8")


def tables(data: Mapping[str, Any], language: str) -> str:
    """One table a reading."""
    heads = HEADS[language]
    lines = [SUMS[language].format(**data)]
    for reading, title in READINGS[language].items():
        lines += ["", title, "", _row(heads), "|" + "---|" * len(heads)]
        lines += [
            _row(_cells(row, language)) for row in data["rows"]
            if row["reading"] == reading
        ]  # fmt: skip
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(row: Mapping[str, Any], language: str) -> list[str]:
    ours = row["order"] == "adaptive"
    setting = row["setting"]
    jumps = f"{row['jumps']:.2f}"
    stop = row["stop"]
    return [
        RUSSIAN.get(setting, setting) if language == "ru" else setting,
        f"**{row['order']}**" if ours else row["order"],
        str(row["companies"]),
        f"**{row['questions']:.0f}**" if ours else f"{row['questions']:.0f}",
        f"{row['questions_p90']:.0f}", f"{row['seconds']:.0f}", f"{row['top3']:.0f}",
        f"{_percent(row['true_after_10'])} / {_percent(row['true_after_25'])}",
        "" if stop is None else f"{stop:.0f} / {row['asked']:.0f}",
        "" if stop is None else _percent(row["same_at_stop"]),
        f"{_percent(row['true_at_stop'])} / {_percent(row['true_at_end'])}",
        jumps.replace(".", ",") if language == "ru" else jumps,
    ]  # fmt: skip


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"
