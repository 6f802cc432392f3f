"""The scale of feedback, as data: what comes with the bot is right, and what is wrong is told by line."""

from pathlib import Path

import pytest

from config.components import load_components, our_classification
from config.impact import CURRENT, FOLDER, ScaleError, load_scale, our_scales
from config.languages import our_languages

NAMES = "names = { " + ", ".join(f'{tag} = "{tag}"' for tag in our_languages()) + " }"
SMALL = f"""\
version = "2"

[[steps]]
value = -1
{NAMES}

[[steps]]
value = 0
{NAMES}
"""


def test_people_answer_on_five_steps_with_a_middle():
    assert tuple(our_scales()[CURRENT].steps) == (-2, -1, 0, 1, 2)


def test_every_step_can_be_read_in_every_language_we_have():
    for scale in our_scales().values():
        for names in scale.steps.values():
            assert set(names) >= set(our_languages())


def test_the_last_scale_is_the_one_that_is_asked_with():
    assert list(our_scales())[-1] == CURRENT
    assert set(our_scales()) == {path.stem for path in FOLDER.glob("*.toml")}


def test_a_scale_of_ones_own_is_read(tmp_path: Path):
    (tmp_path / "2.toml").write_text(SMALL, encoding="utf-8")

    own = load_scale("2", tmp_path)

    assert (own.version, list(own.steps), own.steps[-1]["lv"]) == ("2", [-1, 0], "lv")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('version = "2"', 'version = "3"', 1, "'version' is '3', but must be the file's name"),
        ('version = "2"', 'version = "2"\nstep = 1', 2, "'step' is not a key we know, but 'steps' is"),
        ("value = -1", "value = 1", 1, "'steps' has the values [1, 0], but must be 2 to 7 whole numbers"),
        ("value = -1", 'value = "-1"', 1, "'steps' has the values ['-1', 0], but must be"),
        ("value = -1", "value = false", 1, "'steps' has the values [False, 0], but must be"),
        ("value = 0", "value = -2", 1, "'steps' has the values [-1, -2], but must be"),
        ("value = 0", "worth = 0", 8, "'steps[2].worth' is not a key we know, but 'value' is"),
        ('lv = "lv", ', "", 5, "'steps[1].names.lv' is missing, but each language needs a name"),
        ('lv = "lv"', 'lv = ""', 5, "'steps[1].names.lv' is '', but must be one line of 1 to 30 characters"),
        ('lv = "lv"', f'lv = "{31 * "x"}"', 5, "but must be one line of 1 to 30 characters"),
        ('lv = "lv"', 'lv = "lv", xx = "x"', 5, "'steps[1].names.xx' is no language we have, but may be"),
        (NAMES, "names = 3", 5, "'steps[1].names' is 3, but must be names by language"),
    ],
)
def test_what_is_wrong_in_a_scale_is_told_with_its_line(tmp_path: Path, old, new, line, said):
    (tmp_path / "2.toml").write_text(SMALL.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ScaleError) as caught:
        load_scale("2", tmp_path)

    assert f"2.toml:{line}: " in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("steps", ["", "steps = 5", "steps = [1, 2]"])
def test_a_scale_without_steps_is_told(tmp_path: Path, steps):
    (tmp_path / "2.toml").write_text(f'version = "2"\n{steps}', encoding="utf-8")

    with pytest.raises(ScaleError, match=r"but must be written as \[\[steps\]\]"):
        load_scale("2", tmp_path)


def test_a_scale_that_is_not_there_is_told():
    with pytest.raises(ScaleError, match=r"1999\.toml"):
        load_scale("1999")


def test_people_choose_from_dimensions_and_their_components():
    ours = our_classification()

    assert ours.dimensions == tuple("ABCDEFGHI")
    assert ours.within("B") == tuple(f"B0{number}" for number in range(7))
    assert set(ours.names) == set(load_components().entries)


def test_whatever_has_a_name_has_one_in_every_language_we_have():
    unnamed = {
        (code, tag)
        for code, names in our_classification().names.items()
        for tag in our_languages()
        if names and tag not in names
    }

    assert unnamed == set()


def test_what_people_choose_from_is_called_as_the_source_has_it_or_else_by_our_translation():
    housing = our_classification().names["A03"]

    assert (housing["en"], housing["fr"]) == ("Housing / furniture", "Logement, équipement")
    assert next(iter(housing)) == "en"
