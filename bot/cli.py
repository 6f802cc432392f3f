"""The command `together`: run, demo, check, export, invite, backups, and the database."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot.refusal import CANNOT_USE, SHARED, Refused, Rival
from config.settings import Settings, SettingsError, load_settings
from config.territories import TerritoryError, load_territories
from flows import roles
from flows.links import INVITATION, token_hash
from flows.occasions import Sort
from flows.territory import Territory
from storage.errors import AlreadyRunning, StorageError, is_unavailable
from storage.instance import Role

WRONG = 1  # settings, files, database or token; the message says which
RIVAL = 3  # another instance is at work; part of the contract with supervisors

LEVELS = {
    roles.Role.NETWORK: "everywhere: leave out --territory and --group",
    roles.Role.TERRITORY: "in a whole territory: name it with --territory, and no --group",
    roles.Role.FACILITATOR: "in a group: name it with --territory and --group",
    roles.Role.PANEL: "in a whole territory: name it with --territory, and no --group",
}

FORM = Annotated[str | None, typer.Option("--format", help="csv, jsonl or xlsx; else by the file's name.")]
DATED = Annotated[
    str | None, typer.Option("--format", help="csv, jsonl, xlsx or ics; else by the file's name.")
]
TERRITORY = Annotated[str | None, typer.Option(help="Only of this territory.")]
OUTPUT = Annotated[Path | None, typer.Option(help="The file; without it, to the terminal.")]

app = typer.Typer(
    name="together",
    help="The chat-bot of the Territories of Co-responsibility.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
export = typer.Typer(help="Write what was said, and what is planned, to a file.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(export, name="export")
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
        _fail(SHARED.format(role=role))
    load_territories(settings.territories)  # a mistake there is told before aiogram's seconds of import
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
        _fail(f"{len(problems)} to mend")
    if online:
        from bot.online import ask, told

        typer.echo("\n".join(told(asyncio.run(ask(load_settings())))))
    typer.echo("All is well.")


@export.command("statements")
def export_statements(
    territory: TERRITORY = None,
    form: FORM = None,
    output: OUTPUT = None,
) -> None:
    """Write the statements that remain: without authors, without withdrawn ones."""
    settings = load_settings(telegram=False)
    if territory is not None:
        _territory(settings, territory)
    from storage import export as exporting

    _export(settings, exporting.STATEMENTS, lambda c: exporting.statements(c, territory), form, output)


@export.command("meetings")
def export_meetings(territory: TERRITORY = None, form: DATED = None, output: OUTPUT = None) -> None:
    """Write what meetings are planned, and how many people come; as ics, those that were published."""
    _export_occasions(Sort.MEETING, territory, form, output)


@export.command("activities")
def export_activities(territory: TERRITORY = None, form: DATED = None, output: OUTPUT = None) -> None:
    """Write what co-responsibility activities are planned, and how many people come; or as ics."""
    _export_occasions(Sort.ACTIVITY, territory, form, output)


@export.command("attendance")
def export_attendance(territory: TERRITORY = None, form: FORM = None, output: OUTPUT = None) -> None:
    """Write each answer to a meeting or an activity: without names, and without what people wrote."""
    settings = load_settings(telegram=False)
    where, territories = _scope(settings, territory, None), load_territories(settings.territories)
    from storage import listed

    _export(settings, listed.ATTENDANCE, lambda c: listed.attendance(c, territories, where), form, output)


def _export_occasions(sort: Sort, territory: str | None, form: str | None, output: Path | None) -> None:
    settings = load_settings(telegram=False)
    where, territories = _scope(settings, territory, None), load_territories(settings.territories)
    from storage import listed

    if form == "ics" or (form is None and output is not None and output.suffix == ".ics"):
        from config.occasion_kinds import our_occasion_kinds

        languages = territories[territory].languages if territory else ()
        kinds = our_occasion_kinds()
        entries = _with_database(
            settings, lambda database: database.read(lambda c: listed.calendar(c, kinds, "", sort, where))
        )
        _write_calendar(entries, languages, output)
    else:
        _export(
            settings, listed.OCCASIONS, lambda c: listed.occasions(c, territories, sort, where), form, output
        )


def _write_calendar(entries: Sequence[Any], languages: tuple[str, ...], output: Path | None) -> None:
    from bot.ics import written
    from storage.export import replacing

    content = written(entries, languages)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        with replacing(output) as new:
            new.write_bytes(content)
    except OSError as error:
        _fail(f"cannot write {output}: {error.strerror}")
    typer.echo(f"{len(entries)} dates in {output}", err=True)


@export.command("audit")
def export_audit(form: FORM = None, output: OUTPUT = None) -> None:
    """Write what was done about roles in the last two years, and what was refused: without names."""
    from storage import export as exporting

    _export(load_settings(telegram=False), exporting.AUDIT, exporting.audit, form, output)


def _export(
    settings: Settings, sheet: Any, rows_of: Callable[[Any], Any], form: str | None, output: Path | None
) -> None:
    from storage import export as exporting

    names = [str(one) for one in exporting.Format]
    wanted = form or (output.suffix[1:] if output else "csv")
    if wanted not in names:
        _fail(f"'{wanted}' is no format; expected {', '.join(names)}")
    rows = _with_database(settings, lambda database: database.read(rows_of))
    if output is not None:
        try:
            exporting.write_file(rows, output, exporting.Format(wanted), sheet)
        except OSError as error:
            _fail(f"cannot write {output}: {error.strerror}")
        typer.echo(f"{sheet.name}: {len(rows)} rows in {output}", err=True)
    elif wanted == exporting.Format.XLSX:
        _fail("xlsx needs --output FILE")
    else:
        exporting.write_text(rows, sys.stdout, exporting.Format(wanted), sheet)


@app.command()
def backup(
    output: Annotated[Path, typer.Option(help="The file to write.")],
    force: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Write everything to one file, checked, while the bot runs; a list of erasures lies beside it."""
    from bot.backups import back_up

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
    from bot.backups import restore as bring_back

    typer.echo("\n".join(bring_back(load_settings(telegram=False), backup, erasures or [])))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database's schema to that of this release."""
    settings = load_settings(telegram=False)

    async def upgrade(database: Any) -> None:
        async with database.hold():
            await database.upgrade()

    try:
        _with_database(settings, upgrade, writes=True)
    except AlreadyRunning:
        from storage import schema

        if _with_database(settings, lambda database: database.read(schema.current)) != schema.revisions()[-1]:
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
    where = _scope(settings, territory, group)
    if role is None and territory is None:
        _fail("name the territory people arrive in, with --territory, or the role, with --role")
    if role is not None and not roles.fits(role, where):
        _fail(f"--role {role} is had {LEVELS[role]}")
    from bot.online import ask

    address = f"https://t.me/{asyncio.run(ask(settings)).username}"
    if role is not None:
        payload = _invite(settings, role, where)
        typer.echo("For one person, within seven days. Whoever opens it first can take the role:", err=True)
    else:
        payload = f"t_{territory}" if group is None else f"t_{territory}_{group}"
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
    from bot.clock import asked
    from bot.errands import InvitationOrder, carry_out
    from storage.roles import new_token

    token = new_token()
    order = InvitationOrder(token_hash(token), role, where)
    now = asyncio.run(asked(settings.clock_url))
    _with_database(settings, lambda database: carry_out(database, settings, order, now), writes=True)
    return f"{INVITATION}_{token}"


def _scope(settings: Settings, territory: str | None, group: str | None) -> roles.Scope:
    if territory is None:
        if group is not None:
            _fail("--group needs the --territory it is in")
        return roles.EVERYWHERE
    place = _territory(settings, territory)
    if group is not None and place.group(group) is None:
        _fail(f"'{territory}' has no group '{group}'; it has {', '.join(g.slug for g in place.groups)}")
    return roles.Scope(territory, group)


def _territory(settings: Settings, slug: str) -> Territory:
    territories = load_territories(settings.territories)
    if slug not in territories:
        _fail(f"there is no territory '{slug}'; there are {', '.join(territories)}")
    return territories[slug]


def _with_database(
    settings: Settings, work: Callable[[Any], Coroutine[Any, Any, Any]], *, writes: bool = False
) -> Any:
    from storage.database import open_database

    async def go() -> Any:
        database = open_database(settings.database_url, read_only=not writes)
        try:
            return await work(database)
        except Exception as error:
            if not is_unavailable(error):
                raise
            raise Refused(f"{CANNOT_USE} ({type(error).__name__})") from error
        finally:
            await database.close()

    return asyncio.run(go())


def _fail(message: str) -> NoReturn:
    raise Refused(message)
