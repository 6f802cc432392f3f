"""Digests"""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """What panels are told, period by period."""
