"""When a pause was asked for"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0020"
down_revision = "0019"

_PAUSE = sa.table("pause", sa.column("asked_at", UtcDateTime()))


def upgrade() -> None:
    """When a pause was asked for: those that there are long ago, so that they hold until their end."""
    op.add_column("pause", sa.Column("asked_at", UtcDateTime(), nullable=True))
    op.execute(_PAUSE.update().values(asked_at=datetime.fromtimestamp(0, UTC)))
    with op.batch_alter_table("pause") as pause:
        pause.alter_column("asked_at", existing_type=UtcDateTime(), nullable=False)
