"""The web: users, whose cases they are, links, consents, sessions, tokens, tries.

Written out, not taken from schema.py: a step once released never changes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CASE = sa.String(80)
TIME = sa.String(32)
HASH = sa.String(64)
LINK = sa.String(16)


def upgrade() -> None:
    """Make the tables of the web; every case begins at change 0."""
    op.add_column(
        "cases", sa.Column("changed", sa.Integer, nullable=False, server_default="0")
    )
    op.create_table(
        "users",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("every_case", sa.Boolean, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("disabled_at", TIME),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table(
        "members",
        sa.Column("case_id", CASE, nullable=False),
        sa.Column("user", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "user", name="pk_members"),
        _to("members", "case_id", "cases.id"),
        _to("members", "user", "users.name"),
    )
    op.create_table(
        "links",
        sa.Column("id", LINK, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.Column("case_id", CASE, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.Column("finished_at", TIME),
        sa.Column("revoked_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("hash", name="uq_links_hash"),
        _to("links", "case_id", "cases.id"),
    )
    op.create_table(
        "consents",
        sa.Column("link", LINK, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("case_id", CASE, nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("sha256", HASH, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("withdrawn_at", TIME),
        sa.PrimaryKeyConstraint("link", "at", name="pk_consents"),
        _to("consents", "link", "links.id"),
        _to("consents", "case_id", "cases.id"),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", HASH, nullable=False),
        sa.Column("user", sa.String(80)),
        sa.Column("link", LINK),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
        _to("sessions", "user", "users.name"),
        _to("sessions", "link", "links.id"),
    )
    op.create_table(
        "tokens",
        sa.Column("id", LINK, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.Column("user", sa.String(80), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.Column("revoked_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
        _to("tokens", "user", "users.name"),
    )
    count = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "tries",
        sa.Column("n", count, autoincrement=True, nullable=False),
        sa.Column("key", HASH, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_tries"),
    )
    op.create_index("ix_tries_key", "tries", ["key"])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """The name as the naming convention of schema.py makes it."""
    return sa.ForeignKeyConstraint(
        [column], [other], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )
