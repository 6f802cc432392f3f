"""What the bot says: in the reader's language, safe against what citizens write, and never nothing."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.texts import END, ISOLATE, MOST_MARKS, Texts, tame
from flows.moves import Key
from tests.config.catalogues import entry, texts, written

EVENING = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def two_languages(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    folder = tmp_path_factory.mktemp("catalogues")
    return texts(folder, en={"a.b": "<b>{name}</b>", "a.c": "<i>{name}</i>"}, fr={"a.b": "<b>« {name} »</b>"})


def set_apart(words: str) -> str:
    return f"{ISOLATE}{words}{END}"


def test_tags_are_ours_and_what_is_said_by_others_is_escaped(tmp_path: Path):
    said = texts(tmp_path, en={"a.b": "<b>Hello</b> {name}, R&D < all"})

    assert said.html("en", "a.b", {"name": "<b>&"}) == (
        f"<b>Hello</b> {set_apart('&lt;b&gt;&amp;')}, R&amp;D &lt; all"
    )
    assert said.plain("en", "a.b", {"name": "<b>&"}) == f"Hello {set_apart('<b>&')}, R&D < all"


def test_a_link_takes_an_address_without_marks_of_direction(tmp_path: Path):
    said = texts(tmp_path, en={"a.b": '<a href="{url}">{title}</a>'})

    html = said.html("en", "a.b", {"url": 'https://example.org/?a=1&b="', "title": "Park"})

    assert html == f'<a href="https://example.org/?a=1&amp;b=&quot;">{set_apart("Park")}</a>'
    assert said.plain("en", "a.b", {"url": "https://example.org", "title": "Park"}) == set_apart("Park")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Until 22 November 2026."),
        ("ru", "Until 22 ноября 2026\u202fг."),
        ("fr", "Until 22 novembre 2026."),
    ],
)
def test_a_date_that_ends_in_a_full_stop_ends_the_sentence(tmp_path: Path, language, expected):
    said = texts(tmp_path, **{language: {"a.b": "Until {at:date}."}})

    assert said.html(language, "a.b", {"at": EVENING}) == expected


def test_two_braces_are_one_brace(tmp_path: Path):
    assert texts(tmp_path, en={"a.b": "{{n}}"}).html("en", "a.b") == "{n}"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "1,234,567 of 0.5"), ("fr", "1\u202f234\u202f567 of 0,5"), ("el", "1.234.567 of 0,5")],
)
def test_numbers_are_written_as_the_language_does(tmp_path: Path, language, expected):
    said = texts(tmp_path, **{language: {"a.b": "{n} of {share}"}})

    assert said.html(language, "a.b", {"n": 1_234_567, "share": 0.5}) == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "-0.7 of 1"), ("ar", "\N{LEFT-TO-RIGHT MARK}-0.7 of 1")]
)
def test_a_minus_stands_before_its_number_in_whatever_direction_one_reads(tmp_path: Path, language, expected):
    said = texts(tmp_path, **{language: {"a.b": "{n} of {all}"}})

    assert said.html(language, "a.b", {"n": -0.7, "all": 1}) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "22 November 2026, 19:00|22 November 2026|Sunday, 22 November 2026|19:00"),
        ("fr", "22 novembre 2026, 19:00|22 novembre 2026|dimanche 22 novembre 2026|19:00"),
        (
            "lv",
            "2026. gada 22. novembris 19:00|2026. gada 22. novembris"
            "|svētdiena, 2026. gada 22. novembris|19:00",
        ),
        ("ar", "22 نوفمبر 2026، 7:00 م|22 نوفمبر 2026|الأحد، 22 نوفمبر 2026|7:00 م"),
    ],
)
def test_moments_are_shown_in_the_zone_and_the_language_of_the_reader(tmp_path: Path, language, expected):
    said = texts(tmp_path, **{language: {"a.b": "{at}|{at:date}|{at:day}|{at:time}"}})

    assert said.html(language, "a.b", {"at": EVENING}, zone="Europe/Paris") == expected


def test_a_moment_late_in_the_day_is_tomorrow_further_east(tmp_path: Path):
    said = texts(tmp_path, en={"a.b": "{at:date}"})

    assert said.html("en", "a.b", {"at": EVENING}, zone="Asia/Tokyo") == "23 November 2026"


def test_a_day_has_no_time_and_no_zone(tmp_path: Path):
    said = texts(tmp_path, en={"a.b": "{day}|{day:time}|{day:day}"})

    shown = said.html("en", "a.b", {"day": date(2026, 11, 22)}, zone="Asia/Tokyo")

    assert shown == "22 November 2026|22 November 2026|Sunday, 22 November 2026"


def test_an_unknown_zone_is_utc(tmp_path: Path):
    said = texts(tmp_path, en={"a.b": "{at:time}"})

    assert said.html("en", "a.b", {"at": EVENING}, zone="Mars/Olympus") == "18:00"


def test_several_words_are_listed_as_the_language_does(tmp_path: Path):
    said = texts(tmp_path, en={"a.b": "{names}"}, fr={"a.b": "{names}"})

    a, b, c = (set_apart(words) for words in ("Ana", "B&B", "Cy"))
    assert said.plain("fr", "a.b", {"names": ("Ana", "B&B", "Cy")}) == f"{a}, {b} et {c}"
    assert said.html("en", "a.b", {"names": ("Ana", "B&B")}) == f"{a} and {set_apart('B&amp;B')}"


def test_a_text_inside_a_text_is_in_the_same_language_and_keeps_its_tags(tmp_path: Path):
    said = texts(
        tmp_path, en={"a.b": "[{what}]", "a.c": "<i>{n}</i>"}, fr={"a.b": "({what})", "a.c": "<i>{n}</i>"}
    )

    assert said.html("fr", "a.b", {"what": Key("a.c", {"n": 1000})}) == "(<i>1\u202f000</i>)"
    assert said.plain("fr", "a.b", {"what": Key("a.c", {"n": 1})}) == "(1)"


def test_a_name_in_several_languages_is_told_in_the_readers(tmp_path: Path):
    said = texts(tmp_path, en={"a.b": "{place}"})
    names = {"fr": "Mulhouse", "ar": "مولوز"}

    assert said.html("ar-MA", "a.b", {"place": names}) == set_apart("مولوز")
    assert said.html("lv", "a.b", {"place": names}) == set_apart("Mulhouse")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"el": "Καβάλα", "en": "Kavala"}, "Kavala"),
        ({"lv": "Vecāki", "ru": "Родители", "en": "Parents"}, "Vecāki"),
        ({"el": "Νέοι", "ru": "Молодёжь"}, "Νέοι"),
    ],
)
def test_a_name_that_is_missing_is_told_in_latin_letters_where_it_can_be(tmp_path: Path, names, expected):
    assert texts(tmp_path, en={"a.b": "A"}).label("uk", names) == expected


def test_a_label_is_a_text_a_name_or_words(tmp_path: Path):
    said = texts(tmp_path, en={"choice.ticked": "✓ {choice}"})

    assert said.label("en", Key("choice.ticked", {"choice": "Ana"})) == f"✓ {set_apart('Ana')}"
    assert said.label("fr", {"fr": "Jeunes", "en": "Young people"}) == "Jeunes"
    assert said.label("en", "<Ana>") == "<Ana>"


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("en", {1: 0, 0: 1, 2: 1}),
        ("fr", {0: 0, 1: 0, 2: 1}),
        ("el", {1: 0, 2: 1}),
        ("lv", {1: 0, 21: 0, 2: 1, 11: 1, 10: 1, 0: 2}),
        ("ru", {1: 0, 21: 0, 2: 1, 22: 1, 5: 2, 11: 2, 0: 2}),
        ("ar", {0: 0, 1: 1, 2: 2, 3: 3, 110: 3, 11: 5, 99: 5, 100: 4, 102: 4}),
    ],
)
def test_each_number_has_the_form_its_language_wants(tmp_path: Path, language, numbers):
    forms = tuple(f"form {letter}" for letter in "abcdef"[: max(numbers.values()) + 1])
    said = texts(tmp_path, **{language: {"a.b": forms}})

    assert {n: said.plain(language, "a.b", {"n": n}) for n in numbers} == {
        n: forms[form] for n, form in numbers.items()
    }


def test_a_missing_text_is_said_in_the_next_best_language_and_told(tmp_path: Path):
    missing: list[tuple[str, str]] = []
    written(tmp_path, "en", entry("a.b", "English"), entry("a.c", "English"), entry("a.d", "English"))
    written(tmp_path, "lv", entry("a.b", "latviski"), entry("a.c", "latviski"))
    written(tmp_path, "ru", entry("a.b", "по-русски"))
    said = Texts.load(tmp_path, on_missing=lambda language, key: missing.append((language, key)))

    spoken = [said.html("ru-LV", key, default="lv") for key in ("a.b", "a.c", "a.d", "a.e")]

    assert spoken == ["по-русски", "latviski", "English", "a.e"]
    assert missing == [("ru-LV", "a.c"), ("ru-LV", "a.d"), ("ru-LV", "a.e")]


@pytest.mark.parametrize("forms", ["", "  ", ("one", "")])
def test_an_empty_text_falls_back_and_is_never_blank(tmp_path: Path, forms):
    said = texts(tmp_path, en={"a.b": "English"}, fr={"a.b": forms})

    assert said.html("fr", "a.b", {"n": 1}) == "English"


def test_a_fuzzy_text_is_never_used(tmp_path: Path):
    written(tmp_path, "en", entry("a.b", "English"))
    written(tmp_path, "fr", entry("a.b", "peut-être", "#, fuzzy"))

    assert Texts.load(tmp_path).html("fr", "a.b") == "English"


def test_a_text_that_wants_an_argument_nobody_gives_falls_back(tmp_path: Path):
    said = texts(tmp_path, en={"a.b": "{title}", "a.c": "{title}"}, fr={"a.b": "{titel}"})

    assert said.plain("fr", "a.b", {"title": "Park"}) == set_apart("Park")
    assert said.plain("fr", "a.c", {}) == "a.c"


@pytest.mark.parametrize(
    "attack", ["{0}", "{}", "{name.__class__}", "{name[0]}", "{name!r}", "{name:>9}", "{", "<b>x"]
)
def test_what_is_no_plain_text_is_never_filled(tmp_path: Path, attack):
    said = texts(tmp_path, en={"a.b": "Hello {name}"}, fr={"a.b": attack})

    assert said.plain("fr", "a.b", {"name": "Ana"}) == f"Hello {set_apart('Ana')}"
    assert [problem.where for problem in said.problems] == ["a.b"]


def test_without_any_catalogue_the_key_is_said(tmp_path: Path):
    assert Texts.load(tmp_path).html("fr", "a.b") == "a.b"


def test_a_catalogue_that_cannot_be_read_leaves_the_others_alone(tmp_path: Path):
    texts(tmp_path, en={"a.b": "English"})
    (tmp_path / "fr.po").write_bytes(b'msgid "\xff')

    said = Texts.load(tmp_path)

    assert said.html("fr", "a.b") == "English"
    assert str(said.problems[0]).startswith("fr.po: 'fr.po' is no PO file in UTF-8: ")


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("plain", "plain"),
        ("été, θα ήθελα, الرِّفَاه", "été, θα ήθελα, الرِّفَاه"),
        ("z" + "\u0335" * 50 + "!", "z" + "\u0335" * MOST_MARKS + "!"),
        ("a\u202eevil\u2069b\u2066", "aevilb"),
    ],
)
def test_words_of_others_cannot_spill_over_ours(words, kept):
    assert tame(words) == kept


MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NUMBERS = st.integers(-(10**12), 10**12) | st.floats(-1e12, 1e12)
ARGS = st.recursive(
    st.text() | NUMBERS | MOMENTS | MOMENTS.map(datetime.date),
    lambda inner: (
        st.lists(st.text(), max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["fr", "ar", "xx"]), st.text(), max_size=2)
        | inner.map(lambda arg: Key("a.c", {"name": arg}))
    ),
    max_leaves=3,
)


@settings(max_examples=300, deadline=None)
@given(language=st.sampled_from(["fr", "ar", "ar-MA", "xx", "", "\ud800"]) | st.text(max_size=8), arg=ARGS)
def test_whatever_is_said_something_is_shown_and_no_tag_of_others_gets_in(two_languages, language, arg):
    html = two_languages.html(language, "a.b", {"name": arg}, zone="Europe/Athens")
    plain = two_languages.plain(language, "a.b", {"name": arg}, zone="Europe/Athens")

    assert set(re.findall(r"<[^>]*>", html)) <= {"<b>", "</b>", "<i>", "</i>"}
    assert html.count(ISOLATE) == html.count(END)
    assert unescape(re.sub(r"</?[bi]>", "", html)) == plain


def test_the_wording_of_a_text_is_the_text_itself_with_its_slots_open(tmp_path: Path):
    said = texts(tmp_path, en={"a.b": "<b>Keep</b> it in {place}?"}, fr={"a.c": "Oui"})

    assert said.wording("en", "a.b") == "Keep it in {place}?"
    assert said.wording("fr", "a.b") == "Keep it in {place}?"
    assert said.wording("fr", "a.x") == "a.x"
