"""What a report says: an answer first, no code for the owner, nothing left hanging."""

import io
import re
from pathlib import Path

import docx
import pytest
import render_fixture as made
from measured_once import measured_once  # noqa: F401

from salesdx.analysis import analyse
from salesdx.language import LANGUAGES, Language, quoted
from salesdx.render import edition_for, render
from salesdx.render.page_one import kpi_line, page_one
from salesdx.render.report import Bullets, Card, Group, Pairs, Para, Report
from salesdx.render.terminal import text
from salesdx.render.texts import Labels
from salesdx.render.words import Words
from salesdx.result import Kpi, PlanEdit, ResultDocument

CASES = Path(__file__).parent / "cases"
# what is lost and why; why without a sum; a count to mend first; suspicions; nothing
KINDS = {"k03": "loss", "k12": "cause", "k01a": "count", "k07": "doubt", "k18": "none"}
CODE = re.compile(
    r"\b[A-Z]{1,4}-\d|\bQ-[A-Z]|\.(?:csv|yaml)\b|\b[a-z]+-[a-z]+-[a-z]+-[a-z]+\b"
)


@pytest.fixture(scope="module")
def judged(measured_once: None) -> dict[str, ResultDocument]:  # noqa: F811
    return {name: analyse(CASES / name).document for name in KINDS}


