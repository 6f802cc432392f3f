"""The version of the schema: read, required, upgraded with Alembic (which is imported only then)."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from storage.errors import SchemaTooNew, SchemaTooOld
from storage.faultpoints import reached

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def revisions() -> tuple[str, ...]:
    """The revisions this release knows, oldest first: the numbers its migration files begin with."""
    return tuple(
        sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    )


def current(connection: Connection) -> str | None:
    """The revision of the database; None where it has never been set up."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def require(connection: Connection) -> None:
    """Raise SchemaTooOld or SchemaTooNew unless the database is exactly of this release."""
    found = current(connection)
    refuse_newer(found)
    if found != revisions()[-1]:
        raise SchemaTooOld(
            f"the database is at revision {found or 'none'}, this release needs {revisions()[-1]}; "
            "run `together db upgrade` first"
        )


def refuse_newer(found: str | None) -> None:
    """Raise SchemaTooNew for a revision this release has never heard of."""
    if found is not None and found not in revisions():
        raise SchemaTooNew(
            f"the database is at revision {found}, which this release does not know (its newest is "
            f"{revisions()[-1]}); run the newer release, or restore a backup made before the upgrade"
        )


def upgrade(connection: Connection) -> None:
    """Carry out the migrations that are missing."""
    found = current(connection)
    refuse_newer(found)
    if found == revisions()[-1]:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    reached("migration_step")
