"""The case folder: company.yaml, data/, answers.yaml, plan.yaml, results/."""

from pathlib import Path

from salesdx.case.model import Case
from salesdx.crm.company_file import COMPANY_FILE, init_case, load_company
from salesdx.crm.notes import Note

__all__ = ["COMPANY_FILE", "Case", "Note", "init_case", "load_case", "load_company"]


def load_case(folder: Path) -> Case:
    """Read a case: the company and every table of `data/`.

    What reads tables is heavy: it is imported when there are tables to read.

    Raises:
        DataError: company.yaml is missing or wrong, or a table is unreadable, lacks
            its key column, or has more than 20 % unusable rows.
    """
    from salesdx.case import reading

    return reading.load_case(folder)
