"""What is shown of dates can be typed, in every language, and so can what people say otherwise."""

import contextlib
from datetime import timedelta

import pytest
from babel.dates import format_date, format_time
from hypothesis import given
from hypothesis import strategies as st

from config.date_words import date_words
from config.languages import locale_of, our_languages
from config.texts import Texts
from flows.times.local_time import Trouble, WrongTime
from flows.times.typed_time import read_day, read_end, read_when
from tests.flows.clocks import at

TEXTS = Texts.load()
NOW = at("2027-02-01 12:00")
START = at("2027-03-27 18:30")
MOMENTS = st.datetimes(NOW + timedelta(minutes=1), at("2031-01-31 00:00")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
CASES = st.sampled_from([str, str.upper, str.casefold])


def trouble(read, *args) -> Trouble:
    with pytest.raises(WrongTime) as caught:
        read(*args)
    return caught.value.trouble


@pytest.mark.parametrize("language", TEXTS.languages)
@given(moment=MOMENTS, case=CASES)
def test_a_time_that_is_shown_can_be_typed_and_means_the_same(language, moment, case):
    shown = TEXTS.label(language, moment)

    assert read_when(case(shown), NOW, date_words(language)) == moment


@pytest.mark.parametrize("language", TEXTS.languages)
@given(moment=MOMENTS, case=CASES, length=st.sampled_from(["full", "long", "medium"]))
def test_a_day_that_is_shown_can_be_typed_with_its_weekday_and_with_a_time(language, moment, case, length):
    locale, words = locale_of(language), date_words(language)
    day, time = format_date(moment, length, locale), format_time(moment, "short", locale=locale)

    assert read_day(case(day), NOW.date(), words) == moment.date()
    assert read_when(case(f"{day}, {time}"), NOW, words) == moment
    assert read_end(case(time), moment.replace(hour=0, minute=0), words) == moment


@pytest.mark.parametrize("language", TEXTS.languages)
@pytest.mark.parametrize("typed", ["27.3.2027 18:30", "27/3 18h30", "2027-03-27 18:30", "18:30 27. 3. 2027"])
def test_numbers_alone_mean_the_same_in_every_language(language, typed):
    assert read_when(typed, NOW, date_words(language)) == START


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "27 March at 6.30 pm"), ("en", "Saturday 27th of March, 18:30"),
        ("en", "March 27, 2027 6:30 PM"), ("en", "18:30 on Sat 27 Mar"),
        ("en", "Saturday, the 27th of March 2027 at 6:30 p.m."),
        ("en", "6:30pm March 27"), ("en", "18:30, march 27"),
        ("fr", "27 mars 2027 à 18h30"), ("fr", "le samedi 27 mars à 18 heures 30"),
        ("fr", "sam. 27 MARS, 18:30"), ("fr", "Samedi 27 mars 2027 18 h 30"),
        ("de", "Samstag, den 27. März 2027 um 18:30 Uhr"), ("de", "27. Mär 18:30"),
        ("de", "um 18 Uhr 30 am 27. März"),
        ("nl", "zaterdag 27 maart om 18.30 uur"), ("nl", "27 mrt. 2027, 18:30"),
        ("it", "sabato 27 marzo alle ore 18:30"), ("it", "27 mar 2027 alle 18.30"),
        ("es", "el sábado 27 de marzo a las 18:30"), ("es", "27 de marzo de 2027, 6:30 p. m."),
        ("es", "27 mar 18:30"),
        ("pt", "sábado, 27 de Março às 18h30"), ("pt", "dia 27 de março, 6:30 da tarde"),
        ("ro", "sâmbătă, 27 martie, ora 18:30"), ("ro", "pe 27 martie la 18:30"),
        ("el", "Σάββατο 27 Μαρτίου στις 6:30 μ.μ."), ("el", "27 μαρτιου 2027, 18:30"),
        ("el", "27 Μάρτιος 6.30μμ"),
        ("pl", "27 marca 2027 r. o godz. 18:30"),
        ("sv", "lördag den 27 mars kl. 18.30"), ("da", "lørdag d. 27. marts kl. 18.30"),
        ("lv", "2027. gada 27. martā plkst. 18.30"), ("lv", "27. marts, 18:30"),
        ("lt", "kovo 27 d. 18:30 val."), ("lt", "2027 m. kovo 27 d., šeštadienis, 18:30"),
        ("et", "27. märtsil kell 18.30"), ("et", "laupäev, 27. märts 2027 18:30"),
        ("sl", "sobota, 27. marec ob 18.30"), ("sl", "27. marca 2027 ob 18:30"),
        ("sq", "e shtunë, 27 mars, ora 18:30"), ("sq", "më 27 mars në orën 18:30"),
        ("ru", "27 марта в 18:30"), ("ru", "суббота, 27 марта 2027 г., 18:30 ч."),
        ("ru", "27-го марта в 18:30"), ("uk", "27 березня о 18:30"),
        ("uk", "субота, 27 березня 2027 р., 18:30"),
        ("tr", "27 Mart 2027 Cumartesi saat 18:30"), ("tr", "27 Mart saat 18.30'da"),
        ("ar", "السبت 27 مارس الساعة 6:30 م"), ("ar", "٢٧ آذار ٢٠٢٧، ٦:٣٠ مساءً"), ("ar", "27 مارس في 18:30"),
    ],
)  # fmt: skip
def test_people_write_dates_in_their_own_words(language, typed):
    assert read_when(typed, NOW, date_words(language)) == START


