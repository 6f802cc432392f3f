"""Occasions"""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """What people come to: meetings and dates of activities, their words and posts, and the answers."""
    _occasions()
    _answers()
    _afterwards()
    _calendars()
    _helping()


def _occasions() -> None:
    op.create_table(
        "occasion",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("territory", sa.String(), nullable=True),
        sa.Column("group_slug", sa.Text(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("starts", sa.String(), nullable=False),
        sa.Column("ends", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("most_party", sa.Integer(), nullable=False),
        sa.Column("series", sa.BigInteger(), nullable=True),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("action", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("planner", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("full_at", UtcDateTime(), nullable=True),
        sa.Column("weighed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_occasion_coming", "occasion", ["state", "ends_at"])
    op.create_index("ix_occasion_territory", "occasion", ["territory"])
    op.create_index("ix_occasion_series", "occasion", ["series"])
    op.create_index("ix_occasion_action", "occasion", ["action"])
    op.create_table(
        "occasion_text",
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("resources", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"]),
        sa.PrimaryKeyConstraint("occasion_id", "language"),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_post_occasion_id", "post", ["occasion_id"])
    op.create_table(
        "post_text",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"]),
        sa.PrimaryKeyConstraint("post_id", "language"),
    )


def _answers() -> None:
    op.create_table(
        "answer",
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("offered_until", UtcDateTime(), nullable=True),
        sa.Column("barriers", sa.String(), nullable=False),
        sa.Column("barrier", sa.Text(), nullable=True),
        sa.Column("needs", sa.String(), nullable=False),
        sa.Column("interpretation", sa.String(), nullable=True),
        sa.Column("guests", sa.Text(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("checked_in_at", UtcDateTime(), nullable=True),
        sa.Column("was_there", sa.Boolean(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("tally", sa.Integer(), nullable=True),
        sa.Column("stand_in_since", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"]),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"]),
        sa.PrimaryKeyConstraint("occasion_id", "citizen_id"),
    )
    op.create_index("ix_answer_citizen", "answer", ["citizen_id", "occasion_id"])
    op.create_index("ix_answer_post", "answer", ["post_id", "standing", "place"])
    op.create_index(
        "ix_answer_offered",
        "answer",
        ["offered_until"],
        sqlite_where=sa.text("offered_until IS NOT NULL"),
        postgresql_where=sa.text("offered_until IS NOT NULL"),
    )
    op.create_table(
        "occasion_question",
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"]),
        sa.PrimaryKeyConstraint("occasion_id", "number", "language"),
    )
    op.create_table(
        "occasion_reply",
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"]),
        sa.PrimaryKeyConstraint("occasion_id", "number", "citizen_id"),
    )
    op.create_index("ix_occasion_reply_citizen_id", "occasion_reply", ["citizen_id"])


def _afterwards() -> None:
    op.create_table(
        "evaluation",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("scale", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("occasion_id", "author"),
    )
    op.create_index("ix_evaluation_author", "evaluation", ["author"])
    op.create_table(
        "remark",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("language_probability", sa.Float(), nullable=False),
        sa.Column("language_how", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("occasion_id", "author", "about"),
    )
    op.create_index("ix_remark_author", "remark", ["author"])
    op.create_table(
        "turnout",
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"]),
        sa.PrimaryKeyConstraint("occasion_id", "says"),
    )


def _calendars() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.PrimaryKeyConstraint("citizen_id"),
        sa.UniqueConstraint("token_hash"),
    )


def _helping() -> None:
    op.create_table(
        "standby",
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("refused_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"]),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"]),
        sa.PrimaryKeyConstraint("post_id", "citizen_id"),
    )
    op.create_index("ix_standby_citizen_id", "standby", ["citizen_id"])
    op.create_table(
        "tally",
        sa.Column("activity", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("activity", "number"),
    )
