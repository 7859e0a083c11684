"""The planning meeting on pages: agenda, finding, protocol; nobody blamed on noise."""

import re
from typing import Any

import pytest
from web_fixture import Visitor, Web, quick_passwords, web, web_database

from salesdx.answers.file import AnswerEntry
from salesdx.language import Text
from salesdx.result import Loss, Money, ResultDocument
from salesdx.workspace.desk import Version
from salesdx.workspace.meeting_pages import Meetings, address

__all__ = ["quick_passwords", "web", "web_database"]
ROOT = "/cases/acme/meeting"
TITLE = Text(en="Conversion", ru="Конверсия")
METRIC = "conversion.at-horizon"


def loss(name: str, state: Any = "confirmed", money: float = 0, **slice_: str) -> Loss:
    where = slice_ or {"manager": name}
    return Loss(
        id=f"{METRIC}:{name}", metric=METRIC, title=TITLE,
        slice=where, norm=0.2, actual=0.1, n=100, state=state, unit="ratio", share=None,
        money=Money(low=1, expected=money, high=money) if money else None,
        below_average=True,
    )  # fmt: skip


LOSSES = [
    loss("Ковалёв", money=5_000_000), loss("Орлов/а", "suspected"),
    loss("Почта", money=1_000_000, channel="Почта"), loss("Тихий", "noise"),
]  # fmt: skip
FIRST, CHANNEL, LAST = LOSSES[0], LOSSES[2], LOSSES[1]


_SUPPOSED: dict[Version, ResultDocument] = {}


@pytest.fixture
def held(web: Web) -> Web:
    """A case with findings: what was measured is supposed, what is said is real."""
    kept = Meetings(web.desk)
    version = web.desk.version("acme")
    if version not in _SUPPOSED:
        document = web.desk.analysis("acme").document
        _SUPPOSED[version] = document.model_copy(update={"losses": LOSSES})
    kept._documents[version] = _SUPPOSED[version]
    web.app.extensions["salesdx.meetings"] = kept
    return web


def at(found: Loss) -> str:
    return f"{ROOT}/{address(found)}"


def key_of(page: str) -> dict[str, str]:
    names = re.findall(r'name="(key|shown)" value="(\w*)"', page)
    return dict(names)


def record(staff: Visitor, found: Loss, by: str = "team", **said: Any) -> str:
    return staff.post(
        at(found), {**key_of(staff.get(at(found))), "by": by, **said}
    )  # fmt: skip


def written(web: Web) -> list[AnswerEntry]:
    file = web.desk.answers("acme").file()
    return [a for a in file.answers if a.question.startswith("loss.")]


def test_a_case_without_figures_is_not_told_that_all_is_well(web: Web) -> None:
    page = web.staff(lang="ru").get(ROOT)
    assert "Обсуждать пока нечего" in page and "Это тоже вывод" not in page
    assert 'href="/cases/acme/data/import"' in page  # what to do instead


def test_the_agenda_holds_what_chance_does_not_explain(held: Web) -> None:
    page = held.staff().get(ROOT)
    assert "Confirmed: 2" in page and "Suspected: 1" in page
    assert "Тихий" not in page
    assert "within chance: 1" in page
    assert page.index("Ковалёв") < page.index("Почта") < page.index("Орлов/а")
    held.staff().get(at(LOSSES[3]), 404)


def test_what_is_said_is_kept_about_the_finding_and_leads_to_the_next(
    held: Web,
) -> None:
    staff = held.staff()
    there = record(
        staff,
        FIRST,
        why="no training\nfear of the price",
        reasons=["skill"],
        what="train on Mondays",
        who="Ann",
        until="01.08.2026",
    )
    assert there == f"{at(CHANNEL)}?saved={address(FIRST)}"
    rows = {a.question: a for a in written(held)}
    assert rows["loss.until"].value == "2026-08-01"
    assert rows["loss.named-reason"].value == ["skill"]
    about = {"metric": METRIC, "manager": "Ковалёв"}
    assert all(a.about == about and a.by == "team" and a.at for a in rows.values())
    assert "Saved: Ковалёв: Conversion" in staff.get(there)
    assert "1 of 3" in staff.get(ROOT)


def test_a_field_left_as_shown_is_not_said_anew_and_an_emptied_one_is_taken_back(
    held: Web,
) -> None:
    staff = held.staff()
    record(staff, FIRST, what="train", who="Ann", until="2026-08-01")
    record(staff, FIRST, what="train", who="", until="2026-08-01", then="stay")
    assert len(written(held)) == 4
    assert written(held)[-1].state == "later"
    protocol = staff.get(f"{ROOT}/protocol")
    assert "nobody yet" in protocol and "1 Aug 2026" in protocol


def test_the_same_form_sent_twice_counts_once(held: Web) -> None:
    staff = held.staff()
    form = {**key_of(staff.get(at(LAST))), "by": "team", "what": "ask clients"}
    for _ in range(2):
        assert staff.post(at(LAST), form) == f"{ROOT}/protocol"
    assert [a.value for a in written(held)] == ["ask clients"]


def test_nobody_is_cleared_where_nobody_is_named(held: Web) -> None:
    staff = held.staff()
    assert 'name="explained"' in staff.get(at(FIRST))
    assert 'name="explained"' not in staff.get(at(CHANNEL))
    assert "do not blame" in staff.get(at(LAST))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_wrong_day_comes_back_with_what_was_typed(held: Web, lang: str) -> None:
    staff = held.staff(lang=lang)
    form = key_of(staff.get(at(FIRST)))
    page = staff.post(
        at(FIRST), {**form, "by": "x", "until": "soon", "what": "<i>"}, 422
    )
    assert {"en": "Error:", "ru": "Ошибка:"}[lang] in page
    assert 'href="#until"' in page and 'href="#by"' in page and "&lt;i&gt;" in page
    assert written(held) == []


def test_the_words_of_another_stand_above_the_form(held: Web) -> None:
    staff = held.staff()
    record(staff, FIRST, by="head", why="the price")
    page = staff.get(f"{at(FIRST)}?by=owner")
    assert "Said before" in page and "Анна Климова" in page
    assert "Said before" not in staff.get(f"{at(FIRST)}?by=head")


def test_the_protocol_is_a_file_too_and_keeps_markdown_plain(held: Web) -> None:
    staff = held.staff(lang="ru")
    record(staff, FIRST, what="<script> *now*", who="Ann", until="2026-08-01")
    answer = staff.http.get(
        f"{ROOT}/protocol.md", headers={"Accept-Language": "ru"}
    )  # fmt: skip
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "# ООО «Акме»" in answer.text and r"\<script\> \*now\*" in answer.text
    viewer = held.staff("vera")
    assert viewer.http.get(f"{ROOT}/protocol.md").status_code == 200
    viewer.post(at(FIRST), {"by": "team", "what": "x"}, 403)
