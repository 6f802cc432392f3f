"""Runs migrations on the connection it is handed; `storage/schema.py` calls it."""

from alembic import context
from sqlmodel import SQLModel

from storage.registry import appliers

appliers()  # imports every module of storage, so that SQLModel.metadata holds every table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite alters tables by copying them
)
context.run_migrations()
