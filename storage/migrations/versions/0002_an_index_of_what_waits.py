"""An index of what waits"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """What waits for one contact is found however many messages were sent, and whatever statistics say."""
    waits = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_outbox_line", "outbox", ["contact_id", "id"], sqlite_where=waits, postgresql_where=waits
    )
