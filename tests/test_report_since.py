"""Since last time: told from a comparison, and nobody is named where none may be."""

import html
import io
import zipfile
from functools import cache
from typing import Any

import openpyxl
import pypdfium2
import pytest
import render_fixture as made
from render_fixture import both

from salesdx.compare import Comparison, compare
from salesdx.knowledge.load import load
from salesdx.language import Language
from salesdx.render import FORMATS, Audience, edition_for, printed
from salesdx.render.charts.areas import Area, Legend, Parts, draw
from salesdx.render.edition import Edition
from salesdx.render.report import Block, Bullets, Figure, Group, Para, Section, Table
from salesdx.render.terminal import text
from salesdx.result import PastAction, PlanEdit, ResultDocument, Subject

GONE = "Журавлёв Тарас"  # was there then, and is not any more
SAID = "Зимин Пётр"  # noted as the one who does it
SECRET = ("Журавл", "Тарас", "Зимин", *(n.split()[0] for n in made.MANAGERS))


def subject(id_: str, *states: str) -> Subject:
    lists: dict[str, list[str]] = {"problem": [], "fine": [], "unknown": []}
    for i, state in enumerate(states):
        lists.get(state, []).append(f"{id_}.q{i}")
    judged = len(lists["problem"]) + len(lists["fine"])
    return Subject(
        id=id_, title=both(f"On {id_}", f"Про {id_}"), questions=len(states),
        problems=lists["problem"], in_order=lists["fine"], not_known=lists["unknown"],
        state="judged" if judged >= 3 else "few" if any(lists.values()) else "open",
    )  # fmt: skip


NOW = [subject("crm", "fine", "fine", "problem", "unknown", "open"),
       subject("offer", "problem", "open"), subject("churn", "open")]  # fmt: skip
THEN = [subject("crm", "problem", "fine", "problem", "unknown", "open")]


def edited(document: ResultDocument) -> ResultDocument:
    done = PlanEdit(owner=SAID, done="2026-05-12", note=f"{SAID} next", state="done")
    dropped = PlanEdit(dropped=f"{SAID} is against", state="dropped")
    first, second, *rest = document.plan
    plan = [first.model_copy(update={"edit": done}),
            second.model_copy(update={"edit": dropped}), *rest]  # fmt: skip
    past = PastAction(id="old-one", title=both("An old one", "Старое"), edit=done)
    return document.model_copy(
        update={"plan": plan, "past_actions": [past], "subjects": NOW}
    )


def renamed(rows: list[Any], to: str) -> list[Any]:
    """The first row about a manager, told of somebody who has left too."""
    row = next(r for r in rows if r.slice.keys() == {"manager"})
    twin: dict[str, Any] = {"slice": {"manager": to}}
    if row.id.endswith("]"):
        twin["id"] = f"{row.id.partition('[')[0]}[manager={to}]"
    return [row.model_copy(update=twin), *rows]


@cache
def now() -> ResultDocument:
    return edited(made.rich())


@cache
def then() -> ResultDocument:
    document = made.rich()
    case = document.case.model_copy(update={"as_of": "2026-02-28"})
    slow = [c.model_copy(update={"verdict": "possible", "points": 20})
            if c.id == "slow-reply" else c for c in document.causes]  # fmt: skip
    return document.model_copy(update={
        "case": case, "causes": renamed(slow, GONE), "subjects": THEN,
        "losses": renamed(document.losses, GONE),
        "metrics": renamed(document.metrics, GONE),
    })  # fmt: skip


@cache
def since() -> Comparison:
    return compare(then(), now(), load())


def edition(
    audience: Audience = "consultant", anonymise: bool = False, lang: Language = "ru"
) -> Edition:
    return edition_for(now(), lang, audience, anonymise, since())


def chapter(of: Edition) -> Section:
    return next(s for s in of.report.sections if s.id == "since")


