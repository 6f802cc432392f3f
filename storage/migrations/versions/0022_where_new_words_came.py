"""Where new words came"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """The message in which new words for a statement came; those changed before are found by their first."""
    op.add_column("statement", sa.Column("reworded_in", sa.BigInteger(), nullable=True))
