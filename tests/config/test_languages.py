"""Languages: whatever a phone or a person says, there is a language to speak."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from config.languages import CATALOGUES, language_name, load_languages, locale_of, our_languages, parents
from flows.words.hints import Hint, hints


@given(st.text() | st.from_regex(r"[A-Za-z]{1,4}([-_][A-Za-z0-9]{1,5}){0,4}", fullmatch=True))
def test_no_code_is_so_strange_that_it_cannot_be_read(tag):
    steps = parents(tag)

    assert len(set(steps)) == len(steps)
    assert all(parents(step)[:1] == (step,) for step in steps)


def test_only_languages_that_have_a_catalogue_are_spoken():
    catalogues = {file.stem for file in CATALOGUES.glob("*.po")}

    assert set(our_languages()) == catalogues & set(load_languages())
    assert "en" in our_languages()


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
    for language in load_languages().values():
        locale = Locale.parse(language.locale)
        assert language.name.casefold() == str(locale.languages[language.tag]).casefold()
        assert language.direction == locale.text_direction


@pytest.mark.parametrize(
    ("tag", "reader", "expected"),
    [
        ("fa", "en", "Persian"),
        ("fa", "ar", "الفارسية"),
        ("so", "lv", "somāļu"),
        ("fa-AF", "en", "Dari"),
        ("x-y-z", "en", "x-y-z"),
        ("qqq", "fr", "qqq"),
    ],
)
def test_a_language_that_is_not_ours_is_called_as_the_reader_calls_it_and_nonsense_stays(
    tag, reader, expected
):
    assert language_name(tag, locale_of(reader)) == expected


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
