"""Profiles"""

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Several people on one phone."""
