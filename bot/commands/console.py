"""What several commands need: a territory that there is, a scope, the database, and a way to give up."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from bot.refusal import CANNOT_USE, Refused
from config.settings import Settings
from config.territories import load_territories
from flows.people import roles
from flows.people.territory import Territory
from storage.errors import Unavailable


def scope(settings: Settings, territory: str | None, group: str | None) -> roles.Scope:
    """The scope that an option or two name. Raises Refused where there is no such place."""
    if territory is None:
        if group is not None:
            fail("--group needs the --territory it is in")
        return roles.EVERYWHERE
    place = territory_of(settings, territory)
    if group is not None and place.group(group) is None:
        fail(f"'{territory}' has no group '{group}'; it has {', '.join(g.slug for g in place.groups)}")
    return roles.Scope(territory, group)


def territory_of(settings: Settings, slug: str) -> Territory:
    """The territory of that slug. Raises Refused where there is none."""
    territories = load_territories(settings.territories)
    if slug not in territories:
        fail(f"there is no territory '{slug}'; there are {', '.join(territories)}")
    return territories[slug]


def with_database(
    settings: Settings, work: Callable[[Any], Coroutine[Any, Any, Any]], *, writes: bool = False
) -> Any:
    """What comes of work with the database of the settings. Raises Refused where it cannot be used."""
    from storage.database import open_database

    async def go() -> Any:
        database = open_database(settings.database_url, read_only=not writes)
        try:
            return await work(database)
        except Unavailable as error:
            raise Refused(f"{CANNOT_USE} ({error})") from error
        finally:
            await database.close()

    return asyncio.run(go())


def fail(message: str) -> NoReturn:
    """End the command with a message for the operator: raises Refused."""
    raise Refused(message)
