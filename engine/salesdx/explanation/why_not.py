"""why-not: what keeps a cause from being likely, and the least that would change it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from salesdx.explanation.account import Account, account, source_of
from salesdx.explanation.grounds import Part
from salesdx.explanation.phrases import condition
from salesdx.explanation.plain import VERDICT_SENTENCES, plain_title
from salesdx.explanation.turning import MOST, Turn, Turned, Turning
from salesdx.explanation.why import Audience, headline
from salesdx.explanation.wording import VERDICTS, Wording, both, form
from salesdx.facts import COMPANY, Fact, Slice
from salesdx.inference.infer import Inference
from salesdx.inference.points import LIKELY
from salesdx.inference.verdicts import CauseOutcome
from salesdx.language import LANGUAGES, Language, Text
from salesdx.result import Verdict

SHOWN = 3
Replay = Callable[[Sequence[Fact]], CauseOutcome]
_COUNTS = {
    1: Text(en="one change", ru="одного изменения"),
    2: Text(en="two changes together", ru="двух изменений сразу"),
    3: Text(en="three changes together", ru="трёх изменений сразу"),
}


class Change(Part):
    """One thing that would have to be otherwise; `unknown` when it can be looked up.

    `value` is the value that was tried, `text` what it stands for.
    """

    name: str
    slice: dict[str, str]
    unknown: bool
    value: Any
    text: Text
    now: Text
    source: Text
    asked: bool


class Way(Part):
    """Changes that together make the cause likely, verified by a full replay."""

    changes: list[Change]
    verdict: Verdict
    points: int


class WhyNot(Part):
    """What keeps a cause from being likely, on one slice.

    `size` is the number of changes in each of `ways`, `sets` how many such sets there
    are; `proved` when every smaller set was tried. `look_up` are the smallest sets of
    things that are not known yet, where `ways` would have known things otherwise.
    """

    cause: str
    title: Text
    slice: dict[str, str]
    verdict: Verdict
    points: int
    needed: int
    size: int
    sets: int
    proved: bool
    ways: list[Way]
    look_up: list[Way]
    account: Account

    def text(self, language: Language, audience: Audience = "consultant") -> str:
        """The answer in words."""
        tell = _plain if audience == "owner" else _full
        return "\n".join(tell(self, language))


def why_not(
    outcome: CauseOutcome, found: Inference, wording: Wording, replay: Replay,
    sales_model: str | None = None,
) -> WhyNot:  # fmt: skip
    """Search the smallest changes; each way that is told was replayed in full."""
    spec = outcome.cause.spec
    turned, look_up = Turned((), True), Turned((), True)
    if outcome.verdict != "likely":
        search = Turning(outcome, found.case, sales_model)
        turned = search.smallest()
        if not any(all(t.unknown for t in s) for s in turned.sets):
            look_up = search.smallest(unknown_only=True)
    view = found.case.at(COMPANY)

    def ways(sets: Turned) -> list[Way]:
        order = sorted(sets.sets, key=_ease)
        told = (_way(s, replay, wording, outcome.where, view) for s in order[:SHOWN])
        return [w for w in told if w.verdict == "likely"]

    return WhyNot(
        cause=spec.id, title=spec.title, slice=dict(outcome.where),
        verdict=outcome.verdict, points=outcome.total.points,
        needed=max(0, LIKELY - outcome.total.points), size=turned.size,
        sets=len(turned.sets), proved=turned.proved, ways=ways(turned),
        look_up=ways(look_up), account=account(outcome, found, wording),
    )  # fmt: skip


def _ease(turns: Sequence[Turn]) -> tuple[int, int]:
    """Sets of things to look up come first, then those without gaps to measure."""
    gaps = sum(t.fact.origin == "gap" for t in turns)
    return sum(not t.unknown for t in turns), gaps


def _way(
    turns: Sequence[Turn], replay: Replay, wording: Wording, here: Slice, view: Any
) -> Way:
    after = replay([t.fact for t in turns])
    return Way(
        changes=[_change(t, wording, here, view) for t in turns], verdict=after.verdict,
        points=after.total.points,
    )  # fmt: skip


def _change(turn: Turn, wording: Wording, here: Slice, view: Any) -> Change:
    fact = turn.fact
    text = condition(turn.leaf, wording, view, turn.state is True)
    where = wording.where(fact.slice) if fact.slice != here else None
    if where is not None:
        text = both(f"{text.en} ({where.en})", f"{text.ru} ({where.ru})")
    now = both(*(wording.value(turn.now, language) for language in LANGUAGES))
    value = list(fact.value) if isinstance(fact.value, tuple) else fact.value
    return Change(
        name=fact.name, slice=dict(fact.slice), unknown=turn.unknown, value=value,
        text=text, now=now, source=source_of(fact.name.removeprefix("gap:"), wording),
        asked=fact.origin == "answer",
    )  # fmt: skip


def _full(told: WhyNot, language: Language) -> Iterator[str]:
    ru = language == "ru"
    yield headline(told.account, language)
    if told.verdict == "likely":
        yield "Это уже вероятная причина." if ru else "This is likely already."
        return
    yield "Что мешает:" if ru else "What is in the way:"
    yield from (f"  · {x.in_(language)}" for x in told.account.lacks)
    if not told.ways and not told.look_up:
        yield from _no_way(told, ru)
        return
    if told.ways:
        yield from _ways_lead(told, language)
        yield from _ways(told.ways, language)
    if told.look_up:
        yield (
            "Или, ничего из известного не меняя, если выяснится то, чего не знаем:"
            if ru
            else "Or nothing known has to change, if what is not known turned out so:"
        )
        yield from _ways(told.look_up, language)


def _no_way(told: WhyNot, ru: bool) -> Iterator[str]:
    best = told.account.best
    yield (
        f"Набора изменений, при котором она стала бы вероятной, не нашли: "
        f"с учётом всего неизвестного будет не больше {best} из {LIKELY}."
        if ru
        else f"No changes were found that would make it likely: with all that is "
        f"unknown it has {best} of {LIKELY} at most."
    )


def _ways_lead(told: WhyNot, language: Language) -> Iterator[str]:
    """How many changes it takes, how many such sets there are, and whether proved."""
    ru, n = language == "ru", told.size
    words = _COUNTS.get(n) or both(
        f"{n} changes together",
        f"{n} {form(n, 'изменения', 'изменений', 'изменений')} сразу",
    )
    count = words.in_(language)
    if not told.proved:
        yield (
            f"Хватило бы {count} (ничего из набора убрать нельзя):"
            if ru
            else f"It would take {count} (none of them can be left out):"
        )
        return
    several = ""
    if told.sets > 1:
        several = f" (способов: {told.sets})" if ru else f" (in {told.sets} ways)"
    smaller = ""
    if n > 1:
        smaller = (
            "; меньшего набора нет, проверены все" if ru
            else "; every smaller set was tried and fails"
        )  # fmt: skip
    lead = f"Хватит {count}" if ru else f"It takes {count}"
    yield f"{lead}{several}{smaller}:"


def _ways(ways: Sequence[Way], language: Language) -> Iterator[str]:
    ru = language == "ru"
    for i, way in enumerate(ways, start=1):
        verdict = VERDICTS[way.verdict].in_(language)
        n = way.points
        points = f"{n} {form(n, 'балл', 'балла', 'баллов')}" if ru else f"{n} points"
        yield f"  {i}. {verdict}, {points}:"
        for change in way.changes:
            text, now = change.text.in_(language), change.now.in_(language)
            if change.unknown:
                source = change.source.in_(language)
                lead = "выяснить" if ru else "look up"
                yield f"     ? {lead}: {text} ({source}; {change.name})"
            else:
                is_now = f"сейчас: {now}" if ru else f"now: {now}"
                lead = "должно стать иначе" if ru else "would have to differ"
                yield f"     ≠ {lead}: {text} ({is_now}; {change.name})"


def _plain(told: WhyNot, language: Language) -> Iterator[str]:
    """For the owner: what to find out, and what would have to be different."""
    ru = language == "ru"
    yield plain_title(told.title, told.account.where, language)
    yield VERDICT_SENTENCES[told.verdict].in_(language)
    if told.verdict == "likely":
        return
    ways = told.look_up or told.ways
    if not ways or len(ways[0].changes) > MOST:
        yield (
            "Для этого слишком многое должно быть не так, как сейчас."
            if ru
            else "Too much would have to be different for this to be a reason."
        )
        return
    unknown = [w for w in ways if all(c.unknown for c in w.changes)]
    if unknown:
        yield (
            "Это станет понятно, если узнать вот что. Причина подтвердится, если:"
            if ru
            else "It takes a little to find out. It is a reason if:"
        )
        yield from _plain_ways(unknown, language)
        return
    yield (
        "Чтобы это было причиной, дела должны обстоять иначе, чем сейчас:"
        if ru
        else "For this to be a reason, things would have to be different from today:"
    )
    yield from _plain_ways(ways[:1], language)


def _plain_ways(ways: Sequence[Way], language: Language) -> Iterator[str]:
    ru = language == "ru"
    for i, way in enumerate(ways):
        if i:
            yield "или" if ru else "or"
        for change in way.changes:
            text, now = change.text.in_(language), change.now.in_(language)
            if change.unknown:
                ask = f" ({change.source.in_(language)})" if change.asked else ""
                yield f"  — {text}{ask}"
            else:
                yield f"  — {text} ({'сейчас' if ru else 'now'}: {now})"
