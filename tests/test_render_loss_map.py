"""The pages of the loss map: pictures that add up, money that can be checked."""

import re

import pytest
import render_fixture as made

from salesdx.language import Language, Text
from salesdx.render import render
from salesdx.render.losses import where_lost
from salesdx.render.map_pages import explanation, map_section
from salesdx.render.over_time import break_lines, change_lines
from salesdx.render.report import Figure
from salesdx.render.words import Words
from salesdx.result import (
    Break,
    BreakBy,
    Change,
    Explainer,
    FunnelStep,
    Input,
    LeftOut,
    Loss,
    LossPart,
    Money,
    ResultDocument,
    TotalLoss,
)

TITLE = Text(en="Conversion", ru="Конверсия")


def both(text: str) -> Text:
    return Text(en=text, ru=text)


def part(stage: str, money: float) -> LossPart:
    where = {"manager": "Ann", "stage": stage}
    return LossPart(
        metric="conversion.stage", slice=where, own=0.3, norm=0.5, money=money
    )


def lagging(**more: object) -> Loss:
    fields = {
        "id": "conversion.at-horizon:manager=Ann", "metric": "conversion.at-horizon",
        "title": TITLE, "slice": {"manager": "Ann"}, "norm": 0.2, "actual": 0.1,
        "n": 200, "state": "confirmed", "unit": "ratio", "share": 1.0,
        "money": Money(low=50_000.0, expected=100_000.0, high=150_000.0),
        "norm_of": both("average of 9 peers"),
        "left_out": [LeftOut(value="Bob", reason="novice")],
        "reached_by": [{"manager": "Eve"}],
        "area": "motivation", "area_title": both("skill"),
        "inputs": [
            Input(name=both("cases"), value=200, unit="count"),
            Input(name=both("behind"), value=0.1, unit="ratio"),
            Input(name=both("value"), value=5000, unit="money"),
        ],
        "parts": [part("request", 90_000.0), part("offer", 11_000.0),
                  part("deal", -1_000.0)],
    }  # fmt: skip
    return Loss.model_validate(fields | more)


def document(**more: object) -> ResultDocument:
    rich = made.rich()
    total = TotalLoss(low=5e4, expected=1e5, high=1.5e5, currency="RUB", per="period")
    steps = [
        FunnelStep(funnel="main", stage=s, title=s.title(), count=9, conversion=None,
                   interval=None)
        for s in ("request", "offer", "deal")
    ]  # fmt: skip
    fields = {
        "losses": [lagging()], "funnel": steps, "breaks": [],
        "summary": rich.summary.model_copy(update={"loss": total}),
    }  # fmt: skip
    return rich.model_copy(update=fields | more)


def words(lang: Language = "en") -> Words:
    return Words(document(), lang)


def test_a_row_says_norm_peers_money_and_area() -> None:
    said = explanation(lagging(), words())
    assert said.startswith("Ann, Conversion: norm is the average of 9 peers.")
    assert "It is within reach: Eve." in said
    assert "Left out of the norm: Bob (newcomer)." in said
    assert "200 (cases) × 10% (behind) × ₽5K (value) = ₽100K." in said
    assert "By stage of the funnel: Request ₽90K; Offer ₽11K." in said
    assert said.endswith("Where the way out usually lies: skill.")


def test_the_waterfall_has_a_bar_a_stage_and_adds_up() -> None:
    section = where_lost(document(), words())
    (drawing,) = [b for b in section.blocks
                  if isinstance(b, Figure) and b.name == "waterfall"]  # fmt: skip
    sums = re.findall(r"(-?)₽(\d+)K", drawing.desc.partition("Total")[0])
    found = [int(n) * (-1 if sign else 1) for sign, n in sums]
    assert found == [90, 11, -1]
    assert sum(found) == 100
    assert "Ann: Request" in drawing.desc
    assert "Ann: other stages" in drawing.desc


def test_work_is_a_picture_of_its_own_with_the_people_across() -> None:
    row = {"title": both("Promises"), "scope": "service", "money": None,
           "share": None, "parts": [], "metric": "promise.kept-share"}  # fmt: skip
    losses = [
        lagging(**row, id=str(i), slice={"manager": who}, state=state)
        for i, (who, state) in enumerate(
            [("Ann", "confirmed"), ("Bob", "suspected"), ("Eve", "insufficient")]
        )
    ]
    section = map_section(document(losses=losses), words())
    (drawing,) = [b for b in section.blocks if isinstance(b, Figure)]
    assert drawing.caption == "How the work is done, by manager"
    assert drawing.desc.startswith("Ann, Promises: confirmed")
    svg = drawing.svg
    assert svg.count("rotate(-40") == 3  # names lean above their columns


def fall(**more: object) -> Break:
    fields = {
        "metric": "conversion.mature", "at": "2018-01", "before": 0.42, "after": 0.02,
        "before_counts": (210, 500), "after_counts": (9, 450), "factor": 21.0,
        "counting": both("Was counting changed?"),
        "by": [BreakBy(dimension="manager", because="rate", surprise=0.1, rate=-0.4,
                       mix=0.0, values=[Explainer(value="Ann", share=0.9)])],
    }  # fmt: skip
    return Break.model_validate(fields | more)


def test_a_break_asks_for_the_count_before_it_names_anybody() -> None:
    (line,) = break_lines(document(breaks=[fall()]), words())
    assert line.index("Was counting changed?") < line.index("managers: Ann (90%)")


def test_a_break_of_all_alike_says_so_in_russian() -> None:
    found = fall(by=[], alike=["manager", "product"])
    (line,) = break_lines(document(breaks=[found]), words("ru"))
    assert "Сдвиг у всех одинаковый — менеджеры, продукты" in line


def test_money_a_month_is_told_as_money() -> None:
    found = fall(metric="revenue.won", unit="money", before=2e6, after=1e6, by=[],
                 counting=None, factor=2.0, seasonal=True)  # fmt: skip
    (line,) = break_lines(document(breaks=[found]), words())
    assert "₽2M before, ₽1M after" in line
    assert "season" in line


def test_a_whole_that_goes_against_its_parts_is_said() -> None:
    change = Change(
        metric="conversion.at-horizon", kind="period", before_of="2023-01/2023-12",
        after_of="2024-01/2024-12", before=0.42, after=0.24, before_counts=(504, 1200),
        after_counts=(288, 1200), rate=0.075, mix=-0.255, cells=["segment"],
        certain=True,
    )  # fmt: skip
    (line,) = change_lines(document(changes=[change]), words())
    assert "the rates themselves gave +7.5 points" in line.replace("The", "the")
    assert "−25.5 points" in line
    assert "judge by the rates" in line
    unsure = change.model_copy(update={"certain": False})
    assert change_lines(document(changes=[unsure]), words()) == []


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_everything_of_the_map_prints(lang: Language) -> None:
    full = document(breaks=[fall(), fall(metric="deals.entries", unit="count")])
    page = render(full, "html", lang)
    text = page.decode() if isinstance(page, bytes) else page
    assert "{" not in re.sub(r"<(style|script).*?</\1>", "", text, flags=re.S)
