"""In which languages people write for a place."""

from flows.drafting import PlaceLanguages
from flows.roles import Scope
from storage.registry import loads
from storage.unit import Unit


@loads(PlaceLanguages)
def place_languages(unit: Unit, where: Scope) -> PlaceLanguages:
    """Those of the territory, in its order; of the network all there are."""
    names = unit.context.own_names
    territory = unit.context.territories.get(where.territory or "")
    codes = [code for code in territory.languages if code in names] if territory else list(names)
    return PlaceLanguages({code: names[code] for code in codes})
