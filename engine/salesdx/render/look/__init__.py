"""How a house likes its reports: the look that a consultancy gives them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """A look by name; the plain one is that of the shipped templates."""

    name: str = ""


PLAIN = Look()
