"""The three views of `kb coverage` as text."""

from collections.abc import Iterator, Sequence

from salesdx.cli.kb_test import signs
from salesdx.cli.output import table
from salesdx.cli.wording import language, say
from salesdx.explanation.wording import Wording
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import State
from salesdx.language import percent
from salesdx.workbench.domain import Bearing, DomainCover, Item, Status
from salesdx.workbench.leaves import STATES, LeafSeen, share
from salesdx.workbench.reach import SIDES, Reach
from salesdx.workbench.reach_page import brief, counts, fact_words, verdict


def summary(
    leaves_: Sequence[LeafSeen], domain_: DomainCover, reach_: Sequence[Reach]
) -> Iterator[str]:
    """All three in short, each with the option that tells more."""
    yield _counted(leaves_)
    yield "  salesdx kb coverage --leaves"
    yield _of_domain(domain_)
    yield "  salesdx kb coverage --domain"
    yield counts(reach_).in_(language())
    yield "  salesdx kb coverage --reach"


def _counted(found: Sequence[LeafSeen]) -> str:
    lacks = {s: sum(s in row.lacks for row in found) for s in STATES}
    whole = sum(not row.lacks for row in found)
    seen = percent(share(found), language())
    return say(
        f"Leaves: {len(found)} comparisons, {whole} seen in every state; {seen} of "
        f"all states seen. Never true: {lacks[True]}, never false: {lacks[False]}, "
        f"never unknown: {lacks[None]}.",
        f"Условия: сравнений — {len(found)}, во всех состояниях испытания видели "
        f"{whole}; всего видели {seen} состояний. Не видели верными: "
        f"{lacks[True]}, неверными: {lacks[False]}, неизвестными: {lacks[None]}.",
    )


def _of_domain(found: DomainCover) -> str:
    n = {s: len(found.having(s)) for s in ("covered", "excepted", "missing")}
    return say(
        f"Domain: {len(found.items)} items. Covered: {n['covered']}, excepted with a "
        f"reason: {n['excepted']}, missing: {n['missing']}; ids outside the register: "
        f"{len(found.others)}.",
        f"Предметная область: пунктов — {len(found.items)}. Есть в базе: "
        f"{n['covered']}, исключений с объяснением: {n['excepted']}, не хватает: "
        f"{n['missing']}; номеров вне перечня: {len(found.others)}.",
    )


_LACKS: dict[State, tuple[str, str]] = {
    True: ("never true", "не видели верным"),
    False: ("never false", "не видели неверным"),
    None: ("never unknown", "не видели неизвестным"),
}


def leaves(found: Sequence[LeafSeen], *, whole: bool = False) -> Iterator[str]:
    """What is never seen so, a line a leaf; `whole` lists all with their marks."""
    if whole:
        yield from _marked(found)
        return
    for row in sorted(found, key=lambda row: row.place):
        if row.lacks:
            lacks = ", ".join(say(*_LACKS[s]) for s in row.lacks)
            at = f"{row.place.file}:{row.place.line}:{row.place.col}"
            yield f"{at} {row.site.of}: {row.leaf}: {lacks}"
    yield _counted(found)


def _marked(found: Sequence[LeafSeen]) -> Iterator[str]:
    """`✓✗? file:line rule: leaf`: a mark for each state that was seen."""
    marks = signs()
    for row in found:
        seen = "".join(
            marks[s] if s in row.seen else "·" if s in row.possible else " "
            for s in STATES
        )
        at = f"{row.place.file}:{row.place.line}"
        yield f"  {seen}  {row.site.of}: {row.leaf}  ({at})"
    yield "  " + _counted(found)


def domain(found: DomainCover) -> Iterator[str]:
    """The register by kinds; exceptions with their reasons; what is missing."""
    heads = [
        say("kind", "раздел"), say("title", "название"), say("items", "пунктов"),
        say("covered", "есть"), say("excepted", "исключений"), say("missing", "нет"),
    ]  # fmt: skip
    rows = []
    for kind in found.kinds.values():
        items_ = found.of_kind(kind.id)
        numbers = [
            str(sum(i.status == s for i in items_))
            for s in ("covered", "excepted", "missing")
        ]
        rows.append([kind.id, kind.title.in_(language()), str(len(items_)), *numbers])
    yield table([heads, *rows], right=(2, 3, 4, 5))
    yield ""
    for one in (*found.having("excepted"), *found.having("missing")):
        yield from item(one.id, found)
    if found.others:
        names = ", ".join(found.others)
        yield say(f"Outside the register: {names}", f"Вне перечня: {names}")
    yield _of_domain(found)


