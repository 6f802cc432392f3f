"""Leases of runs"""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Runs that work side by side know each other's roles and leases; a message needs none of its own."""
    with op.batch_alter_table("instance") as instance:
        instance.add_column(sa.Column("role", sa.String(), nullable=True))
        instance.add_column(sa.Column("lease_until", UtcDateTime(), nullable=True))
    op.execute("UPDATE instance SET role = 'all'")
    with op.batch_alter_table("instance") as instance:
        instance.alter_column("role", existing_type=sa.String(), nullable=False)
    op.drop_column("outbox", "lease_until")
