"""A world that is saved is found again; the ledger also goes to a file."""

import gc
import json
from collections.abc import Awaitable, Callable
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from bot.playground.emulator import Emulator, Fault
from bot.playground.emulator.ledger import UpdateRecord

Call = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_saved_world_is_found_again(emulator: Emulator, call: Call, tmp_path: Path) -> None:
    amelie = emulator.person(1001, first_name="Amélie", language_code="fr")
    emulator.group(-100, title="Panel", kind="group", members=[amelie])
    emulator.group(-100).member_writes(amelie, "/menu@together_bot")
    amelie.opens()
    amelie.sends("photo")
    amelie.presses(1, "y")
    await call("sendMessage", chat_id=1001, text="Where?", reply_markup={"keyboard": [["Agora"]]})
    await call("setMyCommands", commands=[{"command": "menu", "description": "Menu"}], language_code="fr")
    await call("setMyDescription", description="Hello")
    await call("setChatMenuButton", chat_id=1001, menu_button={"type": "default"})
    await call("setWebhook", url="http://127.0.0.1:1/")
    emulator.clock.advance(100)
    expected = [json.loads(body) for body in emulator.world.queue.batch(100)]

    emulator.save(tmp_path / "world.json")
    other = Emulator(seed=5)
    other.load(tmp_path / "world.json")
    found = other.person(1001)

    assert (found.messages, found.user, found.reply_keyboard) == (
        amelie.messages,
        amelie.user,
        amelie.reply_keyboard,
    )
    assert other.group(-100).messages == emulator.group(-100).messages
    assert other.world.chats[-100].members == {1001: "member", 42: "member"}
    assert (other.commands, other.descriptions) == (emulator.commands, emulator.descriptions)
    assert [json.loads(body) for body in other.world.queue.batch(100)] == expected
    assert other.world.profile == emulator.world.profile
    assert other.world.postman.webhook == emulator.world.postman.webhook
    assert {chat.id: chat.saved() for chat in other.world.chats.values()} == {
        chat.id: chat.saved() for chat in emulator.world.chats.values()
    }
    assert other.world.chats[1001].uneditable == {found.last["message_id"]}
    assert other.world.queue.next_id == emulator.world.queue.next_id
    assert abs(other.clock.offset - 100) < 0.001
    assert other.world.files.saved() == emulator.world.files.saved()


async def test_a_loaded_world_goes_on_counting(emulator: Emulator, call: Call, tmp_path: Path) -> None:
    amelie = emulator.person(1001)
    before = amelie.opens()
    emulator.save(tmp_path / "world.json")
    amelie.writes("This will not have happened")

    emulator.load(tmp_path / "world.json")
    after = amelie.writes("This has")

    assert after["message_id"] == before["message_id"] + 1
    assert [message["text"] for message in amelie.messages] == ["/start", "This has"]
    assert (await call("sendMessage", chat_id=1001, text="Yes"))["ok"]


async def test_whoever_listened_before_a_load_hears_what_comes_after(
    emulator: Emulator, call: Call, tmp_path: Path
) -> None:
    amelie = emulator.person(1001)
    amelie.opens()
    emulator.save(tmp_path / "world.json")
    await call("sendMessage", chat_id=1001, text="Before")
    await amelie.hears()

    emulator.load(tmp_path / "world.json")
    await call("sendMessage", chat_id=1001, text="After")

    assert await amelie.hears(timeout=1) == ["After"]


async def test_a_stopped_emulator_refuses_connections_until_it_starts_again(
    emulator: Emulator, call: Call
) -> None:
    emulator.person(1001).opens()
    port = int(emulator.root.rpartition(":")[2])
    await emulator.stop()
    with pytest.raises(ClientError):
        await call("getMe")

    await emulator.start(port=port)

    assert len((await call("getUpdates"))["result"]) == 1


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text('{"version": 0}')

    with pytest.raises(ValueError, match="version 0"):
        Emulator().load(tmp_path / "world.json")


async def test_the_ledger_is_written_line_by_line(tmp_path: Path) -> None:
    emulator = Emulator(ledger_file=tmp_path / "ledger.jsonl")
    root = await emulator.start()
    emulator.add_fault(Fault("accept_then_garbage", method="sendMessage", nth=1))
    emulator.person(1).opens()
    async with ClientSession() as session:
        for method, values in [
            ("sendMessage", {"chat_id": 1, "text": "Hello"}),
            ("sendMessage", {"chat_id": 99, "text": "Hello?"}),
            ("getUpdates", {"offset": emulator.world.queue.next_id}),
        ]:
            await session.post(f"{root}/bot42:TEST/{method}", json=values)
    await emulator.stop()

    lines = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]

    assert [line["record"] for line in lines] == ["send", "lost_response", "refusal", "update"]
    assert (lines[0]["text"], lines[0]["answered"], lines[1]["answered"]) == ("Hello", True, False)
    assert lines[2]["description"] == "Bad Request: chat not found"
    assert lines[3]["acknowledged_at"] is not None


async def test_what_is_accepted_after_the_stop_is_written_and_nothing_stays_open(tmp_path: Path) -> None:
    path = str(tmp_path / "ledger.jsonl")
    emulator = Emulator(ledger_file=tmp_path / "ledger.jsonl")
    await emulator.start()
    emulator.person(1).opens()
    await emulator.stop()
    record = UpdateRecord("message", 1, emulator.clock.now())

    emulator.ledger.settled(7, record)

    [line] = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]
    assert (line["record"], line["update_id"]) == ("update", 7)
    files = [thing for thing in gc.get_objects() if isinstance(thing, FileIO)]
    assert [file for file in files if file.name == path and not file.closed] == []
