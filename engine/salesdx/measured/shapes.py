"""What charts draw besides figures; nothing heavy is imported to hold it."""

from dataclasses import dataclass

from salesdx.result import Break, Change, Cohort, CohortCurve, FunnelStep


@dataclass(frozen=True, slots=True)
class Shapes:
    """Funnel, cohorts, breaks and changes; empty where the data cannot give them."""

    funnel: list[FunnelStep]
    cohorts: list[Cohort]
    curves: list[CohortCurve]
    breaks: list[Break]
    changes: list[Change]
