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


def test_nothing_is_written_while_only_forgers_call(besieged: Siege) -> None:
    assert besieged.changes == []


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
    assert '"error"' not in besieged.log
