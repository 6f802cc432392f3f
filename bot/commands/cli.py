"""The command `together`: run, demo, check, export, import, digest, invite, backups, and the database."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.console import fail, scope, with_database
from bot.commands.exports import export
from bot.commands.imports import imports
from bot.refusal import SHARED, Refused, Rival
from config.settings import Settings, SettingsError, load_settings
from config.territories import TerritoryError, load_territories
from flows.links import INVITATION, link_to_place, token_hash
from flows.people import roles
from storage.errors import AlreadyRunning, StorageError
from storage.instance import Role

WRONG = 1  # settings, files, database or token; the message says which
RIVAL = 3  # another instance is at work; part of the contract with supervisors

LEVELS = {
    roles.Role.NETWORK: "everywhere: leave out --territory and --group",
    roles.Role.TERRITORY: "in a whole territory: name it with --territory, and no --group",
    roles.Role.FACILITATOR: "in a group: name it with --territory and --group",
    roles.Role.PANEL: "in a whole territory: name it with --territory, and no --group",
}

app = typer.Typer(
    name="together",
    help="The chat-bot of the Territories of Co-responsibility.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(export, name="export")
app.add_typer(imports, name="import")
app.add_typer(db, name="db")


def main() -> None:
    """Entry point of the command; what an operator can mend is said in one message, without a traceback."""
    try:
        app()
    except (Refused, SettingsError, TerritoryError, StorageError) as error:
        typer.echo(f"together: {error}", err=True)
        sys.exit(RIVAL if isinstance(error, Rival | AlreadyRunning) else WRONG)


@app.command()
def run(
    role: Annotated[
        Role,
        typer.Option(
            help="all: everything, alone. With PostgreSQL and a webhook also listen: take updates in and "
            "reply, any number of them; and push: send what nobody asked for, one at work, others stand by."
        ),
    ] = Role.ALL,
) -> None:
    """Run the bot, with settings from the environment or `.env`. It ends on SIGTERM within ten seconds."""
    settings = load_settings()
    if role is not Role.ALL and not (settings.webhook_url and settings.database_url.startswith("postgresql")):
        fail(SHARED.format(role=role))
    load_territories(settings.territories)  # a mistake there is told before the seconds of import
    from bot.listening.lean_types import only_read

    only_read()
    from bot.logs import set_up
    from bot.process import run_bot

    set_up()
    asyncio.run(run_bot(settings, role))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Of the page; the next free one if it is taken.")] = 8484,
    data: Annotated[Path, typer.Option(help="Folder for everything that is kept.")] = Path(".together"),
    fresh: Annotated[bool, typer.Option(help="Delete what an earlier demo kept, first.")] = False,
) -> None:
    """Try the bot without Telegram, in a page that looks like a chat."""
    from bot.playground.demo import run_demo

    raise typer.Exit(run_demo(port=port, data=data, fresh=fresh))


@app.command()
def check(
    online: Annotated[
        bool, typer.Option(help="Ask Telegram about token, webhook and privacy mode, too.")
    ] = False,
) -> None:
    """Check settings, territories, classification and catalogues."""
    from config.checking import check as check_all

    problems = check_all()
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        fail(f"{len(problems)} to mend")
    settings = load_settings()
    for doubt in settings.doubts:
        typer.echo(f"warning: {doubt}", err=True)
    if online:
        from bot.commands.online import ask, told

        typer.echo("\n".join(told(asyncio.run(ask(settings)))))
    typer.echo("All is well.")


@app.command()
def catalogue(
    language: Annotated[str, typer.Argument(help="Its tag, as in config/languages.toml: pt.")],
) -> None:
    """Begin the catalogue of a language, or add what is missing to it; list what is to be translated."""
    from babel import Locale

    from config.languages import load_languages
    from config.starting import start

    known = load_languages()
    if language not in known:
        fail(f"config/languages.toml has no [{language}]; it has {', '.join(known)}")
    started = start(known[language], str(Locale("en").languages[language]))
    typer.echo("\n".join(started.empty))
    typer.echo(f"{started.file}: {started.texts} texts, {len(started.empty)} of them to translate", err=True)


@app.command()
def digest(
    panel: Annotated[str, typer.Option("--panel", "--territory", help="The territory whose panel it is.")],
    period: Annotated[
        str | None,
        typer.Option(help="A week such as 2026-W47, a day 2026-11-22 or a month 2026-11; else the last one."),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Work out what would be told, where nothing was told yet.")
    ] = False,
    language: Annotated[str | None, typer.Option(help="Else the first one of the panel.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw the picture into this .png file.")] = None,
) -> None:
    """Print what a panel was told of a period. Nothing is sent, and nothing changed."""
    from bot.commands.digest import show

    show(panel, period, language, picture, preview=preview)


@app.command()
def backup(
    output: Annotated[Path, typer.Option(help="The file to write.")],
    force: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Write everything to one file, checked, while the bot runs; a list of erasures lies beside it."""
    from bot.commands.backups import back_up

    typer.echo("\n".join(back_up(load_settings(telegram=False), output, force=force)))


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="The file that `together backup` wrote.")],
    erasures: Annotated[
        list[Path] | None,
        typer.Option(help="A list of erasures that lies elsewhere than beside the backup; may be repeated."),
    ] = None,
) -> None:
    """Put a backup in place of the database, with the bot stopped; people erased since are erased again."""
    from bot.commands.backups import restore as bring_back

    typer.echo("\n".join(bring_back(load_settings(telegram=False), backup, erasures or [])))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database's schema to that of this release."""
    settings = load_settings(telegram=False)

    async def upgrade(database: Any) -> None:
        async with database.hold():
            await database.upgrade()

    try:
        with_database(settings, upgrade, writes=True)
    except AlreadyRunning:
        from storage import schema

        if with_database(settings, lambda database: database.read(schema.current)) != schema.revisions()[-1]:
            raise
    typer.echo("The database is up to date.")


