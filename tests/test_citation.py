"""Sources in words: no raw field name, no English in a Russian report."""

from salesdx.citation import cited
from salesdx.language import LANGUAGES


def test_a_note_alone_is_a_judgement() -> None:
    assert cited({"note": "expert addition"}, "ru") == ["экспертная оценка"]
    assert cited({"note": "expert addition"}, "en") == ["expert judgement"]


def test_a_note_beside_a_source_is_for_english_readers_only() -> None:
    source = {"seed": "001", "note": "the bands are expert"}
    assert cited(source, "ru") == ["источник 001"]
    assert cited(source, "en") == ["source 001", "the bands are expert"]


def test_title_and_section_are_said_without_the_names_of_the_fields() -> None:
    source = {"title": "Book", "section": "3"}
    for language in LANGUAGES:
        assert "title" not in " ".join(cited(source, language))
    assert cited(source, "ru") == ["Book", "раздел 3"]
