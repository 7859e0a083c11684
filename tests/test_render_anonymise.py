import pytest
import render_fixture as made

from salesdx.compare import compare
from salesdx.knowledge.load import load
from salesdx.language import Text
from salesdx.render import FORMATS, edition_for, render
from salesdx.render.anonymise import anonymised
from salesdx.render.audience import shown_to
from salesdx.render.hiding import Names
from salesdx.render.terminal import text
from salesdx.render.words import Words
from salesdx.render.worksheets import fit
from salesdx.result import FactValue

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


def called(*names: str, dimension: str = "manager") -> Names:
    known = {name: chr(65 + i) for i, name in enumerate(names)}
    return Names(known, names if dimension == "manager" else ())


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("Ковалёв И.", "Клиенты Ковалёва", "Клиенты A"),
        ("И. Виноградов", "согласование у виноградова", "согласование у A"),
        ("Павел", "за Павла и Павлу", "за A и A"),
        ("Зоя", "сказать Зое", "сказать A"),
        ("Игорь", "с Игорем", "с A"),
        ("Мари-Анна Орлова-Денисова", "у Денисовой", "у A"),
        ("John Smithson", "Smithson's clients", "A's clients"),
        ("Гусейнов Али оглы", "Гусейнову", "A"),
        # a short name is the beginning of many a word, and some are words
        ("Вера", "версия верна, верят", "версия верна, верят"),
        ("Вера", "у Веры", "у A"),
        ("Люда", "Люди и Людям", "Люди и Людям"),
        ("Ли", "есть ли", "есть ли"),
        ("Марк", "новая марка", "новая марка"),
        ("May", "it may be", "it may be"),
        # a role and a number is no name, and its word stays
        ("Менеджер 2", "менеджер и Менеджер 2", "менеджер и A"),
        ("Sales team", "sales of the team", "sales of the team"),
    ],
)
def test_people_are_found_by_any_of_their_names(name, words, expected):
    assert called(name)(words) == expected


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("ООО «Кукушкин 12»", "скидка Кукушкин 12", "скидка A"),
        ("ООО «Торговый дом Север»", "ООО «Юг», торговый", "ООО «Юг», торговый"),
        ("ИП Жуков К. М.", "сайт Жукова", "сайт A"),
        ("Завод Металлист", "Заводы и металл", "Заводы и металл"),
        ("Петрова Анна", "от Петровой", "от A"),
    ],
)
def test_a_client_is_found_by_his_name_and_not_by_its_common_words(
    name, words, expected
):
    assert called(name, dimension="client")(words) == expected


def test_who_answered_is_hidden_without_a_letter():
    change = Names({"Белова": "A"}, ["Белова"], ["Белова Ирина", "Астахов Виктор"])
    assert change("Белова и клиенты Астахова") == "A и клиенты …"
    assert change("Ирина забыла") == "… забыла"


def test_a_segment_called_by_a_name_changes_in_its_slice_and_its_id():
    base = made.rich()
    name = {"segment": "Клиенты Смирновой"}
    losses = [
        base.losses[0].model_copy(update={"id": f"x:segment={name['segment']}",
                                          "slice": name, "reached_by": [name]}),
        *base.losses[1:],
    ]  # fmt: skip
    found = anonymised(base.model_copy(update={"losses": losses})).losses[0]
    letter = found.slice["segment"].removeprefix("Клиенты ")
    assert len(letter) == 1
    assert found.id == f"x:segment=Клиенты {letter}"
    assert found.reached_by == [found.slice]


def test_a_free_answer_behind_a_cause_is_hidden():
    base = made.rich()
    cause = next(c for c in base.causes if c.evidence)
    line = cause.evidence[0]
    said = FactValue(value="Савельев лучше", by="owner")
    line = line.model_copy(update={"facts": {"why.difference": said}})
    causes = [cause.model_copy(update={"evidence": [line]})]
    document = base.model_copy(update={"causes": causes})
    for audience in ("consultant", "team"):
        found = shown_to(audience, document, anonymise=True)[0]
        assert "Савельев" not in found.to_json()


def test_the_id_of_a_respondent_does_not_say_who_it_is():
    base = made.rich()
    role = Text(en="Seller", ru="Продавец")
    said = zip(base.answers, ("belova", "head"), strict=False)
    answers = [a.model_copy(update={"by": by, "role": role}) for a, by in said]
    document = anonymised(base.model_copy(update={"answers": answers}))
    assert [a.by for a in document.answers[:2]] == ["respondent-1", "head"]
    words = Words(document, "en")
    assert words.who("respondent-1", answers[0].role) == "respondent\u00a01, seller"


def test_what_a_role_says_is_not_said_twice():
    words = Words(made.rich(), "en")
    assert words.who("owner", Text(en="Owner", ru="Собственник")) == "owner"


def test_more_than_26_people_spoil_no_word_of_the_team_s_copy():
    base = made.rich()
    one = next(m for m in base.metrics if not m.slice)
    many = [one.model_copy(update={"slice": {"client": f"Фирма-{i}"}})
            for i in range(60)]  # fmt: skip
    verdict = Text(en="Look at it as an hour", ru="Посмотрите")
    document = base.model_copy(update={
        "metrics": many, "causes": [],
        "summary": base.summary.model_copy(update={"verdict": verdict}),
    })  # fmt: skip
    for anonymise in (False, True):
        found = shown_to("team", document, anonymise=anonymise)[0]
        assert found.summary.verdict == verdict


def test_who_is_a_in_the_report_is_a_in_the_plan_and_the_forms():
    now = made.rich()
    older = now.metrics[0].model_copy(update={"slice": {"manager": "Рыбаков Глеб"}})
    then = now.model_copy(update={"metrics": [older, *now.metrics]})
    shown = edition_for(now, "ru", "owner", True, compare(then, now, load())).document
    assert shown == fit(now, "owner", True)
