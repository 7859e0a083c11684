"""What the column executor concluded, told as the other executors tell it."""

from typing import Any

from salesdx.facts import Slice
from salesdx.inference.columnar.judging import NO_ROW, VERDICTS, Judgement
from salesdx.inference.columnar.planes import unpack
from salesdx.inference.infer import Inference

Picture = dict[tuple[str, ...], Any]


def picture(found: Inference) -> dict[Any, Any]:
    """Verdict, points, interval, coverage, fired rules; states of symptoms."""
    causes: dict[Any, Any] = {
        (key, where): (
            o.verdict, o.total.points, o.total.worst, o.total.best, o.total.coverage,
            bool(o.rivals),
            sorted((r.item.direction, r.item.rule) for r in o.rules if r.item.state),
        )
        for (key, where), o in found.causes.items()
    }  # fmt: skip
    symptoms = {("s", i, w): s.outcome.state for (i, w), s in found.symptoms.items()}
    return causes | symptoms


def pictures(found: Judgement) -> list[dict[Any, Any]]:
    """The same of every case of a batch."""
    out: list[dict[Any, Any]] = [{} for _ in range(found.batch.cases)]

    def places(dimension: str) -> list[tuple[int, Slice]]:
        level = found.batch.levels[dimension]
        if level.owner is None:
            return [(i, ()) for i in range(level.rows)]
        return [
            (int(c), ((dimension, v),))
            for c, v in zip(level.owner, level.labels, strict=True)
        ]

    for (cause, dimension), row in found.causes.items():
        size = found.batch.levels[dimension].rows
        fired = {(i.direction, i.rule): unpack(i.true, size) for i in row.items}
        for at, (case, where) in enumerate(places(dimension)):
            if row.verdict[at] == NO_ROW:
                continue
            sums = row.sums
            out[case][cause, where] = (
                VERDICTS[row.verdict[at]], int(sums.points[at]), int(sums.worst[at]),
                int(sums.best[at]), float(sums.coverage[at]), bool(row.demoted[at]),
                sorted(k for k, v in fired.items() if v[at]),
            )  # fmt: skip
    for (symptom, dimension), plane in found.symptoms.items():
        true, false = (unpack(b, plane.rows) for b in (plane.true, plane.false))
        for at, (case, where) in enumerate(places(dimension)):
            state = True if true[at] else False if false[at] else None
            out[case]["s", symptom, where] = state
    return out
