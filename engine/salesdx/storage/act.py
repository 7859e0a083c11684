"""The papers of a destruction: an act, and the extract of the log that proves it.

They name the case by its id and hold numbers by kind; nothing of what was destroyed.
"""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from salesdx.content import content
from salesdx.errors import DataError, Said
from salesdx.language import LANGUAGES, Language, number
from salesdx.render.markdown_text import escape
from salesdx.render.worksheets import html, word
from salesdx.render.worksheets.paper import Paper
from salesdx.storage.aside import aside
from salesdx.storage.events import Chain, Event
from salesdx.storage.inventory import Counts, Ground, destruction
from salesdx.storage.sweeping import Swept

SCHEMA = "salesdx/act/1"
_ACT_LIMIT = 16 << 20
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Signed:
    """What only the operator knows; empty fields are filled in by hand."""

    operator: str = ""
    processor: str = ""
    by: str = ""
    system: str = ""
    place: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A destruction as it happened; times are UTC."""

    case: str
    added_at: str
    at: str
    login: str
    ground: str
    counts: Counts
    swept: Swept
    events: Sequence[Event]
    chain: Chain
    unwritten: int = 0
    foreign: int = 0
    signed: Signed = Signed()


def ready_for(folder: Path) -> None:
    """See that acts can be written there, before anything is destroyed.

    Raises:
        OSError: they cannot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with aside(folder / "act") as stream:
        stream.write(b"\0" * 65536)
    (folder / "act").unlink()


def write_act(folder: Path, act: Act) -> list[Path]:
    """Write the papers in both languages, for reading and for filling in."""
    stamp = re.sub(r"[-:]", "", act.at)
    stem = f"act-{_UNSAFE.sub('_', act.case)[:80]}-{stamp}"
    papers = {f"{stem}.json": _json(act)}
    for lang in LANGUAGES:
        text, paper = markdown(act, lang), _paper(act, lang)
        papers[f"{stem}.{lang}.html"] = html.write(text, paper)
        papers[f"{stem}.{lang}.docx"] = word.write(text, paper)
    for name, data in papers.items():
        with aside(folder / name) as stream:
            stream.write(data)
    return [folder / name for name in papers]


def _paper(act: Act, lang: Language) -> Paper:
    title = {"en": "Act of destruction of personal data",
             "ru": "Акт об уничтожении персональных данных"}[lang]  # fmt: skip
    page = {"en": "page", "ru": "стр."}[lang]
    return Paper(lang, act.case, title, f"salesdx · {act.case}", page, act.at[:10])


def _json(act: Act) -> bytes:
    ground, chain = _ground(act.ground), act.chain
    data = {
        "schema": SCHEMA, "case": act.case, "added_at": act.added_at,
        "destroyed_at": act.at, "account": act.login, "made_by": _program(),
        "ground": ground.model_dump(), "where": act.swept.kind, "counts": act.counts,
        "copies_removed": act.swept.copies, "not_allowed": list(act.swept.denied),
        "not_overwritten": act.unwritten, "left_foreign": act.foreign,
        "operator": act.signed.operator, "processor": act.signed.processor,
        "events": [_told(e) for e in act.events],
        "log": {"events": chain.count, "hash": chain.hash,
                "whole": not chain.faults},
    }  # fmt: skip
    return f"{json.dumps(data, ensure_ascii=False, indent=2)}\n".encode()


def _told(event: Event) -> dict[str, Any]:
    return {
        "n": event.n, "at": event.at, "actor": event.actor, "action": event.action,
        "case": event.case, "detail": event.counted(), "before": event.before,
        "hash": event.hash,
    }  # fmt: skip


