"""What respondents agreed to: which words, when; and whether they took it back."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, select

from salesdx.storage import schema
from salesdx.storage.events import record
from salesdx.storage.links import Link
from salesdx.storage.moments import written
from salesdx.storage.opening import reading, writing

_table = schema.consents


@dataclass(frozen=True, slots=True)
class Consent:
    """Words that somebody agreed to, by version and hash, in one language."""

    version: str
    sha256: str
    language: str
    at: str = ""
    withdrawn_at: str | None = None


def consent_of(engine: Engine, link: str) -> Consent | None:
    """The consent that holds; None where there is none, or it was taken back."""
    found = [c for c in consents_of(engine, link) if c.withdrawn_at is None]
    return found[-1] if found else None


def consents_of(engine: Engine, link: str) -> list[Consent]:
    """All of a link, in order."""
    query = select(_table).where(_table.c.link == link).order_by(_table.c.at)
    with reading(engine) as connection:
        return [
            Consent(r.version, r.sha256, r.language, r.at, r.withdrawn_at)
            for r in connection.execute(query)
        ]


def give(engine: Engine, link: Link, consent: Consent, now: dt.datetime) -> None:
    """Keep a consent; one that holds already is enough."""
    held = consent_of(engine, link.id)
    if held is not None and held.sha256 == consent.sha256:
        return
    at = written(now)
    with writing(engine) as connection:
        connection.execute(_table.insert().values(
            link=link.id, case_id=link.case, at=at, version=consent.version,
            sha256=consent.sha256, language=consent.language,
        ))  # fmt: skip
        detail = {"link": link.id, "text": consent.version}
        record(connection, at, "respondent", "consent-given", link.case, detail)


def take_back(engine: Engine, link: Link, now: dt.datetime) -> None:
    """The respondent agrees no longer; what was agreed stays on record."""
    at = written(now)
    with writing(engine) as connection:
        done = connection.execute(
            _table.update()
            .where(_table.c.link == link.id, _table.c.withdrawn_at.is_(None))
            .values(withdrawn_at=at)
        )
        if done.rowcount:
            detail = {"link": link.id}
            record(connection, at, "respondent", "consent-withdrawn", link.case, detail)
