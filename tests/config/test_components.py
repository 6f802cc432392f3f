"""The classification of well-being: what is provisional is never shown as the method's own."""

from pathlib import Path

import pytest

from config.components import CURRENT, SPIRAL, load_components
from config.versioned import DataError

SMALL = """\
version = "1"

[sources]
key = "https://example.org/key"
none = ""

[entries.A]
status = "sourced"
source = "key"
official = ["en", "fr"]

[entries.A01]
status = "placeholder"
source = "none"
"""


def test_eight_dimensions_are_known_each_with_its_components():
    components = load_components()

    assert components.dimensions == tuple("ABCDEFGH")
    assert components.within("B") == tuple(f"B0{number}" for number in range(7))


def test_every_component_has_a_name():
    assert all(load_components().names.values())


def test_a_version_of_ones_own_is_read(tmp_path: Path):
    (tmp_path / "1.toml").write_text(SMALL, encoding="utf-8")

    assert list(load_components("1", tmp_path).names) == ["A", "A01"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('version = "1"', 'version = "2"', 1, "'version' is '2', but must be the file's name"),
        ("entries.A01", "entries.B01", 12, "'entries.B01' is no code of a known dimension"),
        ("entries.A01", "entries.A1", 12, "'entries.A1' is no code of a known dimension"),
        ('"placeholder"', '"probably"', 13, "'entries.A01.status' is 'probably', but must be sourced or"),
        ('source = "none"', 'source = "nowhere"', 14, "is 'nowhere', but must be one of key, none"),
        ('"placeholder"', '"sourced"', 14, "is 'none', but what is sourced needs an address"),
        ("official =", "oficial =", 10, "'entries.A.oficial' is not a key we know, but 'official' is"),
        ('["en", "fr"]', '["?"]', 10, "'entries.A.official' is ['?'], but must be languages, such as"),
        ('["en", "fr"]', "[]", 10, "'entries.A.official' is empty, but what is sourced has a name there"),
    ],
)
def test_what_is_wrong_in_a_version_is_told_with_its_line(tmp_path: Path, old, new, line, said):
    (tmp_path / "1.toml").write_text(SMALL.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataError) as caught:
        load_components("1", tmp_path)

    assert f"1.toml:{line}: " in str(caught.value)
    assert said in str(caught.value)


def test_a_version_that_is_not_there_is_told():
    with pytest.raises(match=r"1999\.toml"):
        load_components("1999")


def test_the_current_version_is_one_of_those_that_come_with_the_bot():
    assert (SPIRAL / f"{CURRENT}.toml").is_file()
