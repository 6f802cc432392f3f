"""What is wrong with a text is found: each fault, put into small catalogues, and none where there is none."""

from pathlib import Path

import pytest

from flows.moves import In, Key, Lines
from tests.config.catalogues import Forms, texts
from tests.texts.faults import Fault, Looking, Watched, plural_findings, without_isolated
from tests.texts.said import Place, Said

ENGLISH = {"a.hello": "Good morning, and welcome to all of you. {name}", "a.yes": "Yes, please"}
FRENCH = {"a.hello": "Bonjour, et bienvenue à vous toutes et tous. {name}", "a.yes": "Oui, volontiers"}
ARABIC = {"a.hello": "صباح الخير وأهلا بكم جميعا. {name}", "a.yes": "نعم من فضلك"}

HELLO = Said(Place.MESSAGE, "a.hello", {"name": "Ada"})
YES = Said(Place.BUTTON, "a.yes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts(tmp_path, en=dict(ENGLISH), fr=dict(FRENCH), ar=dict(ARABIC))
    return tmp_path


def faults(folder: Path, language: str, said: Said, **changed: Forms) -> list[Fault]:
    """What is found once texts of that language are changed; `a_hello=...` is a.hello."""
    table: dict[str, Forms] = dict({"en": ENGLISH, "fr": FRENCH, "ar": ARABIC}[language])
    table |= {key.replace("_", "."): forms for key, forms in changed.items()}
    texts(folder, **{language: table})
    return [finding.fault for finding in Looking(Watched(folder), language).look_at(said)]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_where_all_is_well_nothing_is_found(folder: Path, language: str) -> None:
    assert faults(folder, language, HELLO) == []
    assert faults(folder, language, YES) == []


def test_a_text_that_falls_back_is_untranslated(folder: Path) -> None:
    assert faults(folder, "fr", HELLO, a_hello="") == [Fault.UNTRANSLATED]
    assert faults(folder, "fr", Said(Place.MESSAGE, "a.nothing")) == [Fault.UNTRANSLATED]


def test_a_text_that_was_copied_from_english_is_untranslated(folder: Path) -> None:
    assert Fault.UNTRANSLATED in faults(folder, "fr", HELLO, a_hello=ENGLISH["a.hello"])


def test_a_text_that_shows_nothing_is_empty(folder: Path) -> None:
    assert Fault.EMPTY in faults(folder, "fr", HELLO, a_hello="<b> </b>")


@pytest.mark.parametrize(
    ("place", "most"),
    [
        (Place.MESSAGE, 4096),
        (Place.CAPTION, 1024),
        (Place.BUTTON, 64),
        (Place.NOTICE, 200),
        (Place.COMMAND, 256),
        (Place.DESCRIPTION, 512),
        (Place.SHORT_DESCRIPTION, 120),
    ],
)
def test_a_text_longer_than_telegram_takes_is_too_long(folder: Path, place: Place, most: int) -> None:
    said = Said(place, "a.yes", columns=1)

    assert Fault.TOO_LONG not in faults(folder, "fr", said, a_yes="é" * most)
    assert Fault.TOO_LONG in faults(folder, "fr", said, a_yes="é" * (most + 1))


def test_a_label_wider_than_its_button_is_too_wide(folder: Path) -> None:
    wide, wider = "Oui, je viendrai volontiers", "Oui, je viendrai volontiers avec mes enfants et mes voisins"
    beside = Said(Place.BUTTON, "a.yes", columns=5)

    assert faults(folder, "fr", YES, a_yes=wide) == []
    assert faults(folder, "fr", YES, a_yes=wider) == [Fault.TOO_WIDE]
    assert faults(folder, "fr", beside, a_yes=wide) == []  # it has a row to itself
    assert faults(folder, "fr", beside, a_yes="WWWWW") == [Fault.TOO_WIDE]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "Together: صباح الخير وأهلا بكم جميعا"),
        ("ar", "صباح الخير وأهلا بكم جميعا: /mydata"),
        ("ar", "صباح الخير وأهلا بكم جميعا: \u2066/mydata"),
        ("fr", "صباح الخير: bonjour à vous toutes et tous, et bienvenue ici"),
    ],
)
def test_a_text_that_runs_the_wrong_way_is_found(folder: Path, language: str, text: str) -> None:
    assert Fault.DIRECTION in faults(folder, language, Said(Place.MESSAGE, "a.yes"), a_yes=text)


def test_names_and_commands_that_are_set_apart_do_not_count(folder: Path) -> None:
    text = "\u2066Together\u2069 صباح الخير وأهلا بكم جميعا \u2066/mydata\u2069"

    assert faults(folder, "ar", Said(Place.MESSAGE, "a.yes"), a_yes=text) == []
    assert without_isolated("a\u2068b\u2066c\u2069d\u2069e") == "ae"


def test_a_text_in_another_language_is_found(folder: Path) -> None:
    said = Said(Place.MESSAGE, "a.yes")

    found = faults(folder, "fr", said, a_yes="Welcome to all of you, how are you today?")

    assert found == [Fault.ANOTHER_LANGUAGE]


def test_what_is_said_in_a_second_language_is_looked_at_in_this_one(folder: Path) -> None:
    said = Said(Place.MESSAGE, "a.both", {"there": In("ar", Lines((Key("a.yes"),)))})

    assert faults(folder, "fr", said, a_both="{there}") == []


def test_a_missing_plural_form_is_found(folder: Path) -> None:
    texts(folder, en={"a.n": ("{n} idea", "{n} ideas")}, fr={"a.n": ("{n} idée", "")})
    watched = Watched(folder)

    assert [finding.what for finding in plural_findings(watched.texts, "fr")] == [
        "nothing for 0 (one)",
        "nothing for 2 (other)",
    ]
    assert list(plural_findings(watched.texts, "en")) == []
