"""All companies at once, where there are few."""

from salesdx.portfolio.model import Matrix, PortfolioDocument
from salesdx.render.portfolio.blocks import figure
from salesdx.render.portfolio.charts import matrix as chart
from salesdx.render.portfolio.words import Words, cut
from salesdx.render.report import Column, Section, Table


def section(document: PortfolioDocument, words: Words) -> Section:
    """The chapter; none for a portfolio of many."""
    found = document.matrix
    title = words.t("matrix.title")
    if found is None:
        return Section("matrix", title, [])
    drawing = chart.draw(found, words)
    caption = words.t("matrix.caption")
    return Section("matrix", title, [figure(drawing, caption, _table(found, words))])


def _table(found: Matrix, words: Words) -> Table:
    """Likely causes, then possible ones, in words: a wide table would be unreadable."""
    columns = [
        Column(words.t("col.company"), 3, strong=True),
        *(Column(words.t(f"col.{s}"), 6) for s in ("likely", "possible")),
    ]
    rows = []
    for row in found.rows:
        names = [
            "; ".join(
                words.cause(c)
                for c, s in zip(found.causes, row.states, strict=True)
                if s == state
            )
            for state in ("likely", "possible")
        ]
        rows.append([cut(row.name or row.id), *(n or "\u2014" for n in names)])
    return Table(columns, rows)
