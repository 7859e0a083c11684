"""Which database the server and its commands mean: DIR/salesdx.db, unless --db."""

from pathlib import Path

from salesdx.errors import UsageError, reason_of


def address_of(data: Path, db: str | None) -> str:
    """The address of the database; the folder is made if need be.

    Raises:
        UsageError: the folder cannot be made.
    """
    if db:
        return db
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{data}: {reason_of(error)}") from None
    return str(data / "salesdx.db")
