"""`together demo` as a whole, with a small stand-in for the bot as its child process."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.playground.demo import Demo, run_demo
from bot.playground.kept import Data
from tests.playground.page.stage import EMMA
from tests.playground.page.standin import READY, Told, free_port

pytestmark = pytest.mark.process

FAILS = "import sys; print('a long story'); sys.exit('1 setting is wrong: TOGETHER_TERRITORIES')"


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path)


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    return [sys.executable, "-c", READY, str(tmp_path)]


@pytest_asyncio.fixture
async def demos() -> AsyncIterator[Callable[[Demo], Demo]]:
    """Remembers demos and stops them at the end."""
    made: list[Demo] = []

    def remember(demo: Demo) -> Demo:
        made.append(demo)
        return demo

    yield remember
    for demo in made:
        await demo.stop()


async def test_the_bot_gets_its_settings_and_the_page_its_people(
    data: Data, command: list[str], demos: Callable[[Demo], Demo]
) -> None:
    told = Told()
    demo = demos(Demo(data, command, told))
    root = await demo.start(free_port())
    await told.has("The bot is running.")

    settings = json.loads((data.folder / "settings.json").read_text())

    assert settings["TOGETHER_API_URL"] == root
    assert settings["TOGETHER_CLOCK_URL"] == f"{root}/emulator/clock"
    assert settings["TOGETHER_DATABASE_URL"] == f"sqlite+aiosqlite:///{data.database}"
    assert settings["TOGETHER_ADMINS"] == "1006"
    async with aiohttp.ClientSession() as http, http.get(root) as page:
        assert "Together" in await page.text()


async def test_settings_of_another_bot_do_not_reach_this_one(
    data: Data, command: list[str], demos: Callable[[Demo], Demo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOGETHER_WEBHOOK_URL", "https://together.example/hook")
    told = Told()
    await demos(Demo(data, command, told)).start(free_port())
    await told.has("The bot is running.")

    settings = json.loads((data.folder / "settings.json").read_text())

    assert "TOGETHER_WEBHOOK_URL" not in settings


async def test_the_secret_key_is_made_once_and_is_the_owners(
    data: Data, command: list[str], demos: Callable[[Demo], Demo]
) -> None:
    told = Told()
    first = Demo(data, command, told)
    await first.start(free_port())
    key = data.secret_key.read_text()
    await first.stop()

    await demos(Demo(data, command, told)).start(free_port())

    assert data.secret_key.read_text() == key
    assert len(key) >= 32
    assert data.secret_key.stat().st_mode & 0o777 == 0o600


async def test_the_chats_are_found_again(
    data: Data, command: list[str], demos: Callable[[Demo], Demo]
) -> None:
    told = Told()
    first = Demo(data, command, told)
    await first.start(free_port())
    first.emulator.person(EMMA).opens("t_mulhouse")
    first.emulator.clock.advance(3600)
    used = first.emulator.world.queue.next_id
    await first.stop()

    second = demos(Demo(data, command, told))
    await second.start(free_port())

    assert [message["text"] for message in second.emulator.person(EMMA).messages] == ["/start t_mulhouse"]
    assert second.emulator.clock.offset == pytest.approx(3600, abs=1)
    assert second.emulator.world.queue.next_id > used


async def test_a_fresh_start_deletes_what_was_kept_and_nothing_else(
    data: Data, command: list[str], demos: Callable[[Demo], Demo]
) -> None:
    told = Told()
    demo = demos(Demo(data, command, told))
    await demo.start(free_port())
    await told.has("The bot is running.")
    demo.emulator.person(EMMA).opens()
    data.database.write_text("words")
    (data.folder / "holiday.jpg").write_text("mine")
    key = data.secret_key.read_text()

    await demo.start_anew()

    assert demo.emulator.person(EMMA).messages == []
    assert not data.database.exists()
    assert data.secret_key.read_text() != key
    assert (data.folder / "holiday.jpg").read_text() == "mine"


async def test_the_coordinator_is_invited_once_and_anew_after_a_fresh_start(
    data: Data, command: list[str], demos: Callable[[Demo], Demo]
) -> None:
    first = Demo(data, command, Told())
    await first.start(free_port())
    await first.stop()
    invitation, orders = data.invitation.read_text(), list(data.folder.glob("*.order"))

    second = demos(Demo(data, command, Told()))
    await second.start(free_port())
    await second.stop()
    kept = data.invitation.read_text(), list(data.folder.glob("*.order"))
    await second.start_anew()
    await second.stop()

    assert invitation.startswith("i_")
    assert len(orders) == 1
    assert kept == (invitation, orders)
    assert data.invitation.read_text() != invitation
    assert not set(orders) & set(data.folder.glob("*.order"))


async def test_a_bot_that_cannot_start_is_told_with_its_last_lines(
    data: Data, demos: Callable[[Demo], Demo]
) -> None:
    told = Told()
    demo = demos(Demo(data, [sys.executable, "-c", FAILS], told))

    await demo.start(free_port())

    await told.has("The bot does not start; next try in 1 s.")
    await told.has("1 setting is wrong: TOGETHER_TERRITORIES")


async def test_a_taken_port_gives_the_next_free_one(
    data: Data, command: list[str], demos: Callable[[Demo], Demo]
) -> None:
    told = Told()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        root = await demos(Demo(data, command, told)).start(port)

    assert f"Port {port} is taken; using " in told.text
    assert root != f"http://127.0.0.1:{port}"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    told = Told()
    (tmp_path / "file").write_text("")

    assert run_demo(data=tmp_path / "file" / "data", tell=told) == 1
    assert "name another folder with --data" in told.text


class Process:
    """`run_demo` in a process of its own, ended when the test is over."""

    def __init__(self, folder: Path, command: list[str], **options: Any) -> None:
        code = (
            "import sys; from pathlib import Path; from bot.playground.demo import run_demo; "
            f"sys.exit(run_demo(data=Path({str(folder)!r}), command={command!r}, "
            f"tell=lambda line: print(line, flush=True), **{options!r}))"
        )
        self._process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGTERM)

    def until(self, words: str) -> str:
        """What it printed up to a line with these words."""
        assert self._process.stdout is not None
        said = ""
        for line in self._process.stdout:
            said += line
            if words in line:
                return said
        raise AssertionError(f"{words!r} never came; it said:\n{said}")

    def end(self, number: signal.Signals) -> int:
        """Send a signal; gives the exit code. Raises TimeoutExpired after ten seconds."""
        self._process.send_signal(number)
        self._process.communicate(timeout=10)
        return self._process.returncode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_bot_and_the_page_within_ten_seconds(
    tmp_path: Path, command: list[str], number: signal.Signals
) -> None:
    with Process(tmp_path, command, port=free_port()) as demo:
        said = demo.until("The bot is running.")
        settings = json.loads((tmp_path / "settings.json").read_text())
        host, port = settings["TOGETHER_HEALTH_LISTEN"].split(":")

        assert demo.end(number) == 0

    assert "The playground is at http://127.0.0.1:" in said
    assert str(tmp_path) in said
    assert (tmp_path / "telegram.json").exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=1)


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path, command: list[str]) -> None:
    told = Told()
    with Process(tmp_path, command, port=free_port()) as first:
        first.until("The bot is running.")

        assert run_demo(data=tmp_path, command=command, tell=told) == 1

    assert "Another demo already uses" in told.text


def test_fresh_forgets_what_an_earlier_demo_kept(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "telegram.json").write_text("{}")
    told = Told()
    assert run_demo(data=tmp_path, command=command, tell=told) == 1
    assert "start with --fresh" in told.text

    with Process(tmp_path, command, port=free_port(), fresh=True) as demo:
        demo.until("The bot is running.")

    assert "users" in json.loads((tmp_path / "telegram.json").read_text())
