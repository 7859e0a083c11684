"""How large the portfolio is, and how much of it was examined."""

import numpy as np

from salesdx.portfolio.model import Count, Coverage, Marks, Size
from salesdx.portfolio.overview.companies import FINEST, Companies


def size(held: Companies, marks: Marks, rejected: int) -> Size:
    """Count companies, groups, sales models, and the shares of evidence looked at."""
    models = [
        Count(code=name, companies=int((held.model == place).sum()))
        for place, name in enumerate(held.models)
    ]
    without = int((held.model < 0).sum())
    if without:
        models.append(Count(code=None, companies=without))
    return Size(
        companies=held.count, rejected=rejected, groups=len(held.groups),
        without_group=int((held.group < 0).sum()), sales_models=models,
        ill=int((held.likely > 0).sum()), coverage=_coverage(held, marks),
    )  # fmt: skip


def _coverage(held: Companies, marks: Marks) -> Coverage:
    quarters: list[float | None] = [None, None, None]
    if held.count:
        found = np.quantile(held.coverage.astype(float), [0.25, 0.5, 0.75])
        quarters = [round(float(x) / FINEST, 4) for x in found]
    tenths = np.minimum(held.coverage // (FINEST // 10), 9)
    return Coverage(
        low=quarters[0], median=quarters[1], high=quarters[2],
        hardly=int((held.coverage < round(marks.low_coverage * FINEST)).sum()),
        nothing=int((held.coverage == 0).sum()),
        tenths=[int(n) for n in np.bincount(tenths, minlength=10)],
    )  # fmt: skip
