"""The answer on one page: state, verdict sentence, coverage, what is fine."""

from collections.abc import Sequence

from salesdx.diagnosis import Diagnosed
from salesdx.facts import FactBase
from salesdx.inference.infer import Inference
from salesdx.language import LANGUAGES, Language, Text, percent, quoted, short_money
from salesdx.result import Fine, Loss, PlanAction, Summary, TotalLoss

MOSTLY = 0.8  # below this share "nothing found" says how far it reaches
ENOUGH = 0.02  # below this share of the evidence nothing is claimed
_DATA = "data"
_PAGE_ONE = 3  # findings and first actions on page one


def coverage(found: Inference, facts: FactBase) -> float:
    """Share of all evidence (by points) that could be looked at; 0 without facts."""
    if not any(f.value is not None for f in facts.values()):
        return 0.0
    weight = known = 0
    for outcome in found.causes.values():
        for rule in outcome.rules:
            weight += rule.item.full
            known += rule.item.full if rule.item.state is not None else 0
    return round(known / weight, 4) if weight else 0.0


def summarise(
    causes: Sequence[Diagnosed],
    losses: Sequence[Loss],
    total: TotalLoss | None,
    share: float,
    plan: Sequence[PlanAction],
) -> Summary:
    """Page one in data: what is lost, why, what first."""
    likely = _telling([d for d in causes if d.outcome.verdict == "likely"])
    possible = [d for d in causes if d.outcome.verdict == "possible"]
    state = _state(likely, possible, losses, share)
    top = list(dict.fromkeys(d.id for d in likely)) or list(
        dict.fromkeys(d.id for d in possible)
    )
    return Summary(
        state=state, verdict=_verdict(state, likely, possible, total, share),
        loss=total, coverage=share, top_causes=top[:_PAGE_ONE],
        first_actions=first_actions(plan),
    )  # fmt: skip


def first_actions(plan: Sequence[PlanAction]) -> list[str]:
    """What to begin with: of it something is left to do."""
    over = ("done", "dropped")
    left = [a.id for a in plan if a.edit is None or a.edit.state not in over]
    return left[:_PAGE_ONE]


def _telling(rows: Sequence[Diagnosed]) -> list[Diagnosed]:
    """Most telling first: what costs money, then other losses, then faults of counting.

    A fault of counting moves a figure, not a sale; one of them keeps the third place.
    """
    real = [d for d in rows if d.outcome.cause.spec.kind != _DATA]
    real.sort(key=lambda d: (-(d.money.expected if d.money else 0.0), d.rank))
    counting = [d for d in rows if d.outcome.cause.spec.kind == _DATA]
    distinct = list(dict.fromkeys(d.id for d in real))
    if counting and len(distinct) >= _PAGE_ONE:
        head = [d for d in real if d.id in distinct[: _PAGE_ONE - 1]]
        rest = [d for d in real if d.id not in distinct[: _PAGE_ONE - 1]]
        return [*head, *counting, *rest]
    return [*real, *counting]


def _state(
    likely: Sequence[Diagnosed],
    possible: Sequence[Diagnosed],
    losses: Sequence[Loss],
    share: float,
) -> str:
    # work done worse than by colleagues is a finding, not yet a loss
    confirmed = any(x.state == "confirmed" and x.scope != "service" for x in losses)
    real = [d for d in likely if d.outcome.cause.spec.kind != _DATA]
    if real or confirmed:
        return "loss_found"
    if likely:
        return "preliminary"
    pointed_at = any(d.outcome.cause.spec.kind != _DATA for d in possible)
    if share < ENOUGH and not pointed_at:
        return "not_enough_data"
    return "no_loss_found"


def _verdict(
    state: str,
    likely: Sequence[Diagnosed],
    possible: Sequence[Diagnosed],
    total: TotalLoss | None,
    share: float,
) -> Text:
    said = {
        language: _sentence(state, likely, possible, total, share, language)
        for language in LANGUAGES
    }
    return Text(en=said["en"], ru=said["ru"])


