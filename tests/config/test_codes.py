"""Closed lists of codes, as data: what comes with the bot is right, and what is wrong is told by line."""

from pathlib import Path

import pytest

from config.codes import load_codes, our_reasons, our_themes
from config.languages import our_languages
from config.versioned import DataError

SMALL = """\
version = "2"
codes = ["water", "clean-air"]
"""


@pytest.mark.parametrize("named", [our_themes(), our_reasons()], ids=["themes", "reasons"])
def test_each_has_a_name_in_every_language_that_is_spoken(named):
    assert named
    assert all(set(names) == set(our_languages()) for names in named.values())


def test_a_list_of_ones_own_is_read_in_its_order(tmp_path: Path):
    (tmp_path / "2.toml").write_text(SMALL, encoding="utf-8")

    assert load_codes("2", tmp_path) == ("water", "clean-air")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('"2"', '"3"', "2.toml:1: 'version' is '3', but must be the file's name"),
        ("codes", "cods", "2.toml:2: 'cods' is not a key we know, but 'codes' is"),
        ('["water", "clean-air"]', "[]", "2.toml:2: 'codes' is [], but must be a list of codes"),
        ('["water", "clean-air"]', '"water"', "2.toml:2: 'codes' is 'water', but must be a list of codes"),
        ('"water"', '"Water"', "'codes[1]' is 'Water', but must be 2 to 20 of a-z, 0-9 and -"),
        ("clean-air", "water", "'codes[2]' is 'water', but must be 2 to 20 of a-z, 0-9 and -, and like no"),
        ("version", "=", "is not TOML"),
    ],
)
def test_what_is_wrong_is_told_by_line(tmp_path: Path, right: str, wrong: str, told: str):
    (tmp_path / "2.toml").write_text(SMALL.replace(right, wrong, 1), encoding="utf-8")

    with pytest.raises(DataError) as refused:
        load_codes("2", tmp_path)

    assert told in str(refused.value)
