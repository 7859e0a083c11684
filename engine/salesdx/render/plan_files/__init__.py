"""The plan for other programs: a calendar, a table for task trackers, a spreadsheet.

`write(PlanFile(document, steps, "ru", life, stamp), "ics")` gives bytes, equal for
equal input. The document must be fit for its reader: what stands in it is written.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from salesdx.language import Language, Text, texts_of
from salesdx.render.plan_files.steps import Step, plan_on
from salesdx.render.words import Words
from salesdx.result import ResultDocument


@dataclass(frozen=True, slots=True)
class Format:
    """A format: file suffix, media type, and the module that writes it."""

    suffix: str
    media_type: str
    module: str


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "csv": Format(".csv", "text/csv; charset=utf-8", "delimited"),
    "ics": Format(".ics", "text/calendar; charset=utf-8", "calendar"),
    "xlsx": Format(".xlsx", _SHEET, "spreadsheet"),
}
_UNDATED = dt.date(1980, 1, 1)


@dataclass(frozen=True)
class PlanFile:
    """What is written: these steps of the plan of a document.

    `life` names the case apart from all others: what is exported again takes its own
    place in a calendar. `stamp` is when the plan was changed last.
    """

    document: ResultDocument
    steps: Sequence[Step]
    lang: Language
    life: str
    stamp: dt.datetime

    @classmethod
    def of(cls, document: ResultDocument, lang: Language, life: str) -> "PlanFile":
        """The whole plan as it stands on the day of the document: without a clock."""
        as_of = document.case.as_of
        day = dt.date.fromisoformat(as_of) if as_of else _UNDATED
        stamp = dt.datetime.combine(day, dt.time(), dt.UTC)
        return cls(document, plan_on(document, day).steps, lang, life, stamp)

    @property
    def words(self) -> Words:
        """Names and figures in the language of the file."""
        return Words(self.document, self.lang)

    def t(self, key: str, **values: str) -> str:
        """A word of reports/plan_files/texts.yaml."""
        return _texts()[key].fill(lambda name, _: values[name]).in_(self.lang)


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    return texts_of("plan_files/texts.yaml")


def write(plan: PlanFile, fmt: str) -> bytes:
    """The plan in one of `FORMATS`."""
    module = import_module(f"salesdx.render.plan_files.{FORMATS[fmt].module}")
    found: bytes = module.write(plan)
    return found
