"""Telegram's updates become events; what nobody documents is set aside and never stops the next one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.button import button
from bot.playground.emulator import Emulator, Person
from bot.updates import Decoder, Incoming, Removal, Undecodable
from flows.events import Edited, Event, Left, Opened, Pressed, Returned, Shared, Thing, Wrote
from storage.called_cards import Call

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SOMEBODY = {"id": 1001, "is_bot": False, "first_name": "Amélie", "language_code": "fr"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "Amélie"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Panel"}
DECODER = Decoder(lambda: NOON)


def message(**more: Any) -> dict[str, Any]:
    """A message of Amélie's as Telegram sends it."""
    body = {"message_id": 5, "date": int(NOON.timestamp()), "chat": PRIVATE, "from": SOMEBODY, **more}
    return {"update_id": 100, "message": {name: value for name, value in body.items() if value is not None}}


async def event(raw: dict[str, Any]) -> Event | None:
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
async def test_one_command_is_heard_in_groups(text: str, call: Call) -> None:
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


@pytest.mark.parametrize(("status", "gone"), [("left", True), ("kicked", True), ("member", False)])
async def test_a_group_that_removes_the_bot_is_told(status: str, gone: bool) -> None:
    bot = {"id": 42, "is_bot": True, "first_name": "Together"}
    change = {
        "chat": GROUP,
        "from": SOMEBODY,
        "date": int(NOON.timestamp()),
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": status, "user": bot, "until_date": 0},
    }

    incoming = DECODER.decode({"update_id": 7, "my_chat_member": change})

    assert incoming.chat == (Removal(-1001) if gone else None)
    assert incoming.event is None


async def test_a_group_with_a_new_id_is_told() -> None:
    small = {**GROUP, "type": "group"}
    incoming = DECODER.decode(message(chat=small, migrate_to_chat_id=-1009))
    forged = DECODER.decode(message(chat=PRIVATE, migrate_to_chat_id=-1009, text="words"))

    assert incoming.moved == (-1001, -1009)
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
