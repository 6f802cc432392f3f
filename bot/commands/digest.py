"""The command `together digest`: what a panel was told of a period, or would be; printed and drawn."""

import asyncio
from datetime import datetime
from pathlib import Path

import typer
from sqlalchemy import Connection

from bot.clock import asked
from bot.commands.console import fail, territory_of, with_database
from bot.contexts import context_of
from bot.drawing import draw
from bot.rendering.digest_pictures import MARKS
from bot.rendering.render import without_tags
from bot.rendering.voice import Voice
from config.settings import Settings, load_settings
from config.texts import Texts
from flows.digests.digest import Digest
from flows.digests.picture import DigestPicture
from flows.digests.sheet import Telling, ideas, sections
from flows.moves import Say
from flows.occasions.sheet import Tongue
from flows.people.territory import Territory
from flows.times.periods import NoPeriod, Period, last_due, read_period
from storage.context import Context, Keyring
from storage.database import Database
from storage.digests import digests, looks
from storage.panels.panels import panel_of


def show(
    panel: str, period: str | None, language: str | None, picture: Path | None, *, preview: bool
) -> None:
    """Print a digest, and draw its picture. Raises Refused for what cannot be shown.

    panel    slug of the territory
    period   its key; None: the last one
    picture  where to draw it; None: nowhere
    preview  work out what would be told, where nothing was
    """
    settings = load_settings(telegram=False)
    place = territory_of(settings, panel)
    if place.panel is None:
        fail(f"'{panel}' has no panel; describe one in its file, under [panel]")
    if picture is not None and picture.suffix != ".png":
        fail(f"{picture.name} must end with .png: that is how pictures are drawn")
    now = asyncio.run(asked(settings.clock_url))
    wanted = _read(period) if period is not None else None
    voice, context = _speech(settings)
    found, telling = with_database(
        settings, lambda database: _found(database, context, place, wanted, language, preview, now)
    )
    typer.echo(_printed(voice, found, telling))
    if picture is not None:
        _draw(voice.picture(found, telling, context.scales), picture)


def _read(period: str) -> Period:
    try:
        return read_period(period)
    except NoPeriod as error:
        fail(str(error))


def _speech(settings: Settings) -> tuple[Voice, Context]:
    """How a digest is said, and with what; without the secret key: nothing here is about anybody."""
    texts = Texts.load()
    context = context_of(settings, texts, Keyring(b""))
    return Voice(texts, context.territories), context


async def _found(
    database: Database,
    context: Context,
    place: Territory,
    period: Period | None,
    language: str | None,
    preview: bool,
    now: datetime,
) -> tuple[Digest, Telling]:
    """The digest, and what it is told with. Raises Refused where there is none."""
    chosen = await database.read(lambda connection: panel_of(connection, place))
    assert chosen is not None  # it has a panel
    wanted = period or last_due(chosen.cadence, chosen.day, chosen.hour, place.zone, now)[0]
    spoken = language or chosen.languages[0]
    if spoken not in context.own_names:
        fail(f"'{spoken}' is no language we have; there are {', '.join(context.own_names)}")
    found = await database.read_aside(
        lambda connection: _digest(connection, place, wanted, now, preview=preview)
    )
    tongue = Tongue(spoken, place.languages, context.own_names)
    told = await database.read(lambda connection: looks.telling(connection, context, found, tongue))
    return found, told


def _digest(
    connection: Connection, place: Territory, period: Period, now: datetime, *, preview: bool
) -> Digest:
    """What was told of that period; else, for a preview, what would be."""
    kept = digests.find(connection, place.slug, period.key)
    if kept is not None:
        return kept
    if not preview:
        fail(f"nothing was told of {period.key} in '{place.slug}'; --preview shows what would be")
    if period.bounds(place.zone)[0] > now:
        fail(f"{period.key} has not begun in '{place.slug}'")
    return digests.preview(connection, digests.collect(connection, place, period, now))


def _printed(voice: Voice, found: Digest, telling: Telling) -> str:
    parts = [*sections(found, telling)]
    if found.is_news and found.ideas:
        lines = ideas(found.ideas, telling.counsels, found.more_ideas)
        parts.append(Say("digest.ideas", lines=lines))
    pages = voice.in_chat(parts, telling.tongue)
    return "\n\n".join(without_tags(page.text) for page in pages).translate(MARKS)


def _draw(shown: DigestPicture, file: Path) -> None:
    """Draw a picture into a file, and say what is on it."""
    png = None if shown.is_empty else asyncio.run(draw(shown))
    if png is None:
        fail("there is nothing to draw" if shown.is_empty else "the picture cannot be drawn; see above why")
    try:
        file.write_bytes(png)
    except OSError as error:
        fail(f"cannot write {file}: {error.strerror}")
    typer.echo(f"{file}: {shown.alt}", err=True)
