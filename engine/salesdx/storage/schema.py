"""The tables of the database; SQLite and PostgreSQL alike, nothing but plain types.

Answers, interviews and events are append-only. What is nested in them (a value, what
an answer is about, evidence) is canonical JSON in a text column and never queried.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

# Names of constraints are given, so that a later migration can name them.
metadata = MetaData(naming_convention={
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
})  # fmt: skip

# SQLite counts rows by itself only in an INTEGER key
_COUNT = BigInteger().with_variant(Integer, "sqlite")


def _of_case() -> Column[str]:
    return Column(
        "case_id", String(80), ForeignKey("cases.id", ondelete="CASCADE"),
        primary_key=True,
    )  # fmt: skip


cases = Table(
    "cases", metadata,
    Column("id", String(80), primary_key=True),
    Column("name", Text, nullable=False),
    Column("added_at", String(32), nullable=False),
    Column("closed_at", String(32)),
    # how often what is measured has changed: figures of an older state are stale
    Column("changed", Integer, nullable=False, server_default="0"),
)  # fmt: skip

# Files of the case folder, all but the answers that were given since, in pieces of
# at most PIECE bytes. A folder with nothing in it is a path that ends in `/`.
case_files = Table(
    "case_files", metadata,
    _of_case(),
    Column("path", Text, primary_key=True),
    Column("piece", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)  # fmt: skip

respondents = Table(
    "respondents", metadata,
    _of_case(),
    Column("id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("manager", Text),
    Column("name", Text),
)  # fmt: skip

questionnaires = Table(
    "questionnaires", metadata,
    Column("sha256", String(64), primary_key=True),
    Column("version", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)  # fmt: skip

interviews = Table(
    "interviews", metadata,
    _of_case(),
    Column("id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("mode", String(8), nullable=False),
    Column("questionnaire", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("moved_from", Text, nullable=False),
)  # fmt: skip

answers = Table(
    "answers", metadata,
    _of_case(),
    Column("place", Integer, primary_key=True),
    Column("question", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("confidence", String(8), nullable=False),
    Column("about", Text, nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("interview", Text, nullable=False),
    Column("key", Text),  # null where none was given: nulls are all different
    UniqueConstraint("case_id", "interview", "by", "question", "about", "key",
                     name="uq_answers_key"),
)  # fmt: skip

# What happened, each row with the hash of the one before: no answers, names or texts.
events = Table(
    "events", metadata,
    Column("n", _COUNT, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("case_id", String(80), nullable=False),
    Column("detail", Text, nullable=False),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)  # fmt: skip

# How far the log goes: rows cut off its end leave no gap, but they are missed here.
event_head = Table(
    "event_head", metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)  # fmt: skip

# Cases that were destroyed: a restored backup must not bring them back.
purged = Table(
    "purged", metadata,
    Column("case_id", String(80), primary_key=True),
    Column("added_at", String(32), primary_key=True),
    Column("at", String(32), nullable=False),
)  # fmt: skip

# Who may sign in. The password is an argon2id hash; null: nobody can sign in by it.
users = Table(
    "users", metadata,
    Column("name", String(80), primary_key=True),
    Column("title", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("password", Text),
    Column("every_case", Boolean, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("disabled_at", String(32)),
)  # fmt: skip

# Whose cases they are; who sees every case needs no row.
members = Table(
    "members", metadata,
    _of_case(),
    Column("user", String(80), ForeignKey("users.name", ondelete="CASCADE"),
           primary_key=True),
)  # fmt: skip

# Links for respondents: one case, one role. Only the hash of the token is kept.
links = Table(
    "links", metadata,
    Column("id", String(16), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("case_id", String(80), ForeignKey("cases.id", ondelete="CASCADE"),
           nullable=False),
    Column("role", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("expires_at", String(32), nullable=False),
    Column("used_at", String(32)),
    Column("finished_at", String(32)),
    Column("revoked_at", String(32)),
)  # fmt: skip

# What a respondent agreed to, word for word by its hash, and whether it still holds.
consents = Table(
    "consents", metadata,
    Column("link", String(16), ForeignKey("links.id", ondelete="CASCADE"),
           primary_key=True),
    Column("at", String(32), primary_key=True),
    Column("case_id", String(80), ForeignKey("cases.id", ondelete="CASCADE"),
           nullable=False),
    Column("version", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("language", String(2), nullable=False),
    Column("withdrawn_at", String(32)),
)  # fmt: skip

# Who is signed in: a user or the holder of a link. The cookie holds the id only.
sessions = Table(
    "sessions", metadata,
    Column("hash", String(64), primary_key=True),
    Column("user", String(80), ForeignKey("users.name", ondelete="CASCADE")),
    Column("link", String(16), ForeignKey("links.id", ondelete="CASCADE")),
    Column("made_at", String(32), nullable=False),
    Column("seen_at", String(32), nullable=False),
)  # fmt: skip

# Tokens of the API: as a password of one user, that may be taken back alone.
tokens = Table(
    "tokens", metadata,
    Column("id", String(16), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("user", String(80), ForeignKey("users.name", ondelete="CASCADE"),
           nullable=False),
    Column("title", Text, nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("expires_at", String(32), nullable=False),
    Column("used_at", String(32)),
    Column("revoked_at", String(32)),
)  # fmt: skip

# Tries that are counted, by a hash of whose they are: limits survive a restart.
tries = Table(
    "tries", metadata,
    Column("n", _COUNT, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, index=True),
    Column("at", String(32), nullable=False),
)  # fmt: skip

# Of the moment: they are in no backup.
PASSING = (sessions, tries)
