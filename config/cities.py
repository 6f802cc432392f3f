"""The cities by which CLDR knows time zones, as they are called in a language."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from babel.core import get_global

from config.languages import locale_of
from flows.pushes.habits import called
from flows.times.local_time import zones

KEPT: Final = 4
"""Languages whose cities are kept in memory, some 80 kB each: who sets a clock is rare."""


@lru_cache(maxsize=KEPT)
def city_zones(language: str) -> Mapping[str, str]:
    """Zones (IANA) by what their city is called, as `called` makes names comparable.

    A city that is called there as in the name of its zone may be missing. Where CLDR keeps an older name of a
    zone, such as Europe/Kiev, today's is given.
    """
    today = get_global("zone_aliases")
    found: dict[str, str] = {}
    for older, names in locale_of(language).time_zones.items():
        zone = str(today.get(older, older))
        if zone in zones() and (city := names.get("city")):
            found.setdefault(called(str(city)), zone)
    return found
