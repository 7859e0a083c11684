"""Write the made-up company as a case folder: company.yaml, data/, answers.yaml."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from salesdx.demo import answers, control, records, setting, work
from salesdx.demo.case_files import write_table, yaml_text
from salesdx.demo.deals import deals
from salesdx.demo.earlier import as_known
from salesdx.demo.examples import WHOLESALER, example
from salesdx.demo.names import AS_MADE, Names
from salesdx.demo.records import Sheet
from salesdx.demo.requests import requests
from salesdx.demo.seed import SEED
from salesdx.language import Language


def write_demo(folder: Path, seed: int = SEED, language: Language = "ru") -> Path:
    """Write the case into `folder`; see `salesdx.demo`."""
    names = example(WHOLESALER).names(language)
    return _write(folder, setting.AS_OF, answers.rows(), sheets(seed, names), names)


def write_last_run(folder: Path, seed: int = SEED, language: Language = "ru") -> Path:
    """The same company as it was when it was diagnosed before."""
    company = example(WHOLESALER)
    day, names = company.spec["last_run"]["as_of"], company.names(language)
    tables = as_known(sheets(seed, names), day)
    return _write(folder, day, answers.rows(), tables, names)


def _write(
    folder: Path, as_of: dt.date, rows: list[dict[str, Any]],
    tables: Iterable[Sheet], names: Names,
) -> Path:  # fmt: skip
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    company = _company(as_of, names)
    (folder / "company.yaml").write_text(company, encoding="utf-8")
    (folder / "answers.yaml").write_text(_answers(rows, names), encoding="utf-8")
    for sheet in tables:
        write_table(data, sheet.name, sheet.columns.split(), sheet.rows, names)
    return folder


def sheets(seed: int = SEED, names: Names = AS_MADE) -> Iterator[Sheet]:
    """All tables; client names are put together in the language, the rest is not."""
    asked = requests(random.Random(f"{seed}:requests"))
    made = deals(asked, random.Random(f"{seed}:deals"))
    return chain(
        records.sheets(asked, made, random.Random(f"{seed}:records"), names),
        work.sheets(asked, made, random.Random(f"{seed}:work")),
        control.sheets(asked, random.Random(f"{seed}:control")),
    )


def _company(as_of: dt.date, names: Names) -> str:
    stages = [
        {"id": s.id, "title": s.title, "reference_days": s.reference_days}
        for s in setting.STAGES
    ]
    head = {
        "format": 1,
        "name": "СеверТехСнаб",
        "currency": "RUB",
        "timezone": "Asia/Yekaterinburg",
        "working_hours": {
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "from": f"{setting.OPENS:02d}:00",
            "to": f"{setting.CLOSES:02d}:00",
            "holidays": "RU",
        },
        "as_of": as_of.isoformat(),
        "sales_model": "b2b",
        "industry": "Оптовая торговля инженерным оборудованием",
        "funnels": [
            {
                "id": "main",
                "entry": "заявка клиента зарегистрирована в CRM",
                "stages": stages,
                "main_stage": "proposal",
            }
        ],
        "lost_reasons": {
            "Дорого": "price",
            "Ушли к конкуренту": "competitor",
            "Решение отложено": "no_decision",
            "Не подошли сроки": "timing",
            "Потребность отпала": "no_need",
            "Нет в наличии": "not_available",
            "Другое": "other",
        },
    }
    return (
        "# A made-up company: any likeness to a real one is chance.\n"
        "# Вымышленная компания: любые совпадения случайны.\n"
        + yaml_text(names.within(head))
    )


def _answers(rows: list[dict[str, Any]], names: Names) -> str:
    given = {"respondents": answers.RESPONDENTS, "answers": rows}
    return yaml_text({"format": 1, **names.within(given)})
