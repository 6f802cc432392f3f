"""Starting: what is wrong is told in one message, without a traceback, and what is set is set once."""

import json
import socket
import time
from functools import partial
from pathlib import Path

import pytest

from bot.playground.emulator import Emulator, Fault
from config.languages import our_languages
from flows.conversations import commands as every_command
from tests.processes.bot_process import Bot
from tests.processes.citizens import ARRIVED, arrive, say, until

pytestmark = pytest.mark.process


async def told(bot: Bot) -> tuple[int, str]:
    """The exit code and the only message of a bot that cannot run."""
    async with bot:
        code = await bot.ended()
    assert "Traceback" not in bot.log_text
    [message] = [line for line in bot.log_text.splitlines() if not line.startswith("{")] or [""]
    return code, message


def put(file: Path, content: bytes) -> bytes:
    """Let the file be there before the bot is."""
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    return content


async def test_wrong_settings_are_told_all_at_once(emulator: Emulator, folder: Path) -> None:
    bot = Bot(emulator, folder, bot_token="not a token", max_per_second="many", helth_listen="127.0.0.1:1")

    async with bot:
        code = await bot.ended()

    assert code == 1
    for name in ("TOGETHER_BOT_TOKEN", "TOGETHER_MAX_PER_SECOND", "TOGETHER_HELTH_LISTEN"):
        assert name in bot.log_text
    assert "not a token" not in bot.log_text
    assert "Traceback" not in bot.log_text


async def test_a_wrong_territory_is_told_with_its_file(emulator: Emulator, folder: Path) -> None:
    put(folder / "territories" / "atlantis.toml", b'languages = ["fr"\n')

    async with Bot(emulator, folder, territories=folder / "territories") as bot:
        code = await bot.ended()

    assert code == 1
    assert "atlantis.toml" in bot.log_text
    assert "Traceback" not in bot.log_text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mysql://root:hunter2@localhost/x", "TOGETHER_DATABASE_URL"),
        ("sqlite+aiosqlite:////proc/none/together.db", "/proc/none/together.db"),
        ("postgresql+asyncpg://someone:hunter2@127.0.0.1:1/none", "does not answer"),
    ],
)
async def test_a_database_that_cannot_be_opened_is_told(
    emulator: Emulator, folder: Path, url: str, expected: str
) -> None:
    async with Bot(emulator, folder, database_url=url) as bot:
        code = await bot.ended()

    assert code == 1
    assert expected in bot.log_text
    assert "hunter2" not in bot.log_text
    assert "Traceback" not in bot.log_text


async def test_a_broken_database_is_told_and_left_as_it_is(emulator: Emulator, folder: Path) -> None:
    broken = put(folder / "together.db", b"this was never a database" * 100)

    code, message = await told(Bot(emulator, folder))

    assert code == 1
    assert "together.db" in message
    assert (folder / "together.db").read_bytes() == broken


async def test_a_token_that_telegram_does_not_know_is_told(emulator: Emulator, folder: Path) -> None:
    code, message = await told(Bot(emulator, folder, bot_token="42:MISTYPED"))

    assert code == 1
    assert "TOGETHER_BOT_TOKEN" in message
    assert "MISTYPED" not in message


async def test_a_webhook_that_telegram_does_not_take_is_told_in_its_own_words(
    emulator: Emulator, folder: Path
) -> None:
    address = {"webhook_url": "https://together.example:444/hook", "webhook_listen": "127.0.0.1:0"}

    code, message = await told(Bot(emulator, folder, **address))

    assert code == 1
    assert "TOGETHER_WEBHOOK_URL" in message
    assert "only on ports 80, 88, 443 or 8443" in message


