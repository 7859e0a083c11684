"""A draft of funnels as a form carries it: read, changed by a button, checked, written.

Nothing of a draft is kept on the server: the form holds all of it until it is saved.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from salesdx.company import Company, Funnel, Stage
from salesdx.language import Text
from salesdx.workspace.company_fields import figure
from salesdx.workspace.company_words import words

MOST_FUNNELS, MOST_STAGES = 12, 40
KINDS = ("cold", "new", "repeat")


@dataclass(frozen=True, slots=True)
class StageDraft:
    """One stage as typed."""

    id: str = ""
    title: str = ""
    days: str = ""
    criterion: str = ""
    turning: bool = False
    main: bool = False


@dataclass(frozen=True, slots=True)
class FunnelDraft:
    """One funnel as typed."""

    id: str = ""
    title: str = ""
    kind: str = ""
    entry: str = ""
    cycle: str = ""
    stages: tuple[StageDraft, ...] = (StageDraft(),)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field."""

    field: str
    message: Text


@dataclass(slots=True)
class Checked:
    """A draft that was checked: its data, or what is wrong with it."""

    data: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


Draft = tuple[FunnelDraft, ...]


def draft_of(company: Company) -> Draft:
    """The funnels of a company; one to fill in where there is none."""
    found = tuple(_funnel(f) for f in company.funnels)
    return found or (FunnelDraft("main"),)


def _funnel(one: Funnel) -> FunnelDraft:
    stages = tuple(_stage(s, one.main_stage) for s in one.stages)
    return FunnelDraft(
        one.id, one.title or "", one.kind or "", one.entry or "",
        _shown(one.cycle_days), stages,
    )  # fmt: skip


def _stage(one: Stage, main: str | None) -> StageDraft:
    return StageDraft(
        one.id, one.title or "", _shown(one.reference_days), one.criterion or "",
        bool(one.turning_point), one.id == main,
    )  # fmt: skip


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def read_draft(said: Mapping[str, str]) -> Draft:
    """The draft in the fields of a form: `f0-id`, `f0-s2-days` and so on."""
    return tuple(_read(said, f"f{n}") for n in range(_count(said, "funnels", 50)))


def _read(said: Mapping[str, str], at: str) -> FunnelDraft:
    main = said.get(f"{at}-main", "")
    count = _count(said, f"{at}-stages", 200)
    return FunnelDraft(
        id=_text(said, f"{at}-id"), title=_text(said, f"{at}-title"),
        kind=_text(said, f"{at}-kind"), entry=_text(said, f"{at}-entry"),
        cycle=_text(said, f"{at}-cycle"), stages=tuple(
            _read_stage(said, f"{at}-s{n}", main == str(n)) for n in range(count)
        ),
    )  # fmt: skip


def _read_stage(said: Mapping[str, str], at: str, main: bool) -> StageDraft:
    return StageDraft(
        id=_text(said, f"{at}-id"), title=_text(said, f"{at}-title"),
        days=_text(said, f"{at}-days"), criterion=_text(said, f"{at}-criterion"),
        turning=said.get(f"{at}-turning") == "yes", main=main,
    )  # fmt: skip


def _text(said: Mapping[str, str], name: str) -> str:
    return said.get(name, "").strip()[:500]


def _count(said: Mapping[str, str], name: str, most: int) -> int:
    told = said.get(name, "0")
    return min(int(told), most) if told.isdecimal() and len(told) < 5 else 0


def pressed(draft: Draft, do: str) -> Draft:
    """The draft after a button: `add:0`, `up:0:2`, `remove:0:2`, `take:0:Счёт`."""
    what, _, rest = do.partition(":")
    first, _, second = rest.partition(":")
    if what == "add-funnel":
        return (*draft, FunnelDraft()) if len(draft) < MOST_FUNNELS else draft
    if not first.isdecimal() or int(first) >= len(draft):
        return draft
    place = int(first)
    if what == "remove-funnel":
        return draft[:place] + draft[place + 1 :]
    stages = _stages(draft[place].stages, what, second)
    changed = replace(draft[place], stages=tuple(stages))
    return (*draft[:place], changed, *draft[place + 1 :])


def _stages(stages: tuple[StageDraft, ...], what: str, second: str) -> list[StageDraft]:
    found = list(stages)
    if what in ("add", "take"):
        blank = [n for n, s in enumerate(found) if s == StageDraft()]
        if what == "take" and blank:
            found[blank[0]] = StageDraft(second)
        elif len(found) < MOST_STAGES:
            found.append(StageDraft(second))
        return found
    if not second.isdecimal() or int(second) >= len(found):
        return found
    place = int(second)
    one = found.pop(place)
    if what in ("up", "down"):
        to = place - 1 if what == "up" else place + 1
        found.insert(max(0, min(to, len(found))), one)
    elif what != "remove":
        found.insert(place, one)
    return found


def checked(draft: Draft) -> Checked:
    """The data of a draft for company.yaml, or every fault by its field."""
    found = Checked()
    for place, funnel in enumerate(draft):
        at = f"f{place}"
        ids = [f.id for f in draft[:place]]
        found.wrong += _funnel_faults(funnel, at, ids)
        found.data.append(_data(funnel))
    return found


def _funnel_faults(funnel: FunnelDraft, at: str, ids: list[str]) -> Iterator[Wrong]:
    if not funnel.id:
        yield _wrong(f"{at}-id", "no-funnel-id")
    elif funnel.id in ids:
        yield _wrong(f"{at}-id", "funnel-twice")
    if funnel.kind not in ("", *KINDS):
        yield _wrong(f"{at}-kind", "no-kind")
    if not _is_days(funnel.cycle):
        yield _wrong(f"{at}-cycle", "no-days")
    taken: list[str] = []
    for n, stage in enumerate(funnel.stages):
        if stage == StageDraft():
            continue
        if not stage.id:
            yield _wrong(f"{at}-s{n}-id", "no-stage-id")
        elif stage.id in taken:
            yield _wrong(f"{at}-s{n}-id", "stage-twice")
        taken.append(stage.id)
        if not _is_days(stage.days):
            yield _wrong(f"{at}-s{n}-days", "no-days")


def _is_days(text: str) -> bool:
    days = figure(text)
    return not text or (days is not None and 0 < days <= 10_000)


def _wrong(name: str, key: str) -> Wrong:
    return Wrong(name, words()[f"wrong.{key}"])


def _data(funnel: FunnelDraft) -> dict[str, Any]:
    """As company.yaml says it: what is empty is not said; empty rows are no stages."""
    stages = [s for s in funnel.stages if s != StageDraft()]
    main = next((s.id for s in stages if s.main), "")
    said = {
        "id": funnel.id, "title": funnel.title, "kind": funnel.kind,
        "entry": funnel.entry, "stages": [_stage_data(s) for s in stages],
        "main_stage": main, "cycle_days": _days(funnel.cycle),
    }  # fmt: skip
    return {k: v for k, v in said.items() if v}


def _stage_data(stage: StageDraft) -> dict[str, Any]:
    said = {
        "id": stage.id, "title": stage.title, "reference_days": _days(stage.days),
        "turning_point": stage.turning, "criterion": stage.criterion,
    }  # fmt: skip
    return {k: v for k, v in said.items() if v}


def _days(text: str) -> float | None:
    days = figure(text)
    return int(days) if days is not None and days == int(days) else days
