"""What the owner is spared: how work is done cell by cell, and how norms came about.

What was found there stands in the table of the map; cards tell how money was counted.
"""

from dataclasses import replace

from salesdx.render.report import Block, Figure, Group, Section
from salesdx.render.words import Words


def brief(section: Section, words: Words) -> Section:
    """The loss map as its reader needs it."""
    if words.reader != "owner":
        return section
    kept = [b for b in section.blocks if not _spared(b, words)]
    return replace(section, blocks=kept)


def _spared(block: Block, words: Words) -> bool:
    if isinstance(block, Group):
        return block.title == words.t("map.how")
    return isinstance(block, Figure) and block.name.startswith("work")