def cards(report: Report, section: str) -> list[Card]:
    found: list[Card] = []
    blocks = [b for s in report.sections if s.id == section for b in s.blocks]
    while blocks:
        block = blocks.pop(0)
        if isinstance(block, Card):
            found.append(block)
        elif isinstance(block, Group):
            blocks = [*block.blocks, *blocks]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_one_answers_each_kind_of_company(
    judged: dict[str, ResultDocument], lang: Language
) -> None:
    begins = {
        "loss": {"en": "The company lost about ", "ru": "Компания потеряла за период "},
        "cause": {"en": "The likely causes: ", "ru": "Вероятные причины: "},
        "count": {"en": "Mend the figures first", "ru": "Сначала поправьте учёт"},
        "doubt": {"en": "2% was examined, and no", "ru": "Проверено 2\u00a0%: в этой"},
        "none": {"en": "9% was examined, and no", "ru": "Проверено 9\u00a0%: в этой"},
    }
    for name, kind in KINDS.items():
        one = page_one(judged[name], Words(judged[name], lang, "owner"))
        assert one.verdict.startswith(begins[kind][lang]), one.verdict
        assert len(one.keys) == 3
        assert one.foot
        if kind in ("doubt", "none"):  # what was not seen, and what would show it
            assert one.enough
        if kind in ("loss", "cause", "count"):
            assert one.findings
            assert all(a.meta.count(" · ") == 1 for a in one.actions)  # who, until when
            assert all(a.text for a in one.actions)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_data_page_one_says_what_suffices(lang: Language) -> None:
    one = page_one(made.empty(), Words(made.empty(), lang, "owner"))
    least = {"en": "For a first answer one of two", "ru": "Для первого ответа хватит"}
    assert one.enough[0].startswith(least[lang])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_the_owner_reads_no_code_in_any_format(
    judged: dict[str, ResultDocument], name: str, lang: Language
) -> None:
    document = judged[name].model_copy(update={"case": made.rich().case})
    said = {
        "md": render(document, "md", lang, audience="owner").decode(),
        "terminal": text(document, lang, 200, "owner"),
    }
    if name == "k12":  # the same words in other clothes: once is enough
        file = docx.Document(io.BytesIO(render(document, "docx", lang, "owner")))
        said["docx"] = "\n".join(p.text for p in file.element.body.iter() if p.text)
    rules = {e.rule for c in document.causes for e in c.evidence}
    for fmt, words in said.items():
        plain = words.replace("\\", "")
        assert not CODE.findall(plain), (fmt, CODE.findall(plain))
        assert not [r for r in rules if "-" in r and f" {r}" in plain], fmt


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_likely_cause_has_a_check_a_price_and_a_remedy(
    judged: dict[str, ResultDocument], lang: Language
) -> None:
    t = Labels(lang)
    for document in (*judged.values(), made.rich()):
        report = edition_for(document, lang).report
        for card in cards(report, "findings"):
            rows = [r for b in card.blocks if isinstance(b, Pairs) for r in b.rows]
            told = dict(rows)
            assert told[t("card.verify")]
            assert told[t("card.remedies")]
            assert card.tone == "soft" or told[t("card.money")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_action_has_an_owner_dates_and_days(
    judged: dict[str, ResultDocument], lang: Language
) -> None:
    for document in (*judged.values(), made.rich()):
        report = edition_for(document, lang).report
        shown = cards(report, "plan")
        assert len(shown) == len(document.plan)
        for card in shown:
            who, when, days = card.tags[:3]
            assert who
            assert re.search(r"\d{4}", when)
            assert re.match(r"\d+\u00a0", days)


def test_codes_and_rules_stand_in_one_quiet_line() -> None:
    report = edition_for(made.rich(), "en").report
    for card in cards(report, "findings"):
        last = card.blocks[-1]
        assert "Rules by source" in getattr(last, "text", "")
        assert getattr(last, "tone", "") == "muted"


def test_the_team_reads_what_changes_and_not_who_said_it() -> None:
    said = render(made.rich(), "md", "ru", audience="team").decode()
    assert "С какого дня" in said
    assert "(руководитель отдела продаж)" not in said
    assert "ответы" in said


@pytest.mark.parametrize(
    ("n", "russian", "english"),
    [
        (1, "1 день", "1 day"), (2, "2 дня", "2 days"), (5, "5 дней", "5 days"),
        (11, "11 дней", "11 days"), (21, "21 день", "21 days"),
        (1.5, "1,5 дня", "1.5 days"),
    ],
)  # fmt: skip
def test_nouns_follow_their_numbers(n: float, russian: str, english: str) -> None:
    for lang, said in (("ru", russian), ("en", english)):
        label = Labels("ru" if lang == "ru" else "en")
        assert label.count("n.days", n, 1).replace("\u00a0", " ") == said


def test_factors_scores_and_targets_carry_their_unit() -> None:
    words = Words(made.rich(), "ru")
    assert words.quantity(1.684, "factor") == "×1,68"
    assert words.quantity(4, "score") == "4\u00a0балла"
    kpi = Kpi(metric="m", title=made.both("Distortion", "Искажение"), now=1.684,
              target=1.1, unit="factor", check_day=30)  # fmt: skip
    told = edition_for(made.rich(), "ru").words
    line = kpi_line(kpi, told).replace("\u00a0", " ")
    assert line == "Искажение: ×1,68 → не больше ×1,1"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_glossary_explains_only_words_that_occur(lang: Language) -> None:
    report = edition_for(made.rich(), lang).report
    (glossary,) = [s for s in report.sections if s.id == "glossary"]
    (lines,) = glossary.blocks
    assert isinstance(lines, Bullets)
    said = "\n".join(lines.items)
    assert {"en": "Norm: ", "ru": "Норма —"}[lang] in said
    assert {"en": "Buying centre", "ru": "Закупочный центр"}[lang] not in said


def test_english_quotes_are_those_of_print() -> None:
    said = Words(made.rich(), "en", "owner").text(
        made.both('Ask "why us" of X\'s', "x")
    )
    assert said == "Ask “why us” of X’s"


def test_what_is_fine_is_a_list_of_short_lines() -> None:
    report = edition_for(made.rich(), "ru").report
    (fine,) = [s for s in report.sections if s.id == "fine"]
    lead, names = fine.blocks
    assert isinstance(lead, Para)
    assert isinstance(names, Bullets)
    assert len(names.items) == len(made.rich().fine)


@pytest.mark.parametrize(
    ("lang", "title", "said"),
    [
        ("en", 'Nobody can say "why us"', "“Nobody can say ‘why us’”"),
        ("en", "The buyer’s “no”", "“The buyer’s ‘no’”"),
        ("ru", "Никто не скажет «почему мы»", "«Никто не скажет „почему мы“»"),
        ("ru", "Без кавычек", "«Без кавычек»"),
    ],
)
def test_quotes_inside_quotes_are_of_the_other_kind(
    lang: Language, title: str, said: str
) -> None:
    assert quoted(title, lang) == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_suspicion_does_not_hide_what_would_be_enough(lang: Language) -> None:
    document = made.rich()
    doubt = next(c for c in document.causes if c.verdict == "possible")
    summary = document.summary.model_copy(update={
        "state": "not_enough_data", "top_causes": [doubt.id], "loss": None,
        "first_actions": [],
    })  # fmt: skip
    early = document.model_copy(update={"summary": summary, "plan": []})
    one = page_one(early, Words(early, lang, "owner"))
    assert one.findings
    assert one.enough
    assert all(key.value != "\u2014" for key in one.keys)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_loss_page_one_says_what_is_in_order(lang: Language) -> None:
    document = made.rich()
    summary = document.summary.model_copy(update={
        "state": "no_loss_found", "top_causes": [], "loss": None, "first_actions": [],
    })  # fmt: skip
    calm = document.model_copy(update={"summary": summary, "plan": []})
    one = page_one(calm, Words(calm, lang, "owner"))
    assert one.findings_title == Labels(lang)("one.sound")
    assert [a.title for a in one.actions][-1] == Labels(lang)("keep.growth")


def test_what_is_overdue_is_called_so_and_what_is_done_is_not_first() -> None:
    document = made.rich()
    first, second, *rest = document.plan
    late = PlanEdit(due="2026-05-15", state="overdue")
    done = PlanEdit(done="2026-05-12", state="done")
    plan = [first.model_copy(update={"edit": late}),
            second.model_copy(update={"edit": done}), *rest]  # fmt: skip
    edited = document.model_copy(update={"plan": plan})
    one = page_one(edited, Words(edited, "en", "owner"))
    assert one.actions[0].meta.endswith("overdue since\u00a015\u00a0May\u00a02026")
    assert second.id not in [a.anchor for a in one.actions]
