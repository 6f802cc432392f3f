"""Announcements"""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """What coordinators say to many, and to whom it was said."""