def words(blocks: list[Block]) -> str:
    found: list[str] = []
    for block in blocks:
        match block:
            case Para():
                found.append(block.text)
            case Bullets():
                found += block.items
            case Table():
                found += [" | ".join(row) for row in block.rows]
            case Figure():
                found.append(block.desc)
            case Group():
                found += [block.title, words(block.blocks)]
    return "\n".join(found)


def read(data: bytes, fmt: str) -> str:
    """All that a file holds: texts, properties, and every part of an archive."""
    if fmt == "pdf":
        opened = pypdfium2.PdfDocument(data)
        pages = "".join(p.get_textpage().get_text_bounded() for p in opened)
        about = str(opened.get_metadata_dict())
        opened.close()
        return pages + about
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [n + packed.read(n).decode("utf-8", "replace")
                     for n in packed.namelist()]  # fmt: skip
            return html.unescape("".join(parts))
    return html.unescape(data.decode())


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("audience", "anonymise"), [("owner", True), ("team", False)])
def test_nobody_is_named_where_none_may_be(
    fmt: str, audience: Audience, anonymise: bool
) -> None:
    said = read(printed(edition(audience, anonymise), fmt), fmt)
    assert not [name for name in SECRET if name in said]
    if fmt != "json" and audience == "owner":  # the result alone knows nobody who left
        assert "Журавл" in read(printed(edition(audience), fmt), fmt)


def test_one_person_has_one_letter_in_both_and_who_left_the_next() -> None:
    hidden = edition(anonymise=True)
    assert hidden.since is not None
    letters = {
        c.slice["manager"]: c.id for c in hidden.document.causes if "manager" in c.slice
    }
    now_only = {c.slice["manager"] for c in hidden.since.causes if "manager" in c.slice}
    assert letters.keys() < now_only
    assert now_only - letters.keys() == {"G"}  # A to F are those of the document
    gaps = {x.id for x in hidden.since.losses if x.slice.get("manager") == "G"}
    assert gaps == {"conversion.at-horizon[manager=G]"}


def test_notes_and_owners_of_edits_are_hidden() -> None:
    hidden = edition(anonymise=True).since
    assert hidden is not None
    said = hidden.to_json()
    assert "Решили не делать: …" in said
    assert {a.edit.owner for a in hidden.actions if a.edit} == {""}


def test_the_team_reads_no_row_about_a_person() -> None:
    copy = edition("team").since
    assert copy is not None
    rows = (*copy.causes, *copy.losses, *copy.metrics, *copy.symptoms)
    assert not [r for r in rows if "manager" in r.slice]
    assert not [c for c in copy.causes if c.kind == "people"]
    assert "offer-second-line" not in {a.id for a in copy.actions}
    assert sum(copy.totals.causes.values()) == len(copy.causes)  # no trace in counts


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_chapter_tells_what_became_of_the_plan(lang: Language) -> None:
    told = words(chapter(edition(lang=lang)).blocks).replace("\u00a0", " ")
    expected = {
        "en": ("done 12 May 2026", "will not be done", "target 30", "worse",
               "possible → likely", "A problem then, in order now"),
        "ru": ("сделано 12 мая 2026", "решили не делать", "цель 30", "хуже",
               "возможно → вероятно", "теперь в порядке"),
    }[lang]  # fmt: skip
    assert [word for word in expected if word not in told] == []


def test_page_one_says_it_in_one_line_and_every_format_has_both() -> None:
    printing = edition()
    line = printing.report.page_one.since.replace("\u00a0", " ")
    assert line == (
        "С прошлого раза (28 февраля 2026 г.). Причины те же. Было подозрением, теперь "
        "вероятно: «Новые обращения ждут ответа часами». Из плана сделано: 1 действие."
    )
    for fmt in ("html", "md"):
        said = printed(printing, fmt).decode().replace("\\", "")
        assert "Что изменилось с прошлого раза" in said
        assert "С прошлого раза" in said
    shown = text(now(), "ru", since=since())
    assert "Что изменилось с прошлого раза" in shown


