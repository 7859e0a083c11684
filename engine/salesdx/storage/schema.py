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
