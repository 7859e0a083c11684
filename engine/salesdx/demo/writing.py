"""Write the made-up company as a case folder: company.yaml, data/, answers.yaml."""

import csv
import datetime as dt
import random
from itertools import chain
from pathlib import Path

import yaml

from salesdx.demo import answers, control, records, setting, work
from salesdx.demo.deals import deals
from salesdx.demo.records import Sheet
from salesdx.demo.requests import requests

SEED = 2026


def write_demo(folder: Path, seed: int = SEED) -> Path:
    """Write the case into `folder` (made if need be); the same seed, the same bytes.

    Existing files of the same names are replaced, others are left alone.
    """
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    (folder / "company.yaml").write_text(_company(), encoding="utf-8")
    (folder / "answers.yaml").write_text(_answers(), encoding="utf-8")
    asked = requests(random.Random(f"{seed}:requests"))
    made = deals(asked, random.Random(f"{seed}:deals"))
    for sheet in chain(
        records.sheets(asked, made, random.Random(f"{seed}:records")),
        work.sheets(asked, made, random.Random(f"{seed}:work")),
        control.sheets(asked, random.Random(f"{seed}:control")),
    ):
        _write(sheet, data / f"{sheet.name}.csv")
    return folder


def _write(sheet: Sheet, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(sheet.columns.split())
        writer.writerows([_plain(v) for v in row] for row in sheet.rows)


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _company() -> str:
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
        "as_of": setting.AS_OF.isoformat(),
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
        "# Вымышленная компания: любые совпадения случайны.\n" + _yaml(head)
    )


def _answers() -> str:
    return _yaml(
        {
            "format": 1,
            "respondents": answers.RESPONDENTS,
            "answers": answers.rows(),
        }
    )


def _yaml(data: object) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=88)
