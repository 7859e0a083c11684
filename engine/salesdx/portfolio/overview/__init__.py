"""What many companies have in common: the result table read, row group by row group.

The table is read three times, each time only the columns that are needed: who the
companies are and what they lose (`companies`), what their causes are (`counting`), and
which of them come first in a list (`picking`). What is held of a company between the
readings are some thirty bytes. Sums are exact: the order of rows changes nothing.
"""

from pathlib import Path

from salesdx.knowledge.base import KnowledgeBase
from salesdx.portfolio.model import Knowledge, PortfolioDocument
from salesdx.portfolio.overview.cause_rows import cause_rows
from salesdx.portfolio.overview.companies import read_companies
from salesdx.portfolio.overview.counting import count
from salesdx.portfolio.overview.groups import groups
from salesdx.portfolio.overview.lists import lists
from salesdx.portfolio.overview.marks import marks_of
from salesdx.portfolio.overview.matrix import matrix
from salesdx.portfolio.overview.money import money
from salesdx.portfolio.overview.remedies import programme, remedies
from salesdx.portfolio.overview.size import size
from salesdx.portfolio.overview.table import ResultTable
from salesdx.portfolio.overview.together import together
from salesdx.portfolio.overview.treating import Treating
from salesdx.portfolio.overview.unknown import unknown
from salesdx.portfolio.overview.unlike import far_from_group

__all__ = ["of"]


def of(
    result: Path, knowledge: KnowledgeBase, *, rejected: int = 0
) -> PortfolioDocument:
    """Tell what the companies of a result table have in common.

    Args:
        result: `result.parquet`, as `portfolio.result_table` describes it.
        knowledge: the knowledge base that judged the companies.
        rejected: rows of the input that could not be used.

    Raises:
        DataError: the file is no result table.
    """
    table = ResultTable(result)
    marks = marks_of(knowledge)
    held = read_companies(table)
    treating = Treating.of(knowledge, table.causes)
    found = count(table, held, marks, treating)
    causes = cause_rows(table, knowledge, held, found)
    far = far_from_group(held, marks)
    first, listings = lists(table, held, found, far, causes, marks)
    return PortfolioDocument(
        knowledge=Knowledge(
            pack=knowledge.pack.id, version=knowledge.pack.version, hash=knowledge.hash
        ),
        marks=marks,
        size=size(held, marks, rejected),
        causes=causes,
        remedies=remedies(knowledge, treating, found),
        programme=programme(treating, found),
        money=money(held, table.causes),
        first=first,
        lists=listings,
        groups=groups(held, found, table.causes, marks),
        together=together(knowledge, table.causes, found, marks),
        unknown=unknown(knowledge, causes, held),
        matrix=matrix(table, causes),
    )
