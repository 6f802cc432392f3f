"""Groups: privacy mode, topics, migration, join requests, leaving."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.playground.emulator import Emulator, Group, Person

Call = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def leyla(emulator: Emulator) -> Person:
    return emulator.person(7, first_name="Leyla")


@pytest.fixture
def panel(emulator: Emulator, leyla: Person) -> Group:
    return emulator.group(-100, title="Panel", kind="group", members=[leyla])


async def texts(call: Call) -> list[str]:
    return [update["message"]["text"] for update in (await call("getUpdates"))["result"]]


async def test_privacy_mode_hides_what_is_not_for_the_bot(panel: Group, leyla: Person, call: Call) -> None:
    bots = (await call("sendMessage", chat_id=-100, text="Who comes?"))["result"]
    panel.member_writes(leyla, "/menu right after the bot")
    panel.member_writes(leyla, "/menu after somebody else")
    panel.member_writes(leyla, "/menu@Together_Bot by name")
    panel.member_writes(leyla, "/menu@other_bot by another name")
    panel.member_writes(leyla, "only talk")
    panel.member_writes(leyla, "a reply", reply_to=bots["message_id"])

    assert await texts(call) == ["/menu right after the bot", "/menu@Together_Bot by name", "a reply"]
    assert len(panel.messages) == 7


async def test_an_administrator_hears_everything_and_may_delete_it(
    panel: Group, leyla: Person, call: Call
) -> None:
    panel.promotes_bot()
    panel.member_writes(leyla, "only talk")

    promoted, talk = (await call("getUpdates"))["result"]

    assert promoted["my_chat_member"]["new_chat_member"]["can_delete_messages"] is True
    assert talk["message"]["text"] == "only talk"
    assert (await call("deleteMessage", chat_id=-100, message_id=talk["message"]["message_id"]))["ok"]
    assert (await call("getChatAdministrators", chat_id=-100))["result"][0]["user"]["id"] == 42


async def test_nobody_writes_where_they_are_not(emulator: Emulator, panel: Group) -> None:
    with pytest.raises(ValueError, match="not in the group"):
        panel.member_writes(emulator.person(8), "Let me in")


async def test_a_button_in_a_group_is_pressed_by_a_member(panel: Group, leyla: Person, call: Call) -> None:
    keyboard = {"inline_keyboard": [[{"text": "I come", "callback_data": "y"}]]}
    await call("sendMessage", chat_id=-100, text="Who comes?", reply_markup=keyboard)
    query_id = leyla.presses_label("come", chat_id=-100)

    [update] = (await call("getUpdates"))["result"]

    assert (update["callback_query"]["id"], update["callback_query"]["from"]["id"]) == (query_id, 7)
    assert update["callback_query"]["message"]["chat"]["id"] == -100
    with pytest.raises(LookupError, match="I come"):
        leyla.presses_label("I stay", chat_id=-100)


async def test_a_group_that_migrates_says_so_in_both_chats(panel: Group, call: Call) -> None:
    new_id = panel.migrates()

    old, new = [update["message"] for update in (await call("getUpdates"))["result"]]

    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (-100, new_id)
    assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (new_id, -100)
    assert (new["chat"]["type"], panel.id) == ("supergroup", new_id)
    with pytest.raises(ValueError, match="supergroup already"):
        panel.migrates()


async def test_a_removed_bot_is_told_and_kept_out(panel: Group, call: Call) -> None:
    panel.removes_bot()

    [update] = (await call("getUpdates"))["result"]
    refused = await call("sendMessage", chat_id=-100, text="x")

    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert refused["description"] == "Forbidden: bot was kicked from the group chat"
    panel.adds_bot()
    assert (await call("sendMessage", chat_id=-100, text="x"))["ok"]


async def test_a_bot_that_left_is_no_member(panel: Group, call: Call) -> None:
    assert (await call("leaveChat", chat_id=-100))["result"] is True

    refused = await call("sendMessage", chat_id=-100, text="x")

    assert refused["description"] == "Forbidden: bot is not a member of the group chat"


async def test_a_muted_bot_may_not_write(panel: Group, call: Call) -> None:
    panel.mutes_bot()

    refused = await call("sendMessage", chat_id=-100, text="x")

    assert refused["description"] == "Bad Request: not enough rights to send text messages to the chat"


async def test_a_topic_is_written_to_until_it_is_closed(
    emulator: Emulator, leyla: Person, call: Call
) -> None:
    assembly = emulator.group(-1001, title="Assembly", members=[leyla])
    topic = assembly.opens_topic("Parks")
    sent = await call("sendMessage", chat_id=-1001, message_thread_id=topic, text="x")
    assembly.closes_topic(topic)

    refused = await call("sendMessage", chat_id=-1001, message_thread_id=topic, text="x")

    assert sent["result"]["message_thread_id"] == topic
    assert sent["result"]["chat"]["is_forum"] is True
    assert refused["description"] == "Bad Request: TOPIC_CLOSED"


async def test_supergroups_count_their_messages_for_themselves(emulator: Emulator, call: Call) -> None:
    emulator.person(1).opens()
    emulator.group(-1001)
    first = (await call("sendMessage", chat_id=-1001, text="x"))["result"]["message_id"]
    private = (await call("sendMessage", chat_id=1, text="x"))["result"]["message_id"]

    assert (first, private) == (1, 2)


async def test_a_join_request_opens_a_private_chat_for_five_minutes(
    emulator: Emulator, panel: Group, call: Call
) -> None:
    guest = emulator.person(9)
    guest.asks_to_join(-100)
    [update] = (await call("getUpdates"))["result"]
    early = await call("sendMessage", chat_id=9, text="Why do you want to join?")
    emulator.clock.advance(300)
    late = await call("sendMessage", chat_id=9, text="Still there?")

    approved = await call("approveChatJoinRequest", chat_id=-100, user_id=9)
    again = await call("declineChatJoinRequest", chat_id=-100, user_id=9)

    assert update["chat_join_request"]["user_chat_id"] == 9
    assert (early["ok"], late["error_code"]) == (True, 403)
    assert approved["ok"]
    assert again["description"] == "Bad Request: HIDE_REQUESTER_MISSING"
    assert (await call("getChatMember", chat_id=-100, user_id=9))["result"]["status"] == "member"


async def test_coming_and_going_is_told_and_counted(
    emulator: Emulator, panel: Group, leyla: Person, call: Call
) -> None:
    guest = emulator.person(9)
    panel.adds(guest)
    counted = (await call("getChatMemberCount", chat_id=-100))["result"]
    panel.loses(leyla)

    messages = [update["message"] for update in (await call("getUpdates"))["result"]]

    assert messages[0]["new_chat_members"][0]["id"] == 9
    assert messages[1]["left_chat_member"]["id"] == 7
    assert (counted, (await call("getChatMemberCount", chat_id=-100))["result"]) == (3, 2)
    assert (await call("getChatMember", chat_id=-100, user_id=7))["result"]["status"] == "left"
