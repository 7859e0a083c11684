"""Charts at their extremes: legible type, bounded height, sums that add up."""

import re
from itertools import pairwise

import layout_fixture
import pytest
import render_fixture as made

from salesdx.render.charts import (
    cause_map,
    cohorts,
    curves,
    funnel,
    loss_map,
    timeline,
)
from salesdx.render.charts.marks import shown
from salesdx.render.charts.svg import HALF, SMALL, WIDTH, Drawing, text_width
from salesdx.render.charts.waterfall import digits
from salesdx.render.map_pages import map_section
from salesdx.render.report import Column, Figure, Table
from salesdx.render.table_widths import shares, too_long
from salesdx.render.words import Words
from salesdx.result import Break, Cohort, CohortCurve, CurvePoint, FunnelStep

LONG = "A very long name of a stage with remarks and reservations, for trying out"
A4 = 262 * WIDTH / 176  # px: the height of a page, as drawn
WORDS = Words(made.rich(), "en")


def step(title: str, count: int, share: float | None) -> FunnelStep:
    interval = None if share is None else (share * 0.8, min(share * 1.2, 1.0))
    return FunnelStep(funnel="main", stage=title, title=title, count=count,
                      conversion=share, interval=interval)  # fmt: skip


def month(i: int) -> Cohort:
    return Cohort(period=f"{2022 + i // 12}-{i % 12 + 1:02d}", entries=100, mature=90,
                  wins=9, rate=0.1, interval=(0.05, 0.2))  # fmt: skip


def curve(period: str, last: int, share: float = 0.2) -> CohortCurve:
    points = [
        CurvePoint(age=14 * i, rate=share * i / 12, at_risk=90,
                   interval=(share * i / 20, min(share * i / 9 + 0.01, 1.0)))
        for i in range(last + 1)
    ]  # fmt: skip
    return CohortCurve(period=period, entries=100, wins=int(90 * share), points=points)


def lines(ends: list[int], share: float = 0.2, long: str = "") -> Drawing:
    named = [
        curve(long or f"2025-{i + 1:02d}", end, share) for i, end in enumerate(ends)
    ]
    return curves.draw(named, curves.Ages(43, 86), WORDS, "curves")


def fall(at: str) -> Break:
    return Break(metric="conversion.mature", at=at, before=0.1, after=0.2,
                 before_counts=(1, 2), after_counts=(1, 2), factor=2.0)  # fmt: skip


def texts(picture: Drawing) -> list[tuple[float, float, str, str]]:
    """Left edge, baseline, anchor and words of every level text."""
    found = re.findall(
        r'<text x="([\d.-]+)" y="([\d.-]+)"[^>]*text-anchor="(\w+)"[^>]*>([^<]*)',
        picture.svg(),
    )
    return [(float(x), float(y), anchor, said) for x, y, anchor, said in found]


def drawn() -> dict[str, Drawing | None]:
    document = layout_fixture.crowded()
    actions = [
        document.plan[i % 7].model_copy(update={"start_day": 4 * i, "days": 3 + i})
        for i in range(30)
    ]
    losses = {
        (f"{LONG} {i}", LONG): row.model_copy(update={"state": "confirmed"})
        for i, row in enumerate(document.losses[:30])
    }
    return {
        "no entries": funnel.draw([step("a", 0, None)], WORDS, "f0"),
        "two long stages": funnel.draw(
            [step(LONG, 123_456_789, 0.9), step(LONG, 111_111_110, None)], WORDS, "f2"
        ),
        "fifty stages": funnel.draw(
            [step(f"{i}", 5000 - i, 0.99) for i in range(50)], WORDS, "f50"
        ),
        "one cohort": cohorts.draw([month(0)], [], WORDS, "c1"),
        "two years": cohorts.draw(
            [month(i) for i in range(24)],
            [fall(f"2022-{m:02d}-01") for m in (3, 4, 5)], WORDS, "c24",
        ),
        "one curve": lines([12]),
        "twelve curves": lines([12] * 12),
        "curves of all ages": lines(list(range(12, 0, -1))),
        "curves on one line, all young": lines([4, 3, 3, 3, 3, 3]),
        "curves without a win": lines([12, 12, 6], share=0.0),
        "curves where all are won": lines([12, 12, 6], share=1.0),
        "curves of long periods": lines([12, 9, 9, 8, 8, 7], long=LONG),
        "thirty actions": timeline.draw(actions, WORDS),
        "two hundred causes": cause_map.draw(document.causes, WORDS),
        "thirty gaps": loss_map.draw(
            losses, [row for row, _ in losses], [LONG], WORDS, "m30", half=True
        ),
    }  # fmt: skip


