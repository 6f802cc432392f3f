"""Telegram's updates become events; what nobody documents is set aside and never stops the next one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listening.updates import Decoder, Undecodable
from bot.playground.emulator import Emulator, Person
from bot.playground.emulator.members import member as shown
from bot.rendering.button import button
from bot.turns.incoming import Incoming, Removal, Rights
from flows.events import Edited, Event, Left, Opened, Pressed, PressedInChat, Returned, Shared, Thing, Wrote
from storage.occasions.called_cards import Call
from storage.panels.rooms import Joined, Summons
from storage.unit import Chat

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SOMEBODY = {"id": 1001, "is_bot": False, "first_name": "Amélie", "language_code": "fr"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "Amélie"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Panel"}
DECODER = Decoder(lambda: NOON)


def message(**more: Any) -> dict[str, Any]:
    """A message of Amélie's as Telegram sends it."""
    body = {"message_id": 5, "date": int(NOON.timestamp()), "chat": PRIVATE, "from": SOMEBODY, **more}
    return {"update_id": 100, "message": {name: value for name, value in body.items() if value is not None}}


async def event(raw: dict[str, Any]) -> Event | PressedInChat | None:
    return (DECODER.decode(raw)).event


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un banc", Wrote(NOON, "Un banc", 5)),
        ("  Un banc\x00 ", Wrote(NOON, "Un banc", 5)),
        ("/start", Opened(NOON, "start")),
        ("/start t_mulhouse", Opened(NOON, "start", "t_mulhouse")),
        ("/Start@together_bot   t_mulhouse ", Opened(NOON, "start", "t_mulhouse")),
        ("/start a\nb", Opened(NOON, "start", "a\nb")),
        ("/", Wrote(NOON, "/", 5)),
        ("/é", Wrote(NOON, "/é", 5)),
        ("a /start", Wrote(NOON, "a /start", 5)),
        ("\u200f", Shared(NOON, Thing.OTHER)),
    ],
)
async def test_text_is_words_or_a_command(text: str, expected: Event) -> None:
    assert await event(message(text=text)) == expected


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("voice", Thing.VOICE),
        ("audio", Thing.VOICE),
        ("video_note", Thing.VOICE),
        ("photo", Thing.PHOTO),
        ("video", Thing.PHOTO),
        ("sticker", Thing.STICKER),
        ("location", Thing.PLACE),
        ("venue", Thing.PLACE),
        ("contact", Thing.CONTACT),
        ("document", Thing.FILE),
        ("poll", Thing.OTHER),
        ("dice", Thing.OTHER),
    ],
)
async def test_what_is_no_text_is_a_thing(kind: str, thing: Thing) -> None:
    [incoming] = await decoded(lambda person: person.sends(kind))

    assert isinstance(incoming.event, Shared)
    assert incoming.event.thing is thing


async def test_words_of_somebody_else_and_albums_are_things_of_their_own() -> None:
    [forwarded] = await decoded(lambda person: person.forwards("/start t_mulhouse"))
    album = await decoded(lambda person: person.sends_album(3))

    assert isinstance(forwarded.event, Shared)
    assert forwarded.event.thing is Thing.FORWARDED
    assert [one.event.thing for one in album if isinstance(one.event, Shared)] == [Thing.ALBUM] * 3
    assert len({one.album for one in album}) == 1
    assert album[0].album


@pytest.mark.parametrize(("kind", "begins"), [("photo", "photo:"), ("document", "document:")])
async def test_a_picture_and_a_file_can_be_passed_on_and_say_how_large_they_are(
    kind: str, begins: str
) -> None:
    sent: list[Any] = []
    [incoming] = await decoded(lambda person: sent.append(person.sends(kind)))

    assert isinstance(incoming.event, Shared)
    file = sent[0][kind][-1] if kind == "photo" else sent[0][kind]
    assert (incoming.event.file, incoming.event.size) == (begins + file["file_id"], file["file_size"])


@pytest.mark.parametrize("kind", ["voice", "sticker", "location", "contact", "video", "audio", "poll"])
async def test_nothing_else_can_be_passed_on(kind: str) -> None:
    [incoming] = await decoded(lambda person: person.sends(kind))
    album = await decoded(lambda person: person.sends_album(2))

    for one in (incoming, *album):
        assert isinstance(one.event, Shared)
        assert one.event.file is None


