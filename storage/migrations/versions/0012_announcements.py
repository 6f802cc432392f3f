"""Announcements"""

import sqlalchemy as sa
from alembic import op

from storage.types import Serial, UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """What coordinators say to many, and to whom it was said."""
    _announcements()
    _texts()
    _links()
    _recipients()


def _announcements() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("territory", sa.String(), nullable=True),
        sa.Column("group_slug", sa.Text(), nullable=True),
        sa.Column("planner", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("aims", sa.Text(), nullable=False),
        sa.Column("asks_interest", sa.Boolean(), nullable=False),
        sa.Column("medium", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("starts", sa.String(), nullable=True),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("series", sa.BigInteger(), nullable=True),
        sa.Column("occasion", sa.BigInteger(), nullable=True),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("begins_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_twice", sa.Boolean(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("not_after", UtcDateTime(), nullable=True),
        sa.Column("found_until", sa.BigInteger(), nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_announcement_stage", "announcement", ["stage", "begins_at"])
    op.create_index("ix_announcement_territory", "announcement", ["territory"])
    op.create_index("ix_announcement_occasion", "announcement", ["occasion"])


def _texts() -> None:
    op.create_table(
        "announcement_text",
        sa.Column("announcement_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"]),
        sa.PrimaryKeyConstraint("announcement_id", "language"),
    )


def _links() -> None:
    op.create_table(
        "announcement_link",
        sa.Column("announcement_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"]),
        sa.PrimaryKeyConstraint("announcement_id", "number"),
    )


def _recipients() -> None:
    op.create_table(
        "recipient",
        sa.Column("id", Serial, nullable=False),
        sa.Column("announcement_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("omission", sa.String(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("tapped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"]),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("announcement_id", "citizen_id"),
    )
    due, out = sa.text("state = 'due'"), sa.text("state = 'out'")
    op.create_index("ix_recipient_due", "recipient", ["at"], sqlite_where=due, postgresql_where=due)
    op.create_index(
        "ix_recipient_out", "recipient", ["announcement_id"], sqlite_where=out, postgresql_where=out
    )
    op.create_index("ix_recipient_citizen", "recipient", ["citizen_id"])
