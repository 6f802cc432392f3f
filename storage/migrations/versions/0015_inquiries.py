"""Inquiries"""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Questions of citizens for a person."""
    _inquiries()
    _taken()
    _messages()
    _posts()


def _inquiries() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("translate", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("is_taken", sa.Boolean(), nullable=False),
        sa.Column("waits_since", UtcDateTime(), nullable=True),
        sa.Column("brought_up", sa.Integer(), nullable=False),
        sa.Column("look_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_inquiry_citizen_id", "inquiry", ["citizen_id"])
    op.create_index("ix_inquiry_closed_at", "inquiry", ["closed_at"])
    _partial("ix_inquiry_open", "inquiry", "territory", "closed_at IS NULL")
    _partial("ix_inquiry_look", "inquiry", "look_at", "look_at IS NOT NULL")


def _taken() -> None:
    op.create_table(
        "inquiry_taken",
        sa.Column("inquiry_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"]),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("inquiry_id"),
    )
    op.create_index("ix_inquiry_taken_citizen_id", "inquiry_taken", ["citizen_id"])


def _messages() -> None:
    op.create_table(
        "inquiry_message",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("inquiry_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("language_probability", sa.Float(), nullable=False),
        sa.Column("language_how", sa.String(), nullable=False),
        sa.Column("translate_to", sa.String(), nullable=True),
        sa.Column("translation", sa.Text(), nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.Column("passed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"]),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_inquiry_message_inquiry_id", "inquiry_message", ["inquiry_id"])
    op.create_index("ix_inquiry_message_citizen_id", "inquiry_message", ["citizen_id"])
    _partial("ix_inquiry_message_held", "inquiry_message", "written_at", "ready_at IS NULL")


def _posts() -> None:
    op.create_table(
        "inquiry_post",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("inquiry_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.Column("ends", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_inquiry_post_inquiry_id", "inquiry_post", ["inquiry_id"])
    op.create_index("ix_inquiry_post_contact_id", "inquiry_post", ["contact_id"])


def _partial(name: str, table: str, column: str, where: str) -> None:
    """An index of the few rows about which something is to be done."""
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