def _sentence(
    state: str,
    likely: Sequence[Diagnosed],
    possible: Sequence[Diagnosed],
    total: TotalLoss | None,
    share: float,
    language: Language,
) -> str:
    ru = language == "ru"
    if state == "not_enough_data":
        return (
            "Данных пока мало: причины называть рано."
            if ru
            else "Not enough data yet to name a cause."
        )
    if state == "no_loss_found":
        return _nothing(possible, share, language)
    if state == "preliminary":
        names = _titles(likely, language)
        return (
            f"Сначала поправьте учёт: {names}. До пересчёта судить о продажах рано."
            if ru
            else f"Mend the figures first: {names}. Sales cannot be judged before that."
        )
    parts = [_money(total, language), *_causes(likely, possible, language)]
    if total is None:  # what is not known comes after what is
        parts = [*parts[1:], parts[0]]
    return " ".join(p for p in parts if p)


def _nothing(possible: Sequence[Diagnosed], share: float, language: Language) -> str:
    """No loss: how far that reaches, and what is suspected all the same."""
    ru, part = language == "ru", percent(share, language, 0)
    names = _titles(possible, language)
    if share >= MOSTLY:
        said = (
            "Потерь, которые подтверждались бы данными и ответами, нет."
            if ru
            else "No loss that data or answers would confirm."
        )
    elif ru:
        said = f"Проверено {part}: в этой части подтверждённых потерь нет."
    else:
        said = f"{part} was examined, and no loss is confirmed in that part."
    if names:
        said += (
            f" Что стоит проверить: {names}." if ru else f" Worth checking: {names}."
        )
    elif share < MOSTLY:
        said += (
            " Об остальном судить пока не по чему."
            if ru
            else " Of the rest nothing can be said yet."
        )
    return said


def _causes(
    likely: Sequence[Diagnosed], possible: Sequence[Diagnosed], language: Language
) -> list[str]:
    ru = language == "ru"
    real = [d for d in likely if d.outcome.cause.spec.kind != _DATA]
    counting = [d for d in likely if d.outcome.cause.spec.kind == _DATA]
    if real:
        names = _titles(real, language)
        several = len({d.id for d in real}) > 1
        if ru:
            lead = "Вероятные причины" if several else "Вероятная причина"
        else:
            lead = "The likely causes" if several else "The likely cause"
        said = [f"{lead}: {names}."]
        if counting:
            names = _titles(counting, language)
            lead = "Искажён и сам учёт" if ru else "The count itself is distorted too"
            said.append(f"{lead}: {names}.")
        return said
    if possible:
        names = _titles(possible, language)
        lead = (
            "Причина пока не доказана; прежде всего проверьте"
            if ru
            else "The cause is not proven yet; check first"
        )
        return [f"{lead}: {names}."]
    return ["Причина пока не видна." if ru else "The cause is not visible yet."]


def _titles(rows: Sequence[Diagnosed], language: Language) -> str:
    titles = dict.fromkeys(d.outcome.cause.spec.title.in_(language) for d in rows)
    named = [quoted(t, language) for t in list(titles)[:_PAGE_ONE]]
    if len(named) < 2:
        return "".join(named)
    word = " и " if language == "ru" else " and "
    return ", ".join(named[:-1]) + word + named[-1]


def _money(total: TotalLoss | None, language: Language) -> str:
    if total is None:
        return (
            "Во что это обходится, пока не подтверждено."
            if language == "ru"
            else "What it costs is not confirmed yet."
        )
    low, mid, high = (
        short_money(v, total.currency, language)
        for v in (total.low, total.expected, total.high)
    )
    if language == "ru":
        figure, _, unit = low.partition("\u00a0")
        low = figure if unit == high.partition("\u00a0")[2] else low
        return f"Компания потеряла за период около {mid} (от {low} до {high})."
    return f"The company lost about {mid} over the period ({low} to {high})."


def fine(found: Inference) -> list[Fine]:
    """Symptoms that were looked for and are not there.

    What a standing cause explains is left out: "churn is fine" beside "nobody works
    with churn" would contradict itself.
    """
    standing = {
        symptom
        for outcome in found.causes.values()
        if outcome.verdict in ("likely", "possible")
        for symptom in outcome.cause.spec.explains
    }
    rows = []
    for (symptom, where), outcome in sorted(found.symptoms.items()):
        spec = outcome.symptom.spec
        if where or spec.kind != "harm" or symptom in standing:
            continue
        if outcome.outcome.state is not False:
            continue
        rows.append(Fine(
            id=symptom, title=spec.title,
            because=Text(en="Looked at: not seen.", ru="Проверено: не наблюдается."),
        ))  # fmt: skip
    return rows
