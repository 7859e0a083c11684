"""One case at a time, warm: our executors, the floor and the peers, in turns.

Every engine begins with the same dictionary of known facts and ends with the ids of the
rules that hold. Nothing is timed before all of them agree.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference_bases import Base, Case, make_base, make_cases
from inference_floor import differences, floor
from inference_node_drools import drools, json_rules_engine
from inference_ours import by_columns, by_executor, knowledge_of
from inference_peer import MissingError, Peer
from inference_zen_clips import clips, zen_engine

from salesdx.errors import KnowledgeError
from salesdx.inference.executors import choose, durable_available

FLOOR, REFERENCE, DURABLE, COLUMNS = "floor", "reference", "durable", "columns"
PEERS = (zen_engine, clips, json_rules_engine, drools)
Times = dict[str, list[float]]  # engine -> microseconds a case, a round each


@contextmanager
def engines(base: Base, cases: list[Case], folder: Path) -> Iterator[list[Peer]]:
    """All that can run here, the floor first; tells what is missing."""
    knowledge = knowledge_of(base, folder)
    reference = by_executor(base, knowledge, choose(knowledge, "reference"))
    found = [Peer(FLOOR, floor(base)), Peer(REFERENCE, reference)]
    if durable_available():
        try:
            chosen = choose(knowledge, "durable")
            found.append(Peer(DURABLE, by_executor(base, knowledge, chosen)))
        except KnowledgeError as error:
            _say(f"durable, {len(base.rules)} rules: {error}")
    found.append(Peer(COLUMNS, by_columns(base, knowledge)))
    others = _peers(base, cases)
    try:
        yield found + others
    finally:
        for peer in others:
            peer.close()


def _peers(base: Base, cases: list[Case]) -> list[Peer]:
    """Those that are installed; says what to do for those that are not."""
    found = []
    for make in PEERS:
        try:
            found.append(make(base, cases))
        except MissingError as error:
            _say(str(error))
    return found


def must_agree(all_: list[Peer], cases: list[Case]) -> None:
    """Stop at the first case of which two engines do not say the same."""
    first, *others = all_
    for peer in others:
        for number, apart in differences(cases, first.fire, peer.fire):
            raise SystemExit(
                f"{first.name} and {peer.name} differ on case {number}, rules"
                f" {', '.join(sorted(apart))}: {dict(cases[number])}"
            )


def in_turns(all_: list[Peer], cases: list[Case], rounds: int) -> Times:
    """Every engine works through the cases once a round; the first round is warm."""
    times: Times = {p.name: [] for p in all_}
    for peer in all_:
        _once(peer, cases)
    for _ in range(rounds):
        for peer in all_:
            times[peer.name].append(_once(peer, cases))
    return times


def _once(peer: Peer, cases: list[Case]) -> float:
    gc.collect()
    if peer.timed is not None:
        return peer.timed()
    started = time.perf_counter()
    for case in cases:
        peer.fire(case)
    return (time.perf_counter() - started) / len(cases) * 1e6


def one_case(rules: int, checked: int, timed: int, rounds: int) -> tuple[Times, str]:
    """Times by engine, and what the base and its cases are like."""
    base = make_base(rules)
    cases = make_cases(base, checked)
    with (
        tempfile.TemporaryDirectory() as folder,
        engines(base, cases[:timed], Path(folder)) as all_,
    ):
        must_agree(all_, cases)
        times = in_turns(all_, cases[:timed], rounds)
        held = sum(len(all_[0].fire(c)) for c in cases) / len(cases)
    like = (
        f"{len(base.facts)} facts, {rules} rules, {base.comparisons()} comparisons,"
        f" {held:.0f} fire a case; {len(times)} engines agree on {checked} cases"
    )
    return times, like


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
