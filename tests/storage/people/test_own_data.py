"""What a person is given of their data: all of it, and nothing of anybody else."""

import json
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import SQLModel

from config.texts import Texts
from flows.moves import Key, Tag
from flows.people.own_data import OwnData
from flows.people.own_data_words import CODES, HOW, OTHER, SUBJECTS
from storage.actions.piloted import Plea
from storage.people.erasure import theirs_in
from storage.people.own_data import HIDDEN, IN_WORDS, LEFT_OUT, OF_OTHERS
from storage.tables import table
from tests.storage.people.test_erasure import ADA, BEN, lives_a_full_life, traces
from tests.storage.pilots import GARDEN
from tests.storage.town import Town


@pytest.fixture
async def leads(town: Town) -> list[object]:
    """What leads to a person who is everywhere in the database."""
    return await lives_a_full_life(town, ADA, "CANARY")


async def own(town: Town, telegram: int) -> dict[str, Any]:
    """What stands in a person's file, by table."""
    found: OwnData = await town.look(telegram, OwnData)
    kept = json.loads(json.dumps(found.file.content, default=str))["kept"]
    return {each["table"]: each["rows"] for each in kept}


async def test_every_table_with_anything_of_a_person_is_in_their_file(
    town: Town, leads: list[object]
) -> None:
    """A new table is in it by itself; else it must be said why not."""
    there = set(await traces(town, leads))

    assert set(await own(town, ADA)) - {"audit"} == there - LEFT_OUT - {"audit"}


def test_every_table_that_can_refer_to_a_person_is_exported_or_left_out_for_a_reason() -> None:
    tables = SQLModel.metadata.sorted_tables
    refer = {target.name for target in tables if theirs_in(target, [1], ["author"]) is not None}
    by_chat = {target.name for target in tables if {"contact_id", "telegram"} & {*target.c.keys()}}

    assert by_chat - refer == {"contact", *LEFT_OUT - refer, "card", "room", "inquiry_post"}, "groups' chats"
    assert refer & LEFT_OUT == {"pseudonym"}, "names of ours, which lead to nothing outside"
    assert LEFT_OUT - refer == {"outbox", "pause"}, (
        "of the chat: messages on their way, and Telegram's pauses"
    )


def test_every_column_that_is_not_exported_is_there_and_holds_a_name_or_a_key_of_ours() -> None:
    columns = {each.name for target in SQLModel.metadata.sorted_tables for each in target.columns}

    assert columns >= HIDDEN
    for name in HIDDEN:
        assert name.endswith(("_id", "_hash", "_by", "er", "or")), name


async def test_every_value_that_stands_in_the_tables_of_a_person_is_in_their_file(
    town: Town, leads: list[object]
) -> None:
    """A column that is added to a table is exported, or named among those that are hidden."""
    found = await own(town, ADA)

    for target in SQLModel.metadata.sorted_tables:
        for row in found.get(target.name, ()):
            left = {each.name for each in target.columns} - set(row)
            assert set(row.get(IN_WORDS, ())) <= set(row), target.name
            allowed = HIDDEN | OF_OTHERS.get(target.name, {}).get(True, frozenset())
            assert left <= allowed, target.name


async def test_taps_receipts_inquiries_and_profiles_are_in_the_file(town: Town, leads: list[object]) -> None:
    found = await own(town, ADA)

    assert found["recipient"][0]["tapped_at"]
    assert found["push"]
    assert found["inquiry_message"][0]["text"] == "CANARY asks a person"
    assert "called" in found["citizen"][0]


async def test_all_words_of_a_person_are_in_their_file(town: Town, leads: list[object]) -> None:
    rows = await traces(town, ["CANARY"])
    found = await own(town, ADA)

    with_words = {name for name, held in found.items() if "CANARY" in json.dumps(held)}
    assert with_words == set(rows) - LEFT_OUT


async def test_nothing_of_anybody_else_is_in_it(town: Town, leads: list[object]) -> None:
    others = await lives_a_full_life(town, BEN, "SONGBIRD")
    asked = {"id": 5, "gift_id": leads[2], "citizen_id": others[2], "asked_at": town.now, "reply": "CANARY"}
    cause = {"cause": "action", "cause_id": GARDEN, "name": "SONGBIRD", "text": "SONGBIRD asks"}
    await town.do(lambda connection: connection.execute(insert(table(Plea)), {**asked, **cause}))

    found = json.dumps(await own(town, ADA))

    assert not [lead for lead in others if str(lead) in found]
    assert '"reply": "CANARY"' in found, "what the person wrote to the other one is their own"


async def test_what_others_take_part_in_is_told_by_the_day(town: Town, leads: list[object]) -> None:
    found = await own(town, ADA)

    assert found["statement"][0]["created_at"] == f"{town.now:%Y-%m-%d}"
    assert found["consent"][0]["given_at"] == town.now.isoformat(timespec="seconds")


def test_each_table_that_can_hold_anything_of_a_person_has_a_subject() -> None:
    tables = SQLModel.metadata.sorted_tables
    refer = {target.name for target in tables if theirs_in(target, [1], ["author"]) is not None}
    named = [name for names in SUBJECTS.values() for name in names]

    assert sorted(named) == sorted({*refer - LEFT_OUT, "contact", "audit"})


def test_every_subject_and_every_code_has_words() -> None:
    codes = {text_of(code).key for options, text_of in CODES.values() for code in options}
    keys = {*SUBJECTS, OTHER, *codes, *(f"list.language_how.{how}" for how in HOW)}
    english = Texts.load().catalogue("en")

    assert [key for key in sorted(keys) if english.template(key, None) is None] == []


async def test_what_a_row_says_to_programs_is_said_to_people_beside_it(
    town: Town, leads: list[object]
) -> None:
    found = await town.look(ADA, OwnData)
    rows = {each["table"]: each["rows"] for each in found.file.content["kept"]}
    about = {each["table"]: each["what"] for each in found.file.content["kept"]}

    [statement, *_] = rows["statement"]
    assert about["statement"] == Key("own.ideas")
    assert statement["question"] == "well-being"
    said = {name: statement[IN_WORDS][name] for name in ("question", "course", "language", "language_how")}
    assert said == {
        "question": Key("question.well-being"),
        "course": Key(f"course.at.{statement['course']}"),
        "language": Tag("en"),
        "language_how": Key("list.language_how.written"),
    }
    assert statement[IN_WORDS]["territory"] == "Riverside"


async def test_whole_numbers_that_programs_would_round_are_text(town: Town, leads: list[object]) -> None:
    def numbers(value: Any) -> list[int]:
        match value:
            case bool() | None | str() | float():
                return []
            case int():
                return [value]
            case _:
                return [
                    each
                    for one in (value.values() if isinstance(value, dict) else value)
                    for each in numbers(one)
                ]

    assert all(abs(number) <= 2**53 for number in numbers(await own(town, ADA)))
