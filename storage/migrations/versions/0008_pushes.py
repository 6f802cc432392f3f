"""Pushes"""

import sqlalchemy as sa
from alembic import op

from storage.types import Serial, UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """What is to be said when without being asked, and what each person wants of it."""
    op.create_table(
        "push",
        sa.Column("id", Serial, nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("cadence", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("not_after", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("citizen_id", "about", "kind", "lead", "edition"),
    )
    due, settled = sa.text("state = 'due'"), sa.text("settled_at IS NOT NULL")
    op.create_index("ix_push_due", "push", ["at"], sqlite_where=due, postgresql_where=due)
    op.create_index("ix_push_about", "push", ["about", "citizen_id"])
    op.create_index("ix_push_settled", "push", ["settled_at"], sqlite_where=settled, postgresql_where=settled)
    op.create_table(
        "habit",
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("quiet", sa.String(), nullable=True),
        sa.Column("leads", sa.String(), nullable=True),
        sa.Column("topics_off", sa.String(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("citizen_id"),
    )
    op.create_table(
        "mute",
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("citizen_id", "about"),
    )
    op.create_index("ix_mute_at", "mute", ["at"])
