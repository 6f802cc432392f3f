"""A place on the map that nothing asked for is kept nowhere, whatever becomes of the message it came in."""

import logging
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.listening.intake import Intake
from flows import engine
from flows.events import Shared
from storage.database import Database
from tests.bot.ears import alarms_of, intake_of, written
from tests.bot.house import House
from tests.bot.mouth import Mouth

AMELIE = 1001
HERE = {"latitude": 48.584612, "longitude": 7.750713}
TRACES = ("48.58", "7.7507", "Town hall", "Broglie")
KINDS: dict[str, dict[str, Any]] = {
    "a place": {"location": HERE},
    "where somebody is right now": {"location": {**HERE, "live_period": 900}},
    "a place with a name": {
        "location": HERE,
        "venue": {"location": HERE, "title": "Town hall", "address": "1 Place Broglie"},
    },
    "a place nowhere on earth": {"location": {**HERE, "longitude": 777.50713}},
}


@pytest.fixture
async def house(database: Database) -> House:
    """Somebody whom an open question asks for an idea."""
    house = House(database)
    await house.arrive(AMELIE)
    return house


def sent(what: dict[str, Any]) -> dict[str, Any]:
    """An update in which Amélie sends it."""
    update = written(7000, "", AMELIE)
    del update["message"]["text"]
    return {**update, "message": {**update["message"], **what}}


def listening(house: House) -> Intake:
    mouth = Mouth()
    return intake_of(house, mouth, alarms_of(house, mouth))


async def kept(house: House) -> str:
    """Everything that stands in the database."""
    return str([await house.rows(name) for name in house.tables()])


def holds_none(text: str) -> None:
    assert [trace for trace in TRACES if trace in text] == []


@pytest.mark.parametrize("what", KINDS.values(), ids=KINDS)
async def test_a_place_that_nothing_asked_for_is_refused_and_kept_nowhere(
    house: House, what: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        await listening(house).take([sent(what)])

    [refusal] = [row.payload for row in await house.rows("outbox") if row.state != "sent"]
    assert "your location" in refusal
    holds_none(await kept(house))
    holds_none(f"{logs} {caplog.text}")


@pytest.mark.parametrize("what", KINDS.values(), ids=KINDS)
async def test_a_place_that_cannot_be_carried_out_is_not_in_quarantine_either(
    house: House, what: dict[str, Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_ask: object, event: Shared) -> None:
        raise ValueError(f"nobody can carry out {event}")

    monkeypatch.setattr(engine, "_taken", fails)
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        await listening(house).take([sent(what)])

    assert len(await house.rows("quarantine")) == 1
    holds_none(await kept(house))
    holds_none(f"{logs} {caplog.text}")
