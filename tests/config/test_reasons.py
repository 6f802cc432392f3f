"""Why words are held back, as data: what comes with the bot is right, and what is wrong is told by line."""

from pathlib import Path

import pytest

from config.languages import our_languages
from config.reasons import ReasonError, load_reasons, our_reasons

NAMES = "names = { " + ", ".join(f'{tag} = "{tag}"' for tag in our_languages()) + " }"
SMALL = f"""\
version = "2"

[[reasons]]
code = "rude"
{NAMES}

[[reasons]]
code = "unclear"
{NAMES}
"""


def test_every_reason_can_be_read_in_every_language_we_have() -> None:
    assert our_reasons()
    for names in our_reasons().values():
        assert set(names) >= set(our_languages())


def test_reasons_of_ones_own_are_read_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "2.toml").write_text(SMALL, encoding="utf-8")

    assert list(load_reasons("2", tmp_path)) == ["rude", "unclear"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('version = "2"', 'version = "3"', 1, "'version' is '3', but must be the file's name"),
        ('version = "2"', 'version = "2"\nreason = 1', 2, "'reason' is not a key we know, but 'reasons' is"),
        ('code = "rude"', 'code = "Rude!"', 4, "'reasons[1].code' is 'Rude!', but must be 2 to 30"),
        ('code = "rude"', 'code = "unclear"', 8, "'reasons[2].code' is 'unclear', but must be 2 to 30"),
        ('code = "rude"', 'kode = "rude"', 4, "'reasons[1].kode' is not a key we know, but 'code' is"),
        ('lv = "lv", ', "", 5, "'reasons[1].names.lv' is missing, but each language needs a name"),
        ('lv = "lv"', f'lv = "{61 * "x"}"', 5, "but must be one line of 1 to 60 characters"),
        ('lv = "lv"', 'lv = "lv", xx = "x"', 5, "'reasons[1].names.xx' is no language we have"),
        (NAMES, "names = 3", 5, "'reasons[1].names' is 3, but must be names by language"),
    ],
)
def test_what_is_wrong_in_the_reasons_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    (tmp_path / "2.toml").write_text(SMALL.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ReasonError) as caught:
        load_reasons("2", tmp_path)

    assert f"2.toml:{line}: " in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("reasons", ["", "reasons = 5", "reasons = []"])
def test_a_file_without_reasons_is_told(tmp_path: Path, reasons: str) -> None:
    (tmp_path / "2.toml").write_text(f'version = "2"\n{reasons}', encoding="utf-8")

    with pytest.raises(ReasonError, match=r"but must be written as \[\[reasons\]\]"):
        load_reasons("2", tmp_path)
