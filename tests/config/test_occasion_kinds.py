"""The kinds of occasions, as data: what comes with the bot is right, and what is wrong is told by line."""

from pathlib import Path

import pytest

from config.cadences import our_cadences
from config.languages import our_languages
from config.occasion_kinds import load_occasion_kinds, our_occasion_kinds
from config.versioned import DataError
from flows.occasions.occasions import Sort

SMALL = """\
version = "2"

[kinds.picnic]
sort = "meeting"
minutes = 90
"""


def test_there_are_meetings_and_an_activity_each_with_a_name_in_every_language():
    kinds = our_occasion_kinds()

    assert len(kinds) == 16
    assert {kind.sort for kind in kinds.values()} == set(Sort)
    assert all(set(kind.names) >= set(our_languages()) for kind in kinds.values())


def test_people_are_reminded_of_each_kind_by_a_cadence_that_exists():
    kinds = our_occasion_kinds()

    assert {kind.cadence for kind in kinds.values()} == {"meeting", "activity", "deadline"}
    assert {kind.cadence for kind in kinds.values()} <= set(our_cadences().by_name)


def test_only_a_deadline_has_no_length():
    assert [code for code, kind in our_occasion_kinds().items() if not kind.minutes] == ["deadline"]


def test_what_is_taken_on_is_given_back_simply_until_a_day_before():
    notices = {code: str(kind.notice) for code, kind in our_occasion_kinds().items() if kind.notice}

    assert notices == {"activity": "24h"}


def test_a_kind_of_ones_own_is_read(tmp_path: Path):
    (tmp_path / "2.toml").write_text(SMALL, encoding="utf-8")

    (picnic,) = load_occasion_kinds("2", tmp_path).values()

    assert (picnic.code, picnic.cadence, picnic.several_days) == ("picnic", "meeting", False)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('"2"', '"3"', "2.toml:1: 'version' is '3', but must be the file's name"),
        (
            "kinds.picnic",
            "sorts.picnic",
            "2.toml:1: 'kinds' is None, but must be tables such as [kinds.panel]",
        ),
        ("kinds.picnic", "kinds.Picnic", "2.toml:3: 'kinds.Picnic' is no code, but a-z, 0-9 and - are"),
        (
            '"meeting"',
            '"picnic"',
            "2.toml:4: 'kinds.picnic.sort' is 'picnic', but must be meeting or activity",
        ),
        ("90", "-5", "2.toml:5: 'kinds.picnic.minutes' is -5, but must be 0 to 20160"),
        ("minutes", "minuets", "2.toml:5: 'kinds.picnic.minuets' is not a key we know, but 'minutes' is"),
        ("minutes = 90", 'minutes = 90\ncadence = "x"', "'kinds.picnic.cadence' is 'x', but must be one of"),
        ("minutes = 90", 'minutes = 90\nnotice = "1w"', "'kinds.picnic.notice' is '1w', but must be like 2d"),
        ("minutes = 90", "minutes = 90\nnotice = 24", "'kinds.picnic.notice' is 24, but must be like 2d"),
        ("minutes = 90", "minutes = 90\nseveral_days = 2", "several_days' is 2, but must be true or false"),
    ],
)
def test_what_is_wrong_is_told_by_line(tmp_path: Path, right: str, wrong: str, told: str):
    (tmp_path / "2.toml").write_text(SMALL.replace(right, wrong, 1), encoding="utf-8")

    with pytest.raises(DataError) as refused:
        load_occasion_kinds("2", tmp_path)

    assert told in str(refused.value)


def test_a_file_that_is_no_toml_and_an_entry_that_is_no_table_are_told(tmp_path: Path):
    (tmp_path / "2.toml").write_text('version = "2"\n[kinds]\npicnic = 1\n', encoding="utf-8")
    (tmp_path / "3.toml").write_text("version =", encoding="utf-8")

    for version, told in (("2", "2.toml:3: 'kinds.picnic' is 1, but must be a table"), ("3", "is not TOML")):
        with pytest.raises(match="1 kind of occasions") as refused:
            load_occasion_kinds(version, tmp_path)
        assert told in str(refused.value)