@pytest.mark.parametrize("file_id", ["", "a b", "x" * 251, "é", "\ud83d", "photo:1"])
async def test_a_file_under_an_impossible_id_cannot_be_passed_on(file_id: str) -> None:
    document = {"file_id": file_id, "file_unique_id": "u", "file_name": "a.pdf"}

    [incoming] = [await event(message(text=None, document=document))]

    assert isinstance(incoming, Shared)
    assert (incoming.thing, incoming.file) == (Thing.FILE, None)


PLACE = {"latitude": 48.5846, "longitude": 7.7507}
HALL = {"location": PLACE, "title": "Town hall", "address": "1 Place Broglie"}


@pytest.mark.parametrize(
    ("sent", "thing"),
    [
        ({"location": PLACE}, Thing.PLACE),
        ({"location": {**PLACE, "live_period": 900, "horizontal_accuracy": 12.5}}, Thing.PLACE),
        ({"venue": HALL, "location": PLACE}, Thing.PLACE),
        ({"venue": HALL}, Thing.PLACE),
        (
            {
                "location": PLACE,
                "forward_origin": {"type": "user", "date": 1_700_000_000, "sender_user": SOMEBODY},
            },
            Thing.FORWARDED,
        ),
    ],
)
async def test_a_place_is_two_numbers_that_no_log_can_show(sent: dict[str, Any], thing: Thing) -> None:
    shared = await event(message(**sent))

    assert shared == Shared(NOON, thing, place=(48.5846, 7.7507))
    assert "48" not in repr(shared).replace(repr(NOON), "")


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(90.1, 0), (-91, 0), (0, 181), (0, -1e300), (float("nan"), 0)]
)
async def test_a_place_nowhere_on_earth_is_none(latitude: float, longitude: float) -> None:
    shared = await event(message(location={"latitude": latitude, "longitude": longitude}))

    assert shared == Shared(NOON, Thing.PLACE)


async def test_an_edit_a_press_a_block_and_its_end_are_events() -> None:
    def act(person: Person) -> None:
        sent = person.writes("A bench")
        person.edits(sent["message_id"], "Two benches")
        person.presses(sent["message_id"], button(7, 2, "yes"))
        person.blocks()
        person.unblocks()

    _, edited, pressed, left, returned = await decoded(act)

    assert isinstance(edited.event, Edited)
    assert edited.event.text == "Two benches"
    assert pressed.event == Pressed(NOON, 7, 2, "yes")
    assert pressed.press
    assert isinstance(left.event, Left)
    assert isinstance(returned.event, Returned)


async def decoded(act: Any) -> list[Incoming]:
    """What comes of what a person does in the emulator."""
    emulator = Emulator()
    emulator.person(1001).opens()
    before = len(emulator.world.queue.batch(100))
    act(emulator.person(1001))
    return [DECODER.decode(json.loads(raw)) for raw in emulator.world.queue.batch(100)[before:]]


@pytest.mark.parametrize(
    "raw",
    [
        message(chat=GROUP, text="/start"),
        message(**{"from": None}, text="words"),
        {"update_id": 1, "poll": {"id": "1"}},
        {"update_id": 1, "something_new": {"id": 1}},
        {"update_id": 1, "message": "words"},
    ],
)
async def test_what_is_for_no_conversation_comes_without_an_event(raw: dict[str, Any]) -> None:
    assert await event(raw) is None


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("/meetings", Call(-1001, 1001, "", "")),
        ("/Meetings@together_bot", Call(-1001, 1001, "together_bot", "")),
        ("/meetings@other_bot  Paris-11_parents ", Call(-1001, 1001, "other_bot", "paris-11_parents")),
    ],
)
async def test_the_command_for_cards_is_heard_in_groups(text: str, call: Call) -> None:
    incoming = DECODER.decode(message(chat=GROUP, text=text))

    assert incoming.chat == call
    assert incoming.is_heard
    assert incoming.sender is None
    assert incoming.event is None


