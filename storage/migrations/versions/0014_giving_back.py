"""Giving back"""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """What became of the words of citizens."""
