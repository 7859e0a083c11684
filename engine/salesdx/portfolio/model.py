"""The portfolio document `salesdx/portfolio/1`: what many companies have in common.

Numbers are in base units (shares 0..1, money in units of its currency); every title is
{en, ru}. Money is never added across currencies. The document is the same whatever the
order of the rows: what ranks alike is ordered by id.

A cause of a company is in one of four states: `likely` and `possible` are its verdicts;
`not_likely` if it is unlikely, ruled out, or nothing that is missing could make it
likely; `unknown` if it cannot be judged, or what is missing could still make it likely.
A cause is `examined` in a company if at least `marks.examined` of its evidence was
looked at: shares are taken of those companies alone, whatever came out.
"""

import json
from typing import Literal

from pydantic import Field

from salesdx.language import Text
from salesdx.result.part import Part

SCHEMA: Literal["salesdx/portfolio/1"] = "salesdx/portfolio/1"
State = Literal["likely", "possible", "not_likely", "unknown"]
STATES: tuple[State, ...] = ("likely", "possible", "not_likely", "unknown")
Why = Literal[
    "most-money", "most-causes", "above-group", "nearly-likely", "rare",
    "hardly-examined", "below-group",
]  # fmt: skip
WHYS: tuple[Why, ...] = (
    "most-money", "most-causes", "above-group", "nearly-likely", "rare",
    "hardly-examined", "below-group",
)  # fmt: skip
Interval = tuple[float, float]


class Marks(Part):
    """The thresholds that were applied; each is a benchmark `portfolio.<name>`.

    `false_discoveries` is `statistics.false-discovery-rate`.
    """

    examined: float
    low_coverage: float
    rare: float
    rare_least: int
    group_least: int
    far: float
    together_least: int
    difference_least: float
    lift_least: float
    false_discoveries: float


class Knowledge(Part):
    """Which knowledge base spoke."""

    pack: str
    version: str
    hash: str


class Count(Part):
    """How many companies there are of a code; null where the table does not say."""

    code: str | None
    companies: int


class Coverage(Part):
    """How much of all evidence was looked at, over companies.

    `tenths` counts companies from 0 to under 10 %, and so on; 100 % is in the last.
    """

    low: float | None
    median: float | None
    high: float | None
    hardly: int
    nothing: int
    tenths: list[int]


class Size(Part):
    """How large the portfolio is; `ill` are companies with a likely cause."""

    companies: int
    rejected: int
    groups: int
    without_group: int
    sales_models: list[Count]
    ill: int
    coverage: Coverage


class Amount(Part):
    """Money of some companies in one currency (null where the table names none)."""

    currency: str | None
    companies: int
    amount: float


class Cause(Part):
    """One cause over all companies for whom it is judged.

    `likely`, `possible`, `not_likely` and `unknown` add up to `judged`. `share` is
    `likely_examined` of `examined`, with its Wilson interval of 95 %. `blind` are the
    companies in which nothing was looked at. `strongest` are those whose strongest
    likely cause this is, and `money` is what they lose: every company counts once, so
    it adds up over causes. `traced` is the money traced to this cause where companies
    were measured: other causes may claim the same deals, so it does not add up.
    """

    id: str
    kind: str
    title: Text
    judged: int
    likely: int
    possible: int
    not_likely: int
    unknown: int
    examined: int
    likely_examined: int
    share: float | None
    interval: Interval | None
    blind: int
    strongest: int
    money: list[Amount]
    traced: list[Amount]
    remedies: list[str]


class Remedy(Part):
    """A remedy, and in how many companies a cause that it treats is likely."""

    id: str
    title: Text
    causes: list[str]
    companies: int


class Step(Part):
    """The next remedy of a programme for all: whom it adds, whom all so far reach."""

    remedy: str
    adds: int
    reached: int


class CurvePoint(Part):
    """So many companies, the largest losses first, make up this share of the sum."""

    companies: int
    share: float


class Money(Part):
    """Where the money of one currency is; `companies` are all that count in it.

    `top_tenth` is the share of the tenth of companies (rounded down) that lose most;
    `half` is how many make up half of the sum. `strongest` is by the strongest likely
    cause, null where no cause is likely; `groups` by group, null for companies without
    one; both add up.
    """

    currency: str | None
    companies: int
    known: int
    total: float
    median: float | None
    top_tenth: float | None
    half: int | None
    curve: list[CurvePoint]
    strongest: list["Share"]
    groups: list["Share"]
    more_groups: int
    more_groups_amount: float


class Share(Part):
    """A part of a sum: of a cause by its id, or of a group by its name."""

    of: str | None
    companies: int
    amount: float
    share: float | None