@pytest.mark.parametrize(
    "more",
    [
        {"text": "/meetings and more words"},
        {"text": "/meetings2"},
        {"text": "we have /meetings"},
        {"text": "/start"},
        {"text": "/coordinate@together_bot"},
        {"text": "/panel and more words"},
        {"text": "/panel2"},
        {"text": "words"},
        {"caption": "/meetings"},
        {"text": "/meetings", "from": None},
        {"text": "/meetings", "forward_origin": {"type": "hidden_user", "date": 0, "sender_user_name": "A"}},
        {"text": "/meetings", "chat": {"id": 1001, "type": "supergroup", "title": "No group has such an id"}},
    ],
)
async def test_nothing_else_is_heard_in_groups(more: dict[str, Any]) -> None:
    incoming = DECODER.decode(message(**{"chat": GROUP, **more}))

    assert not incoming.is_heard


async def test_in_private_the_command_for_cards_is_one_of_the_person() -> None:
    incoming = DECODER.decode(message(text="/meetings"))

    assert incoming.chat is None
    assert incoming.event == Opened(NOON, "meetings")


def member(status: str) -> dict[str, Any]:
    """The bot in a group, as Telegram shows it; `muted` and `banished` are two ways of being restricted."""
    bot = {"id": 42, "is_bot": True, "first_name": "Together"}
    if status == "administrator":
        return shown(bot, status)
    if status not in ("muted", "banished"):
        return {"status": status, "user": bot, "until_date": 0}
    rights = (
        "send_messages", "send_audios", "send_documents", "send_photos", "send_videos", "send_video_notes",
        "send_voice_notes", "send_polls", "send_other_messages", "add_web_page_previews", "change_info",
        "invite_users", "pin_messages", "manage_topics", "edit_tag", "react_to_messages",
    )  # fmt: skip
    may = {f"can_{right}": False for right in rights}
    return {"status": "restricted", "user": bot, "until_date": 0, "is_member": status == "muted", **may}


def membership(old: str, new: str, **chat: Any) -> dict[str, Any]:
    """Somebody changes what the bot may in a group."""
    change = {
        "chat": {**GROUP, **chat},
        "from": SOMEBODY,
        "date": int(NOON.timestamp()),
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }
    return {"update_id": 7, "my_chat_member": change}


JOINED = Joined(-1001, 1001, "fr")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("member", "left", Removal(-1001)),
        ("member", "kicked", Removal(-1001)),
        ("muted", "banished", Removal(-1001)),
        ("left", "member", JOINED),
        ("kicked", "member", JOINED),
        ("banished", "member", JOINED),
        ("left", "muted", JOINED),
        ("member", "muted", Rights(-1001, may_write=False)),
        ("muted", "member", Rights(-1001, may_write=True)),
        ("muted", "administrator", Rights(-1001, may_write=True)),
    ],
)
async def test_a_group_that_takes_the_bot_in_removes_it_or_lets_it_write_is_told(
    old: str, new: str, expected: object
) -> None:
    incoming = DECODER.decode(membership(old, new))

    assert incoming.chat == expected
    assert incoming.event is None


async def test_no_person_is_taken_for_a_group_chat() -> None:
    somebody = {"id": 1001, "type": "sender"}
    press = DECODER.decode(pressed_in_chat(chat=somebody))

    assert press.press is not None
    assert press.press.chat is None
    assert not DECODER.decode(membership("member", "left", **somebody)).is_heard


@pytest.mark.parametrize("chat", [{"type": "channel"}, {"id": 1001}])
async def test_a_channel_that_takes_the_bot_in_is_left_alone(chat: dict[str, Any]) -> None:
    assert not DECODER.decode(membership("left", "member", **chat)).is_heard


KEYBOARD = {"inline_keyboard": [[{"text": "Local panel", "callback_data": "~room:0:panel"}]]}


def pressed_in_chat(data: str = "~room:0:panel", **more: Any) -> dict[str, Any]:
    """Somebody presses a button of a message that stands in a group."""
    shown = {
        "message_id": 9,
        "date": int(NOON.timestamp()),
        "chat": GROUP,
        "text": "?",
        "reply_markup": KEYBOARD,
    }
    query = {"id": "q", "from": SOMEBODY, "chat_instance": "1", "data": data, "message": {**shown, **more}}
    return {"update_id": 7, "callback_query": query}


