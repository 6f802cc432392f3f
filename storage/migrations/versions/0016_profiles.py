"""Profiles"""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0016"
down_revision = "0015"


_CONTACT = sa.Table(
    "contact",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger(), nullable=False),
    sa.Column("bot", sa.BigInteger(), nullable=False),
    sa.Column("telegram", sa.BigInteger(), nullable=False),
    sa.Column("citizen_id", sa.BigInteger(), nullable=True),
    sa.Column("reach", sa.String(), nullable=False),
    sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
    sa.PrimaryKeyConstraint("id"),
    sa.Index("ix_contact_citizen_id", "citizen_id"),
)
"""As it was, but for what made a Telegram id unique: SQLite can only leave that out."""


def upgrade() -> None:
    """What figures were shown of whom; several people on one phone."""
    _shown()
    op.add_column("citizen", sa.Column("called", sa.String(), nullable=True))
    op.add_column("citizen", sa.Column("asked", sa.String(), nullable=True))
    with op.batch_alter_table("contact", copy_from=_CONTACT) as contact:
        contact.add_column(sa.Column("slot", sa.Integer(), nullable=False, server_default="0"))
        contact.create_unique_constraint("uq_contact_slot", ["bot", "telegram", "slot"])
        if op.get_bind().dialect.name == "postgresql":  # SQLite copies the table as it stands above
            contact.drop_constraint("contact_bot_telegram_key", type_="unique")


def _shown() -> None:
    op.create_table(
        "ledger",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "shown_group",
        sa.Column("ledger", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledger.name"]),
        sa.PrimaryKeyConstraint("ledger", "number"),
    )
    op.create_table(
        "shown_person",
        sa.Column("ledger", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledger.name"]),
        sa.PrimaryKeyConstraint("ledger", "author"),
    )
    op.create_index("ix_shown_person_author", "shown_person", ["author"])
    op.create_index("ix_shown_person_group", "shown_person", ["ledger", "number"])
    op.create_table(
        "shown_figure",
        sa.Column("ledger", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledger.name"]),
        sa.PrimaryKeyConstraint("ledger", "cell"),
    )
