"""When people are reminded, as data: what comes with the bot is right, and what is wrong is told by line."""

from datetime import time
from pathlib import Path

import pytest

from config.cadences import CURRENT, FOLDER, load_cadences, our_cadences
from config.versioned import DataError
from flows.times.cadence import Cap, Kind, Lead, Step, Unit
from flows.times.quiet import Quiet

SMALL = """\
version = "2"
keep = "3d"

[quiet]
begins = "22:00"
ends = "07:30"

[cadences.meeting.before]
1d = "still_coming"
30m = "reminder"

[cadences.talk.after]
1d = "nudge"

[cap]
days = 7
most = 5
unheard = 4
then = 1
"""


def steps(written: dict[str, Kind]) -> tuple[Step, ...]:
    return tuple(Step(Lead(int(lead[:-1]), Unit(lead[-1])), kind) for lead, kind in written.items())


def test_people_are_reminded_as_was_promised():
    ours = our_cadences()

    assert ours.quiet == Quiet(time(21), time(8))
    assert ours.by_name["meeting"].before == steps(
        {"7d": Kind.REMINDER, "1d": Kind.STILL_COMING, "2h": Kind.REMINDER}
    )
    assert ours.by_name["activity"].before == steps({"1d": Kind.REMINDER, "2h": Kind.REMINDER})
    for name in ("meeting", "activity"):
        assert ours.by_name[name].after == steps({"1h": Kind.AFTERWARDS})
    assert ours.by_name["conversation"].after == steps({"1d": Kind.NUDGE, "7d": Kind.NUDGE})


def test_the_current_version_is_one_of_those_that_come_with_the_bot():
    versions = [load_cadences(path.stem).version for path in FOLDER.glob("*.toml")]

    assert our_cadences().version == CURRENT
    assert CURRENT in versions


def test_a_version_of_ones_own_is_read(tmp_path: Path):
    (tmp_path / "2.toml").write_text(SMALL, encoding="utf-8")

    own = load_cadences("2", tmp_path)

    assert own.quiet == Quiet(time(22), time(7, 30))
    assert own.cap == Cap(days=7, most=5, unheard=4, then=1)
    assert own.by_name["meeting"].before == steps({"1d": Kind.STILL_COMING, "30m": Kind.REMINDER})
    assert own.by_name["talk"].after == steps({"1d": Kind.NUDGE})
    assert own.by_name["meeting"].after == own.by_name["talk"].before == ()
    assert own.by_name["talk"].keep == Lead(3, Unit.DAYS)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('version = "2"', 'version = "3"', 1, "'version' is '3', but must be the file's name"),
        ('keep = "3d"', 'keep = "long"', 2, "'keep' is 'long', but must be like 3d or 12h"),
        ('keep = "3d"', "keep = 3", 2, "'keep' is 3, but must be like 3d or 12h"),
        ('keep = "3d"', 'kept = "3d"', 2, "'kept' is not a key we know, but 'keep' is"),
        ("[quiet]", "[quite]", 4, "'quite' is not a key we know, but 'quiet' is"),
        ('begins = "22:00"', 'begins = "24:00"', 5, "'quiet.begins' is '24:00', but must be a time such as"),
        ('begins = "22:00"', "begins = 22", 5, "'quiet.begins' is 22, but must be a time such as"),
        ('ends = "07:30"', "", 4, "'quiet.ends' is None, but must be a time such as"),
        ('ends = "07:30"', 'ends = "07:30"\nnever = "x"', 7, "'quiet.never' is not a key we know"),
        ('ends = "07:30"', 'ends = "22:00"', 4, "'quiet' lasts too long, but 4 hours of a day must be"),
        ("30m =", "half =", 10, "'cadences.meeting.before.half' is no lead, but must be like 7d, 2h or 30m"),
        ('"reminder"', '"remainder"', 10, "is 'remainder', but must be one of reminder, still_coming,"),
        ('"reminder"', "[]", 10, "is [], but must be one of reminder, still_coming,"),
        ("meeting.before", "meeting.befor", 8, "'cadences.meeting.befor' is not a key we know, but 'before'"),
        ("[cadences.talk.after]\n1d =", "[cadences.talk]\nafter =", 13, "is 'nudge', but must be leads such"),
        ("[cadences.talk.after]\n1d =", "[cadences]\ntalk =", 13, "is 'nudge', but must be tables before"),
        ("[cadences.talk.after]\n1d =", "[cadences.talk]\n#", 12, "is {}, but must be tables before and"),
        ("most = 5", "most = 0", 17, "'cap.most' is 0, but must be a whole number, 1 or more"),
        ("most = 5", "", 15, "'cap.most' is None, but must be a whole number, 1 or more"),
        ("most = 5", 'most = "five"', 17, "'cap.most' is 'five', but must be a whole number, 1 or more"),
        ("then = 1", "than = 1", 19, "'cap.than' is not a key we know, but 'then' is"),
    ],
)
def test_what_is_wrong_in_a_version_is_told_with_its_line(tmp_path: Path, old, new, line, said):
    (tmp_path / "2.toml").write_text(SMALL.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataError) as caught:
        load_cadences("2", tmp_path)

    assert f"2.toml:{line}: " in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("tables", ["", 'quiet = "never"\ncadences = "none"', "cadences = {}"])
def test_a_version_without_its_tables_is_told(tmp_path: Path, tables):
    (tmp_path / "2.toml").write_text(f'version = "2"\nkeep = "3d"\n{tables}', encoding="utf-8")

    with pytest.raises(DataError) as caught:
        load_cadences("2", tmp_path)

    assert [problem.where for problem in caught.value.problems] == ["quiet", "cap", "cadences"]


def test_a_version_that_is_not_there_is_told():
    with pytest.raises(match=r"1999\.toml"):
        load_cadences("1999")
