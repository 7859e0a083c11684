"""The skeletons of causes and of rules, with the tests that show them."""

import re
from collections.abc import Sequence
from typing import get_args

from salesdx.content import did_you_mean
from salesdx.errors import Said, UsageError, hinted
from salesdx.knowledge.models import ID, Kind
from salesdx.workbench.inserting import create, indented, with_entry
from salesdx.workbench.looking import Looked, condition_of, flow, look
from salesdx.workbench.skeleton_desk import (
    TODO,
    Desk,
    Made,
    fits,
    one_of,
    rewrite,
    row_of,
    text_of,
)

GATE = "funnel-mature-enough"


def cause(desk: Desk) -> Made:
    """A file of its own, with a rule for each thing that is looked at."""
    wanted = desk.wanted
    if wanted.id in desk.knowledge.causes:
        raise UsageError(Said(
            f"there is a cause {wanted.id!r} already; to add a rule to it: "
            f"salesdx kb new rule {wanted.id}/NEW-RULE --on …",
            f"причина «{wanted.id}» уже есть; чтобы добавить к ней правило: "
            f"salesdx kb new rule {wanted.id}/НОВОЕ-ПРАВИЛО --on …",
        ))  # fmt: skip
    desk.check_id(ID, "causes")
    area = wanted.area or wanted.cause_kind
    fits(area, ID)
    one_of(wanted.cause_kind, get_args(Kind))
    path = desk.folder / "causes" / area / f"{wanted.id}.yaml"
    seen = [look(desk.knowledge, told) for told in wanted.on]
    rules = ""
    names: list[str] = []
    for one in seen:
        names.append(_unused(re.sub(r"[.:]", "-", one.name), names))
        rules += _rule(desk, names[-1], [one], "strong")
    tests = _joint(desk, names, seen) if seen else ""
    text = desk.fill(
        "cause", kind=wanted.cause_kind, modelines=desk.modelines(path, "cause"),
        gate=_gate(desk), rules=indented(rules, 2), tests=indented(tests, 2),
    )  # fmt: skip
    create(path, text)
    return desk.made(path, 1, created=True)


def _rule(desk: Desk, name: str, seen: Sequence[Looked], weight: str) -> str:
    holes = " ".join(f"{{{one.name}}}" for one in seen if ":" not in one.name)
    text = desk.fill(
        "rule", rule=name, condition=flow(condition_of(seen)), holes=holes,
        weight=desk.wanted.weight or weight,
    )  # fmt: skip
    return text.replace(f'"{TODO} "', f'"{TODO}"')


def _gate(desk: Desk) -> str | None:
    """What must hold before people are blamed, where the knowledge has it."""
    blames = desk.wanted.cause_kind == "people"
    return GATE if blames and GATE in desk.knowledge.symptoms else None


def _joint(desk: Desk, rules: Sequence[str], seen: Sequence[Looked]) -> str:
    """Three tests of all rules at once, or three of each where they meddle."""
    names = [one.name for one in seen]
    asked = [q for n in names if (q := desk.knowledge.questions.get(n)) is not None]
    if len(set(names)) == len(names) and not any(q.metric in names for q in asked):
        return _tests(desk, rules, seen, "")
    each = zip(rules, seen, strict=True)
    return "".join(_tests(desk, [rule], [one], f"{rule}: ") for rule, one in each)


def _tests(desk: Desk, rules: Sequence[str], seen: Sequence[Looked], name: str) -> str:
    return desk.fill(
        "tests", name=name, rules=flow(list(rules)),
        holds=flow({one.name: one.holds for one in seen}),
        fails=flow({one.name: one.fails for one in seen}),
    )  # fmt: skip


def added_rule(desk: Desk) -> Made:
    """A rule more: in an own cause, or beside a shipped one under `additions/`."""
    wanted = desk.wanted
    cause, slash, rule = wanted.id.partition("/")
    if not slash:
        raise UsageError(Said(
            f"name the cause and the new rule: {cause}/NEW-RULE",
            f"назовите причину и новое правило: {cause}/НОВОЕ-ПРАВИЛО",
        ))  # fmt: skip
    found = desk.knowledge.causes.get(cause)
    if found is None:
        none = Said(f"there is no cause {cause!r}", f"нет причины «{cause}»")
        raise UsageError(hinted(none, did_you_mean(cause, desk.knowledge.causes)))
    fits(rule, ID)
    if rule in {r.id for r in found.rules}:
        raise UsageError(Said(
            f"{cause} has a rule {rule!r} already",
            f"у причины {cause} уже есть правило «{rule}»",
        ))  # fmt: skip
    if not wanted.on:
        raise UsageError(Said(
            "say what the rule looks at: --on NAME or --on 'NAME < benchmark'",
            "скажите, на что смотрит правило: --on ИМЯ или --on 'ИМЯ < ориентир'",
        ))  # fmt: skip
    seen = [look(desk.knowledge, told, wanted.against) for told in wanted.on]
    item = _rule(desk, rule, seen, "moderate")
    tests = _tests(desk, [rule], seen, f"{rule}: ")
    key = "against" if wanted.against else "evidence"
    own = sorted((desk.folder / "causes").glob(f"*/{cause}.yaml"))
    path = own[0] if own else desk.folder / "additions" / f"{cause}.yaml"
    if path.exists():
        after = with_entry(text_of(path), path.as_posix(), key, item)
        rewrite(path, with_entry(after, path.as_posix(), "tests", tests))
        return desk.made(path, row_of(text_of(path), item), created=False)
    parts = {"evidence": "", "against": "", key: indented(item, 2)}
    text = desk.fill(
        "additions", cause=cause, modelines=desk.modelines(path, "additions"),
        tests=indented(tests, 2), **parts,
    )  # fmt: skip
    create(path, text)
    return desk.made(path, row_of(text, item), created=True)


def _unused(name: str, names: Sequence[str]) -> str:
    """A name that is not taken: the second of its kind gets a number."""
    number = sum(n == name or n.startswith(f"{name}-") for n in names)
    return f"{name}-{number + 1}" if number else name
