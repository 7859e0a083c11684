"""The result document itself, for machines."""

from salesdx.render.edition import Edition


def write(edition: Edition) -> bytes:
    """The JSON contract holds both languages: that of the edition changes nothing."""
    return edition.document.to_json().encode()
