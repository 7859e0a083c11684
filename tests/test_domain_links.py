"""The knowledge base carries the whole domain: every item, and every link to its cause.

Which items there are is in the register of the base (domain.yaml); which of them belong
to which cause lies beside as data, and the exceptions with a reason.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from salesdx.knowledge.base import ReadyCause
from salesdx.knowledge.conditions import Node
from salesdx.knowledge.load import load
from salesdx.knowledge.rules import opened
from salesdx.workbench.domain import cover

DATA = Path(__file__).parent / "data"


def data(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


MAP: dict[str, dict[str, list[str]]] = data("domain_map.yaml")
EXCEPTIONS: dict[str, Any] = data("domain_exceptions.yaml")
BASE = load()
COVER = cover(BASE)


@pytest.mark.parametrize("kind", sorted(COVER.kinds))
def test_every_item_stands_in_a_ref_of_the_right_kind(kind: str) -> None:
    """An exception that is covered by now has to go."""
    found = COVER.kinds[kind]
    lacking = [i.id for i in COVER.of_kind(kind) if i.status != "covered"]
    excused = sorted(e.item for e in found.exceptions)
    assert lacking == excused, f"{kind}: in no {' or '.join(found.bearers)}"


def test_the_domain_is_counted() -> None:
    asked = [k.count for k in COVER.kinds.values() if k.id.startswith("Q-")]
    assert (len(asked), sum(n or 0 for n in asked)) == (22, 294)
    assert sorted(MAP) == [i.id for i in COVER.of_kind("C")]
    assert len(COVER.items) == 820


def of_cause(ref: str) -> list[ReadyCause]:
    """The causes that carry an item of the domain; some are two in one."""
    return [c for c in BASE.causes.values() if ref in c.spec.ref]


def read_by(cause: ReadyCause) -> set[str]:
    """Every name that bears on the cause, symptoms opened down to what they read."""
    symptoms = {i: s.node for i, s in BASE.symptoms.items()}
    nodes: list[Node] = [r.node for r in cause.rules]
    nodes += [*cause.gate, *cause.unless, *cause.rules_out]
    found = {n for node in nodes for n in opened(node, symptoms)}
    found |= {n.removeprefix("gap:") for n in found if n.startswith("gap:")}
    pointing = {
        q.id for q in BASE.questions.values()
        if q.problem and cause.id in q.problem.causes
    }  # fmt: skip
    explained = {f"symptom:{s}" for s in cause.spec.explains}
    return found | pointing | explained | set(cause.spec.needs)


def carried_by(name: str) -> list[str]:
    """The ids of the domain that the entry behind a name carries.

    A symptom does not stand for the measures in its ref: the measures do themselves.
    """
    prefix, _, rest = name.partition(":")
    if prefix == "symptom" and rest:
        carried = BASE.symptoms[rest].spec.ref
        return [i for i in carried if not i.startswith(("M-", "Q-"))]
    if name in BASE.metrics:
        return BASE.metrics[name].ref
    return BASE.questions[name].ref if name in BASE.questions else []


def linked(ref: str) -> set[str]:
    """Everything of the domain that the causes with this item reach."""
    found: set[str] = set()
    for cause in of_cause(ref):
        found |= {i for name in read_by(cause) for i in carried_by(name)}
        found |= {i for r in cause.rules for i in r.spec.ref}
        found |= set(cause.spec.ref)
        found |= {i for r in cause.spec.remedies for i in BASE.remedies[r].ref}
    return found


def excused(ref: str) -> list[str]:
    return [i for row in EXCEPTIONS["links"] for i in row.get(ref, [])]


@pytest.mark.parametrize("ref", sorted(MAP))
def test_every_link_of_the_map_is_covered(ref: str) -> None:
    """By a leaf, a gate, a ref or a remedy of the cause, or excused with a reason."""
    reached = linked(ref)
    lacking = [i for kind in MAP[ref].values() for i in kind if i not in reached]
    ids = [c.id for c in of_cause(ref)]
    assert sorted(lacking) == sorted(excused(ref)), (
        f"{ids}: wire it, or say in domain_exceptions.yaml why not; "
        "an exception that is covered by now has to go"
    )


def reasons() -> Iterator[str]:
    yield from (e.reason.en for k in COVER.kinds.values() for e in k.exceptions)
    yield from (row["reason"] for row in EXCEPTIONS["links"])


def test_every_exception_has_a_reason_of_its_own() -> None:
    told = list(reasons())
    assert min(len(r.split()) for r in told) >= 5
    assert len(set(told)) == len(told)


def test_exceptions_are_few() -> None:
    links = sum(len(ids) for kinds in MAP.values() for ids in kinds.values())
    excused_ = sum(len(excused(ref)) for ref in MAP)
    assert excused_ / links < 0.03
