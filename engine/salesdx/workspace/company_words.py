"""What changed between two descriptions of a company, in words."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from salesdx.company import Company, Funnel, Stage
from salesdx.language import Text, texts_of

_SIMPLE = (
    "name", "currency", "timezone", "as_of", "sales_model", "industry", "team",
    "minimum_loss",
)  # fmt: skip
_MAPS = ("benchmarks", "lost_reasons", "channels")


def told_changes(before: Company, after: Company) -> list[Text]:
    """Every difference, a sentence each; nothing where the two are the same."""
    return [*_facts(before, after), *_funnels(before, after)]


@lru_cache(maxsize=1)
def words() -> Mapping[str, Text]:
    """pages/words/funnel.yaml."""
    return texts_of("words/funnel.yaml", "pages")


def _said(key: str, **values: Any) -> Text:
    told = {k: v if isinstance(v, Text) else Text(en=str(v), ru=str(v))
            for k, v in values.items()}  # fmt: skip
    return words()[f"change.{key}"].fill(lambda n, lang: told[n].in_(lang))


def _facts(before: Company, after: Company) -> Iterator[Text]:
    for name in _SIMPLE:
        yield from _value(f"fact.{name}", getattr(before, name), getattr(after, name))
    yield from _value("fact.hours", _hours(before), _hours(after))
    yield from _value(
        "fact.corporate_segments",
        ", ".join(before.corporate_segments), ", ".join(after.corporate_segments),
    )  # fmt: skip
    for name in _MAPS:
        old, new = getattr(before, name), getattr(after, name)
        for key in [*old, *(k for k in new if k not in old)]:
            for told in _value(f"fact.{name}", old.get(key), new.get(key)):
                yield Text(en=f"{told.en} ({key})", ru=f"{told.ru} ({key})")


def _hours(company: Company) -> str:
    hours = company.working_hours
    parts = [", ".join(hours.days), f"{hours.from_:%H:%M}–{hours.to:%H:%M}"]
    return "; ".join([*parts, *([hours.holidays] if hours.holidays else [])])


def _value(title: str, old: Any, new: Any) -> Iterator[Text]:
    old, new = _shown(old), _shown(new)
    if old == new:
        return
    what = words()[title]
    if not old:
        yield _said("set", what=what, now=new)
    elif not new:
        yield _said("cleared", what=what, was=old)
    else:
        yield _said("changed", what=what, was=old, now=new)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _funnels(before: Company, after: Company) -> Iterator[Text]:
    old, new = ({f.id: f for f in c.funnels} for c in (before, after))
    for name, funnel in old.items():
        if name not in new:
            yield _said("funnel-removed", funnel=_title(funnel))
    for name, funnel in new.items():
        if name not in old:
            yield _said("funnel-added", funnel=_title(funnel), count=len(funnel.stages))
            continue
        for told in _funnel(old[name], funnel):
            where = _title(funnel)
            yield Text(en=f"{where}: {told.en}", ru=f"{where}: {told.ru}")
    kept = [n for n in old if n in new]
    if kept != [n for n in new if n in old]:
        yield _said("funnels-order", order=", ".join(_title(f) for f in new.values()))


def _title(one: Funnel | Stage) -> str:
    return one.title or one.id


def _funnel(before: Funnel, after: Funnel) -> Iterator[Text]:
    for name in ("title", "kind", "entry", "main_stage", "cycle_days"):
        yield from _value(f"field.{name}", getattr(before, name), getattr(after, name))
    old, new = ({s.id: s for s in f.stages} for f in (before, after))
    for name, stage in old.items():
        if name not in new:
            yield _said("stage-removed", stage=_title(stage))
    for place, (name, stage) in enumerate(new.items(), 1):
        if name not in old:
            yield _said("stage-added", stage=_title(stage), place=place)
            continue
        for field in ("title", "reference_days", "criterion"):
            was, now = getattr(old[name], field), getattr(stage, field)
            for told in _value(f"field.{field}", was, now):
                where = _title(stage)
                yield Text(en=f"“{where}”: {told.en}", ru=f"«{where}»: {told.ru}")
        if bool(old[name].turning_point) != bool(stage.turning_point):
            key = "turning-on" if stage.turning_point else "turning-off"
            yield _said(key, stage=_title(stage))
    kept = [n for n in old if n in new]
    if kept != [n for n in new if n in old]:
        yield _said("stages-order", order=" → ".join(_title(s) for s in new.values()))