def markdown(act: Act, lang: Language) -> str:
    """The act with its annex as CommonMark."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(content("reports") / "destruction"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=lambda v: v if isinstance(v, Markup) else Markup(escape(str(v))),
    )  # fmt: skip
    ground, signed = _ground(act.ground), act.signed
    people = act.counts.get("respondents", 0)
    found = environment.get_template(f"act.{lang}.md.j2").render(
        number=signed.number, place=signed.place, operator=signed.operator,
        processor=signed.processor, by=signed.by, case=act.case, people=people,
        system=signed.system or f"{_program()}, {_WHERE[act.swept.kind][lang]}",
        ground=ground.title.in_(lang), law=ground.law.in_(lang),
        term=ground.term.in_(lang), at=local(act.at), login=act.login,
        kinds=list(_kinds(act.counts, lang)), size=_size(act.counts, lang),
        where=act.swept.kind, copies=act.swept.copies, denied=act.swept.denied,
        unwritten=act.unwritten, foreign=act.foreign, program=_program(),
        events=[_row(e, lang) for e in act.events], chain=_chain(act.chain, lang),
    )  # fmt: skip
    return re.sub(r"\n{3,}", "\n\n", found)


_WHERE = {
    "sqlite": {"en": "an SQLite database", "ru": "база данных SQLite"},
    "postgresql": {"en": "a PostgreSQL database", "ru": "база данных PostgreSQL"},
    "folder": {"en": "a case folder on disk", "ru": "папка разбора на диске"},
}


def _program() -> str:
    return f"salesdx {version('salesdx')}"


def _ground(name: str) -> Ground:
    return next(g for g in destruction().grounds if g.id == name)


def local(at: str) -> str:
    """A time in UTC as a clock on the wall shows it here, with its zone."""
    here = dt.datetime.fromisoformat(at).astimezone()
    zone = here.strftime("%z")
    return f"{here:%d.%m.%Y %H:%M} (UTC{zone[:3]}:{zone[3:]})"


def _kinds(counts: Counts, lang: Language) -> Iterator[dict[str, str]]:
    words = {
        "records": {"en": "records", "ru": "записей"},
        "files": {"en": "files", "ru": "файлов"},
    }
    for kind in destruction().kinds:
        if count := counts.get(kind.id, 0):
            told = f"{words[kind.counted][lang]}: {number(count, lang)}"
            more = _more(kind.id, counts, lang)
            yield {"title": kind.title.in_(lang), "amount": f"{told}{more}"}


def _more(kind: str, counts: Counts, lang: Language) -> str:
    """Of the people those with names, of the answers those with notes."""
    name = {"respondents": "named", "answers": "notes"}.get(kind, "")
    if not counts.get(name):
        return ""
    words = {"named": {"en": "with a name", "ru": "с именем"},
             "notes": {"en": "with a note", "ru": "с примечанием"}}  # fmt: skip
    return f", {words[name][lang]}: {number(counts[name], lang)}"


def _size(counts: Counts, lang: Language) -> str:
    size, unit = counts.get("bytes", 0), {"en": "KB", "ru": "КБ"}[lang]
    return f"{number(size / 1000, lang)} {unit}" if size else ""


def _row(event: Event, lang: Language) -> dict[str, Any]:
    said = destruction().actions.get(event.action)
    title = said.in_(lang) if said else event.action
    return {"n": event.n, "at": event.at.replace("T", " ").removesuffix("Z"),
            "actor": event.actor, "title": title, "hash": event.hash}  # fmt: skip


def _chain(chain: Chain, lang: Language) -> str:
    """What the whole log looked like when the extract was made."""
    told = {
        True: {
            "en": f"The whole log, {chain.count} events, was checked: no row of it was"
            f" changed or removed. Its last checksum is {chain.hash}.",
            "ru": f"Журнал проверен целиком, событий: {chain.count}; изменённых и"
            f" удалённых записей нет. Последняя контрольная сумма — {chain.hash}.",
        },
        False: {
            "en": "Attention: the log was changed; its checksums do not agree from"
            f" event {chain.faults[0].n if chain.faults else 0} on.",
            "ru": "Внимание: журнал изменён, контрольные суммы не сходятся начиная с"
            f" события {chain.faults[0].n if chain.faults else 0}.",
        },
    }
    return told[not chain.faults][lang]


def lives(folder: Path) -> Collection[tuple[str, str]]:
    """The cases that acts in a folder have destroyed: their ids, and when added.

    Raises:
        DataError: a file that is called an act is none.
    """
    found = set()
    for path in sorted(folder.glob("act-*.json")):
        try:
            data = json.loads(path.read_bytes()[:_ACT_LIMIT])
            known = data["schema"] == SCHEMA
            life = (str(data["case"]), str(data["added_at"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            known, life = False, ("", "")
        if not known:
            raise DataError(Said(
                f"{path}: this is no act of destruction of salesdx",
                f"{path}: это не акт об уничтожении, записанный salesdx",
            ))  # fmt: skip
        found.add(life)
    return found
