"""What clients say: loyalty score, what they like and dislike (M-67, M-74)."""

from collections import Counter
from collections.abc import Callable, Iterator

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.language import Text
from salesdx.metrics.clients.churn import counted
from salesdx.metrics.clients.client_records import dated_rows
from salesdx.metrics.clients.client_sums import client_sums
from salesdx.metrics.clients.client_words import OTHER, client_words, code_of
from salesdx.metrics.clients.clients import client_rows
from salesdx.metrics.data import Data
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import Z95, dated, figure, share, unknown

_SCALE = 100
_CUTS = ("segment", "manager")
THEMES = (
    "price", "product", "assortment", "services", "managers", "conflict", OTHER,
)  # fmt: skip
_NO_SCORE = (
    "no answer has a score from 0 to 10",
    "ни в одном ответе нет оценки от 0 до 10",
)
_EMPTY = (
    "no answer in the surveys says it",
    "в ответах на опросы об этом ничего нет",
)


def nps(data: Data) -> Iterator[Measurement]:
    """Promoters minus detractors in points, -100 to 100, of the last answers (M-67).

    The interval follows the variance p + d - (p - d)^2; few answers are shown and not
    judged.
    """
    few = int(data.setting("nps.few-answers"))
    note = Text(
        en=f"fewer than {few} answers: too few to judge",
        ru=f"меньше {few} ответов: для вывода мало",
    )
    for where, row in client_sums(data).items():
        n = row["scored"]
        if where and (where[0][0] not in _CUTS or not n):
            continue
        if not n:
            yield unknown("nps.score", *_NO_SCORE)
            continue
        p, d = row["promoter"] / n, row["detractor"] / n
        half = Z95 * (max(p + d - (p - d) ** 2, 0.0) / n) ** 0.5
        low, high = max(p - d - half, -1.0), min(p - d + half, 1.0)
        yield Measurement(
            "nps.score", (p - d) * _SCALE, where, n, row["promoter"] - row["detractor"],
            n, (low * _SCALE, high * _SCALE),
            state="insufficient" if n < few else "ok", reason=note if n < few else None,
        )  # fmt: skip


def detractors(data: Data) -> Iterator[Measurement]:
    """Share of clients whose last score is low (M-67)."""
    metric = "churn.detractor-share"
    if not client_sums(data)[COMPANY]["scored"]:
        yield unknown(metric, *_NO_SCORE)
        return
    yield from counted(metric, client_sums(data), "detractor", "scored", _CUTS)


def _said(data: Data, column: str) -> dict[Slice, Counter[str]]:
    """Answers by theme, for the company and each segment.

    What the words mean nothing to is a theme of its own, as it was written; an answer
    of several themes, kept apart by a comma or a semicolon, counts once for each.
    """
    rows = dated_rows(data, "surveys", column, "date")
    rows = rows.filter(rows[column].notnull())
    known = client_rows(data).select(of="client_id", segment="segment")
    rows = rows.left_join(known, rows.client_id == known.of)
    found: dict[Slice, Counter[str]] = {COMPANY: Counter()}
    for row in data.rows(rows.group_by(column, "segment").agg(n=rows.count())):
        themes, n = _themes(str(row[column])), int(row["n"])
        places: list[Slice] = [COMPANY]
        if row["segment"] is not None:
            places.append((("segment", str(row["segment"])),))
        for where in places:
            cell = found.setdefault(where, Counter())
            cell[""] += n if themes else 0
            cell.update(dict.fromkeys(themes, n))
    return dict(sorted(found.items(), key=lambda f: (bool(f[0]), f[0])))


def _themes(text: str) -> set[str]:
    """Themes of one answer: our code, else the words themselves."""
    parts = [p.strip() for p in text.replace(";", ",").split(",")]
    codes = {p: code_of(p, client_words().survey_themes) for p in parts if p}
    return {p.casefold() if c == OTHER else c for p, c in codes.items()}


def _answers(metric: str, column: str) -> Callable[[Data], Iterator[Measurement]]:
    def count(data: Data) -> Iterator[Measurement]:
        """Answers that name something."""
        for where, said in _said(data, column).items():
            if said[""] or not where:
                yield figure(metric, said[""], where, said[""])

    return count


def dislikes(data: Data) -> Iterator[Measurement]:
    """Share of each dislike among the answers that name one, and of the top one."""
    for where, said in _said(data, "disliked").items():
        total = said[""]
        if not total:
            for metric in (*map(_dislike, THEMES), "survey.top-dislike-share"):
                if not where:
                    yield unknown(metric, *_EMPTY)
            continue
        known = {c: said[c] for c in THEMES if c != OTHER}
        # several unknown words of one answer are one dislike of another kind
        rest = sum(n for c, n in said.items() if c and c not in known)
        known[OTHER] = min(rest, total)
        for code in THEMES:
            yield share(_dislike(code), known[code], total, where)
        named = {c: n for c, n in said.items() if c}
        top, count = min(named.items(), key=lambda f: (-f[1], f[0]))
        row = share("survey.top-dislike-share", count, total, where)
        if row.reason is None:
            row = figure(
                row.metric, count / total, where, total, count, total, row.interval,
                Text(en=f"named most: {top}", ru=f"чаще всего называют: {top}"),
            )  # fmt: skip
        yield row


def _dislike(code: str) -> str:
    return f"survey.disliked-{code}-share"


METRICS: tuple[Metric, ...] = dated(
    Metric(("nps.score",), ("surveys.nps_score",), nps),
    Metric(("churn.detractor-share",), ("surveys.nps_score",), detractors),
    Metric(
        ("survey.liked-answers",), ("surveys.liked",),
        _answers("survey.liked-answers", "liked"),
    ),
    Metric(
        ("survey.disliked-answers",), ("surveys.disliked",),
        _answers("survey.disliked-answers", "disliked"),
    ),
    Metric(
        ("survey.improve-answers",), ("surveys.improve_topics",),
        _answers("survey.improve-answers", "improve_topics"),
    ),
    Metric(
        ("survey.top-dislike-share", *map(_dislike, THEMES)), ("surveys.disliked",),
        dislikes,
    ),
)  # fmt: skip
