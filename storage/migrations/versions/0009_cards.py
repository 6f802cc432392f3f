"""Cards"""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Cards of occasions in group chats, whose figures are kept up to date."""
    op.create_table(
        "card",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("territory", sa.String(), nullable=False),
        sa.Column("group_slug", sa.Text(), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("look_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    live = sa.text("ended_at IS NULL")
    op.create_index("ix_card_occasion", "card", ["occasion_id"], sqlite_where=live, postgresql_where=live)
    op.create_index("ix_card_look", "card", ["look_at"], sqlite_where=live, postgresql_where=live)
    op.create_index("ix_card_contact_id", "card", ["contact_id"])
