"""Themes of actions"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Which theme a pilot action belongs to; those that there are belong to none."""
    op.add_column("action", sa.Column("theme", sa.String(), nullable=True))
