"""Cities and their time zones: those by which CLDR knows zones, in each language, and other large ones."""

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from babel.core import get_global

from config.languages import locale_of
from flows.pushes.habits import called
from flows.times.local_time import zones

FILE: Final = Path(__file__).parent / "cities.toml"

KEPT: Final = 4
"""Languages whose cities are kept in memory, some 80 kB each: who sets a clock is rare."""


@lru_cache(maxsize=KEPT)
def city_zones(language: str) -> Mapping[str, str]:
    """Zones (IANA) by what their city is called, as `called` makes names comparable.

    Large cities of Europe without a zone of their own are there in any language. A city that is called there
    as in the name of its zone may be missing. Where CLDR keeps an older name of a zone, such as Europe/Kiev,
    today's is given.
    """
    today = get_global("zone_aliases")
    found: dict[str, str] = {}
    for older, names in locale_of(language).time_zones.items():
        zone = str(today.get(older, older))
        if zone in zones() and (city := names.get("city")):
            found.setdefault(called(str(city)), zone)
    return {**large_cities(), **found}


@cache
def large_cities() -> Mapping[str, str]:
    """Zones (IANA) of large cities that no zone is named after, by their names as `called`."""
    named: Mapping[str, list[str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {called(name): zone for zone, names in named.items() for name in names}