CHARTS = drawn()


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_fits_a_page_and_its_type_is_legible(name: str) -> None:
    picture = CHARTS[name]
    assert picture is not None
    assert picture.height < A4
    sizes = re.findall(r'font-size="([\d.]+)"', picture.svg())
    assert min(map(float, sizes)) >= SMALL


@pytest.mark.parametrize("name", CHARTS)
def test_text_stays_inside_the_chart_and_apart(name: str) -> None:
    picture = CHARTS[name]
    assert picture is not None
    lines: dict[float, list[tuple[float, float, str]]] = {}
    for x, y, anchor, said in texts(picture):
        wide = text_width(said, SMALL) * 0.85  # the estimate is generous
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        assert left > -4, said
        assert left + wide < picture.width + 4, said
        lines.setdefault(y, []).append((left, left + wide, said))
    for row in lines.values():
        row.sort()
        for (_, end, one), (start, _, two) in pairwise(row):
            assert start >= end - 2, (one, two)


def test_the_marks_of_breaks_stand_above_each_other() -> None:
    picture = CHARTS["two years"]
    assert picture is not None
    marks = [(y, said) for _, y, _, said in texts(picture) if "break" in said]
    assert len({y for y, _ in marks}) == len(marks) == 3


def test_curves_end_in_their_names_and_the_young_in_a_circle() -> None:
    picture = lines([12, 12, 12, 12, 12, 12, 6])
    said = [words for _, _, _, words in texts(picture)]
    ends = [words for words in said if "2025 ·" in words]
    assert len(ends) == curves.MOST
    assert said.count("earlier") == 1
    page = picture.svg()
    assert len(re.findall(r"a3\.0 3\.0 0 1 0 6", page)) == 1
    dashes = re.findall(r'class="s-ink"[^>]*stroke-dasharray="([^"]+)"', page)
    assert len(set(dashes)) == curves.MOST - 1  # the newest is a full line
    # no line goes on beyond the day up to which its period was followed
    newest = page.rindex('stroke-width="2.4"')
    path = page[page.rindex("<path", 0, newest) : newest]
    assert len(re.findall("[ML]", path.partition("fill")[0])) == 7


@pytest.mark.parametrize(
    ("values", "total", "finer"),
    [
        ([3_860_000, 3_480_000], 7_340_000, 1),  # 3.9 and 3.5 are not 7.3
        ([3_000_000, 4_000_000], 7_000_000, 0),
        ([900_400, 99_600], 1_000_000, 0),
        ([], 0, 0),
    ],
)
def test_parts_are_printed_so_that_they_add_up(
    values: list[float], total: float, finer: int
) -> None:
    assert digits(values, total) == finer


def test_quiet_rows_are_counted_unless_they_are_few() -> None:
    row = made.losses()[0]
    seen, quiet = (row.model_copy(update={"state": s}) for s in ("confirmed", "noise"))
    cells = {(str(i), "x"): seen if i < 2 else quiet for i in range(12)}
    rows = [str(i) for i in range(12)]
    assert shown(cells, rows, 12, 5) == (["0", "1", "2", "3", "4"], 7)
    assert shown(cells, rows[:7], 12, 5) == (rows[:7], 0)


def test_narrow_maps_come_in_twos() -> None:
    document = layout_fixture.crowded()
    blocks = map_section(document, Words(document, "ru")).blocks
    maps = [b for b in blocks if isinstance(b, Figure)]
    assert [m.half for m in maps] == [True, True, False]
    assert f'viewBox="0 0 {HALF}' in maps[0].svg
    assert all(m.twin for m in maps)


def test_short_columns_do_not_wrap_and_sentences_share_the_rest() -> None:
    sentence = "a sentence that goes on and on about what was found " * 4
    table = Table(
        [Column("What"), Column("Money", align="right"), Column("Why")],
        [["Ann", "\u20bd1.2\u00a0M", sentence], ["Bob", "\u2014", sentence]],
    )
    line = 60.0
    found = shares(table, line)
    assert sum(found) == pytest.approx(1, abs=0.001)
    assert found[2] > 0.7
    assert found[1] * line > text_width("\u20bd1.2\u00a0M", 1.0)
    assert too_long(table, found, line) == []
    long = Table([Column("What")] * 6, [["W" * 30] * 6])
    assert too_long(long, shares(long, line), line)
