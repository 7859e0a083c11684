"""Ten made-up firms of different trades, each with one known ill.

Each is judged with data and answers, with data alone and with answers alone. The ill
must stand among the first three, and nobody who is innocent may be blamed: all else in
these firms is in order. A person writes one as a case folder to look at it:

    python tests/companies/firm.py FIRM FOLDER
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from companies import firm

from salesdx.analysis import analyse
from salesdx.result import CauseRow, ResultDocument

pytestmark = pytest.mark.usefixtures("measured_once")
FOLDER = Path(firm.__file__).parent
FIRMS = {p.stem: firm.load(p) for p in sorted(FOLDER.glob("*.yaml"))}
MODES = {"both": (True, True), "data": (True, False), "answers": (False, True)}
FIRST = 3


def named(document: ResultDocument) -> list[str]:
    """Causes that are likely or possible, in order, each once."""
    rows = [c for c in document.causes if c.verdict in ("likely", "possible")]
    return list(dict.fromkeys(c.id for c in rows))


def blames(row: CauseRow) -> bool:
    return row.kind == "people" and row.verdict == "likely"


def wrong(document: ResultDocument, spec: dict[str, Any], mode: str) -> Iterator[str]:
    """What a consultant would not put on the client's table, as sentences."""
    expect = spec["expect"]
    ills, guilty = expect["ill"], {"manager": expect.get("who", "")}
    order = named(document)
    if not set(order[:FIRST]) & set(ills):
        yield f"none of {ills} is among the first three: {order}"
    likely = {c.id for c in document.causes if c.verdict == "likely"}
    if mode == "both" and not likely & set(ills):
        yield f"{ills} is not likely although data and answers say so"
    for row in document.causes:
        if blames(row) and not (row.id in ills and row.slice == guilty):
            yield f"{row.id} blames {row.slice} ({row.points} points)"
    for cause in sorted(likely & set(expect["not_likely"])):
        yield f"{cause} is likely"
    others = sorted(likely - set(ills) - set(expect.get("also", [])))
    if others:
        yield f"also likely: {others}"
    for loss in document.losses:
        seller = loss.slice.get("manager", guilty["manager"])
        if loss.state == "confirmed" and seller != guilty["manager"]:
            yield f"a loss is laid at the door of {loss.slice}: {loss.metric}"


@pytest.mark.parametrize(("name", "mode"), list(product(FIRMS, MODES)))
def test_the_known_ill_stands_in_the_first_three_and_nobody_else_is_blamed(
    name: str, mode: str, tmp_path: Path
) -> None:
    data, answers = MODES[mode]
    spec = FIRMS[name]
    folder = firm.write(spec, tmp_path, data=data, answers=answers)
    document = analyse(folder, executor="reference").document
    problems = list(wrong(document, spec, mode))
    assert not problems, "\n".join(problems)


def test_a_firm_is_the_same_to_the_last_byte_every_time(tmp_path: Path) -> None:
    one, two = (firm.write(FIRMS["print-shop"], tmp_path / n) for n in ("a", "b"))
    for path in sorted(one.rglob("*.*")):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes()
