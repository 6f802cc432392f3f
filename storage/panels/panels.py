"""What panels have chosen to be told, and when; where they have not, what their territory's file says."""

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import Field, SQLModel, col

from flows.panels.desk import KeepPanel
from flows.panels.settings import PanelSettings, Rhythm, SentTo
from flows.people.roles import Role
from flows.people.territory import Territory
from storage.people import audit
from storage.people.audit import What
from storage.registry import applies
from storage.sql import upsert
from storage.tables import table
from storage.unit import Unit


class Panel(SQLModel, table=True):
    """What was chosen at the desk for the panel of one territory."""

    territory: str = Field(primary_key=True)  # slug
    day: int
    hour: int
    cadence: str
    languages: str  # with spaces between
    silence: bool
    sent_to: str


_OF: Final = select(table(Panel)).where(col(Panel.territory) == bindparam("territory"))


def panel_of(connection: Connection, territory: Territory) -> PanelSettings | None:
    """How the panel of a territory is told what is new; None: it has none. There is a language at least."""
    if territory.panel is None:
        return None
    row = connection.execute(_OF, {"territory": territory.slug}).first()
    if row is None:
        usual = territory.panel.settings
        return replace(usual, languages=usual.languages or territory.languages[:1])
    spoken = tuple(language for language in row.languages.split() if language in territory.languages)
    return PanelSettings(
        day=row.day,
        hour=row.hour,
        cadence=Rhythm(row.cadence),
        languages=spoken or territory.languages[:1],
        silence=row.silence,
        to=SentTo(row.sent_to),
    )


@applies(KeepPanel)
def keep_panel(unit: Unit, effect: KeepPanel) -> None:
    """Keep it all; a territory without a panel has nothing to keep."""
    territory, chosen = unit.context.territories.get(effect.where.territory or ""), effect.settings
    if territory is None or territory.panel is None:
        return
    row = {
        "territory": territory.slug,
        "day": chosen.day,
        "hour": chosen.hour,
        "cadence": chosen.cadence,
        "languages": " ".join(chosen.languages),
        "silence": chosen.silence,
        "sent_to": chosen.to,
    }
    unit.connection.execute(upsert(unit.connection, Panel), [row])
    audit.note(unit, What.SET_UP, Role.PANEL, effect.where)