_STATUS: dict[Status, tuple[str, str]] = {
    "covered": ("covered", "есть"),
    "excepted": ("excepted", "исключение"),
    "missing": ("missing", "не хватает"),
}


def items(found: Sequence[Item]) -> Iterator[str]:
    """The items of one kind, each with all entries that carry it."""
    for one in found:
        where = ", ".join(f"{b.kind} {b.name}" for b in one.borne_by) or "—"
        status = "" if one.status == "covered" else f" [{say(*_STATUS[one.status])}]"
        yield f"{one.id}{status}: {where}"


def item(name: str, found: DomainCover) -> Iterator[str]:
    """One item in full: every entry with its place and title."""
    one = found.items.get(name)
    if one is None:
        yield say(f"{name}: outside the register", f"{name}: вне перечня")
        borne_by: Sequence[Bearing] = found.others[name]
    else:
        yield f"{name}: {say(*_STATUS[one.status])}"
        borne_by = one.borne_by
        if one.status == "missing":
            bearers = ", ".join(found.kinds[one.kind].bearers)
            yield say(
                f"  no entry of {bearers} has it in `ref`",
                f"  его нет в `ref` ни одной записи: {bearers}",
            )
        if one.reason:
            yield f"  {one.reason.in_(language())}"
    for b in borne_by:
        at = f"{b.place.file}:{b.place.line}"
        yield f"  {b.kind} {b.name}  {at}  {b.title.in_(language())}"


def reach(
    found: Sequence[Reach], knowledge: KnowledgeBase, *, in_full: bool
) -> Iterator[str]:
    """From which side each cause can become likely; of one, the examples."""
    if in_full:
        yield from _examples(found[0], Wording(knowledge, ""))
        return
    heads = [
        say("cause", "причина"), say("answers", "ответы"), say("data", "данные"),
        say("both", "вместе"),
    ]  # fmt: skip
    rows = [
        [r.cause.id, *(brief(r.attempts[s]).in_(language()) for s in SIDES)]
        for r in found
    ]
    yield table([heads, *rows])
    yield "\n" + counts(found).in_(language())


def _examples(row: Reach, wording: Wording) -> Iterator[str]:
    """Every side of one cause: the example fact by fact, or why there is none."""
    names = {
        "answers": say("From answers", "По ответам"),
        "data": say("From data", "По данным"),
        "both": say("From both", "По тем и другим"),
    }
    for side, attempt in row.attempts.items():
        yield f"{names[side]}: {verdict(attempt).in_(language())}"
        for fact in attempt.facts:
            yield f"  {fact_words(fact, wording).in_(language())} [{fact.name}]"


def cause(
    cause_: ReadyCause, leaves_: Sequence[LeafSeen], domain_: DomainCover,
    reach_: Reach, knowledge: KnowledgeBase,
) -> Iterator[str]:  # fmt: skip
    """Everything of one cause: its leaves, its refs, its examples."""
    yield cause_.spec.title.in_(language())
    yield say("Leaves (seen true, false, unknown):",
              "Условия (видели верным, неверным, неизвестным):")  # fmt: skip
    yield from _marked(leaves_)
    yield say("Items of the domain:", "Пункты предметной области:")
    for name, places in _refs(cause_, domain_).items():
        yield f"  {name}: {', '.join(places)}"
    yield from _examples(reach_, Wording(knowledge, ""))


def _refs(cause_: ReadyCause, domain_: DomainCover) -> dict[str, list[str]]:
    """The ids that the cause and its rules carry, each with the places."""
    found: dict[str, list[str]] = {}
    everything = {i.id: i.borne_by for i in domain_.items.values()}
    for name, borne_by in {**everything, **domain_.others}.items():
        for b in borne_by:
            of_rule = b.kind == "rules" and b.name.startswith(f"{cause_.id}/")
            if of_rule or (b.kind == "causes" and b.name == cause_.id):
                found.setdefault(name, []).append(f"{b.place.file}:{b.place.line}")
    return found
