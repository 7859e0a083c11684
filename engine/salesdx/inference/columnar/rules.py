"""Rules over many rows: whether they hold, and what they put on the bill of a cause."""

import numpy as np

from salesdx.inference.columnar.bill import Item, Points
from salesdx.inference.columnar.columns import Level
from salesdx.inference.columnar.judgement import Judgement
from salesdx.inference.columnar.planes import Bits, both, ones, pack, unpack
from salesdx.inference.columnar.slices import best_rows
from salesdx.inference.columnar.world import World
from salesdx.inference.program import rule_key
from salesdx.knowledge.base import ReadyCause, ReadyRule
from salesdx.knowledge.conditions import Group, Leaf, Node


def fire(world: World, found: Judgement, cause: ReadyCause) -> None:
    """Decide the rules of a cause, each on the level on which it runs."""
    for rule in cause.rules:
        dimension = rule.for_each or ""
        if dimension in world.batch.levels:
            key = rule_key(rule.direction, rule.id)
            item = _item(world, cause, rule, dimension)
            found.rules[cause.id, key, dimension] = item


def items_at(
    world: World, found: Judgement, cause: ReadyCause, dimension: str
) -> list[Item]:
    """A slice reads its own rules and the company's; the company the best slice."""
    items, levels = [], world.batch.levels
    for rule in cause.rules:
        key = rule_key(rule.direction, rule.id)
        own = rule.for_each or ""
        item = found.rules.get((cause.id, key, own))
        if item is None or (own and dimension not in ("", own)):
            continue
        if own == dimension:
            items.append(item)
        elif not own:
            items.append(_spread(item, levels[dimension]))
        else:
            items.append(best_rows(item, levels[own], world.batch.cases))
    return items


def _item(world: World, cause: ReadyCause, rule: ReadyRule, dimension: str) -> Item:
    state = world.state(rule.node, dimension)
    there = both(
        world.fits(tuple(cause.spec.applies_to), dimension),
        world.fits(tuple(rule.spec.applies_to), dimension),
    )
    if rule.recorded:  # what no meeting wrote down is no part of the bill
        there = both(there, state.true)
    alone: Bits | bool = rule.single
    if rule.claim:
        alone = ones(state.rows) & ~world.measured(rule.node, dimension)
    # confidence scales what holds; a chain passes on no more than it has
    held: int | Points = rule.points
    if state.sure is not None:
        held = (rule.points * state.sure.astype(np.int16) // 100).astype(np.int16)
    passed = _passed(world, rule.node, dimension)
    if passed is not None:
        held = np.where(passed >= 0, np.minimum(held, passed), held).astype(np.int16)
    return Item(
        rule.id, rule.direction, rule.group, rule.points, state, held, there, alone
    )


def _passed(world: World, node: Node, dimension: str) -> Points | None:
    """The most points among the verdicts that hold in a condition; −1: none."""
    found: Points | None = None
    for leaf in _verdict_leaves(node):
        plane = world.state(leaf, dimension)
        points = world.points_at(leaf.name, dimension)
        mine = np.where(unpack(plane.true, plane.rows), points, np.int16(-1))
        found = mine if found is None else np.maximum(found, mine)
    return found


def _verdict_leaves(node: Node) -> list[Leaf]:
    if isinstance(node, Leaf):
        return [node] if node.name.startswith("cause:") else []
    if isinstance(node, Group):
        return [leaf for part in node.parts for leaf in _verdict_leaves(part)]
    return []


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
