"""Whoever calls the webhook and is not Telegram gets nothing, changes nothing and disturbs nobody."""

import json

import pytest

from tests.campaigns.hostile.corpus import CANARY
from tests.campaigns.hostile.siege import CALLS, CROWD, Siege
from tests.conftest import Tell

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(300)]


def test_every_call_is_refused_as_it_should_be_or_the_connection_is_closed(
    besieged: Siege, tell: Tell
) -> None:
    tell(json.dumps(besieged.figures()))
    wrong = [(one.call.kind, one.status, one.hung) for one in besieged.answered if one.wrong]

    assert len(besieged.answered) == CALLS
    assert wrong == []


def test_nothing_is_written_while_only_forgers_call_but_numbers_of_what_could_not_be_read(
    besieged: Siege,
) -> None:
    noted = ("inbox: new ", "quarantine: new ", "alarm: new {'cause': 'quarantine'")
    others = [one for one in besieged.changes if not one.startswith(noted)]
    set_aside = [one for one in besieged.changes if one.startswith("quarantine: ")]

    assert others == []
    assert set_aside != []
    assert [one for one in set_aside if "'other', 'reason': 'nothing in it'" not in one] == []


def test_nothing_of_a_forged_update_is_kept(besieged: Siege) -> None:
    assert CANARY not in besieged.kept
    assert CANARY not in besieged.log


def test_the_crowd_is_answered_within_a_second(besieged: Siege) -> None:
    waits = sorted(besieged.waits)

    assert len(waits) > 3 * len(CROWD)
    assert waits[int(0.95 * len(waits))] < 1.0


def test_memory_never_grows_by_what_is_sent(besieged: Siege) -> None:
    before, most = besieged.memory

    assert most - before < 50 << 20


def test_no_connection_stays_open(besieged: Siege) -> None:
    before, after = besieged.open_files

    assert after <= before + 2  # one or two to the Bot API come and go


def test_the_bot_ends_in_order_and_has_not_complained(besieged: Siege) -> None:
    assert besieged.exit_code == 0
    assert "Traceback" not in besieged.log
    errors = [line for line in besieged.log.splitlines() if '"error"' in line]
    assert [line for line in errors if "an update was put in quarantine" not in line] == []
