"""The scale of feedback, as data: what comes with the bot is right, and what is wrong is told by line."""

from pathlib import Path

import pytest

from config.components import our_classification
from config.impact import CURRENT, FOLDER, load_scale, our_meeting_scales, our_scales
from config.languages import our_languages
from config.versioned import DataError

SMALL = """\
version = "2"
steps = [-1, 0]
"""


def test_people_answer_on_five_steps_with_a_middle():
    assert tuple(our_scales()[CURRENT].steps) == (-2, -1, 0, 1, 2)


def test_every_step_can_be_read_in_every_language_we_have():
    for scale in (*our_scales().values(), *our_meeting_scales().values()):
        for names in scale.steps.values():
            assert set(names) >= set(our_languages())


def test_the_last_scale_is_the_one_that_is_asked_with():
    assert list(our_scales())[-1] == CURRENT
    assert set(our_scales()) == {path.stem for path in FOLDER.glob("*.toml")}


def test_a_scale_of_ones_own_is_read(tmp_path: Path):
    (tmp_path / "2.toml").write_text(SMALL, encoding="utf-8")

    own = load_scale("2", tmp_path)

    assert (own.version, list(own.steps)) == ("2", [-1, 0])


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('version = "2"', 'version = "3"', 1, "'version' is '3', but must be the file's name"),
        ('version = "2"', 'version = "2"\nstep = 1', 2, "'step' is not a key we know, but 'steps' is"),
        ("[-1, 0]", "[1, 0]", 2, "'steps' is [1, 0], but must be 2 to 7 whole numbers"),
        ("[-1, 0]", '["-1", 0]', 2, "'steps' is ['-1', 0], but must be 2 to 7 whole numbers"),
        ("[-1, 0]", "[false, 0]", 2, "'steps' is [False, 0], but must be 2 to 7 whole numbers"),
        ("[-1, 0]", "[-2, 0]", 2, "'steps' is [-2, 0], but must be 2 to 7 whole numbers"),
        ("[-1, 0]", "[-4, -3, -2, -1, 0, 1, 2, 3]", 2, "but must be 2 to 7 whole numbers"),
        ("[-1, 0]", "[1, 2]", 2, "but must be 2 to 7 whole numbers that follow each other, 0 among them"),
        ("[-1, 0]", "5", 2, "'steps' is 5, but must be 2 to 7 whole numbers"),
        ("steps = [-1, 0]", "", 1, "'steps' is None, but must be 2 to 7 whole numbers"),
    ],
)
def test_what_is_wrong_in_a_scale_is_told_with_its_line(tmp_path: Path, old, new, line, said):
    (tmp_path / "2.toml").write_text(SMALL.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataError) as caught:
        load_scale("2", tmp_path)

    assert f"2.toml:{line}: " in str(caught.value)
    assert said in str(caught.value)


def test_a_scale_that_is_not_there_is_told():
    with pytest.raises(DataError, match=r"1999\.toml"):
        load_scale("1999")


def test_people_choose_from_dimensions_and_their_components():
    ours = our_classification()

    assert ours.dimensions == tuple("ABCDEFGH")
    assert ours.within("B") == tuple(f"B0{number}" for number in range(7))


def test_what_people_choose_from_has_a_name_in_every_language_english_first():
    assert all(set(names) == set(our_languages()) for names in our_classification().names.values())
    housing = our_classification().names["A03"]

    assert (housing["en"], housing["fr"]) == ("Housing / furniture", "Logement, équipement")
    assert next(iter(housing)) == "en"
