"""An index of what ended"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """What still waits is not in it: who looks for one person's waiting messages must not be led there."""
    op.drop_index("ix_outbox_ended_at", table_name="outbox")
    ended = sa.text("ended_at IS NOT NULL")
    op.create_index("ix_outbox_ended", "outbox", ["ended_at"], sqlite_where=ended, postgresql_where=ended)
