"""Meetings in a TOML file are read whole, or every mistake in it is named with its line."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from config.occasion_kinds import our_occasion_kinds
from config.planned_meetings import KEYS, WrongFile, read_meetings
from config.territories import load_territories
from flows.planning.imports import Meeting, Span
from tests.config.hostile_meetings import check_reading, mutated
from tests.flows.clocks import at, utc
from tests.flows.places import TERRITORIES

NOW = utc("2027-01-01 12:00")
RIVERSIDE = TERRITORIES["riverside"]
FULL = """
[[meetings]]
uid = "park-2027"
kind = "assembly"
group = "youth"
starts = 2027-03-12T18:30:00
ends = 2027-03-12T20:30:00
zone = "Europe/Riga"
repeats = "FREQ=WEEKLY;BYDAY=FR;COUNT=3"
seats = 40
link = "https://meet.example/park"
pin = [47.75, 7.34]
title = { en = "Park budget", fr = "Budget du parc" }

[meetings.place]
en = "Town hall"

[[meetings]]
kind = "panel"
starts = 2027-04-01T18:00:00
title = { fr = "Panel" }
"""
KIND = 'kind = "panel"'
STARTS = "starts = 2027-04-01T18:00:00"
TITLE = 'title = { en = "Panel" }'
ONE = f"[[meetings]]\n{KIND}\n{STARTS}\n{TITLE}\n"


def read(tmp_path: Path, text: str) -> tuple[Meeting, ...]:
    """What a file with that text says."""
    file = tmp_path / "meetings.toml"
    file.write_text(text, encoding="utf-8")
    return read_meetings(file, RIVERSIDE, our_occasion_kinds(), NOW)


def test_a_meeting_is_read_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    park, panel = read(tmp_path, FULL)

    assert park == Meeting(
        uid="park-2027",
        kind="assembly",
        dates=tuple(Span(at(f"2027-03-{day} 18:30"), at(f"2027-03-{day} 20:30")) for day in (12, 19, 26)),
        zone="Europe/Riga",
        texts={"en": {"title": "Park budget", "place": "Town hall"}, "fr": {"title": "Budget du parc"}},
        group="youth",
        rule="FREQ=WEEKLY;BYDAY=FR;COUNT=3",
        seats=40,
        link="https://meet.example/park",
        pin=(47.75, 7.34),
    )
    assert panel.zone == RIVERSIDE.zone
    assert panel.dates == (Span(at("2027-04-01 18:00"), at("2027-04-01 20:00")),)
    assert panel.uid == "2027-04-01T18:00 Panel"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        (STARTS, "starts = 2026-04-01T18:00:00", "3: 'meetings[1].starts' is past (2026-04-01)"),
        (STARTS, "starts = 2027-02-31T18:00:00", "meetings.toml:3: 'meetings.toml' is not TOML"),
        (STARTS, "starts = 2027-04-01T18:00:00Z", "3: 'meetings[1].starts'"),
        (STARTS, 'starts = "tomorrow"', "must be a day and a time without an offset"),
        (STARTS, "starts = 2040-04-01T18:00:00", "is too far"),
        (KIND, KIND + '\nends = 2027-03-31T18:00:00', "3: 'meetings[1].ends' is end before start"),
        (KIND, KIND + '\nends = 2027-04-01T18:00:00', "it must end after it begins"),
        (KIND, 'kind = "deadline"\nends = 2027-04-01T19:00:00', "it is a deadline: leave out when it ends"),
        (KIND, KIND + '\nzone = "Europe/Pari"', "3: 'meetings[1].zone' is unknown zone (Europe/Pari)"),
        (KIND, KIND + '\nrepeats = "FREQ=DAILY"', "its series needs an end"),
        (KIND, KIND + '\nrepeats = "FREQ=DAILY;COUNT=999"', "a series has at most 400 dates"),
        (KIND, KIND + '\nrepeats = "often"', "3: 'meetings[1].repeats' is unknown rule (often)"),
        (KIND, 'kind = "concert"', "2: 'meetings[1].kind' is 'concert', but must be one of"),
        (KIND, KIND + '\ngroup = "choir"', "must be a group of riverside: "),
        (KIND, KIND + '\nseats = 0', "must be a whole number from 1 to 10000"),
        (KIND, KIND + '\nseats = true', "must be a whole number from 1 to 10000"),
        (KIND, KIND + '\nlink = "javascript:x"', "must be an address that begins with https://"),
        (KIND, KIND + '\npin = [200, 7]', "must be latitude and longitude"),
        (KIND, KIND + '\nseat = 4', "but maybe 'seats' is meant"),
        (TITLE, "", "1: 'meetings[1].title' is missing"),
        (TITLE, 'title = "Panel"', "must be by language"),
        (TITLE, 'title = { English = "Panel" }', "is no language"),
        (TITLE, f'title = {{ en = "{"x" * 300}" }}', "must be 1 to 80 characters"),
        (KIND, "", "1: 'meetings[1].kind' is missing"),
        (KIND, 'kind = ["panel"]', "2: 'meetings[1].kind' is ['panel'], but must be one of"),
        (KIND, 'kind = { panel = 1 }', "2: 'meetings[1].kind' is {'panel': 1}, but must be one of"),
        (KIND, KIND + '\npin = [true, false]', "must be latitude and longitude"),
        (KIND, KIND + f'\npin = [0x{"f" * 5000}, 1]', "is too long to be written out, but must be latitude"),
        (KIND, KIND + f'\nseats = 1{"0" * 5000}', "'meetings.toml' has a number without end"),
        (KIND, KIND + '\nlink = "https://a\\u0000b"', "must be an address that begins with https://"),
        (STARTS, "starts = 9999-12-31T23:30:00", "3: 'meetings[1].starts' is out of range, but it must come"),
        (STARTS, "starts = 0001-01-01T00:00:00", "3: 'meetings[1].starts' is out of range"),
        (TITLE, 'title = { fr = "Un", fr-FR = "Deux" }', "'meetings[1].title.fr-FR' is 'fr' again"),
        (TITLE, f'title = {{ fr-{"x" * 300} = "Un" }}', "is no language"),
        (TITLE, 'title = { fr = "\\u0007" }', "must be 1 to 80 characters"),
        (f"[[meetings]]\n{KIND}\n{STARTS}\n{TITLE}", "meetings = [1, 2]", "'meetings[2]' is 2, but"),
        ("[[meetings]]", "[[meeting]]", "must be 1 to 500 tables [[meetings]]"),
        ("[[meetings]]", "[[meetings", "is not TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    assert ONE.count(was) == 1

    with pytest.raises(WrongFile) as wrong:
        read(tmp_path, ONE.replace(was, becomes))

    assert told in str(wrong.value)


def test_a_language_of_some_country_is_ours_where_we_speak_it(tmp_path: Path) -> None:
    [panel] = read(tmp_path, ONE.replace('en = "Panel"', 'fr-FR = "Un", pt-BR = "Dois", ca-ES = "Dos"'))

    assert panel.texts == {"fr": {"title": "Un"}, "pt": {"title": "Dois"}, "ca-ES": {"title": "Dos"}}


def test_what_is_one_line_stays_one_and_nothing_is_kept_that_no_database_takes(tmp_path: Path) -> None:
    more = 'place = { en = "Hall\\n2" }\ndescription = { en = "One\\u0000\\ntwo" }\n'

    [panel] = read(tmp_path, ONE.replace('"Panel"', '"A\\n panel"') + more)

    assert panel.texts["en"] == {"title": "A panel", "place": "Hall 2", "description": "One \ntwo"}


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(WrongFile) as wrong:
        read(tmp_path, ONE.replace("panel", "concert") + ONE.replace("2027", "2020"))

    assert [problem.line for problem in wrong.value.problems] == [2, 7]


def test_two_meetings_cannot_have_one_name(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match=r"meetings\[2\]' has the uid of meetings\[1\]"):
        read(tmp_path, ONE + ONE)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="nowhere"):
        read_meetings(tmp_path / "nowhere.toml", RIVERSIDE, our_occasion_kinds(), NOW)


def test_the_example_for_operators_is_read(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")
    [example] = [
        block for block in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL) if "[[meetings]]" in block
    ]
    file = tmp_path / "meetings.toml"
    file.write_text(example, encoding="utf-8")

    [park] = read_meetings(file, load_territories()["mulhouse"], our_occasion_kinds(), NOW)

    assert (park.uid, park.seats, len(park.dates)) == ("park-2027", 40, 10)


VALUES = [
    "1", "0", "-1", "1e999", "nan", "true", '"a"', "[]", "[1, 2]", "[1.5, 2.5]", "{}", "{ en = 1 }",
    '{ en = "A" }', '"panel"', '"deadline"', "2027-04-01T18:00:00", "2027-04-01T20:00:00", "2027-04-01",
    "18:00:00", "2027-04-01T18:00:00Z", "9999-12-31T23:59:59", "0001-01-01T00:00:00",
    '"FREQ=WEEKLY;COUNT=3"', '"FREQ=DAILY"', '"Europe/Riga"', '"/etc/localtime"', '"https://a.example"',
    f"0x{'f' * 5000}", "[" * 500, '"""', "\n[[meetings]]\n", *(f"\n{key} = " for key in KEYS),
]  # fmt: skip
USUAL = {"kind": '"panel"', "starts": "2027-04-01T18:00:00", "title": '{ en = "Panel" }'}


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutated([ONE, FULL], VALUES))
@example("[" * 100_000)
@example(f"[[meetings]]\n{'a' * 5000} = 1")
@example("\ud800")
@example("meetings = [[]]")
@example("[meetings]")
def test_whatever_is_done_to_a_file_it_is_read_or_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "meetings.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))

    check_reading("meetings.toml", lambda: read_meetings(file, RIVERSIDE, our_occasion_kinds(), NOW))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=4))
def test_whatever_keys_hold_they_are_read_or_refused(tmp_path: Path, drawn: dict[str, str]) -> None:
    lines = [f"{key} = {value}" for key, value in (USUAL | drawn).items()]
    file = tmp_path / "meetings.toml"
    file.write_text("\n".join(["[[meetings]]", *lines]), encoding="utf-8")

    check_reading("meetings.toml", lambda: read_meetings(file, RIVERSIDE, our_occasion_kinds(), NOW))
