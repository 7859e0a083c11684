"""A case whose every text is hostile: names, tables, answers, plan, own knowledge.

Forty managers, each called by one payload, with deals enough to be a slice of their
own; each payload also is a segment, a source, a product and so on. What a file cannot
hold (NUL, signs that nobody sees where they are refused) is left out of it.
"""

import csv
import io
import re
from pathlib import Path
from typing import Any

import yaml
from hostile import PAYLOADS

from salesdx.errors import UNSEEN

ALL = " ".join(PAYLOADS)
# headers of columns that nobody knows, several payloads in one
HEADS = [" ".join(PAYLOADS[i::8]).replace("\x00", "") for i in range(8)]
DEALS_EACH = 10
_DIMENSIONS = ("segment", "source", "channel", "region", "product", "department",
               "lost_reason", "client_id")  # fmt: skip
LIKELY = ("comm.departments-read-crm", "funnel.history-known")


def said(number: int, longest: int = 10_000) -> str:
    """A payload as a text of a file: without what no file may hold."""
    text = PAYLOADS[number % len(PAYLOADS)].replace("\n", " ").replace("\ufffe", "")
    text = UNSEEN.sub("", text)
    return text.strip()[:longest] or "x"


def every(longest: int = 10_000) -> str:
    """All payloads in one text."""
    return " ".join(said(i) for i in range(len(PAYLOADS)))[:longest]


def both(number: int) -> dict[str, str]:
    """A text of an overlay; braces are placeholders there, others are refused."""
    text = said(number).replace("{", "(").replace("}", ")")
    return {"en": f"{text} {number}", "ru": f"{text} {number}"}


def hostile_folder(at: Path) -> Path:
    """Write the case."""
    (at / "data").mkdir(parents=True)
    for name, data in (
        ("company.yaml", _company()), ("answers.yaml", _answers()),
        ("plan.yaml", _plan()),
    ):  # fmt: skip
        (at / name).write_text(_yaml(data), "utf-8")
    (at / "data" / "deals.csv").write_bytes(deals())
    for number in (0, 4, 9, 37):  # files that are no table: their names are told
        name = re.sub(r"[/\x00]", "_", said(number))[:60]
        (at / "data" / f"{name}.csv").write_text("a,b\n1,2\n", "utf-8")
    _overlay(at / "own")
    return at


def deals(rows: int = len(PAYLOADS) * DEALS_EACH, heads: bool = False) -> bytes:
    """A table of deals; the first manager loses nearly all, so that gaps are found."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    extra = HEADS if heads else []
    table.writerow(["deal_id", "entered_at", "closed_at", "status", "amount",
                    "manager_id", *_DIMENSIONS, *extra])  # fmt: skip
    for i in range(rows):
        month, day, who = i % 5 + 1, i % 27 + 1, i % len(PAYLOADS)
        if i % 3 == 0:
            who = 0
        won = i % 3 == 1 or (who and i % 5 == 0)
        values = [said(3 * j + i % (2 + j)) for j in range(len(_DIMENSIONS))]
        table.writerow([
            f"D{i}", f"2026-{month:02}-{day:02}", f"2026-{month + 1:02}-{day:02}",
            "won" if won else "lost", 10_000, said(who), *values,
            *(said(i + j) for j in range(len(extra))),
        ])  # fmt: skip
    return out.getvalue().encode()


def _company() -> dict[str, Any]:
    return {
        "format": 1, "name": every(400), "currency": "RUB", "as_of": "2026-12-31",
        "sales_model": "b2b", "industry": every(200), "team": every(200),
        "funnels": [{
            "id": said(0), "title": every(300), "entry": every(300),
            "stages": [{"id": said(i), "title": said(i + 1), "criterion": every(300),
                        "reference_days": 3} for i in range(4)],
        }],
        "lost_reasons": {said(i): "price" for i in range(len(PAYLOADS))},
        "channels": {said(i): "online" for i in range(8)},
        "respondents": {
            "owner": {"role": "owner", "name": every(200)},
            "head": {"role": "head_of_sales", "name": said(4)},
            said(5): {"role": "seller", "name": said(6), "manager": said(0)},
        },
        "knowledge": ["own"],
    }  # fmt: skip


def _answers() -> dict[str, Any]:
    given: list[dict[str, Any]] = [
        {"question": q, "by": "head", "value": False, "note": every(1_900),
         "evidence": [said(i) for i in range(8)]}
        for q in LIKELY
    ]  # fmt: skip
    given += [
        {"question": "odc.deadline-exists", "by": "head", "value": False},
        {"question": "odc.deadline-exists", "by": "owner", "value": True,
         "note": every(1_900)},
        {"question": "why.difference", "by": "owner", "value": every(1_900)},
        {"question": "why.owner-can-answer", "by": "owner",
         "state": "not_applicable", "reason": every(1_900)},
    ]  # fmt: skip
    return {"format": 1, "answers": given}


def _plan() -> dict[str, Any]:
    return {"format": 1, "actions": {
        "gone-by-now": {"owner": said(1, 190), "note": every(3_900)},
        "hostile-remedy": {"owner": every(190), "note": every(3_900),
                           "start": "2026-12-01"},
    }}  # fmt: skip


def _overlay(at: Path) -> None:
    """A cause and a remedy of one's own, a change with its reason, a form."""
    text = both
    cause = {
        "id": "hostile-cause", "kind": "process", "title": text(0),
        "summary": text(4), "verify": text(9), "remedies": ["hostile-remedy"],
        "evidence": [
            {"id": f"hostile-{i}", "if": {q: False}, "weight": "strong",
             "direct": True, "because": text(i + 1), "source": {"note": said(i)},
             "grade": "EX"}
            for i, q in enumerate(LIKELY)
        ],
    }  # fmt: skip
    remedy = {
        "id": "hostile-remedy", "title": text(1), "days": 5, "owner": "owner",
        "steps": [text(i) for i in range(len(PAYLOADS))], "source": {"note": said(3)},
        "grade": "EX", "worksheet": "figure-passport",
        "kpi": {"metric": "conversion.raw", "target": "norm", "check_day": 30},
    }  # fmt: skip
    for name, data in (
        ("pack.yaml", {"format": 1, "id": "own", "version": "1", "engine": ">=0"}),
        ("causes/process/hostile-cause.yaml", cause),
        ("remedies/own.yaml", {"format": 1, "remedies": [remedy]}),
        ("tuning.yaml", {"format": 1, "rules": [
            {"at": "outcomes-not-logged/copied-by-mail", "weight": "slight",
             "why": text(5)}]}),
    ):  # fmt: skip
        path = at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_yaml(data), "utf-8")


def _yaml(data: Any) -> str:
    return str(yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False))


class _Plain(yaml.SafeDumper):
    """No anchors: the reader refuses them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
