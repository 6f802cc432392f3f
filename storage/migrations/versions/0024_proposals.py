"""Proposals"""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Changes of what people see that whoever plans it has not confirmed yet."""
    op.create_table(
        "proposal",
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("came", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("citizen_id", "about", "number"),
    )
    op.create_index("ix_proposal_at", "proposal", ["at"])
