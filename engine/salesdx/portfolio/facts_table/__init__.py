"""A table of facts, one row a company, read chunk by chunk into batches."""

from salesdx.portfolio.facts_table.found import FoundRow
from salesdx.portfolio.facts_table.table import FactsTable, open_table

__all__ = ["FactsTable", "FoundRow", "open_table"]
