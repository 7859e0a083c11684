"""Rules over many rows: whether they hold, and what they put on the bill of a cause."""

import numpy as np

from salesdx.inference.columnar.bill import Item, Points
from salesdx.inference.columnar.columns import Level
from salesdx.inference.columnar.compiled import CauseTerms, RuleTerms
from salesdx.inference.columnar.judgement import Judgement
from salesdx.inference.columnar.planes import Bits, both, pack, unpack
from salesdx.inference.columnar.slices import best_rows
from salesdx.inference.columnar.world import World


def fire(world: World, found: Judgement, cause: CauseTerms) -> None:
    """Decide the rules of a cause, each on the level on which it runs."""
    for rule in cause.rules:
        dimension = rule.rule.for_each or ""
        if dimension in world.batch.levels:
            found.rules[cause.id, rule.key, dimension] = _item(world, rule, dimension)


def items_at(
    world: World, found: Judgement, cause: CauseTerms, dimension: str
) -> list[Item]:
    """A slice reads its own rules and the company's; the company the best slice."""
    items, levels = [], world.batch.levels
    for rule in cause.rules:
        own = rule.rule.for_each or ""
        item = found.rules.get((cause.id, rule.key, own))
        if item is None or (own and dimension not in ("", own)):
            continue
        if own == dimension:
            items.append(item)
        elif not own:
            items.append(_spread(item, levels[dimension]))
        else:
            items.append(best_rows(item, levels[own], world.batch.cases))
    return items


def _item(world: World, terms: RuleTerms, dimension: str) -> Item:
    rule, state = terms.rule, world.state(terms.term, dimension)
    there: Bits | None = None
    for models in terms.models:
        there = both(there, world.fits(models, dimension))
    if rule.recorded:  # what no meeting wrote down is no part of the bill
        there = both(there, state.true)
    alone: Bits | bool = rule.single
    if rule.claim:
        alone = world.every(dimension) & ~world.measured(terms.term, dimension)
    # confidence scales what holds; a chain passes on no more than it has
    held: int | Points = rule.points
    if state.sure is not None:
        held = np.int16(rule.points) * state.sure // np.int16(100)
    if terms.verdicts:
        passed = _passed(world, terms, dimension)
        held = np.where(passed >= 0, np.minimum(held, passed), held).astype(np.int16)
    return Item(
        rule.id, rule.direction, rule.group, rule.points, state, held, there, alone
    )


def _passed(world: World, terms: RuleTerms, dimension: str) -> Points:
    """The most points among the verdicts that hold in a condition; −1: none."""
    found = np.full(world.level(dimension).rows, -1, np.int16)
    for term in terms.verdicts:
        plane = world.state(term, dimension)
        points = world.points_at(term.names[0], dimension)
        mine = np.where(unpack(plane.true, plane.rows), points, np.int16(-1))
        np.maximum(found, mine, out=found)
    return found


def _spread(item: Item, level: Level) -> Item:
    """A rule of the company on the rows of its slices."""
    owner = level.owner
    assert owner is not None

    def at(bits: Bits) -> Bits:
        return pack(unpack(bits, item.state.rows)[owner])

    return Item(
        item.rule, item.direction, item.group, item.full, item.state.at(owner),
        item.held if isinstance(item.held, int) else item.held[owner],
        None if item.there is None else at(item.there),
        item.alone if isinstance(item.alone, bool) else at(item.alone),
    )  # fmt: skip