@pytest.mark.parametrize(
    ("language", "typed", "time"),
    [
        ("en", "27 March 12 am", "00:00"), ("en", "27 March 12:05 pm", "12:05"),
        ("en", "27 March 6pm", "18:00"), ("fr", "27 mars à 18 heures", "18:00"),
        ("de", "27. März, 18 Uhr", "18:00"),
        ("de", "um 8 Uhr am 27. März", "08:00"), ("nl", "27 maart, 18 uur", "18:00"),
        ("it", "27 marzo, ore 18", "18:00"), ("sv", "27 mars kl 18", "18:00"),
        ("ru", "27 марта в 18 часов", "18:00"), ("pl", "27 marca o godzinie 18", "18:00"),
        ("tr", "27 Mart saat 18", "18:00"),
        ("lt", "kovo 27 d. 18 val.", "18:00"), ("sl", "27. marec ob 18. uri", "18:00"),
    ],
)  # fmt: skip
def test_an_hour_can_stand_alone_where_a_word_says_that_it_is_one(language, typed, time):
    assert read_when(typed, NOW, date_words(language)) == at(f"2027-03-27 {time}")


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "until 8 pm"), ("fr", "jusqu’à 20h"), ("fr", "jusqu'à 20 heures"), ("de", "bis 20 Uhr"),
        ("it", "fino alle 20:00"), ("el", "έως τις 8:00 μ.μ."), ("lv", "līdz plkst. 20"),
        ("ar", "حتى الساعة 8:00 م"),
        ("fr", "jusqu'au samedi 27 mars, 20h"), ("ru", "до 20 часов"),
    ],
)  # fmt: skip
def test_an_end_is_until_some_time(language, typed):
    assert read_end(typed, START, date_words(language)) == at("2027-03-27 20:00")


@pytest.mark.parametrize(
    "typed", ["sunday 27 march 2027 18:30", "31 february 18:30", "saturday, 28 march 2027, 6.30 pm"]
)
def test_a_day_that_no_calendar_has_is_told_with_its_weekday(typed):
    assert trouble(read_when, typed, NOW, date_words("en")) is Trouble.NO_SUCH_DAY


