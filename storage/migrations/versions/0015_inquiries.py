"""Inquiries"""

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Questions of citizens for a person."""
