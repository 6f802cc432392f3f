"""What is said of lead times can be typed, in every language, and so can what people say otherwise."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lead_words import lead_words
from config.texts import Texts
from flows.pushes.habits import MOST_LEADS, read_leads
from flows.times.cadence import Lead, Unit
from flows.times.leads import read_typed, said

TEXTS = Texts.load()
LEADS = st.lists(
    st.builds(Lead, st.integers(1, 999), st.sampled_from(Unit)), min_size=1, max_size=MOST_LEADS, unique=True
)


def read(language: str, typed: str) -> str:
    return " ".join(map(str, read_typed(typed, lead_words(TEXTS, language))))


@pytest.mark.parametrize("language", TEXTS.languages)
@given(leads=LEADS, case=st.sampled_from([str, str.upper, str.casefold]))
def test_lead_times_that_are_shown_can_be_typed_and_mean_the_same(language, leads, case):
    shown = TEXTS.label(language, tuple(said(str(lead)) for lead in leads))

    assert read(language, case(shown)).split() == [str(lead) for lead in leads]


def test_no_text_asks_for_codes_or_shows_them():
    entries = (entry for language in TEXTS.languages for entry in TEXTS.catalogue(language).entries.values())
    codes = re.compile(r"\b[1-9]\d*[dhm]\b")

    assert [entry.key for entry in entries if any(codes.search(text) for text in entry.texts)] == []


@pytest.mark.parametrize("language", TEXTS.languages)
@given(leads=LEADS)
def test_short_codes_mean_the_same_in_every_language(language, leads):
    codes = [str(lead) for lead in leads]

    assert read(language, " ".join(codes)).split() == codes


@pytest.mark.parametrize(
    ("language", "typed", "leads"),
    [
        ("fr", "3 jours", "3d"),
        ("fr", "2 semaines, 1 jour et 2 h", "14d 1d 2h"),
        ("fr", "20 MIN", "20m"),
        ("de", "vor 3 Tagen und 2 Std.", "3d 2h"),
        ("nl", "2 uren", "2h"),
        ("es", "1 dia y 2 horas", "1d 2h"),
        ("ro", "20 de zile și 3 ore", "20d 3h"),
        ("el", "3 μερες και 1 ΏΡΑ", "3d 1h"),
        ("pl", "1 godzinę, 3 tyg.", "1h 21d"),
        ("sv", "3 dygn och 2 dagar", "3d 2d"),
        ("et", "3 ööpäeva ja 2 tundi", "3d 2h"),
        ("sl", "pred 2 dnevoma", "2d"),
        ("lt", "prieš 3 dienas, 1 para", "3d 1d"),
        ("lv", "3 dienām un 1 nedēļas", "3d 7d"),
        ("ru", "1 минуту, 5 часов и 2 суток", "1m 5h 2d"),
        ("uk", "3 год і 1 добу", "3h 1d"),
        ("tr", "3 gün önce, 2 saat", "3d 2h"),
        ("sq", "3 dite dhe 10 minuta", "3d 10m"),
        ("ar", "يومان", "2d"),
        ("ar", "قبل يومين وساعة", "2d 1h"),
        ("ar", "أسبوعين و٣ ايام و ٢٠ دقيقة", "14d 3d 20m"),
    ],
)
def test_lead_times_are_read_as_people_write_them(language: str, typed: str, leads: str):
    assert read(language, typed) == leads


def test_codes_and_words_are_read_in_a_language_that_is_not_ours():
    assert read_leads("3d, 2 tuntia", lead_words(TEXTS, "fi")) == "3d 2h"
