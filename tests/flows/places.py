"""Two small territories and a handful of languages, for conversations without files."""

from typing import Final

from flows.people.territory import Group, Panel, Territories, Territory

RIVERSIDE: Final = Territory(
    slug="riverside",
    names={"en": "Riverside", "fr": "La Rive", "lv": "Upmala"},
    country="LV",
    languages=("lv", "en", "fr"),
    zone="Europe/Riga",
    adult_from=16,
    statements_per_question=3,
    groups=(
        Group("youth", {"en": "Young people", "fr": "Jeunes", "lv": "Jaunieši"}, "lv"),
        Group("elders", {"en": "Elders", "fr": "Aînés", "lv": "Seniori"}, "lv"),
    ),
    panel=Panel(
        {"en": "Panel of Riverside", "lv": "Upmalas panelis"},
        ("citizens", "associations", "schools"),
        college_names={"schools": {"en": "Schools", "lv": "Skolas"}},
    ),
)

MONTBELL: Final = Territory(
    slug="montbell",
    names={"fr": "Montbell", "ar": "مونبل"},
    country="FR",
    languages=("fr", "ar", "el", "ru"),
    zone="Europe/Paris",
    adult_from=15,
    statements_per_question=1,
    groups=(),
    panel=None,
)

TERRITORIES: Final = Territories((RIVERSIDE, MONTBELL))

OWN_NAMES: Final = {
    "en": "English",
    "fr": "Français",
    "lv": "Latviešu",
    "ar": "العربية",
    "el": "Ελληνικά",
    "ru": "Русский",
}
"""Languages by code, each called by its own name."""

CONJUNCTIONS: Final = ("and", "et", "un", "و-", "και", "и")
"""The words that join two ideas in those languages; the Arabic one is written onto the next word."""
