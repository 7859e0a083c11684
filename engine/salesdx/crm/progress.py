"""How long work tells how far it is; who shows it is the caller's affair."""

from collections.abc import Callable

from salesdx.errors import Said

# what is done now, how much of it, of how much
Progress = Callable[[Said, int, int], None]
READING = Said("Reading", "Читаем")


def silent(what: Said, done: int, total: int) -> None:
    """Tell nobody."""
