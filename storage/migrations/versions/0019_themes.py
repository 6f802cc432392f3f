"""Themes"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Who follows which theme, and what is planned for those who do."""
    op.create_table(
        "theme_follower",
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("citizen_id", "theme"),
    )
    op.create_index("ix_theme_follower_theme", "theme_follower", ["theme"])
    op.add_column("occasion", sa.Column("theme", sa.String(), nullable=True))