@pytest.mark.parametrize(
    ("more", "topic"),
    [
        ({}, None),
        ({"message_thread_id": 42, "is_topic_message": True}, 42),
        ({"message_thread_id": 42}, None),  # a thread of replies, not a topic
    ],
)
async def test_a_press_in_a_group_names_its_chat_and_topic(more: dict[str, Any], topic: int | None) -> None:
    incoming = DECODER.decode(pressed_in_chat(**more))

    assert incoming.event == PressedInChat(NOON, "room", 0, "panel")
    assert incoming.press is not None
    assert incoming.press.chat == Chat(-1001, topic, 9)
    assert incoming.sender is not None


@pytest.mark.parametrize(
    ("data", "more"),
    [
        ("~room:0:coordinators", {}),  # no button of that message carries it
        ("1:0:yes", {}),
        ("~room:0:panel", {"reply_markup": None}),
        ("~room:0:panel", {"date": 0, "text": None, "reply_markup": None}),  # cannot be seen any more
        ("~room:0:panel", {"reply_markup": {"inline_keyboard": []}}),
    ],
)
async def test_what_no_button_of_that_message_carries_is_nothing_pressed(
    data: str, more: dict[str, Any]
) -> None:
    raw = pressed_in_chat(data, **more)
    shown = raw["callback_query"]["message"]
    raw["callback_query"]["message"] = {name: value for name, value in shown.items() if value is not None}

    assert DECODER.decode(raw).event == PressedInChat(NOON, "", 0, "")


@pytest.mark.parametrize(
    ("text", "bot_name"), [("/panel", ""), ("/Panel@Together_Bot ", "Together_Bot"), ("/panel@x", "x")]
)
async def test_the_command_for_rooms_is_heard_in_groups(text: str, bot_name: str) -> None:
    incoming = DECODER.decode(message(chat=GROUP, text=text, message_thread_id=42, is_topic_message=True))

    assert incoming.chat == Summons(-1001, 42, 1001, "fr", bot_name)
    assert incoming.event is None


async def test_a_group_with_a_new_id_is_told() -> None:
    small = {**GROUP, "type": "group"}
    incoming = DECODER.decode(message(chat=small, migrate_to_chat_id=-1009))
    forged = DECODER.decode(message(chat=PRIVATE, migrate_to_chat_id=-1009, text="words"))

    other = DECODER.decode(message(chat={**GROUP, "id": -1009}, migrate_from_chat_id=-1001))

    assert incoming.moved == other.moved == (-1001, -1009)
    assert incoming.event is None
    assert forged.moved is None


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": 7},
        {"update_id": 2**63, "message": {}},
        {"update_id": "7", "message": {}},
        message(message_id=2**63, text="words"),
        message(**{"from": {**SOMEBODY, "id": 2**70}}, text="words"),
        {"update_id": 7, "message": {}},
        {"update_id": 7, "message": {"chat": 5}},
        {"update_id": 7, "message": {"message_id": "words", "date": 0, "chat": PRIVATE}},
        {"update_id": 7, "callback_query": {"data": "words"}},
        {"update_id": 7, "edited_message": {"message_id": 1}},
    ],
)
async def test_what_nobody_documents_is_undecodable_and_not_quoted(raw: dict[str, Any]) -> None:
    with pytest.raises(Undecodable) as raised:
        DECODER.decode(raw)

    assert "words" not in str(raised.value)
    assert raised.value.__cause__ is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("message_id", "date", "chat", "from", "text", "edit_date", "media_group_id", "forward_origin")


@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    st.dictionaries(st.sampled_from(FIELDS), JSON),
)
async def test_whatever_comes_is_decoded_or_refused(kind: str, changed: dict[str, Any]) -> None:
    raw = {"update_id": 100, kind: message(text="words")["message"] | changed}
    try:
        incoming = DECODER.decode(raw)
    except Undecodable:
        return
    assert incoming.arrived.update_id == 100
