"""A small sound base with names of the shipped one, under the broken files."""

from pathlib import Path
from typing import Any

import knowledge_fixture as made
from knowledge_fixture import TEXT, cause, metric, question, rule, symptom, text_file

OPTIONS = [{"code": c, "title": TEXT} for c in ("memory", "manual-sheet")]
MANY = [{"code": c, "title": TEXT} for c in ("telephony", "messengers")]
REMEDY = {
    "id": "off-hours-cover", "title": TEXT, "steps": [TEXT], "owner": "head_of_sales",
    "days": 7, "source": {"note": "example"}, "grade": "EX",
}  # fmt: skip


def _mark(name: str) -> dict[str, Any]:
    return {
        "id": name, "value": 0.2, "unit": "ratio", "title": TEXT, "applies_to": TEXT,
        "source": {"note": "example"}, "grade": "EX", "date": "2026-01",
    }  # fmt: skip


def write_base(folder: Path) -> Path:
    """Write it."""
    made.write(
        folder,
        causes=[
            cause("off-hours-not-covered", [rule("r", {"data.young-excluded": "no"})])
        ],
        symptoms=[symptom("slow-reply", {"response.first-business": "> 3600"})],
        metrics=[
            metric("conversion.mature"),
            metric("response.first-business", unit="seconds"),
        ],
        questions=[
            question("data.young-excluded"),
            question("data.figure-source", "enum", options=OPTIONS),
            question("crm.functions", "multi", options=MANY),
            question("base.wallet-known", "number", unit="percent"),
        ],
        benchmarks=[_mark("assortment.coverage-low")],
    )  # fmt: skip
    roles = "format: 1\nroles:\n"
    for name in ("head", "head_of_sales"):
        roles += f"  - {{id: {name}, title: {{en: Head, ru: Руководитель}}}}\n"
    text_file(folder, "roles.yaml", roles)
    made.dump(folder, "remedies/all.yaml", {"format": 1, "remedies": [REMEDY]})
    return folder
