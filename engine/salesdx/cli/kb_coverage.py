"""`salesdx kb coverage`: what the tests have seen, what the domain asks, what is found.

Three views: leaves of conditions, items of the domain, causes that can become likely.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, working
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_GATE, UsageError, hinted, in_language

if TYPE_CHECKING:  # imported late: `--help` must come up at once
    from salesdx.knowledge.base import KnowledgeBase
    from salesdx.workbench.domain import DomainCover
    from salesdx.workbench.leaves import LeafSeen
    from salesdx.workbench.reach import Reach

_ALL = "*"


@click.command(
    "coverage",
    cls=Command,
    help=say(
        "Three questions about the base. Leaves: which comparisons the tests beside "
        "the rules have seen true, false and unknown. Domain: which items of the "
        "domain are carried by which entries. Reach: whether answers, data or both "
        "can make a cause likely, proved by an example. Without options all three in "
        "short; with CAUSE everything of that cause.\n\n"
        "\b\nExamples:\n"
        "  salesdx kb coverage\n"
        "  salesdx kb coverage immature-deals\n"
        "  salesdx kb coverage --leaves --threshold 90\n"
        "  salesdx kb coverage --domain C-07",
        "Три вопроса к базе. Условия: какие сравнения испытания видели верными, "
        "неверными и неизвестными. Предметная область: какой её пункт в каких записях "
        "есть. Достижимость: можно ли подтвердить причину по ответам, по данным, по "
        "тем и другим — с примером. Без ключей — коротко обо всём; с ПРИЧИНОЙ — всё "
        "о ней.\n\n"
        "\b\nПримеры:\n"
        "  salesdx kb coverage\n"
        "  salesdx kb coverage immature-deals\n"
        "  salesdx kb coverage --leaves --threshold 90\n"
        "  salesdx kb coverage --domain C-07",
    ),
)
@click.argument("cause", required=False, metavar=say("[CAUSE]", "[ПРИЧИНА]"))
@click.option(
    "--leaves",
    is_flag=True,
    help=say(
        "Every comparison that no test has seen in all its states.",
        "Все сравнения, которые испытания видели не во всех состояниях.",
    ),
)
@click.option(
    "--domain",
    "item",
    is_flag=False,
    flag_value=_ALL,
    metavar=say("[ITEM]", "[ПУНКТ]"),
    help=say(
        "The domain by kinds; with C all items of a kind, with C-07 one in full.",
        "Предметная область по разделам; с C — все пункты раздела, с C-07 — один.",
    ),
)
@click.option(
    "--reach",
    "reached",
    is_flag=True,
    help=say(
        "For every cause: can answers, data or both make it likely.",
        "О каждой причине: подтвердят ли её ответы, данные, те и другие.",
    ),
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 100),
    metavar=say("PERCENT", "ПРОЦЕНТ"),
    help=say(
        "Exit 1 when less of the leaf states is seen.",
        "Код 1, если испытания видели меньшую долю состояний.",
    ),
)
@options.overlays()
@options.output_format()
@options.lang()
def coverage(
    cause: str | None, leaves: bool, item: str | None, reached: bool,
    threshold: float | None, overlays: tuple[Path, ...], as_: str,
) -> int:  # fmt: skip
    """Print what was found."""
    from salesdx.cli.naming import cause_id
    from salesdx.knowledge.load import load

    knowledge = load(overlays)
    one = cause_id(knowledge, cause) if cause else None
    views = {
        v for v, asked in
        (("leaves", leaves), ("domain", item is not None), ("reach", reached))
        if asked
    }  # fmt: skip
    found = _Found(knowledge, one)
    if as_ == "json":
        print_json(_as_data(found, views or {"leaves", "domain", "reach"}, item))
    else:
        for line in _text(found, views, item):
            click.echo(line)
    return _judged(found, threshold)


class _Found:
    """What each view needs, worked out when it is asked for."""

    def __init__(self, knowledge: "KnowledgeBase", cause: str | None) -> None:
        self.knowledge, self.cause = knowledge, cause
        self._leaves: list[LeafSeen] | None = None
        self._domain: DomainCover | None = None
        self._reach: list[Reach] | None = None

    @property
    def leaves(self) -> "Sequence[LeafSeen]":
        from salesdx.workbench.leaves import leaves, of_cause

        if self._leaves is None:
            self._leaves = leaves(self.knowledge)
            if self.cause:
                cause = self.knowledge.causes[self.cause]
                self._leaves = of_cause(self._leaves, cause, self.knowledge)
        return self._leaves

    @property
    def domain(self) -> "DomainCover":
        from salesdx.workbench.domain import cover

        if self._domain is None:
            self._domain = cover(self.knowledge)
        return self._domain

    @property
    def reach(self) -> "Sequence[Reach]":
        from salesdx.workbench.reach import reach

        if self._reach is None:
            with working(say("looking for examples", "ищем примеры")):
                some = [self.cause] if self.cause else []
                self._reach = reach(self.knowledge, some)
        return self._reach


def _text(found: _Found, views: set[str], item: str | None) -> Iterator[str]:
    from salesdx.cli import kb_coverage_views as told

    if not views and found.cause:
        one = found.knowledge.causes[found.cause]
        yield from told.cause(
            one, found.leaves, found.domain, found.reach[0], found.knowledge
        )
        return
    if not views:
        yield from told.summary(found.leaves, found.domain, found.reach)
        return
    if "leaves" in views:
        yield from told.leaves(found.leaves, whole=found.cause is not None)
    if "domain" in views:
        yield from _domain(found, item)
    if "reach" in views:
        in_full = found.cause is not None
        yield from told.reach(found.reach, found.knowledge, in_full=in_full)


def _domain(found: _Found, item: str | None) -> Iterator[str]:
    from salesdx.cli import kb_coverage_views as told

    if item in (None, _ALL):
        yield from told.domain(found.domain)
    elif item in found.domain.kinds:
        yield from told.items(found.domain.of_kind(item))
    else:
        yield from told.item(_known(found.domain, item or ""), found.domain)


def _known(domain: "DomainCover", item: str) -> str:
    from salesdx.content import did_you_mean

    if item in domain.items or item in domain.others:
        return item
    none = say(f"the domain has no item {item!r}", f"в предметной области нет «{item}»")
    hint = did_you_mean(item, [*domain.kinds, *domain.items, *domain.others])
    raise UsageError(hinted(none, in_language(hint, language())))


def _as_data(found: _Found, views: set[str], item: str | None) -> dict[str, object]:
    from salesdx.cli import kb_coverage_data as data

    rows: dict[str, object] = {}
    if "reach" in views:
        rows["causes"] = data.reach(found.reach, found.knowledge)
    if "leaves" in views:
        rows["leaves"] = data.leaves(found.leaves)
    if "domain" in views:
        only = None if item in (None, _ALL) else item
        if only is not None and only not in found.domain.kinds:
            only = _known(found.domain, only)
        rows["domain"] = data.domain(found.domain, only)
    return rows


def _judged(found: _Found, threshold: float | None) -> int:
    if threshold is None:
        return 0
    from salesdx.workbench.leaves import share

    seen = share(found.leaves) * 100
    if seen >= threshold:
        return 0
    click.echo(
        say(
            f"Seen {seen:.1f}% of the leaf states, {threshold:g}% are asked for.",
            f"Испытания видели {seen:.1f} % состояний, а нужно {threshold:g} %.",
        ),
        err=True,
    )
    return EXIT_GATE
