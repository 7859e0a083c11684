"""The source of a statement as a reader sees it."""

from collections.abc import Mapping

from salesdx.language import Language, Text

_PARTS = {
    "seed": Text(en="source {}", ru="источник {}"),
    "title": Text(en="{}", ru="{}"),
    "section": Text(en="section {}", ru="раздел {}"),
}
_JUDGED = Text(en="expert judgement", ru="экспертная оценка")


def cited(source: Mapping[str, str], language: Language) -> list[str]:
    """Each part of a source in words; one that is a note only is a judgement.

    Notes are written in English, for whoever keeps the knowledge: a Russian reader is
    spared them.
    """
    said = [
        text.in_(language).format(source[part])
        for part, text in _PARTS.items()
        if source.get(part)
    ]
    if not said:
        return [_JUDGED.in_(language)]
    note = source.get("note")
    return [*said, note] if note and language == "en" else said
