"""Times as the database keeps them: ISO 8601 in UTC, to the second; they sort."""

import datetime as dt


def written(moment: dt.datetime) -> str:
    """A moment with its offset, as it is kept."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> dt.datetime:
    """A kept moment, in UTC."""
    return dt.datetime.fromisoformat(text)