async def test_a_taken_health_port_is_told(emulator: Emulator, folder: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        code, message = await told(Bot(emulator, folder, health_listen=f"127.0.0.1:{port}"))

    assert code == 1
    assert "TOGETHER_HEALTH_LISTEN" in message


async def test_a_second_instance_ends_with_code_3_and_disturbs_nobody(
    emulator: Emulator, folder: Path
) -> None:
    amelie = emulator.person(1001, language_code="fr")
    async with Bot(emulator, folder) as first:
        await first.ready()
        code, message = await told(Bot(emulator, folder))
        question = await arrive(amelie)

    assert code == 3
    assert "another instance" in message
    assert "Question 1" in question
    assert not [refusal for refusal in emulator.ledger.refusals if refusal.status == 409]


def resident_kb(pid: int) -> int:
    """The memory that a process holds; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    return int(status.read_text().partition("VmRSS:")[2].split()[0]) if status.exists() else 0


async def test_a_cold_start_is_ready_in_seconds_and_ends_in_order(emulator: Emulator, folder: Path) -> None:
    async with Bot(emulator, folder, cold=True) as bot:
        await bot.ready(within=60)
        amelie = emulator.person(1001, language_code="fr")
        question = await arrive(amelie)
        resident = resident_kb(bot.pid)
        code = await bot.stopped()

    assert "Question 1" in question
    assert resident < 210_000  # with all languages, and with room below 300 MB for whatever is to come
    assert code == 0


async def test_the_bot_waits_for_a_bot_api_that_is_not_there_yet(emulator: Emulator, folder: Path) -> None:
    port = int(emulator.root.rpartition(":")[2])
    await emulator.stop()
    async with Bot(emulator, folder) as bot:
        await until(lambda: "does not answer" in bot.log_text, "the bot says that it waits")
        alive, ready = await bot.get("/healthz"), await bot.get("/readyz")
        await emulator.start(port=port)
        await bot.ready()
        question = await arrive(emulator.person(1001, language_code="fr"))

    assert (alive[0], ready[0]) == (200, 503)
    assert "Question 1" in question


async def test_a_bot_that_waits_for_the_bot_api_can_be_stopped(emulator: Emulator, folder: Path) -> None:
    await emulator.stop()
    async with Bot(emulator, folder) as bot:
        await until(lambda: "does not answer" in bot.log_text, "the bot says that it waits")
        code = await bot.stopped(within=3)

    assert code == 0


async def test_the_bot_introduces_itself_in_every_language_and_only_once(
    emulator: Emulator, folder: Path
) -> None:
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        await say(emulator.person(1001), "Hello")
        await until(lambda: len(emulator.short_descriptions) == len(our_languages()), "every language")

    calls = ("setMyCommands", "setMyDescription", "setMyShortDescription")
    for method in calls:
        emulator.add_fault(Fault("5xx", method=method, args={"body": "json"}))
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        await say(emulator.person(1001), "Hello")
        await until(lambda: '"introduced"' in bot.log_text, "the bot has introduced itself")

    assert not {refusal.method for refusal in emulator.ledger.refusals} & set(calls)
    assert {(json.loads(scope)["type"], language) for scope, language in emulator.commands} == {
        ("all_private_chats", "" if language == "en" else language) for language in our_languages()
    }
    for commands in emulator.commands.values():
        for_all = [command for command, leads_to in every_command().items() if leads_to.needs is None]
        assert [command["command"] for command in commands] == ["start", *for_all, "cancel"]
        assert all(command["description"] for command in commands)
    assert len(set(emulator.descriptions.values())) == len(our_languages())


async def test_health_readiness_and_figures_are_told(emulator: Emulator, folder: Path) -> None:
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        await arrive(emulator.person(1001, language_code="fr"))
        health, readiness = await bot.get("/healthz"), await bot.get("/readyz")
        nowhere = await bot.get("/else")
        figures = await bot.metrics()

    assert (health, readiness, nowhere[0]) == ((200, "ok\n"), (200, "ready\n"), 404)
    assert figures['together_updates_total{outcome="carried"}'] == ARRIVED
    assert figures["together_group_size_sum"] == ARRIVED
    assert figures['together_sends_total{lane="reply",outcome="delivered"}'] == ARRIVED
    assert not [name for name in figures if "1001" in name]


async def test_a_start_waits_as_long_as_telegram_asks_it_to(emulator: Emulator, folder: Path) -> None:
    emulator.add_fault(Fault("429", "getMe", times=1, args={"retry_after": 3}))
    async with Bot(emulator, folder) as bot:
        await bot.ready()
        ready = time.monotonic()

    [refused] = emulator.ledger.refusals
    assert ready - refused.real >= 3


async def test_a_key_that_is_missing_is_made_for_nobody_who_has_said_something_and_a_wrong_one_is_told_of(
    emulator: Emulator, folder: Path
) -> None:
    emulator.person(7).opens()
    key = folder / "together.db.key"
    begun = partial(Bot, emulator, folder, secret_key=None, admins="7")
    async with begun() as bot:
        await bot.ready()
        amelie = emulator.person(1001, language_code="fr")
        await arrive(amelie)
        await say(amelie, "un banc")
        await bot.stopped()
    right = key.read_bytes()
    key.unlink()

    code, message = await told(begun())
    made = key.exists()
    key.write_bytes(b"another key")
    async with begun() as bot:
        await bot.ready()
        heard = emulator.person(7)
        await until(lambda: "secret key is not the one" in heard.said[-1], "the admin hears of it")
        logged = "the secret key is not the one" in bot.log_text
    key.write_bytes(right)
    async with begun() as bot:
        await bot.ready()
        silent = "secret key" not in bot.log_text

    assert (code, made) == (1, False)
    assert f"put the copy you kept at {key}" in message
    assert logged
    assert silent
