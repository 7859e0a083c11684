"""The page of all figures, made from their declarations.

`python -m salesdx.workbench.metric_page docs` writes it in both languages.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from salesdx.explanation.wording import PLACES
from salesdx.knowledge.answered import address, asked
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.knowledge.models import MetricEntry
from salesdx.language import Language, Text

PAGES: dict[Language, str] = {"en": "metrics.md", "ru": "ru/metrics.md"}
_INTRO = Text(
    en="""# All figures

What salesdx can measure, by id. A figure is computed when the tables that it needs are there; else it is
*unknown*, with the reason. What no table holds is asked: then the answer is the figure, marked as said, not measured.
This page is made from `knowledge_base/metrics.yaml`; do not edit it by hand.

`M-…` are figures of the domain, other codes say where else a figure comes from. Shares and ratios are numbers from 0 to 1 in files, percent in reports.
""",  # noqa: E501
    ru="""# Все показатели

Что умеет измерять salesdx, по порядку кодов. Показатель считается, если есть нужные таблицы; иначе он
*неизвестен*, и сказано почему. О том, чего нет ни в одной таблице, спрашиваем: тогда показателем становится ответ с пометкой «со слов, не измерено».
Страница собрана из `knowledge_base/metrics.yaml`; руками её не правят.

`M-…` — показатели предметной области, остальные коды говорят, откуда ещё взят показатель. Доли и отношения в файлах — числа от 0 до 1, в отчётах — проценты.
""",  # noqa: E501
)
_COLUMNS = Text(
    en="Figure|Id, reference|Unit|By|From|What it is",
    ru="Показатель|Код, ссылка|Единица|Разрезы|Откуда|Что это",
)
_UNITS = {
    "ratio": Text(en="ratio", ru="доля"),
    "count": Text(en="number", ru="число"),
    "days": Text(en="days", ru="дни"),
    "seconds": Text(en="seconds", ru="секунды"),
    "money": Text(en="money", ru="деньги"),
    "factor": Text(en="times", ru="разы"),
    "hours": Text(en="hours", ru="часы"),
    "score": Text(en="score", ru="баллы"),
}
_CUTS = {**PLACES, "period": Text(en="month", ru="месяц")}


def metric_page(knowledge: KnowledgeBase, language: Language) -> str:
    """The whole page as Markdown."""
    heads = _COLUMNS.in_(language).split("|")
    rows = [heads, ["---"] * len(heads)]
    rows += [_row(m, knowledge, language) for m in knowledge.metrics.values()]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{_INTRO.in_(language)}\n{table}\n"


def _row(m: MetricEntry, knowledge: KnowledgeBase, language: Language) -> list[str]:
    tables = [f"`{n}`" for n in m.needs]
    questions = [address(knowledge.questions[i]) for i in asked(m)]
    found = [
        m.title.in_(language),
        _joined([f"`{m.id}`", *m.ref]),
        _UNITS[m.unit].in_(language),
        _joined(_CUTS[d].in_(language) for d in m.grain) or "—",
        _joined([*tables, *questions]),
        m.definition.in_(language),
    ]
    return [cell.replace("|", "\\|") for cell in found]


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def write(folder: Path) -> None:
    """Write the page in both languages below a folder."""
    knowledge = load()
    for language, name in PAGES.items():
        page = folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(metric_page(knowledge, language), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
