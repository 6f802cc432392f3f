"""What people choose about pushes, kept; what is planned for them follows at once."""

from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from flows.people.person import Purpose
from flows.pushes.habits import CityNames, KeepHabits, OwnHabits
from flows.pushes.why import LeaveInPeace, SwitchTopic
from flows.times.leads import LeadWords
from flows.times.quiet import Quiet
from storage.people.people import consents
from storage.pushes.habits import home_zone
from storage.pushes.pushed import Habit, Mute
from storage.pushes.pushes import replan
from storage.registry import applies, loads
from storage.sql import upsert
from storage.tables import table
from storage.unit import Unit

_OWN: Final = select(table(Habit)).where(col(Habit.citizen_id) == bindparam("citizen"))
_NOTHING: Final[dict[str, Any]] = {"zone": None, "quiet": None, "leads": None, "topics_off": "", "most": None}


@loads(OwnHabits)
def own_habits(unit: Unit) -> OwnHabits:
    """What the person has chosen."""
    kept, context = _kept(unit), unit.context
    zones = (territory.zone for territory in context.territories.values())
    return OwnHabits(
        reminded=unit.person.stopped_at is None and Purpose.REMINDERS in consents(unit),
        zone=kept["zone"],
        quiet=kept["quiet"],
        leads=kept["leads"],
        off=tuple(kept["topics_off"].split()),
        most=kept["most"],
        home=home_zone(context, unit.person.territory) or "UTC",
        usual_quiet=_written(context.cadences.quiet),
        usual_most=context.cadences.cap.most,
        zones=tuple(dict.fromkeys(zones)),
    )


@loads(LeadWords)
def lead_words(unit: Unit) -> LeadWords:
    """How lead times are typed in the person's language."""
    return unit.context.lead_words(unit.person.language)


@loads(CityNames)
def city_names(unit: Unit) -> CityNames:
    """Cities in the person's language and in those of their territory; theirs counts where two differ."""
    place = unit.context.territories.get(unit.person.territory or "")
    found: dict[str, str] = {}
    for language in reversed(dict.fromkeys((unit.person.language, *(place.languages if place else ())))):
        found |= unit.context.city_zones(language)
    return CityNames(found)


def _kept(unit: Unit) -> dict[str, Any]:
    found = unit.rows(_OWN, {"citizen": unit.person.citizen})
    return {name: found[0]._mapping[name] for name in _NOTHING} if found else dict(_NOTHING)


def _written(quiet: Quiet | None) -> str:
    return f"{quiet.begins:%H:%M}-{quiet.ends:%H:%M}" if quiet else ""


@applies(KeepHabits)
def keep_habits(unit: Unit, effect: KeepHabits) -> None:
    """Keep it all."""
    _keep(
        unit,
        zone=effect.zone,
        quiet=effect.quiet,
        leads=effect.leads,
        topics_off=" ".join(effect.off),
        most=effect.most,
    )


@applies(SwitchTopic)
def switch_topic(unit: Unit, effect: SwitchTopic) -> None:
    """One topic on or off."""
    kept = _kept(unit)
    off = [topic for topic in kept["topics_off"].split() if topic != effect.topic]
    kept["topics_off"] = " ".join(off if effect.on else [*off, effect.topic])
    _keep(unit, **kept)


def _keep(unit: Unit, **habits: Any) -> None:
    row = {"citizen_id": unit.person.citizen, **habits}
    unit.connection.execute(upsert(unit.connection, Habit), [row])
    replan(unit.connection, unit.context, citizens=[unit.person.citizen], now=unit.now)


@applies(LeaveInPeace)
def leave_in_peace(unit: Unit, effect: LeaveInPeace) -> None:
    """No more reminders of one thing, until the person answers to it anew."""
    row = {"citizen_id": unit.person.citizen, "about": effect.about, "at": unit.at}
    unit.connection.execute(upsert(unit.connection, Mute), [row])
    whose = [unit.person.citizen]
    replan(unit.connection, unit.context, occasions=[effect.about], citizens=whose, now=unit.now)