@app.command()
def invite(
    territory: Annotated[
        str | None, typer.Option(help="The territory people arrive in, or that the role is for.")
    ] = None,
    group: Annotated[str | None, typer.Option(help="The homogeneous group, if any.")] = None,
    role: Annotated[
        roles.Role | None,
        typer.Option(help="Invite one person to this role, by a link that works once and for seven days."),
    ] = None,
    qr: Annotated[Path | None, typer.Option(help="Write the QR code to this .svg or .png file.")] = None,
) -> None:
    """Make the link and the QR code by which people arrive in a territory or a group, or take a role."""
    settings = load_settings()
    where = scope(settings, territory, group)
    if role is None and territory is None:
        fail("name the territory people arrive in, with --territory, or the role, with --role")
    if role is not None and not roles.fits(role, where):
        fail(f"--role {role} is had {LEVELS[role]}")
    from bot.commands.online import ask

    address = f"https://t.me/{asyncio.run(ask(settings)).username}"
    if role is not None:
        payload = _invite(settings, role, where)
        typer.echo("For one person, within seven days. Whoever opens it first can take the role:", err=True)
    else:
        payload = link_to_place(territory or "", group)
    link = f"{address}?start={payload}"
    typer.echo(link)
    import segno

    code = segno.make(link, error="m")
    if qr is not None:
        code.save(str(qr), scale=8)
    else:
        code.terminal(compact=True)


def _invite(settings: Settings, role: roles.Role, where: roles.Scope) -> str:
    """Make an invitation; returns what its link carries."""
    from bot.chores.errands import InvitationOrder, carry_out
    from bot.clock import asked
    from storage.people.roles import new_token

    token = new_token()
    order = InvitationOrder(token_hash(token), role, where)
    now = asyncio.run(asked(settings.clock_url))
    with_database(settings, lambda database: carry_out(database, settings, order, now), writes=True)
    return f"{INVITATION}_{token}"
