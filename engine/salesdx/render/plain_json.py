"""The document itself, for machines."""

from typing import Protocol


class Told(Protocol):
    """A document that can be written down: of a result, or of a portfolio."""

    def to_json(self) -> str:
        """As JSON text."""


class Documented(Protocol):
    """An edition of such a document."""

    @property
    def document(self) -> Told:
        """What it was made of."""


def write(edition: Documented) -> bytes:
    """The JSON contract holds both languages: that of the edition changes nothing."""
    return edition.document.to_json().encode()
