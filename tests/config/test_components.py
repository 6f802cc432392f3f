"""The classification of well-being: what is provisional is never shown as the method's own."""

from pathlib import Path

import pytest

from config.components import CURRENT, SPIRAL, ComponentError, is_code, load_components

SMALL = """\
version = "1"

[sources]
key = "https://example.org/key"
none = ""

[entries.A]
status = "sourced"
source = "key"
names = { en = "Resources", fr = "Ressources" }
drafts = { ar = "الموارد" }

[entries.A01]
status = "placeholder"
source = "none"
names = { en = "Food" }
"""


def test_nine_dimensions_each_with_its_components():
    components = load_components()

    assert [dimension.code for dimension in components.dimensions()] == list("ABCDEFGHI")
    assert [component.code for component in components.of("B")] == [f"B0{n}" for n in range(7)]


def test_an_official_name_comes_in_the_language_or_else_in_english():
    components = load_components()

    assert components.official_name("A", "fr-BE") == "Moyens de vie"
    assert components.official_name("A01", "ar") == "Food / drink"


def test_no_placeholder_has_an_official_name():
    components = load_components()
    provisional = [entry.code for entry in components.entries.values() if not entry.is_sourced]

    assert {"A08", "C", "I"} <= set(provisional)
    for code in provisional:
        assert components.official_name(code, "en") is None


def test_what_is_sourced_says_where_it_was_read():
    for entry in load_components().entries.values():
        assert entry.source.startswith("https://") or not entry.is_sourced


def test_people_who_sort_can_call_every_code_something():
    components = load_components()

    assert components.working_name("D", "ar") == "العلاقات الشخصية"
    assert components.working_name("D04", "lv") == "Kaimiņi"
    assert components.working_name("D04", "pt") == "Neighbourhood"
    assert components.working_name("I", "en") == "I"
    assert components.working_name("Z99", "en") == "Z99"


@pytest.mark.parametrize(
    "code", ["A", "A00", "A01-11", "A01/P", "A01/P15", "A01-11/P15/k", "A00-00/O-00/i", "I/S", "A01/O--"]
)
def test_a_code_may_be_cut_where_less_is_known(code):
    assert is_code(code)


@pytest.mark.parametrize(
    "code", ["", "J", "a01", "A1", "A01-1", "A01/X", "A01//k", "A01/P15/kk", "A01/P15/k\n", "A01 "]
)
def test_a_malformed_code_is_refused(code):
    assert not is_code(code)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('version = "1"', 'version = "2"', 1, "'version' is '2', but must be the file's name"),
        ("entries.A01", "entries.B01", 13, "'entries.B01' is no code of a known dimension"),
        ("entries.A01", "entries.A1", 13, "'entries.A1' is no code of a known dimension"),
        ('"placeholder"', '"probably"', 14, "'entries.A01.status' is 'probably', but must be sourced or"),
        ('source = "none"', 'source = "nowhere"', 15, "is 'nowhere', but must be one of key, none"),
        ('"placeholder"', '"sourced"', 15, "is 'none', but what is sourced needs an address"),
        ("drafts =", "draft =", 11, "'entries.A.draft' is not a key we know, but 'drafts' is"),
        ('{ en = "Food" }', "{ en = 1 }", 16, "but must be names by language"),
        ('{ en = "Resources", fr = "Ressources" }', "{}", 10, "is empty, but what is sourced has a name"),
    ],
)
def test_what_is_wrong_in_a_version_is_told_with_its_line(tmp_path: Path, old, new, line, said):
    (tmp_path / "1.toml").write_text(SMALL, encoding="utf-8")
    assert load_components("1", tmp_path).official_name("A01", "en") is None
    (tmp_path / "1.toml").write_text(SMALL.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ComponentError) as caught:
        load_components("1", tmp_path)

    assert f"1.toml:{line}: " in str(caught.value)
    assert said in str(caught.value)


def test_a_version_that_is_not_there_is_told():
    with pytest.raises(ComponentError, match=r"1999\.toml"):
        load_components("1999")


def test_the_current_version_is_one_of_those_that_come_with_the_bot():
    assert (SPIRAL / f"{CURRENT}.toml").is_file()
