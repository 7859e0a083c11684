"""Why one company of a portfolio was judged so: its whole diagnosis."""

from pathlib import Path

from salesdx.analysis import Analysis, judge
from salesdx.knowledge.base import KnowledgeBase
from salesdx.plan_edits import EditFile
from salesdx.portfolio.facts_table import FactsTable


def explained(table: FactsTable, knowledge: KnowledgeBase, id_: str) -> Analysis:
    """The diagnosis of a row, as that of a case without tables.

    Raises:
        UsageError: there is no such row.
        DataError: the row was left out, for the reasons that are told.
    """
    row = table.find(id_)
    return judge(row.measured(knowledge, Path(row.id)), row.log, EditFile())
