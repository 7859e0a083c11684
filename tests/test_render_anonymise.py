import pytest
import render_fixture as made

from salesdx.language import Text
from salesdx.render import FORMATS, render
from salesdx.render.anonymise import anonymised
from salesdx.render.terminal import text

SURNAMES = [name.split()[0] for name in made.MANAGERS]


def with_summary(words: str):
    base = made.rich()
    verdict = Text(en=words, ru=words)
    summary = base.summary.model_copy(update={"verdict": verdict})
    return base.model_copy(update={"summary": summary})


def test_no_name_is_left_in_the_document():
    said = anonymised(made.rich()).to_json()
    assert not [s for s in SURNAMES if s in said]


@pytest.mark.parametrize("fmt", ["html", "md", "json"])
def test_no_name_is_left_in_a_report(fmt):
    said = render(made.rich(), fmt, "ru", anonymise=True).decode()
    assert not [s for s in SURNAMES if s in said]


def test_every_format_takes_an_anonymised_document():
    for fmt in FORMATS:
        assert render(made.hostile(), fmt, "en", anonymise=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Смирнова Анна не отвечает", "B не отвечает"),
        ("у Смирновой Анны отпуск", "у B отпуск"),
        ("передать Кузнецову", "передать C"),
        ("Иванова обогнали", "A обогнали"),
        ("СМИРНОВА", "B"),
        ("звонок Петру Иванову", "звонок A A"),
        ("смирный клиент", "смирный клиент"),
    ],
)
def test_names_are_found_in_their_case_endings(words, expected):
    base = anonymised(with_summary(words))
    assert base.summary.verdict.ru == expected


def test_slices_ids_and_references_change_together():
    document = anonymised(made.rich())
    assert {x.slice["manager"] for x in document.losses} == set("ABCDEF")
    assert any("manager=A]" in x.id for x in document.losses)


def test_a_manager_called_by_a_number_does_not_spoil_figures():
    base = made.rich()
    losses = [
        x.model_copy(update={"slice": {"manager": "17"}}) for x in base.losses[:1]
    ]
    document = base.model_copy(update={"losses": losses})
    verdict = Text(en="17 deals of 40", ru="17 сделок из 40")
    summary = base.summary.model_copy(update={"verdict": verdict})
    changed = anonymised(document.model_copy(update={"summary": summary}))
    assert changed.summary.verdict.en == "17 deals of 40"
    assert changed.losses[0].slice == {"manager": "A"}


def test_managers_called_by_letters_stay_apart():
    base = made.rich()
    losses = [
        x.model_copy(update={"slice": {"manager": name}})
        for x, name in zip(base.losses, ("B", "A"), strict=False)
    ]
    document = base.model_copy(update={"losses": losses, "metrics": [], "causes": []})
    assert [x.slice["manager"] for x in anonymised(document).losses] == ["A", "B"]


def test_a_shared_first_name_is_hidden_rather_than_guessed():
    base = with_summary("Анна просила")
    twin = base.losses[0].model_copy(update={"slice": {"manager": "Белова Анна"}})
    document = base.model_copy(update={"losses": [*base.losses, twin]})
    assert anonymised(document).summary.verdict.ru == "… просила"


def test_notes_and_free_answers_are_hidden():
    notes = {a.note for a in anonymised(made.rich()).answers}
    assert notes == {"", "…"}


def test_the_terminal_shows_letters():
    said = text(anonymised(made.rich()), "ru", 80)
    assert not [s for s in SURNAMES if s in said]
    assert "менеджер B" in said
