"""Notices first"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """An index of the notices that are due, which go before reminders."""
    due = sa.text("state = 'due' AND lead = ''")
    op.create_index("ix_push_notice", "push", ["at"], sqlite_where=due, postgresql_where=due)
