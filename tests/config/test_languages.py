"""Languages: whatever a phone or a person says, there is a language to speak."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from config.languages import fallbacks, locale_of, our_languages, parents
from flows.hints import Hint, hints

SALASPILS = ("lv", "ru", "en")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ru", ("ru", "lv", "en")),
        ("fr-CA", ("fr", "lv", "en")),
        ("FR_ca", ("fr", "lv", "en")),
        ("en-US", ("en", "lv")),
        ("ar-Arab-MA", ("ar", "lv", "en")),
        (" el ", ("el", "lv", "en")),
        ("pt-br", ("lv", "en")),
        ("zh-hans", ("lv", "en")),
        ("fa", ("lv", "en")),
        ("xx_!!", ("lv", "en")),
        ("", ("lv", "en")),
        (None, ("lv", "en")),
    ],
)
def test_a_person_is_spoken_to_in_the_nearest_language_we_have(tag, expected):
    assert fallbacks(tag, SALASPILS) == expected


def test_without_a_territory_english_is_the_last():
    assert fallbacks("tlh") == ("en",)


@given(st.none() | st.text() | st.from_regex(r"[A-Za-z]{1,4}([-_][A-Za-z0-9]{1,5}){0,4}", fullmatch=True))
def test_no_code_is_so_strange_that_nothing_is_left(tag):
    chain = fallbacks(tag, SALASPILS)

    assert {"lv", "en"} <= set(chain) <= set(our_languages())
    assert chain[-1] == "en" or chain[0] == "en"
    assert len(set(chain)) == len(chain)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("pt-br", ("pt-BR", "pt")),
        ("zh-tw", ("zh-TW", "zh-Hant", "zh")),
        ("zh-hans", ("zh-Hans", "zh")),
        ("sr-latn-rs", ("sr-Latn-RS", "sr-Latn", "sr")),
        ("iw", ("he",)),
        ("es-419", ("es-419", "es")),
        ("x", ()),
    ],
)
def test_region_and_script_are_tried_before_the_bare_language(tag, expected):
    assert parents(tag) == expected


def test_each_language_is_called_as_it_calls_itself():
    for language in our_languages().values():
        locale = Locale.parse(language.locale)
        assert language.name.casefold() == str(locale.languages[language.tag]).casefold()
        assert language.direction == locale.text_direction


def test_a_language_that_cldr_does_not_know_is_formatted_as_english():
    assert str(locale_of("tlh")) == "en"
    assert str(locale_of("pt-BR")) == "pt_BR"


@pytest.mark.parametrize(
    ("language", "two", "one"),
    [
        (
            "en",
            "a job that I really like and a garden close to my home",
            "enough time for my family after work",
        ),
        ("fr", "un logement bien chauffé pour tous et du temps pour mes enfants", "du pain et du beurre"),
        ("el", "να έχω μια καλή δουλειά και να βλέπω τα παιδιά μου", "να έχω την υγεία μου"),
        ("lv", "laba skola tuvu manām mājām un silts dzīvoklis visai ģimenei", "maize un sviests"),
        ("ru", "чтобы у меня была работа и чтобы дети могли учиться рядом", "хлеб и масло"),
        (
            "ar",
            "أن أعيش مع عائلتي في سلام وأساعد جيراني المسنين في الحي",
            "أن يكون لي وقت كاف مع عائلتي في البيت كل يوم",
        ),
    ],
)
def test_two_ideas_in_one_note_are_noticed_in_each_language(language, two, one):
    conjunctions = our_languages()[language].conjunctions

    assert hints(two, conjunctions) == (Hint.TWO_IDEAS,)
    assert hints(one, conjunctions) == ()
