"""Who lives where"""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """The people of one territory are found without reading all those of a network."""
    op.create_index("ix_citizen_territory", "citizen", ["territory"])
