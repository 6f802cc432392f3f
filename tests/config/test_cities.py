"""Whoever sets a clock names a city as they call it, in every language."""

import tomllib

import pytest

from config.cities import FILE, city_zones, large_cities
from config.languages import our_languages
from flows.pushes.habits import called, read_zone
from flows.times.local_time import WrongTime, zones

ATHENS = {
    "ar": "أثينا", "da": "Athen", "de": "Athen", "el": "Αθήνα", "es": "Atenas", "et": "Ateena",
    "fr": "Athènes", "it": "Atene", "lt": "Atėnai", "lv": "Atēnas", "nl": "Athene", "pl": "Ateny",
    "pt": "Atenas", "ro": "Atena", "ru": "Афины", "sl": "Atene", "sq": "Athinë", "sv": "Aten",
    "tr": "Atina", "uk": "Афіни",
}  # fmt: skip


@pytest.mark.parametrize("language", ATHENS)
def test_a_city_is_known_as_it_is_called_there(language: str) -> None:
    assert read_zone(ATHENS[language], city_zones(language)) == "Europe/Athens"


@pytest.mark.parametrize(
    ("language", "typed", "zone"),
    [
        ("fr", "ATHENES", "Europe/Athens"),
        ("fr", "saint jean de terre neuve", "America/St_Johns"),
        ("el", "αθηνα", "Europe/Athens"),
        ("ar", "اثينا", "Europe/Athens"),
        ("tr", "İSTANBUL", "Europe/Istanbul"),
        ("uk", "Київ", "Europe/Kyiv"),
        ("fr", "Athens", "Europe/Athens"),
        ("fr", "Europe/Athens", "Europe/Athens"),
        ("fr", "lyon", "Europe/Paris"),
        ("de", "MÜNCHEN", "Europe/Berlin"),
        ("uk", "Krakow", "Europe/Warsaw"),
        ("pl", "Łódź", "Europe/Warsaw"),
        ("ru", "санкт петербург", "Europe/Moscow"),
        ("el", "Θεσσαλονικη", "Europe/Athens"),
        ("tr", "izmir", "Europe/Istanbul"),
        ("en", "São Paulo", "America/Sao_Paulo"),
        ("en", "Etc/GMT-1", "Etc/GMT-1"),
        ("en", "Etc/GMT+1", "Etc/GMT+1"),
    ],
)
def test_case_accents_and_hyphens_do_not_matter_and_zones_keep_their_names(
    language: str, typed: str, zone: str
) -> None:
    assert read_zone(typed, city_zones(language)) == zone


def test_what_is_no_city_is_none_in_any_language() -> None:
    with pytest.raises(WrongTime):
        read_zone("Atlantis", city_zones("fr"))


def test_every_city_leads_to_a_zone_that_is_known() -> None:
    for language in our_languages():
        assert set(city_zones(language).values()) <= zones(), language


def test_large_cities_go_by_zones_that_are_known_and_each_stands_there_once() -> None:
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))
    names = [called(name) for of_zone in listed.values() for name in of_zone]

    assert set(listed) <= zones()
    assert len(names) == len(set(names)) == len(large_cities())
    assert list(listed) == sorted(listed)


@pytest.mark.parametrize("language", our_languages())
def test_a_large_city_is_not_called_as_that_of_another_zone(language: str) -> None:
    for name, zone in large_cities().items():
        assert city_zones(language)[name] == zone
        with pytest.raises(WrongTime):
            read_zone(name)
