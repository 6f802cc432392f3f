"""Giving back"""

import sqlalchemy as sa
from alembic import op

from storage.types import Serial, UtcDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """What became of the words of citizens: their course, what they are about, and how they may be shown."""
    received = sa.text("'received'")
    for name in ("statement", "feedback", "gift"):
        op.add_column(name, sa.Column("course", sa.String(), server_default=received, nullable=False))
    op.add_column("statement", sa.Column("component_version", sa.String(), nullable=True))
    op.add_column("statement", sa.Column("reviewed", sa.String(), nullable=True))
    op.drop_index("ix_statement_territory", "statement")
    for name in ("component", "reviewed"):
        op.create_index(
            f"ix_statement_{name}",
            "statement",
            ["territory", name],
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
    _classifications()
    _reviews()
    _links()
    _steps()


def _classifications() -> None:
    op.create_table(
        "classification",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("classifier", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("statement_id", "wording", "opinion"),
    )


def _reviews() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_review_statement_id", "review", ["statement_id"])
    op.create_table(
        "masked",
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("statement_id"),
    )


def _links() -> None:
    op.create_table(
        "action_link",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("action_id", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=True),
        sa.Column("gift_id", sa.BigInteger(), nullable=True),
        sa.Column("linker", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"]),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("statement_id", "action_id"),
        sa.UniqueConstraint("gift_id", "action_id"),
    )
    op.create_index("ix_action_link_action_id", "action_link", ["action_id"])


def _steps() -> None:
    op.create_table(
        "course_step",
        sa.Column("id", Serial, nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=True),
        sa.Column("feedback_id", sa.BigInteger(), nullable=True),
        sa.Column("gift_id", sa.BigInteger(), nullable=True),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("action_id", sa.BigInteger(), nullable=True),
        sa.Column("mover", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("statement_id", "feedback_id", "gift_id"):
        op.create_index(f"ix_course_step_{name}", "course_step", [name])