class Company(Part):
    """One company as lists name it; `strongest` is likely, or possible if none is."""

    id: str
    name: str | None
    group: str | None
    sales_model: str | None
    currency: str | None
    loss: float | None
    coverage: float
    likely: int
    possible: int
    strongest: str | None


class Reason(Part):
    """Why a company is listed; `place` is its place in the list of that reason.

    `most-money`: `share` of the sum of its currency, with places in that currency.
    `most-causes`: `count` causes are likely. `nearly-likely`: `count` causes are
    possible, and what is missing could make them likely. `rare`: `causes` are likely
    here and hardly anywhere else; `count` of them.
    `above-group` and `below-group`: the loss is `factor` times the median of its group,
    `score` robust deviations away. `hardly-examined`: `share` of the evidence was seen.
    """

    why: Why
    place: int | None
    count: int | None = None
    share: float | None = None
    factor: float | None = None
    score: float | None = None
    causes: list[str] = Field([])


class Listed(Part):
    """A company and why to look at it."""

    company: Company
    reasons: list[Reason]


class Listing(Part):
    """Everybody with one reason: `companies` in all, the foremost in `rows`."""

    why: Why
    companies: int
    rows: list[Listed]


class Group(Part):
    """One group: a region, a format, a franchisee."""

    name: str
    companies: int
    coverage: float
    ill: int


class Cell(Part):
    """A cause in a group: likely in `likely` of `examined` companies."""

    cause: str
    likely: int
    examined: int
    share: float | None


class HeatRow(Part):
    """The cells of one group, in the order of `Groups.heat_causes`."""

    group: str
    companies: int
    cells: list[Cell]


class Difference(Part):
    """A cause that is likely more, or less, often in a group than in all others.

    Only what survives control of false discoveries over all comparisons is told, and
    is at least `marks.difference_least`.
    """

    group: str
    cause: str
    more: bool
    likely: int
    examined: int
    share: float
    interval: Interval
    elsewhere_likely: int
    elsewhere_examined: int
    elsewhere: float


class Groups(Part):
    """Groups beside each other; `too_small` have too few companies to compare.

    `compared` groups were compared in `comparisons` pairs of group and cause; `slight`
    differences are no chance, yet too small to be told.
    """

    rows: list[Group]
    more: int
    too_small: int
    compared: int
    comparisons: int
    differences: list[Difference]
    more_differences: int
    slight: int
    heat_causes: list[str]
    heat: list[HeatRow]


class Pair(Part):
    """Two causes that are likely together more often than by chance.

    Of the `examined` companies where both were looked at, `one_likely` and
    `other_likely` have one, `both` have both, `lift` times as many as chance would
    have. `linked` if the knowledge base says that one leads to or aggravates the other;
    `shared` counts the facts that both are judged by. Together is not because.
    """

    one: str
    other: str
    examined: int
    one_likely: int
    other_likely: int
    both: int
    lift: float
    linked: bool
    shared: int


class Together(Part):
    """Pairs of causes: how many were tried, how many are told."""

    tried: int
    found: int
    pairs: list[Pair]


class Fact(Part):
    """A question or a figure that would open much.

    `causes` read it of which nothing was looked at in some company; `blind` adds up
    those companies over these causes.
    """

    id: str
    kind: Literal["question", "metric"]
    title: Text
    causes: int
    blind: int


class Unknown(Part):
    """What nobody knows: causes that were examined nowhere, facts that would help.

    `never_judged` are causes of no company in the table (judged per seller, or for
    another sales model). `without_sum` are companies whose loss is not known.
    """

    nowhere: list[str]
    never_judged: list[str]
    without_sum: int
    facts: list[Fact]


class MatrixRow(Part):
    """The states of one company, in the order of `Matrix.causes`; null: not judged."""

    id: str
    name: str | None
    currency: str | None
    loss: float | None
    states: list[State | None]


class Matrix(Part):
    """Companies by causes, for a portfolio that is small enough to be seen at once."""

    causes: list[str]
    rows: list[MatrixRow]


class PortfolioDocument(Part):
    """The whole portfolio. `first` are companies to look at first, with all reasons."""

    schema_: Literal["salesdx/portfolio/1"] = Field(default=SCHEMA, alias="schema")
    knowledge: Knowledge
    marks: Marks
    size: Size
    causes: list[Cause]
    remedies: list[Remedy]
    programme: list[Step]
    money: list[Money]
    first: list[Listed]
    lists: list[Listing]
    groups: Groups
    together: Together
    unknown: Unknown
    matrix: Matrix | None

    def to_json(self) -> str:
        """The document as JSON text: two spaces, UTF-8, keys in the order above."""
        data = self.model_dump(mode="json", by_alias=True)
        return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
