"""The pages in a real browser: whole paths, access for all, nothing hostile runs."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hostile_case
import pytest
from hostile import Speech, full, spoken
from markdown_it import MarkdownIt
from web_browser import DESK, LOOKS, NARROW, PHONE, Site, Tab, chromium, site
from web_fixture import AT, PASSWORD, Visitor, quick_passwords, web_database
from web_walk import Form, Markup, Walk, forms, send_files

from salesdx.access.tokens import form_token
from salesdx.content import content
from salesdx.render import render
from salesdx.render.sheet import neutral
from salesdx.storage.cases import add_case
from salesdx.web.words import word

__all__ = ["chromium", "quick_passwords", "site", "web_database"]
LANGUAGES = ("en", "ru")
# the owner's questions of each type, besides those that are asked first anyway
TYPES = {
    "am.role-change": "yesno", "turbulence.competition": "scale",
    "owner.does-personally": "multi", "why.difference": "text",
    "owner.operations-share": "number", "am.role-change-date": "date",
}  # fmt: skip
# two noes of the head of sales that make a cause likely, and a plan with it
LIKELY = ("comm.departments-read-crm", "funnel.history-known")


def kind_of(tab: Tab) -> str:
    """What is asked on the page of a question: the type of its field."""
    first = tab.page.locator("main [name=value]").first
    tag = first.evaluate("e => e.tagName == 'TEXTAREA' ? 'textarea' : e.type")
    return "decimal" if first.get_attribute("inputmode") == "decimal" else str(tag)


def answer(tab: Tab, number: str = "12", text: str = "Срок и цена") -> str:
    """Answer whatever is asked, and go on; gives the type of the field."""
    kind = kind_of(tab)
    field = tab.page.locator("main [name=value]").first
    if kind in ("radio", "checkbox"):
        tab.page.locator(f"label[for='{field.get_attribute('id')}']").click()
    else:
        given = {"decimal": number, "textarea": text, "date": "2026-03-01"}
        field.fill(given[kind])
    tab.send()
    return kind


def ready_for_phones(tab: Tab) -> None:
    """Everything can be hit with a thumb, and nothing has to be dragged aside."""
    assert tab.too_wide() == "", tab.path
    small = tab.page.evaluate(
        """() => [...document.querySelectorAll("main :is(a, button, label, summary)")]
        .filter(e => e.closest(".choice, .button, .actions, summary, .back"))
        .map(e => (e.closest(".choice") ?? e).getBoundingClientRect())
        .filter(r => r.height && r.height < 44).length"""
    )
    assert not small, tab.path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_owner_answers_on_a_phone_without_scripts(site: Site, lang: str) -> None:
    def say(key: str, **values: object) -> str:
        return word(f"assessment.{key}", lang, **values)

    _, token = site.web.link("other", by=f"owner-{lang}")
    with site.tab(lang, PHONE, scripts=False) as tab:
        tab.go(f"/s/{token}")
        assert site.web.desk.company("other").name not in tab.page.content()
        tab.press(say("begin"))
        assert token not in tab.path and tab.path == "/assessment/consent"
        tab.send()
        assert tab.page.title().startswith(word("base.error", lang))
        assert say("consent-needed") in tab.page.inner_text("[role=alert]")
        tab.shot(f"owner-consent-{lang}")
        tab.page.locator("label[for=agree]").click()
        tab.send().press(say("first"))
        ready_for_phones(tab.shot(f"owner-question-{lang}"))
        kinds = {answer(tab) for _ in range(4)}
        for question in TYPES:
            tab.go(f"/assessment/q/{question}")
            ready_for_phones(tab)
            if question == "owner.does-personally":
                tab.shot(f"owner-multi-{lang}")
            if question == "owner.operations-share":
                wrong(tab, lang)
            kinds.add(answer(tab, "60"))
        assert kinds == {"radio", "checkbox", "textarea", "decimal", "date"}
        with site.tab(lang, PHONE, scripts=False) as second:
            second.go(f"/s/{token}").press(say("go-on"))
            ready_for_phones(second.shot(f"owner-resumed-{lang}"))
            second.press(say("continue"))
            answer(second)
        back_and_change(tab, lang)
        tab.go("/assessment/check")
        ready_for_phones(tab.shot(f"owner-check-{lang}"))
        said = tab.page.inner_text("main")
        assert "Срок и цена" in said and "2026-03-01" not in said
        tab.page.locator("a[href*='why.difference']").first.click()
        tab.page.fill("[name=value]", "Только цена")
        tab.send()
        assert tab.path.startswith("/assessment/check")
        assert "Только цена" in tab.page.inner_text("main")
        assert "Срок и цена" not in tab.page.inner_text("main")
        tab.press(say("finish"))
        assert tab.path == "/assessment/result"
        ready_for_phones(tab.shot(f"owner-result-{lang}"))
        tab.go(f"/s/{token}")
        assert say("finished-title") in tab.page.inner_text("h1")


def wrong(tab: Tab, lang: str) -> None:
    """A mistake is told at the top and at the field, and what was typed is kept."""
    tab.page.fill("[name=value]", "много")
    tab.send()
    said = word("assessment.wrong.not-a-number", lang)
    assert said in tab.page.inner_text("[role=alert]")
    assert tab.page.input_value("[name=value]") == "много"
    assert tab.page.title().startswith(word("base.error", lang))
    tab.page.locator("[role=alert] a").click()
    assert tab.path.endswith("#value")
    tab.shot(f"owner-mistake-{lang}")


def back_and_change(tab: Tab, lang: str) -> None:
    """Back leads to the answer before, which stands there and can be changed."""
    tab.go("/assessment/q/why.owner-can-answer")
    here = tab.path
    tab.press(word("base.back", lang))
    assert tab.path != here and tab.path.startswith("/assessment/q/")
    said = tab.page.locator("main form :is(:checked, [value]:not([type=hidden]))")
    said.first.wait_for(state="attached")
    answer(tab, "30")


def deals(lang: str) -> bytes:
    """An export of forty deals, as a table of a CRM has them."""
    heads = {
        "en": "Deal ID,Created,Closed,Status,Amount,Manager,Segment",
        "ru": "ID сделки,Создана,Закрыта,Статус,Сумма,Менеджер,Сегмент",
    }
    done = {"en": ("won", "lost"), "ru": ("выиграна", "проиграна")}
    lines = [heads[lang]]
    for i in range(40):
        month, day = i % 5 + 1, i % 27 + 1
        lines.append(
            f"D{i},2026-{month:02}-{day:02},2026-{month + 1:02}-{day:02},"
            f"{done[lang][i % 3 > 0]},{(i % 7 + 1) * 1000},{'Ann' if i % 2 else 'Боб'},"
            f"{'towns' if i % 4 else 'cities'}"
        )
    return "\n".join(lines).encode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_consultant_goes_from_an_export_to_a_report(site: Site, lang: str) -> None:
    def say(key: str, **values: object) -> str:
        return word(key, lang, **values)

    with site.tab(lang) as tab:
        tab.sign_in().shot(f"cases-{lang}")
        page = tab.page
        case = new_case(tab, lang)
        export = {"name": "deals.csv", "mimeType": "text/csv", "buffer": deals(lang)}
        page.set_input_files("[name=files]", export)
        tab.send().shot(f"mapping-{lang}")
        assert "Ann" in page.inner_text("main")
        tab.press(say("data.import"))
        page.wait_for_selector(f"h1:text-is({say('data.done')!r})")
        assert "40" in page.inner_text("main")
        tab.shot(f"imported-{lang}")
        tab.go(f"/cases/{case}/runs").press(say("runs.save"))
        ask(tab, case, lang)
        for tab_name in ("causes", "losses", "plan", "meeting"):
            tab.go(f"/cases/{case}/{tab_name}").shot(f"{tab_name}-{lang}")
            assert page.locator("h1").count() == 1
        edit_plan(tab, case, lang)
        tab.go(f"/cases/{case}/runs").press(say("runs.open")).shot(f"compared-{lang}")
        assert "/runs/compare" in tab.path
        download(tab, case, lang)
        invite(tab, case, lang)


def new_case(tab: Tab, lang: str) -> str:
    """Begin a case; gives its id."""
    tab.go("/cases/new")
    tab.page.fill("[name=name]", "Чай и кофе" if lang == "ru" else "Tea and coffee")
    tab.send()
    assert tab.path.endswith("/data/import")
    return tab.path.split("/")[2]


def ask(tab: Tab, case: str, lang: str) -> None:
    """Ask the head of sales a question of the interview."""
    page = tab.page
    tab.go(f"/cases/{case}/interview").shot(f"interview-{lang}")
    page.select_option("[name=who]", "new")
    page.locator("main details summary").first.click()
    page.select_option("[name=role]", "head_of_sales")
    page.fill("[name=name]", "Анна")
    page.locator("[name=mode][value=guided]").check()
    tab.press(word("interview.begin-do", lang)).shot(f"talk-{lang}")
    tab.press(word("interview.start-do", lang)).shot(f"interview-question-{lang}")
    for question in LIKELY:
        tab.go(tab.path.partition("/q/")[0] + f"/q/{question}")
        page.locator("[name=value][value=no]").check()
        tab.send("main form.answer")
        assert f"said={question}" in tab.path
    tab.shot(f"interview-next-{lang}")


def edit_plan(tab: Tab, case: str, lang: str) -> None:
    """Give the first action of the plan a name and a day."""
    page = tab.page
    tab.go(f"/cases/{case}/plan")
    page.locator("a.action").first.click()
    page.fill("[name=owner]", "Ольга")
    page.locator("[name=due]").fill(
        "2026-12-01"
        if page.locator("[name=due]").get_attribute("type") == "date"
        else "01.12.2026"
    )
    page.fill("[name=note]", "until the season")
    tab.press(word("base.save", lang)).shot(f"action-{lang}")
    assert "Ольга" in page.content()


def download(tab: Tab, case: str, lang: str) -> None:
    """Take two reports along, and read one here."""
    page = tab.page
    for fmt, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        tab.go(f"/cases/{case}/reports")
        page.locator(f"[name=format][value={fmt}]").check()
        with page.expect_download() as found:
            tab.press(word("reports.download", lang))
        assert Path(found.value.path()).read_bytes().startswith(begins)


def invite(tab: Tab, case: str, lang: str) -> None:
    """Make a link for somebody, and revoke it."""
    page = tab.page
    tab.go(f"/cases/{case}/people").shot(f"people-{lang}")
    page.select_option("[name=role]", "owner")
    page.fill("[name=name]", "Пётр")
    tab.press(word("people.make", lang)).shot(f"invitation-{lang}")
    address = page.input_value("[name=address], #address")
    with tab.site.tab(lang, PHONE, scripts=False) as phone:
        phone.go(address)
        assert word("assessment.begin", lang) in phone.page.inner_text("main")
        tab.go(f"/cases/{case}/people")
        page.locator("a[href$='/revoke']").first.click()
        tab.press(word("people.revoke-yes", lang))
        phone.go(address)
        assert word("assessment.over.revoked", lang) in phone.page.inner_text("h1")


# pages that only show while something is being worked out, or where content of another
# time is moved: what they say is fixed, and their frame is that of all others
UNSEEN = {
    "cases/waiting.html.j2", "data/waiting.html.j2", "assessment/waiting.html.j2",
    "assessment/enough.html.j2", "interview/move.html.j2",
}  # fmt: skip
# walked by the paths above, on their own cases
ELSEWHERE = {"data/done.html.j2", "assessment/result.html.j2"}
PARTS = re.compile(r"(^|/)(parts|base|notes|blocks|buttons)\.html\.j2$")


@dataclass
class Walked:
    """All pages of the hostile case: of the staff, of a respondent, of anybody."""

    staff: dict[str, str]
    respondent: dict[str, str]
    anybody: dict[str, str]
    html: dict[str, str]
    files: dict[str, tuple[str, bytes]]
    token: str
    visitor: Visitor


@pytest.fixture(scope="session")
def walked(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """A case whose every text is hostile, with something on every page of it."""
    web = site.web
    folder = hostile_case.hostile_folder(tmp_path_factory.mktemp("walk") / "walk")
    add_case(web.engine, "walk", hostile_case.every(200), folder, AT)
    staff = web.staff()
    walk = Walk(staff).follow(*made_pages(staff))
    _, token = web.link("walk", by="owner")
    respondent, anybody = web.client(), web.client()
    mine = Walk(respondent).follow(f"/s/{token}")
    respondent.post(f"/s/{token}")
    mine.follow("/assessment/consent")
    respondent.post("/assessment/consent", {"agree": "yes"})
    mine.follow("/assessment", "/assessment/check", "/assessment/withdraw")
    outside = Walk(anybody).follow("/sign-in", "/assessment/closed")
    outside.pages["fault.html.j2"] = "/" + hostile_case.every(300).replace("/", "_")
    return Walked(
        walk.pages,
        mine.pages,
        outside.pages,
        walk.html | mine.html,
        walk.files,
        token,
        staff,
    )


def made_pages(staff: Visitor) -> list[str]:
    """Do what has to be done for some pages to be there; gives where to begin."""
    at = "/cases/walk"
    invited = {"who": "", "role": "presales", "name": hostile_case.every(80),
               "mode": "quick", "days": "14"}  # fmt: skip
    name = hostile_case.every(150).replace("/", "_")
    staff.post(f"{at}/runs")
    return [
        at, f"{at}/plan/hostile-remedy", staff.post(f"{at}/people/invite", invited),
        send_files(staff, "walk", (f"{name}.csv", hostile_case.deals(45, heads=True))),
        send_files(staff, "walk", (f"{name}.json", b"{")),
        f"{at}/causes/hostile-cause",
        f"{at}/causes/hostile-cause/what-if?name={hostile_case.LIKELY[0]}", "/cases",
        f"{at}/reports/file?format=md", f"{at}/meeting/protocol.md",
        f"{at}/runs/compare?then=now",
    ]  # fmt: skip


def test_every_page_is_walked(walked: Walked) -> None:
    root = content("pages")
    pages = {str(p.relative_to(root)) for p in root.rglob("*.j2")}
    met = walked.staff.keys() | walked.respondent.keys() | walked.anybody.keys()
    assert {p for p in pages if not PARTS.search(p)} - met == UNSEEN | ELSEWHERE


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_hostile_runs_and_everybody_can_read(
    site: Site, walked: Walked, lang: str
) -> None:
    """By day at a desk with all rules; by night on a phone, where no CSP helps."""
    desk = lang == "en"
    size, scheme = (DESK, "light") if desk else (PHONE, "dark")
    wrong: list[str] = []
    with site.tab(
        lang, size, axe=True, reduced_motion="reduce", color_scheme=scheme,
        bypass_csp=not desk,
    ) as tab:  # fmt: skip
        for pages, enter in (
            (walked.anybody, lambda: tab),
            (walked.respondent, lambda: enter_link(tab, walked.token)),
            (walked.staff, tab.sign_in),
        ):
            enter()
            for template, path in pages.items():
                tab.size(size).go(path)
                told = tab.axe() if desk else tab.axe(LOOKS)
                told.append(tab.size(NARROW).too_wide())
                told += tab.troubles
                told += tab.page.evaluate(SOUND)
                tab.troubles.clear()
                wrong += [f"{template}: {one}" for one in told if one]
        tab.go(f"/cases/walk/reports/read?lang={lang}")
        assert not tab.page.evaluate("window.__pwned")
    assert wrong == [], "\n".join(["", *wrong])


SOUND = """() => [window.__pwned && "a payload ran",
  document.querySelectorAll("h1").length != 1 && "not one h1"].filter(Boolean)"""


def enter_link(tab: Tab, token: str) -> None:
    """Be the respondent of a link; consent was given before."""
    tab.go(f"/s/{token}").send()


def test_pages_hold_no_element_that_a_text_brought(walked: Walked) -> None:
    wrong = {path: Markup(page).wrong for path, page in walked.html.items()}
    assert not {path: found for path, found in wrong.items() if found}


def test_a_report_of_payloads_runs_nothing_even_without_its_policy(site: Site) -> None:
    with site.tab(bypass_csp=True) as tab:
        for turn, lang in ((0, "en"), (10, "ru"), (20, "en"), (30, "ru")):
            page = render(spoken(full(), Speech(turn, 10)), "html", lang).decode()
            assert "Content-Security-Policy" in page
            tab.page.set_content(page.replace("Content-Security-Policy", "x-nothing"))
            assert not tab.page.evaluate("window.__pwned")
            assert not tab.page.locator(
                "script, img, iframe, object, link, a[href^=j]"
            ).count()


# what ends the walk: signs out, shuts, throws away, takes seconds
SPENT = re.compile(
    r"/(sign-out|sessions/end|close|delete|revoke|demo|withdraw|finish)$"
)


def test_what_forms_send_back_runs_nowhere(site: Site, walked: Walked) -> None:
    """Every form, with every field hostile; then with the words only."""
    sent: dict[str, list[Form]] = {}
    for page in walked.html.values():
        for form in forms(page):
            shape = f"{re.sub(r'[0-9a-f]{12,}', '', form.action)} {form.fields[1:3]}"
            if form.method == "post" and not SPENT.search(form.action):
                sent.setdefault(shape, []).append(form)
    pages = []
    for form, *_ in sent.values():
        for whole in (True, False):
            pages += [send(walked.visitor, form, whole)]
    pages.append(bring_in(site.web.staff(), "other"))
    told = [page for page in pages if page]
    assert len(told) > 15
    for page in told:
        assert Markup(page).wrong == []
    with site.tab(bypass_csp=True) as tab:
        for page in told:
            tab.page.set_content(page.replace('src="/static', 'data-src="/static'))
            assert not tab.page.evaluate("window.__pwned"), page[:200]


def bring_in(visitor: Visitor, case: str) -> str:
    """Import a hostile export under a hostile name; gives the page about it."""
    name = f"{hostile_case.every(150).replace('/', '_')}.csv"
    at = send_files(visitor, case, (name, hostile_case.deals(45, heads=True)))
    visitor.post(at, {"do": "import"})
    page = visitor.get(at)
    assert word("data.done", "en") in page
    return page


def send(visitor: Visitor, form: Form, whole: bool) -> str:
    """Send hostile fields; gives the page that comes at once, empty if none does."""
    data: dict[str, Any] = {}
    for place, (kind, name, value) in enumerate(form.fields):
        words = kind in ("text", "search", "date", "password")
        if name == "form_token" or (kind == "button" and not whole):
            continue
        if kind == "file":
            name_ = hostile_case.every(150).replace("/", "_")
            data[name] = [(io.BytesIO(b"a;b"), f"{name_}.csv")]
        elif words or whole:
            data[name] = hostile_case.said(place) + " " + hostile_case.every(1_800)
        else:
            data[name] = value
    answer = visitor.http.post(
        form.action, data={"form_token": form_token(visitor.session), **data},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code < 500, (form, answer.status_code)
    for name, value in answer.headers.items():
        assert "\n" not in value and "pwned" not in name.lower()
        assert name != "Location" or re.match(r"/(?![/\\])", value), value
    return answer.text if answer.content_type.startswith("text/html") else ""


def test_files_of_a_hostile_case_are_files_only(walked: Walked) -> None:
    kinds_met = set()
    for disposition, data in walked.files.values():
        assert re.fullmatch(r"attachment; filename[*\w=\"'.%+-]*(; filename[^;]*)?",
                            disposition), disposition  # fmt: skip
        kind = disposition.rpartition(".")[2].strip('"')
        kinds_met.add(kind)
        if kind == "csv":
            for sign in ",;":  # whichever the spreadsheet of a country takes
                text = io.StringIO(data.decode("utf-8-sig"))
                for row in csv.reader(text, delimiter=sign):
                    assert [neutral(cell) for cell in row] == row
        elif kind == "ics":
            unfolded = data.decode().replace("\r\n ", "")
            names = {line.partition(":")[0].partition(";")[0]
                     for line in unfolded.split("\r\n") if line}  # fmt: skip
            assert names <= ICS, names - ICS
            deeds = set(re.findall(r"(?m)^ACTION:(.*)\r$", unfolded))
            assert deeds <= {"DISPLAY"}  # it shows a text, and sends or runs nothing
        elif kind == "md":
            for token in MarkdownIt("commonmark").enable("table").parse(data.decode()):
                met = {token.type, *(c.type for c in token.children or [])}
                assert not met & {"html_block", "html_inline", "link_open", "image"}
    assert kinds_met >= {"csv", "ics", "md"}, kinds_met


_ICS = """BEGIN END VERSION PRODID CALSCALE METHOD UID DTSTAMP DTSTART DTEND DUE
    SUMMARY DESCRIPTION STATUS URL X-WR-CALNAME TRANSP COMPLETED NAME SEQUENCE
    RRULE ACTION TRIGGER"""
ICS = set(_ICS.split())


def test_a_keyboard_is_enough(site: Site) -> None:
    """Signing in, a mistake, and an answer without a mouse; the focus can be seen."""
    _, token = site.web.link("other", by="by-keys")
    with site.tab() as tab:
        page, keys = tab.page, tab.page.keyboard
        tab.go("/sign-in")
        keys.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate(SEEN)
        for name in ("name", "password"):
            reach(tab, f"[name={name}]")
            keys.type("nobody")
        keys.press("Enter")
        page.wait_for_selector("[role=alert]")
        assert page.evaluate("document.activeElement.matches('.errors')")
        keys.press("Tab")
        keys.press("Enter")
        assert page.evaluate("document.activeElement.name") == "name"
        keys.press("Control+a")
        keys.type("anna")
        reach(tab, "[name=password]")
        keys.type(PASSWORD)
        keys.press("Enter")
        page.wait_for_url("**/cases")
    with site.tab(scripts=False) as tab:
        tab.go(f"/s/{token}").send()
        tab.page.locator("label[for=agree]").click()
        tab.send().go("/assessment/q/am.role-change")
        reach(tab, "[name=value]")
        tab.page.keyboard.press("Space")
        assert tab.page.evaluate(SEEN)
        reach(tab, "main form .actions button")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_url(lambda url: not url.endswith("am.role-change"))


# whether it can be seen what has the focus: an outline on it, or on its label
SEEN = """() => [document.activeElement, document.activeElement.nextElementSibling]
  .some(e => e && (getComputedStyle(e).outlineStyle != "none" ||
    getComputedStyle(e, "::before").outlineStyle != "none"))"""


def reach(tab: Tab, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(40):
        tab.page.keyboard.press("Tab")
        if tab.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached on {tab.path}")


def test_who_asks_for_no_motion_gets_none(site: Site) -> None:
    with site.tab(reduced_motion="reduce") as tab:
        tab.sign_in()
        assert (
            tab.page.evaluate(
                """() => [...document.querySelectorAll("*")].filter(e => {
                const s = getComputedStyle(e);
                return [s.transitionDuration, s.animationDuration].some(parseFloat)
            }).length"""
            )
            == 0
        )
