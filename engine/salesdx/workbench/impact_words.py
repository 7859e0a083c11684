"""The words of the impact report: what moved a verdict, and which edit did it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from salesdx.explanation.wording import VERDICTS, both, form, joined
from salesdx.language import Language, Text, quoted
from salesdx.workbench.attribution import Proof
from salesdx.workbench.difference_words import Words
from salesdx.workbench.differences import Edit
from salesdx.workbench.impact_grounds import CheckMove, Ground, Link, RuleMove
from salesdx.workbench.impact_report import Row, Standing
from salesdx.workbench.seen import Seen

_STATES: Mapping[str, Text] = {
    "fired": both("fired", "сработало"),
    "silent": both("silent", "молчит"),
    "unknown": both("unknown", "неизвестно"),
    "true": both("yes", "да"),
    "false": both("no", "нет"),
    "": both("not asked for", "не требуется"),
    "missing": both("missing", "нет данных"),
    "there": both("known", "известно"),
    "not needed": both("not needed", "не требуется"),
    "not apart": both("not told apart", "не отличить"),
    "apart": both("told apart", "отличается"),
}
_CHECKS: Mapping[str, Text] = {
    "gate": both("gate", "обязательное условие"),
    "unless": both("cancels it", "снимает вывод"),
    "rules_out": both("rules it out", "исключает причину"),
    "needs": both("needed figure or answer", "необходимые сведения"),
    "harm": both("harm", "вред"),
    "rivals": both("rival", "похожая причина"),
}
_HARM: Mapping[str, Text] = {
    "true": both("seen", "виден"),
    "false": both("not there", "не видно"),
    "unknown": both("not known", "неизвестно"),
}
_SETS = 3  # ways that are told where several edits do it together
_NO_ROW = both("not judged", "не оценивалась")


def verdict(standing: Standing | None) -> Text:
    """A verdict in words; what has no row was not judged."""
    return VERDICTS[standing.verdict] if standing else _NO_ROW


def move(row: Row, language: Language) -> str:
    """`possible → likely, 15 → 45 points`."""
    old, new = (verdict(s).in_(language) for s in (row.old, row.new))
    before, after = (s.points if s else 0 for s in (row.old, row.new))
    points = f"{before} → {after} {_points(after, language)}"
    if before == after:
        points = f"{after} {_points(after, language)}"
    return f"{old} → {new}, {points}" if row.turned else f"{new}, {points}"


def _points(n: int, language: Language) -> str:
    if language == "ru":
        return form(n, "балл", "балла", "баллов")
    return "point" if abs(n) == 1 else "points"


def proved(proof: Proof, edits: Mapping[str, Edit], words: Words) -> Text:
    """By which edits, as the replay proved it."""
    sets = [
        joined([words.headline(edits[i]) for i in s], "  +  ", "  +  ")
        for s in proof.sets[:_SETS]
    ]
    if not sets:
        return both(
            "not traced to single edits", "свести к отдельным правкам не удалось"
        )  # fmt: skip
    told = joined(sets, ";  or  ", ";  или  ")
    if proof.needed:
        names = [words.name(edits[i]) for i in proof.needed[:_SETS]]
        along = joined(names, ", ", ", ")
        more = ", …" if len(proof.needed) > _SETS else ""
        told = both(
            f"{told.en}, with what it needs: {along.en}{more}",
            f"{told.ru}, вместе с тем, без чего она не работает: {along.ru}{more}",
        )
    if not proof.together:
        many = len(proof.sets) > 1
        how = both(
            "proved: each alone does it" if many else "proved: it alone does it",
            "проверено: хватает любой из них"
            if many else "проверено: хватает её одной",
        )  # fmt: skip
    else:
        how = both(
            "proved: only together, none of them can be left out",
            "проверено: только вместе, ни одну убрать нельзя",
        )
    return both(f"{told.en} ({how.en})", f"{told.ru} ({how.ru})")


def bearing(grounds: Sequence[Ground]) -> list[Ground]:
    """What moved the verdict; rules that add nothing only where there is no more."""
    told = [g for g in grounds if isinstance(g, CheckMove) or g.moved]
    return told or list(grounds)


def ground(told: Ground, own: Edit | None, words: Words) -> Iterator[tuple[int, Text]]:
    """A rule or condition that moved: (depth, line); `own` is an edit of the rule."""
    yield 0, _rule(told, own, words) if isinstance(told, RuleMove) else _check(told)
    for link in told.links:
        yield from _link(link, 1)


def _rule(told: RuleMove, own: Edit | None, words: Words) -> Text:
    head = both(f"rule {told.rule}", f"правило {told.rule}")
    if told.direction == "against":
        head = both(f"{head.en}, against", f"{head.ru}, против")
    change = words.change(own) if own else None
    if own and own.change == "added":
        change = both("new", "новое")
    elif own and own.change == "removed":
        change = both("removed", "удалено")
    if change:
        head = both(f"{head.en} ({change.en})", f"{head.ru} ({change.ru})")
    return joined([head, _how(told), told.text], ": ", ": ")


def _how(told: RuleMove) -> Text:
    """`silent → fired, counts +40`, `fired, counts +10 → 0 (…)`."""
    old, new = (s.state if s else "" for s in (told.old, told.new))
    counted = [s.counted if s else 0 for s in (told.old, told.new)]
    state = _STATES[new or "silent"]
    if not new:
        state = both("fired before", "раньше срабатывало")
    elif old and old != new:
        state = joined([_STATES[old], state], " → ", " → ")
    if counted[0] == counted[1]:
        return state
    before, after = (_signed(n) for n in counted)
    sums = f"{before} → {after}" if counted[0] else after
    why = _shadowed(told)
    return both(
        f"{state.en}, counts {sums}{why.en if why else ''}",
        f"{state.ru}, в счёт {sums}{why.ru if why else ''}",
    )


def _signed(n: int) -> str:
    return f"{n:+d}".replace("-", "−") if n else "0"


def _shadowed(told: RuleMove) -> Text | None:
    """Why a rule that fires on either side counts less or more than it did."""
    old, new = told.old, told.new
    if old is None or new is None or not old.state == new.state == "fired":
        return None
    if old.points != new.points:
        return None
    if told.under:
        less = abs(new.counted) < abs(old.counted)
        return both(
            f" (of the same group {told.under} count{'s' if less else 'ed'} instead)",
            f" (из той же группы {'теперь' if less else 'раньше'} в счёт "
            f"{'идёт' if less else 'шло'} {told.under})",
        )
    if old.group != new.group:
        return both(
            f" (group {old.group} → {new.group})",
            f" (группа {old.group} → {new.group})",
        )
    return both(
        " (single answers together count 20 at most)",
        " (одиночные ответы вместе дают не больше 20)",
    )


def _check(told: CheckMove) -> Text:
    if told.kind == "harm":
        old, new = _HARM[told.old], _HARM[told.new]
        return both(
            f"the harm that it would do: {old.en} → {new.en}",
            f"вред, который был бы от неё: {old.ru} → {new.ru}",
        )
    head, text = _CHECKS[told.kind], told.text
    old, new = _STATES[told.old], _STATES[told.new]
    return both(
        f"{head.en} {quoted(text.en, 'en')}: {old.en} → {new.en}",
        f"{head.ru} {quoted(text.ru, 'ru')}: {old.ru} → {new.ru}",
    )


def _link(link: Link, depth: int) -> Iterator[tuple[int, Text]]:
    text = link.text
    if link.old and link.new:
        old, new = link.old, link.new
        match link.kind:
            case "threshold":
                lead = both(f"threshold {link.name}", f"порог {link.name}")
                text = both(
                    f"{text.en}; {lead.en}: {old.en} → {new.en}",
                    f"{text.ru}; {lead.ru}: {old.ru} → {new.ru}",
                )
            case "setting":
                text = both(
                    f"computed with threshold {link.name}: {old.en} → {new.en}",
                    f"считается с порогом {link.name}: {old.ru} → {new.ru}",
                )
            case "symptom" | "cause":
                lead = _LEADS[link.kind]
                text = both(
                    f"{lead.en} {quoted(text.en, 'en')}: {old.en} → {new.en}",
                    f"{lead.ru} {quoted(text.ru, 'ru')}: {old.ru} → {new.ru}",
                )
            case _:
                text = both(
                    f"{_titled(text.en)}: {old.en} → {new.en}",
                    f"{_titled(text.ru)}: {old.ru} → {new.ru}",
                )
    yield depth, text
    for inner in link.links:
        yield from _link(inner, depth + 1)


_LEADS = {"symptom": both("symptom", "симптом"), "cause": both("cause", "причина")}


def _titled(title: str) -> str:
    """A title in front of a colon: a question keeps its mark, in quotes."""
    return title if not title.endswith("?") else f"“{title}”"


def untested(edit: Edit, told: Counter[Seen], cases: int) -> Text:
    """Why no stored case shows an edit: what it reads is unknown, or lies elsewhere."""
    shown = told["fired"] + told["silent"] + told["known"]
    if edit.bearing == "plan":
        return both("no plan holds it", "ни в один план она не попала")
    if edit.kind == "causes":
        n = told["known"]
        return both(
            f"the cause is judged in {n} of {cases} cases, to the same end",
            f"причину оценивали в разборах: {n} из {cases}; вывод тот же",
        )
    if edit.kind == "benchmarks" and told["known"]:
        n = told["known"]
        return both(
            f"figures are held against it in {n} of {cases} cases; none lies between",
            f"с ним что-то сравнивают в разборах: {n} из {cases}; между старым и новым "
            "значением ничего нет",
        )
    if edit.kind == "questions" and told["known"]:
        n = told["known"]
        return both(
            f"answered in {n} of {cases} cases, to no other effect",
            f"на него ответили в разборах: {n} из {cases}; вывод тот же",
        )
    if shown:
        states = [
            both(f"{_STATES[s].en} in {told[s]}", f"{_STATES[s].ru} — {told[s]}")
            for s in ("fired", "silent", "unknown") if told[s]
        ]  # fmt: skip
        return joined(states, ", ", ", ") if states else _SHOWN
    if told["unknown"]:
        n = told["unknown"]
        return both(
            f"what it reads is unknown in every case ({n})",
            f"того, что оно читает, нет ни в одном разборе ({n})"
            if edit.kind == "rules" else f"сведений для этого нет ни в одном ({n})",
        )  # fmt: skip
    return both("no case has a place for it", "ни одного разбора это не касается")


_SHOWN = both("known, to no other effect", "известно, вывод тот же")
