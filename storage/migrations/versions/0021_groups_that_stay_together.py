"""Groups that stay together"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_GROUP = sa.table("shown_group", sa.column("whole", sa.Boolean()))


def upgrade() -> None:
    """Whether a group of whom figures were shown must stay together; none has had to so far."""
    op.add_column("shown_group", sa.Column("whole", sa.Boolean(), nullable=True))
    op.execute(_GROUP.update().values(whole=False))
    with op.batch_alter_table("shown_group") as group:
        group.alter_column("whole", existing_type=sa.Boolean(), nullable=False)