@pytest.mark.parametrize(("state", "told"), [("gone", True), ("not_comparable", False)])
def test_a_cause_that_was_not_looked_for_again_is_not_called_gone(
    state: str, told: bool
) -> None:
    found = since()
    causes = [
        c.model_copy(update={"state": state, "now": None}) if c.id == "discounts" else c
        for c in found.causes
    ]
    other = found.model_copy(update={"causes": causes})
    title = next(c.title.en for c in causes if c.id == "discounts")
    said = edition_for(now(), "en", since=other).report.page_one.since
    assert (title in said) is told, said


def test_without_an_older_result_there_is_no_word_of_it() -> None:
    printing = edition_for(now(), "en")
    assert printing.report.page_one.since == ""
    assert "since" not in {s.id for s in printing.report.sections}
    assert "Since last time" not in text(now(), "en")


def test_the_same_result_is_called_the_same_and_no_more() -> None:
    same = compare(now(), now(), load())
    found = chapter(edition_for(now(), "en", since=same))
    assert [type(b) for b in found.blocks] == [Para, Para]


def test_another_company_is_doubted_on_page_one() -> None:
    other = then().case.model_copy(update={"name": "Other Ltd"})
    alien = compare(then().model_copy(update={"case": other}), now(), load())
    line = edition_for(now(), "en", since=alien).report.page_one.since
    assert "Other Ltd" in line and "cannot be told" in line


def test_the_workbook_has_every_row_and_numbers_stay_numbers() -> None:
    book = openpyxl.load_workbook(io.BytesIO(printed(edition(lang="en"), "xlsx")))
    sheet = book["Since last time"]
    found = since()
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    parts = (found.causes, found.losses, found.metrics, found.symptoms, found.actions,
             found.subjects)  # fmt: skip
    assert len(rows) == sum(map(len, parts)) + bool(found.loss)
    assert any(isinstance(r[4], float) for r in rows)


def test_json_stays_the_result_alone() -> None:
    assert printed(edition(), "json").decode() == now().to_json()


# --- questionnaires -------------------------------------------------------------------


def areas(of: Edition) -> Section:
    return next(s for s in of.report.sections if s.id == "areas")


def test_what_nobody_knows_or_was_asked_is_never_fine() -> None:
    figure = next(b for b in areas(edition(lang="en")).blocks if isinstance(b, Figure))
    assert figure.twin is not None
    rows = {r[0]: r[1:] for r in figure.twin.rows}
    assert rows["On crm"] == ["1", "2", "1", "1", "problems: 2 of 3"]
    assert rows["On offer"] == ["1", "0", "0", "1", "—"]
    assert "On crm: problems: 1 of 3, asked 4 of 5; better" in figure.desc
    assert "On offer: too few answers" in figure.desc
    quiet = areas(edition(lang="en")).blocks[-1]
    assert isinstance(quiet, Para) and "On churn" in quiet.text


def test_the_last_run_is_drawn_only_where_it_can_be_compared() -> None:
    alone = next(
        b for b in areas(edition_for(now(), "en")).blocks if isinstance(b, Figure)
    )
    beside = next(b for b in areas(edition(lang="en")).blocks if isinstance(b, Figure))
    assert "thin bar" in beside.svg and "thin bar" not in alone.svg
    assert beside.svg.count("<rect") > alone.svg.count("<rect")


def test_a_bar_is_read_without_colour() -> None:
    parts = Parts(10, 3, 4, 2)
    svg = draw([Area("A", parts, "3 of 7", "asked 9 of 10", parts)], "T", "D",
               Legend("p", "f", "u", "o", "t")).svg()  # fmt: skip
    assert "<title" in svg and "<desc" in svg
    assert "areas-hatch" in svg and "stroke-dasharray" in svg
    assert parts.open == 1
