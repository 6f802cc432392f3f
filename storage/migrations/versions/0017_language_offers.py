"""Language offers"""

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Languages that were offered to people."""
