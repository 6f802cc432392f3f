"""Which language is spoken with somebody, whatever is known of them, and what is asked about their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.languages import parents
from flows.people.speaking import ENOUGH, SURE, Clues, Heard, How, count, heard, to_speak

OURS = ("en", "lv", "fr", "ru", "el", "ar")
SALASPILS = ("lv", "ru", "en")

CODES = st.sampled_from(["sr-Latn", "pt-BR", "zh-Hant-TW", "", "-", "xx", "fr-CA", "EN_us"]) | st.from_regex(
    r"[A-Za-z]{1,4}([-_][A-Za-z0-9]{1,5}){0,4}", fullmatch=True
)
ANY_CODES = CODES | st.text()


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("ru", "ru"),
        ("fr-CA", "fr"),
        ("FR_ca", "fr"),
        ("en-US", "en"),
        ("ar-Arab-MA", "ar"),
        (" el ", "el"),
        ("pt-br", "lv"),
        ("sr-Latn", "lv"),
        ("zh-Hant-TW", "lv"),
        ("fa", "lv"),
        ("xx_!!", "lv"),
        ("", "lv"),
    ],
)
def test_a_stranger_is_spoken_to_in_the_nearest_language_we_have(phone: str, expected: str) -> None:
    assert to_speak(Clues(phone=parents(phone), territory=SALASPILS), OURS, "en")[0] == expected


def test_each_clue_is_trusted_only_where_those_before_it_are_missing() -> None:
    clues = Clues(chosen="ar", phone=("el",), territory=("lv", "ru"), written="fr")

    assert to_speak(clues, OURS, "en") == ("ar", How.CHOSEN)
    assert to_speak(Clues(None, clues.phone, clues.territory, "fr"), OURS, "en") == ("el", How.PHONE)
    assert to_speak(Clues(None, (), clues.territory, "fr"), OURS, "en") == ("lv", How.TERRITORY)
    assert to_speak(Clues(written="fr"), OURS, "en") == ("fr", How.WRITTEN)
    assert to_speak(Clues(), OURS, "en") == ("en", How.LAST)


@given(ANY_CODES | st.none(), ANY_CODES, st.lists(ANY_CODES, max_size=3), ANY_CODES | st.none())
def test_whatever_is_known_there_is_a_language_to_speak(
    chosen: str | None, phone: str, territory: list[str], written: str | None
) -> None:
    spoken, how = to_speak(Clues(chosen, parents(phone), tuple(territory), written), OURS, "en")

    assert spoken in OURS
    assert chosen not in OURS or (spoken, how) == (chosen, How.CHOSEN)


def ask(text: str, language: str | None, probability: float, second: str | None = "fr") -> Heard | None:
    return heard(text, language, probability, second, speaks="en", ours=OURS)


def test_the_own_language_is_no_matter() -> None:
    assert ask("a big park with trees", "en", SURE) is None


def test_another_language_is_offered_from_three_words_and_certainty_on() -> None:
    assert ask("un grand parc", "fr", SURE) == Heard("fr", "en", sure=True)
    assert ask("grand parc", "fr", 1.0) is None


def test_in_doubt_between_two_of_ours_it_is_asked_which() -> None:
    assert ask("bus nature silence", "en", 0.89) == Heard("en", "fr", sure=False)
    assert ask("bus nature silence", "lv", 0.89) == Heard("lv", "fr", sure=False)
    assert ask("bus nature", "en", 0.5) is None


@pytest.mark.parametrize(("language", "second"), [("kea", "en"), (None, None), ("en", "kea"), ("en", None)])
def test_nothing_is_asked_about_a_language_that_we_do_not_speak(
    language: str | None, second: str | None
) -> None:
    assert ask("N ta gosta di trabadju", language, 0.6, second) is None
    assert ask("N ta gosta di trabadju", "kea", 1.0, second) is None


@given(st.text(), ANY_CODES | st.none(), st.floats(0, 1), ANY_CODES | st.none(), st.sampled_from(OURS))
def test_whatever_was_written_only_two_different_languages_of_ours_are_put_to_people(
    text: str, language: str | None, probability: float, second: str | None, speaks: str
) -> None:
    about = heard(text, language, probability, second, speaks=speaks, ours=OURS)

    if about is not None:
        assert {about.language, about.other} <= set(OURS)
        assert about.sure is (probability >= SURE)
        assert count(text) >= ENOUGH
        assert about.sure is False or about.language != speaks


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("12 € 🌳", 0), ("un parc", 2), ("l'eau — l'air", 2), ("😀a b c", 3)]
)
def test_only_what_has_letters_is_a_word(text: str, words: int) -> None:
    assert count(text) == words
