"""Every figure of the domain is declared, and each declared one comes from a place."""

import re

import made_up_tables
import pytest

from salesdx.facts import Measurement
from salesdx.knowledge.answered import asked
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.metrics import METRICS
from salesdx.metrics.data import Data
from salesdx.metrics.registry import compute
from salesdx.tables import TABLES, column_title

DOMAIN = 133  # figures of the domain: M-01 … M-133
OF_THE_LOSS_MAP = {"loss.below-average", "loss.money"}
LACK = re.compile("the data have no “")
# cut by source only where the costs name no channels
ELSEWHERE = {("capture.gap-share", "source")}
COMPUTED = {i for m in METRICS for i in m.ids}


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load()


def test_every_figure_of_the_domain_has_an_id(base: KnowledgeBase) -> None:
    declared = {r for m in base.metrics.values() for r in m.ref}
    assert [n for n in range(1, DOMAIN + 1) if f"M-{n:02}" not in declared] == []


def test_every_declared_figure_is_computed_or_asked(base: KnowledgeBase) -> None:
    said = {m.id for m in base.metrics.values() if asked(m)}
    assert sorted(set(base.metrics) - COMPUTED - said - OF_THE_LOSS_MAP) == []


def test_every_computed_figure_is_declared(base: KnowledgeBase) -> None:
    assert sorted(COMPUTED - set(base.metrics)) == []


def test_needs_are_tables(base: KnowledgeBase) -> None:
    needs = {n.partition(".")[0] for m in base.metrics.values() for n in m.needs}
    assert sorted(needs - set(TABLES)) == []


def test_every_column_has_a_title_for_the_reasons() -> None:
    bare = [
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if column_title(table.name, column.name).ru == column.name
    ]
    assert bare == []


@pytest.fixture(scope="module")
def measured() -> list[Measurement]:
    tables = made_up_tables.arrow(made_up_tables.tables())
    data = Data(tables, made_up_tables.COMPANY, made_up_tables.AS_OF)
    return compute(data, METRICS)


def test_slices_keep_to_the_declared_grain(
    base: KnowledgeBase, measured: list[Measurement]
) -> None:
    def beyond(m: Measurement) -> set[str]:
        cut = {d for d, _ in m.slice} | ({"period"} if m.period else set())
        return cut - set(base.metrics[m.metric].grain)

    assert sorted({(m.metric, d) for m in measured for d in beyond(m)}) == []


def test_every_declared_dimension_is_sliced_where_all_tables_are_there(
    base: KnowledgeBase, measured: list[Measurement]
) -> None:
    cut = {(m.metric, d) for m in measured for d, _ in m.slice}
    cut |= {(m.metric, "period") for m in measured if m.period}
    known = {m.metric for m in measured if m.value is not None}
    declared = {(m.id, d) for m in base.metrics.values() if m.id in known
                for d in m.grain}  # fmt: skip
    assert sorted(declared - cut - ELSEWHERE) == []


def test_a_share_has_a_part_and_a_whole(
    base: KnowledgeBase, measured: list[Measurement]
) -> None:
    bare = {
        m.metric for m in measured
        if base.metrics[m.metric].type == "share" and m.value is not None
        and (m.numerator is None or not m.denominator)
    }  # fmt: skip
    assert sorted(bare) == []


def test_full_tables_lack_no_column_of_any_figure(measured: list[Measurement]) -> None:
    lacking = {m.metric for m in measured if m.reason and LACK.match(m.reason.en)}
    assert sorted(lacking) == []
