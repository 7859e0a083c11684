"""The result document itself, for machines."""

from salesdx.language import Language
from salesdx.render.audience import Audience, fit_for
from salesdx.result import ResultDocument


def write(document: ResultDocument, lang: Language, audience: Audience) -> bytes:
    """The JSON contract holds both languages, so `lang` changes nothing."""
    del lang
    return fit_for(audience, document).to_json().encode()
