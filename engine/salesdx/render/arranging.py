"""The report as the house tells it: its chapters, their order, its own words around."""

from collections.abc import Sequence
from dataclasses import replace

from salesdx.errors import KnowledgeError, Said
from salesdx.render.look import Audience, Look, OwnSection
from salesdx.render.look.words import CHAPTERS, OWN_PREFIX, own_words
from salesdx.render.markdown_blocks import blocks_of
from salesdx.render.report import Block, Card, Group, Item, Report, Section
from salesdx.render.words import Words
from salesdx.render.worksheets.template import fill
from salesdx.render.worksheets.view import View
from salesdx.result import ResultDocument


def arranged(
    report: Report, document: ResultDocument, words: Words, audience: Audience,
    look: Look,
) -> Report:  # fmt: skip
    """The report in a look; the plain one leaves it as it is."""
    if look.plain:
        return report
    kept = [s for s in report.sections if s.id not in look.leave_out]
    own = [(s, _filled(s, document, words, look)) for s in look.sections
           if not s.audiences or audience in s.audiences]  # fmt: skip
    own = [(s, made) for s, made in own if made.blocks]
    listed = [made for _, made in own if made.id in look.order]
    kept = _ordered([*kept, *listed], look.order)
    for section, made in own:
        if made not in listed:
            kept.insert(_place(section, kept), made)
    told = own_words(document, words, look)
    return replace(
        report,
        kicker=told.kicker or report.kicker,
        meta=[*report.meta, told.prepared] if told.prepared else report.meta,
        footer=told.footer or report.footer,
        mark=told.mark,
        page_one=replace(
            report.page_one,
            findings=_linked(report.page_one.findings, kept),
            actions=_linked(report.page_one.actions, kept),
        ),
        sections=kept,
    )


def _ordered(sections: Sequence[Section], order: Sequence[str]) -> list[Section]:
    """Those that are named come first, in that order; the rest follow as usual."""
    place = {name: i for i, name in enumerate(order)}
    return sorted(sections, key=lambda s: place.get(s.id, len(place)))


def _place(own: OwnSection, kept: Sequence[Section]) -> int:
    """Where it goes; a neighbour that this report lacks stands where it would."""
    ids = [s.id for s in kept]
    anchor = own.after or own.before
    if not anchor:
        return len(ids)
    if anchor in ids and own.before:
        return ids.index(anchor)
    place = ids.index(anchor) + 1 if anchor in ids else 0
    if anchor not in ids and anchor != "start":
        earlier = CHAPTERS[: CHAPTERS.index(anchor)]
        places = [i + 1 for i, name in enumerate(ids) if name in earlier]
        place = max(places, default=0)
    while place < len(ids) and ids[place].startswith(OWN_PREFIX):
        place += 1  # after those that asked for the same place before
    return place


def _filled(
    own: OwnSection, document: ResultDocument, words: Words, look: Look
) -> Section:
    names = View(document, words.lang, look.texts).names(())
    try:
        text = fill(own.templates[words.lang], names, words.lang)
    except KnowledgeError as error:
        what = Said("a section cannot be filled:", "раздел отчёта не заполнить:")
        raise KnowledgeError(what, error.problems) from None
    return Section(f"{OWN_PREFIX}{own.id}", words.text(own.title), blocks_of(text))


def _linked(items: list[Item], kept: Sequence[Section]) -> list[Item]:
    """No line of page one leads to a card that was left out."""
    there = {name for s in kept for name in _cards(s.blocks)}
    return [i if i.anchor in there else replace(i, anchor="") for i in items]


def _cards(blocks: Sequence[Block]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Card):
            found.append(block.id)
        if isinstance(block, Card | Group):
            found += _cards(block.blocks)
    return found
