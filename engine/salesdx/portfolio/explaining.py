"""Why one company of a portfolio was judged so: what leads to its whole diagnosis."""

from collections.abc import Sequence
from pathlib import Path

from salesdx.analysis import Analysis, judge
from salesdx.content import did_you_mean
from salesdx.errors import Said, UsageError, hinted
from salesdx.knowledge.base import KnowledgeBase
from salesdx.plan_edits import EditFile
from salesdx.portfolio.facts_table import FactsTable
from salesdx.portfolio.folders import folders_in, ids_of


def explained_row(table: FactsTable, knowledge: KnowledgeBase, id_: str) -> Analysis:
    """The diagnosis of a row, as that of a case without tables.

    Raises:
        UsageError: there is no such row.
        DataError: the row was left out, for the reasons that are told.
    """
    row = table.find(id_)
    return judge(row.measured(knowledge, Path(row.id)), row.log, EditFile())


def case_of(sources: Sequence[Path], id_: str) -> Path:
    """The folder of a case by the id that the result table gives it.

    Raises:
        UsageError: there is no such case.
    """
    folders = folders_in(sources)
    ids = ids_of(folders)
    if id_ not in ids:
        hint = did_you_mean(id_, ids)
        what = Said(f"--explain: no case {id_!r}", f"--explain: нет разбора «{id_}»")
        raise UsageError(hinted(what, hint))
    return folders[ids.index(id_)]
