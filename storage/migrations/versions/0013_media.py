"""Media"""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Pictures and files that are sent more than once."""
