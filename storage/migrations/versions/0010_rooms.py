"""Rooms"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Group chats that are a panel's or the coordinators' room."""
