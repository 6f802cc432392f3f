"""The themes, as data: what comes with the bot is right, and what is wrong is told by line."""

from pathlib import Path

import pytest

from config.texts import Texts
from config.themes import ThemeError, load_themes, our_themes

SMALL = """\
version = "2"

[themes.water]
names = { en = "Water" }
drafts = { fr = "Eau" }
"""


def test_each_theme_has_a_name_in_every_language_that_is_spoken():
    assert all(set(names) >= set(Texts.load().languages) for names in our_themes().values())


def test_themes_of_ones_own_are_read(tmp_path: Path):
    (tmp_path / "2.toml").write_text(SMALL, encoding="utf-8")

    assert load_themes("2", tmp_path) == {"water": {"en": "Water", "fr": "Eau"}}


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('"2"', '"3"', "2.toml:1: 'version' is '3', but must be the file's name"),
        ("themes.water", "topics.water", "2.toml:1: 'themes' is None, but must be tables such as"),
        ("themes.water", "themes.Water", "2.toml:3: 'themes.Water' is no code, but a-z, 0-9 and - are"),
        ("drafts", "draughts", "2.toml:5: 'themes.water.draughts' is not a key we know, but 'drafts' is"),
        (
            '{ fr = "Eau" }',
            '"Eau"',
            "2.toml:5: 'themes.water.drafts' is 'Eau', but must be names by language",
        ),
        (
            'names = { en = "Water" }\n',
            "",
            "'themes.water.names' is missing, but one name at least is needed",
        ),
        ("[themes.water]", "[themes]\nair = 1\n[themes.water]", "'themes.air' is 1, but must be a table"),
        ("version", "=", "is not TOML"),
    ],
)
def test_what_is_wrong_is_told_by_line(tmp_path: Path, right: str, wrong: str, told: str):
    (tmp_path / "2.toml").write_text(SMALL.replace(right, wrong, 1), encoding="utf-8")

    with pytest.raises(ThemeError) as refused:
        load_themes("2", tmp_path)

    assert told in str(refused.value)
