"""The skeletons of questions, remedies, symptoms and thresholds: entries of lists."""

import re
from collections.abc import Mapping

from salesdx.content import did_you_mean
from salesdx.errors import Said, UsageError, hinted
from salesdx.knowledge.models import DATE, ID, NAME
from salesdx.workbench.inserting import indented
from salesdx.workbench.looking import condition_of, flow, look
from salesdx.workbench.skeleton_desk import TODO, Desk, Made, known

OWN = "own"  # the file that takes entries of a list


def question(desk: Desk) -> Made:
    """In the questionnaire named by the first word of its code."""
    wanted, knowledge = desk.wanted, desk.knowledge
    desk.check_id(NAME, "questions")
    if wanted.id in knowledge.metrics:
        raise UsageError(Said(
            f"{wanted.id!r} is a figure; a question needs a name of its own",
            f"«{wanted.id}» — показатель; вопросу нужно своё имя",
        ))  # fmt: skip
    known(wanted.who, knowledge.roles, Said("role", "роль"))
    if wanted.cause is not None:
        known(wanted.cause, knowledge.causes, Said("cause", "причина"))
    item = desk.fill(
        "question", type=wanted.type, who=wanted.who, cause=wanted.cause,
        when={"yesno": "no", "enum": "first", "multi": "{includes: first}",
              "text": "{banal: yes}"}.get(wanted.type, f'"< {TODO}"'),
    )  # fmt: skip
    prefix = wanted.id.partition(".")[0]
    path = desk.folder / "questionnaires" / f"{prefix}.yaml"
    if prefix in knowledge.questionnaires and not path.exists():
        prefix = f"{OWN}-{prefix}"  # the shipped one would be replaced
        path = path.with_name(f"{prefix}.yaml")
    whole = desk.fill(
        "questionnaire", questionnaire=prefix, item=indented(item, 2),
        modelines=desk.modelines(path, "questionnaire"),
    )  # fmt: skip
    return desk.add(path, "questions", item, whole)


def remedy(desk: Desk) -> Made:
    """An action of the plan."""
    desk.check_id(ID, "remedies")
    known(desk.wanted.who, desk.knowledge.roles, Said("role", "роль"))
    return _listed(desk, "remedies", desk.fill("remedy", who=desk.wanted.who))


def symptom(desk: Desk) -> Made:
    """A named condition."""
    desk.check_id(ID, "symptoms")
    if not desk.wanted.on:
        raise UsageError(Said(
            "say what the symptom looks at: --on NAME or --on 'NAME < benchmark'",
            "скажите, на что смотрит симптом: --on ИМЯ или --on 'ИМЯ < ориентир'",
        ))  # fmt: skip
    seen = [look(desk.knowledge, told) for told in desk.wanted.on]
    holes = " ".join(f"{{{one.name}}}" for one in seen if ":" not in one.name)
    item = desk.fill("symptom", condition=flow(condition_of(seen)), holes=holes)
    return _listed(desk, "symptoms", item.replace(f'"{TODO} "', f'"{TODO}"'))


def benchmark(desk: Desk) -> Made:
    """A threshold, in the unit of the figure or question that its code begins with."""
    wanted = desk.wanted
    desk.check_id(NAME, "benchmarks")
    units = _units(desk)
    figure = next(
        (n for n in sorted(units, key=len, reverse=True)
         if wanted.id.startswith(f"{n}.")), None,
    )  # fmt: skip
    if figure is None:
        none = Said(
            f"{wanted.id!r} must begin with a figure, as in "
            "response.in-hours-business.slow",
            f"«{wanted.id}» должно начинаться с показателя, например "
            "response.in-hours-business.slow",
        )
        raise UsageError(
            hinted(none, did_you_mean(wanted.id.rpartition(".")[0], units))
        )
    unit, value = units[figure], wanted.value
    if unit == "ratio" and value is not None and not 0 <= value <= 1:
        raise UsageError(hinted(
            Said(f"{figure} is a ratio 0..1, not {value:g}",
                 f"{figure} — доля от 0 до 1, а здесь {value:g}"),
            Said(f"did you mean {value / 100:g}?", f"может быть, {value / 100:g}?"),
        ))  # fmt: skip
    if wanted.date is not None and not re.match(DATE, wanted.date):
        raise UsageError(Said(
            f"--date: {wanted.date!r} is no month like 2026-01",
            f"--date: «{wanted.date}» — не месяц вида 2026-01",
        ))  # fmt: skip
    title = desk.knowledge.title(figure).in_(wanted.lang)
    item = desk.fill(
        "benchmark", unit=unit, value=TODO if value is None else f"{value:g}",
        figure=title, date=f'"{wanted.date or TODO}"',
    )  # fmt: skip
    return _listed(desk, "benchmarks", item)


def _units(desk: Desk) -> Mapping[str, str]:
    """What a threshold can be held against: figures, and questions with a number."""
    questions = desk.knowledge.questions.values()
    asked: dict[str, str] = {
        q.id: q.unit or "count" for q in questions if q.type in ("number", "scale")
    }
    return asked | {m.id: m.unit for m in desk.knowledge.metrics.values()}


def _listed(desk: Desk, kind: str, item: str) -> Made:
    """Into the own file of a kind."""
    path = desk.folder / kind / f"{OWN}.yaml"
    whole = desk.fill(
        "list", key=kind, item=indented(item, 2), modelines=desk.modelines(path, kind)
    )
    return desk.add(path, kind, item, whole)
