"""What overlays changed of the knowledge, as rows of the result and in words."""

from salesdx.explanation.wording import Wording, both
from salesdx.knowledge.base import POINTS
from salesdx.knowledge.layers import Tuned as Change
from salesdx.language import Text, quantity, quoted
from salesdx.result import Tuned

_WEIGHTS = {
    "slight": "слабый", "moderate": "умеренный", "considerable": "заметный",
    "strong": "сильный", "decisive": "решающий",
}  # fmt: skip
_KINDS = {
    "benchmark": both("Threshold", "Ориентир"),
    "rule": both("A rule of the cause", "Правило причины"),
    "cause": both("Cause", "Причина"),
    "question": both("Question", "Вопрос"),
    "symptom": both("Symptom", "Симптом"),
    "remedy": both("Action", "Мера"),
    "metric": both("Figure", "Показатель"),
}
_PLAIN = {
    "added": both("added", "добавлено"),
    "replaced": both("an entry of its own", "своя запись вместо поставляемой"),
    "variants": both(
        "the values of narrower cases replaced", "значения для частных случаев заменены"
    ),
    "if": both("the condition replaced", "условие заменено"),
    "group": both("weighed together with others", "взвешивается вместе с другими"),
}
_LISTS = {
    "remedies": both("actions", "меры"),
    "explains": both("symptoms", "симптомы"),
    "gate": both("required conditions", "обязательные условия"),
    "unless": both("objections", "возражения"),
    "rules_out": both("what rules it out", "что её исключает"),
    "leads_to": both("consequences", "следствия"),
    "aggravates": both("what it makes worse", "что она усугубляет"),
    "rivals": both("causes that look alike", "похожие причины"),
}
_OFF = (
    both("switched off", "не учитывается"),
    both("switched on again", "снова учитывается"),
)
_CORE = (
    both("asked in the quick interview too", "есть и в быстром опросе"),
    both("not in the quick interview", "нет в быстром опросе"),
)


def tuned(wording: Wording) -> list[Tuned]:
    """Every change, in the order in which the layers made them."""
    return [_row(c, wording) for c in wording.knowledge.tuned]


def tuned_rule(wording: Wording, cause: str, rule: str) -> list[Tuned]:
    """What was changed of one rule."""
    name = f"{cause}/{rule}"
    rows = wording.knowledge.tuned
    return [_row(c, wording) for c in rows if c.kind == "rule" and c.id == name]


def _row(change: Change, wording: Wording) -> Tuned:
    return Tuned(
        layer=change.layer, kind=change.kind, id=change.id,
        title=_title(change, wording), change=change.change, was=change.was,
        now=change.now, why=change.why, text=_text(change, wording),
    )  # fmt: skip


def _title(change: Change, wording: Wording) -> Text:
    """How people call the entry; a rule is called after its cause."""
    knowledge, name = wording.knowledge, change.id
    match change.kind:
        case "benchmark":
            return knowledge.benchmarks[name].title
        case "cause" | "symptom":
            return knowledge.title(f"{change.kind}:{name}")
        case "rule":
            return knowledge.title(f"cause:{name.partition('/')[0]}")
        case "remedy":
            return knowledge.remedies[name].title
        case _:
            return knowledge.title(name)


def _text(change: Change, wording: Wording) -> Text:
    """`Threshold “A slow first answer”: 1 h → 30 min`."""
    kind, title = _KINDS[change.kind], _title(change, wording)
    rule = f" ({change.id.partition('/')[2]})" if change.kind == "rule" else ""
    what = _what(change, wording)
    return both(
        f"{kind.en} {quoted(title.en, 'en')}{rule}: {what.en}",
        f"{kind.ru} {quoted(title.ru, 'ru')}{rule}: {what.ru}",
    )


def _what(change: Change, wording: Wording) -> Text:
    key, was, now = change.change, change.was, change.now
    if key == "off":
        return _OFF[0 if now else 1]
    if key == "core":
        return _CORE[0 if now else 1]
    if key == "value":
        unit, money = wording.knowledge.benchmarks[change.id].unit, wording.currency
        return both(
            f"{quantity(was, unit, 'en', money)} → {quantity(now, unit, 'en', money)}",
            f"{quantity(was, unit, 'ru', money)} → {quantity(now, unit, 'ru', money)}",
        )
    if key == "weight":
        points = f"({POINTS[was]} → {POINTS[now]})"
        return both(
            f"weight {was} → {now} {points}",
            f"вес {_WEIGHTS[was]} → {_WEIGHTS[now]} {points}",
        )
    if key in _LISTS:
        more = was is None
        return both(
            f"{_LISTS[key].en}: {'more' if more else 'replaced'}",
            f"{_LISTS[key].ru}: {'дополнено' if more else 'заменено'}",
        )
    return _PLAIN[key]
