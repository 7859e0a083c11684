"""The first schema: cases with their files, answers, what happened, what was purged.

Written out, not taken from schema.py: a step once released never changes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

CASE = sa.String(80)
TIME = sa.String(32)
HASH = sa.String(64)


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "cases",
        sa.Column("id", CASE, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("closed_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_table(
        "case_files",
        sa.Column("case_id", CASE, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("piece", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "path", "piece", name="pk_case_files"),
        _of_case("case_files"),
    )
    op.create_table(
        "respondents",
        sa.Column("case_id", CASE, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("manager", sa.Text),
        sa.Column("name", sa.Text),
        sa.PrimaryKeyConstraint("case_id", "id", name="pk_respondents"),
        _of_case("respondents"),
    )
    op.create_table(
        "questionnaires",
        sa.Column("sha256", HASH, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_questionnaires"),
    )
    op.create_table(
        "interviews",
        sa.Column("case_id", CASE, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("questionnaire", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("started", sa.Text, nullable=False),
        sa.Column("moved_from", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "id", name="pk_interviews"),
        _of_case("interviews"),
    )
    _answers()
    _happened()


def _of_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["case_id"], ["cases.id"], name=f"fk_{table}_case_id", ondelete="CASCADE"
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("case_id", CASE, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("confidence", sa.String(8), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("agreed", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("interview", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.PrimaryKeyConstraint("case_id", "place", name="pk_answers"),
        sa.UniqueConstraint(
            "case_id", "interview", "by", "question", "about", "key",
            name="uq_answers_key",
        ),
        _of_case("answers"),
    )  # fmt: skip


def _happened() -> None:
    count = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "events",
        sa.Column("n", count, autoincrement=True, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", TIME, nullable=False),
        sa.Column("case_id", CASE, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("before", HASH, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_events"),
        sa.UniqueConstraint("hash", name="uq_events_hash"),
    )
    op.create_table(
        "event_head",
        sa.Column("one", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_event_head"),
    )
    op.create_table(
        "purged",
        sa.Column("case_id", CASE, nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "added_at", name="pk_purged"),
    )
