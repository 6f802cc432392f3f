"""Rooms"""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Group chats that are a panel's or the coordinators' room, what panels have chosen, and colleges."""
    op.create_table(
        "room",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("topic", sa.BigInteger(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    live = sa.text("until IS NULL")
    op.create_index(
        "ix_room_live", "room", ["contact_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_index("ix_room_contact_id", "room", ["contact_id"])
    op.create_index("ix_room_territory", "room", ["territory"])
    op.create_table(
        "panel",
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("cadence", sa.String(), nullable=False),
        sa.Column("languages", sa.String(), nullable=False),
        sa.Column("silence", sa.Boolean(), nullable=False),
        sa.Column("sent_to", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("territory"),
    )
    op.add_column("appointment", sa.Column("college", sa.String(), nullable=True))
    op.add_column("invitation", sa.Column("college", sa.String(), nullable=True))
