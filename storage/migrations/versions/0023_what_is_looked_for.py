"""What is looked for"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_DUE = sa.text("state = 'due'")
_SAID = sa.text("state = 'said'")


def upgrade() -> None:
    """People of one territory and pushes of one person are found without reading all there are."""
    op.create_index("ix_citizen_territory", "citizen", ["territory"])
    for name, moment, which in (("due", "at", _DUE), ("said", "settled_at", _SAID)):
        op.create_index(
            f"ix_push_own_{name}",
            "push",
            ["citizen_id", moment],
            sqlite_where=which,
            postgresql_where=which,
        )