def test_a_weekday_alone_is_no_day_and_an_end_with_one_is_not_of_the_same_day():
    words = date_words("en")

    assert trouble(read_day, "saturday", NOW.date(), words) is Trouble.UNREADABLE
    assert trouble(read_end, "sunday 20:00", START, words) is Trouble.UNREADABLE
    assert read_end("sunday 28 march 20:00", START, words) == at("2027-03-28 20:00")


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "27 March"), ("en", "27 March 18"), ("en", "27 March or 28 March 18:30"),
        ("en", "27 mars 18:30"), ("en", "not on 27 March 18:30"), ("en", "27 March 18:30 to 20:00"),
        ("en", "in March 18:30"),
        ("en", "27 March April 18:30"), ("en", "27 March 18:30 pm"), ("en", "27 March 13 pm"),
        ("en", "27 March 6:30 in the evening"), ("fr", "demain à 18h30"), ("fr", "27 mars à midi"),
        ("en", "March"), ("en", "at"), ("en", "pm"), ("en", "27 March 6 pm 7 pm"), ("en", "at " * 19),
        ("fr", "27 mars 6:30 du soir"), ("de", "27. März 18 Uhr 30 Minuten"),
    ],
)  # fmt: skip
def test_what_says_more_than_is_understood_is_told_as_it_was_typed(language, typed):
    with pytest.raises(WrongTime) as caught:
        read_when(typed, NOW, date_words(language))
    assert (caught.value.trouble, caught.value.details) == (Trouble.UNREADABLE, {"written": typed.strip()})


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("fr", "27 mars de 18h à 20"), ("it", "27 marzo ore 18 alle 20"),
        ("es", "27 marzo 18 horas a las 20"),
        ("pt", "27 de março das 18h às 20"), ("ro", "27 martie de la ora 18 la 20"),
        ("sq", "27 mars nga ora 18 në 20"),
        ("tr", "27 Mart saat 18 de 20"), ("de", "27. März 18 Uhr bis 20"), ("da", "27. marts kl. 18 til 20"),
        ("da", "den 12. kl. 10.30 til 12.30"), ("de", "am 12. um 10.30 bis 12.30 Uhr"),
        ("fr", "le 12. 10.30 à 12.30"),
        ("en", "27.3. until 28. 18:30"), ("es", "27 de marzo de 18 a 20 horas"),
        ("de", "27. März 18 bis 20 Uhr"),
        ("en", "March 27-28 6pm"), ("en", "27 March, 28 6pm"), ("lt", "kovo 27–28 d., 18 val."),
        ("it", "alle 18.10 del 12.03"), ("pl", "o 18.05 dnia 12.10"), ("de", "am 12.03. um 10.12"),
        ("es", "mar 23 18:30"), ("it", "mar 16 alle 18:30"), ("ar", "27 مارس 12 مساء"),
        ("pt", "27/3 12 da manhã"),
        ("en", "27 March until 18:30"), ("tr", "27 Mart 2 saat"), ("de", "27. März Uhr"),
    ],
)  # fmt: skip
def test_numbers_between_which_a_word_stands_are_not_joined_and_nothing_is_guessed(language, typed):
    assert trouble(read_when, typed, NOW, date_words(language)) is Trouble.UNREADABLE


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "20th"), ("en", "the 20th"), ("en", "until the 20th"), ("fr", "le 20"), ("fr", "jusqu'au 20"),
        ("fr", "10h au 12"), ("de", "am 20"), ("es", "hasta el 20"), ("pl", "dnia 20"), ("ru", "20-го"),
        ("lt", "20 d."), ("ar", "يوم 20"), ("tr", "2 saat"),
    ],
)  # fmt: skip
def test_a_day_of_the_month_alone_is_no_time(language, typed):
    assert trouble(read_end, typed, START, date_words(language)) is Trouble.UNREADABLE


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "March 27-28"), ("lt", "kovo 27-28"), ("de", "März 18 Uhr")]
)
def test_two_days_or_an_hour_are_no_day(language, typed):
    assert trouble(read_day, typed, NOW.date(), date_words(language)) is Trouble.UNREADABLE


def test_a_time_that_no_clock_reads_is_told_as_it_was_typed():
    with pytest.raises(WrongTime) as caught:
        read_when("27. März 24 Uhr", NOW, date_words("de"))
    assert caught.value.details == {"written": "27. März 24 Uhr"}


@pytest.mark.parametrize("language", TEXTS.languages)
def test_what_cldr_lacks_is_given_for_each_month_and_with_a_place_for_the_hour(language):
    known = our_languages()[language]

    assert len(known.months) in (0, 12)
    assert len(known.weekdays) in (0, 7)
    assert known.dates
    assert known.until
    assert all(word.startswith("# ") != word.endswith(" #") for word in known.hours)


@pytest.mark.parametrize("language", ["fa", "zh-Hant", "sw", "xx"])
def test_a_language_that_is_not_ours_is_read_as_cldr_writes_it(language):
    words = date_words(language)

    assert sorted(set(words.months.values())) == list(range(1, 13))


@given(text=st.text(max_size=80))
def test_whatever_is_typed_is_read_or_told(text):
    with contextlib.suppress(WrongTime):
        assert read_when(text, NOW, date_words("en")) > NOW
