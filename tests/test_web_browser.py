"""The pages in a real browser: whole paths, access for all, and nothing hostile runs."""

from typing import Any

import pytest
from web_browser import DESK, NARROW, PHONE, Site, Tab, chromium, site
from web_fixture import quick_passwords, web_database

from salesdx.web.words import word

__all__ = ["chromium", "quick_passwords", "site", "web_database"]
LANGUAGES = ("en", "ru")
# the owner's questions of each type, besides those that are asked first anyway
TYPES = {
    "am.role-change": "yesno", "turbulence.competition": "scale",
    "owner.does-personally": "multi", "why.difference": "text",
    "owner.operations-share": "number", "am.role-change-date": "date",
}  # fmt: skip


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
        """() => [...document.querySelectorAll("main a, main button, main label, summary")]
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
        assert "Срок и цена" in tab.page.inner_text("main")
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
    assert tab.page.locator("main form :is(:checked, [value]:not([type=hidden]))").count()
    answer(tab, "30")
