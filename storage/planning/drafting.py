"""In which languages people write for a place, and read; in which words they write dates."""

from flows.occasions.sheet import Tongue
from flows.people.roles import Scope
from flows.planning.drafting import OwnTongue, PlaceLanguages
from flows.times.date_words import DateWords
from storage.context import Context
from storage.registry import loads
from storage.unit import Person, Unit


@loads(PlaceLanguages)
def place_languages(unit: Unit, where: Scope) -> PlaceLanguages:
    """Those of the territory, in its order; of the network those that any territory has."""
    return PlaceLanguages(
        {code: unit.context.own_names[code] for code in _written(unit.context, where.territory)}
    )


@loads(OwnTongue)
def own_tongue(unit: Unit) -> OwnTongue:
    """The person's language; where something is not there in it, those of their territory come next."""
    return OwnTongue(tongue_of(unit.context, unit.person))


@loads(DateWords)
def date_words(unit: Unit) -> DateWords:
    """How the person writes dates."""
    return unit.context.date_words(unit.person.language)


def tongue_of(context: Context, person: Person) -> Tongue:
    """How a person reads."""
    return Tongue(person.language, _written(context, person.territory), context.own_names)


def _written(context: Context, slug: str | None) -> tuple[str, ...]:
    """The languages of a territory, in its order; without one those that any territory has."""
    names, territory = context.own_names, context.territories.get(slug or "")
    if territory is not None:
        return tuple(code for code in territory.languages if code in names)
    somewhere = {code for each in context.territories.values() for code in each.languages}
    return tuple(code for code in names if code in somewhere)
