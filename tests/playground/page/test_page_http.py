"""The page's HTTP: who may ask, what is refused, and the order of the stream. No browser needed."""

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.playground import stored
from bot.playground.emulator import Emulator
from bot.playground.guard import is_loopback
from bot.playground.onlookers import BACKLOG, Onlookers
from bot.playground.site import PAGE
from config.languages import our_languages
from tests.playground.page.stage import EMMA, Stage

STATES = ("starting", "running", "restarting", "failed", "stopping")
LANGUAGES = tuple(our_languages())


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path) as stage:
        yield stage


async def status(stage: Stage, path: str, body: object = None, **headers: str) -> int:
    """The status of a GET or, with a body, a POST."""
    method = "GET" if body is None else "POST"
    async with stage.http.request(method, path, json=body, headers=headers) as reply:
        return reply.status


class Listener:
    """A browser's side of the stream."""

    def __init__(self, reply: aiohttp.ClientResponse) -> None:
        self._reply = reply

    async def next(self) -> dict[str, Any]:
        """The next event; the empty one when the stream has ended."""
        async with asyncio.timeout(5):
            async for line in self._reply.content:
                if line.startswith(b"data: "):
                    return dict(json.loads(line.removeprefix(b"data: ")))
        return {}


@pytest.mark.parametrize("host", ["localhost", "localhost:8484", "127.0.0.1:8484", "127.8.8.8", "[::1]:8484"])
def test_loopback_names_are_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.5", "[bad", "a@b:c"],
)
def test_other_names_are_not_this_machine(host: str) -> None:
    assert not is_loopback(host)


async def test_a_rebound_name_is_refused(stage: Stage) -> None:
    assert await status(stage, "/", Host="evil.example") == 403
    assert await status(stage, "/playground/events", Host="evil.example:8484") == 403
    assert await status(stage, "/") == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_sites_page_can_do_nothing(stage: Stage, headers: dict[str, str]) -> None:
    assert await status(stage, f"/playground/people/{EMMA}/opens", {"payload": ""}, **headers) == 403
    assert await status(stage, "/emulator/clock", {"advance": 60}, **headers) == 403
    assert stage.person(EMMA).messages == []
    assert stage.emulator.clock.offset == 0


async def test_a_link_from_another_site_leads_to_the_page(stage: Stage) -> None:
    assert await status(stage, "/", **{"Sec-Fetch-Site": "cross-site"}) == 200


async def test_the_page_itself_may_act(stage: Stage) -> None:
    own = {"Origin": stage.root, "Sec-Fetch-Site": "same-origin"}

    assert await status(stage, f"/playground/people/{EMMA}/opens", {"payload": "t_mulhouse"}, **own) == 200
    assert stage.person(EMMA).messages[0]["text"] == "/start t_mulhouse"


async def test_a_form_is_refused(stage: Stage) -> None:
    async with stage.http.post(f"/playground/people/{EMMA}/opens", data={"payload": ""}) as reply:
        assert reply.status == 415


async def test_every_answer_forbids_strangers_scripts(stage: Stage) -> None:
    for path in ("/", "/page/main.js", "/playground/stored", "/nowhere"):
        async with stage.http.get(path) as reply:
            assert reply.headers["Content-Security-Policy"].startswith("default-src 'self';")
            assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../site.py", "%2e%2e%2fsite.py", "..%2F..%2Fcli.py", "nothing.js"])
async def test_only_files_of_the_page_are_given(stage: Stage, name: str) -> None:
    assert await status(stage, f"/page/{name}") == 404


@pytest.mark.parametrize(
    ("verb", "body", "wanted"),
    [
        ("flies", {}, 404),
        ("writes", {}, 409),
        ("writes", {"text": "  "}, 409),
        ("writes", {"text": "hi", "reply_to": 77}, 409),
        ("edits", {"message_id": 77, "text": "hi"}, 409),
        ("deletes", {"message_id": 77}, 409),
        ("presses", {"message_id": "77", "data": "x"}, 409),
        ("sends", {"kind": "elephant"}, 409),
        ("sends_album", {"n": 11}, 409),
        ("sends_file", {"name": "a.png", "mime_type": "image/png", "content": ""}, 409),
        ("sends_file", {"name": "a.png", "mime_type": "image/png", "content": "no base 64!"}, 409),
        ("sends_file", {"name": "a.png", "mime_type": "image\r\nX: y", "content": "YQ=="}, 409),
        ("sends_file", {"name": 7, "mime_type": "image/png", "content": "YQ=="}, 409),
        ("writes", ["text"], 400),
    ],
)
async def test_what_no_client_could_do_is_refused(stage: Stage, verb: str, body: object, wanted: int) -> None:
    stage.begun(EMMA)

    assert await status(stage, f"/playground/people/{EMMA}/{verb}", body) == wanted
    assert len(stage.person(EMMA).messages) == 1


@pytest.mark.parametrize("person", ["77", "-1", "x", "9" * 30])
async def test_nobody_can_act_who_is_not_there(stage: Stage, person: str) -> None:
    assert await status(stage, f"/playground/people/{person}/opens", {"payload": ""}) == 404


@pytest.mark.parametrize("body", [{}, {"advance": "1"}, {"advance": float("inf")}, {"advance": 1e12}])
async def test_a_clock_goes_no_impossible_way(stage: Stage, body: dict[str, object]) -> None:
    assert await status(stage, "/playground/clock", body) == 409
    assert stage.emulator.clock.offset == 0


@pytest.mark.parametrize("name", [None, " ", "x" * 65, 3])
async def test_a_person_without_a_usable_name_is_refused(stage: Stage, name: object) -> None:
    people = len(stage.emulator.people)

    assert await status(stage, "/playground/people", {"first_name": name, "language_code": "fr"}) == 409
    assert len(stage.emulator.people) == people


async def test_the_stream_is_a_snapshot_and_then_every_change_in_order(stage: Stage) -> None:
    emma = stage.begun(EMMA)
    async with stage.http.get("/playground/events") as reply:
        listener = Listener(reply)
        snapshot = await listener.next()
        for number in range(30):
            emma.writes(str(number))
        heard = [await listener.next() for _ in range(30)]

    people = {person["id"]: person for person in snapshot["people"]}
    assert [message["text"] for message in people[EMMA]["messages"]] == ["/start"]
    assert [event["message"]["text"] for event in heard] == [str(number) for number in range(30)]


async def test_a_fresh_start_comes_after_what_was_said_before(stage: Stage, tmp_path: Path) -> None:
    stage.emulator.save(tmp_path / "untouched.json")
    async with stage.http.get("/playground/events") as reply:
        listener = Listener(reply)
        await listener.next()

        stage.begun(EMMA)
        stage.emulator.load(tmp_path / "untouched.json")
        stage.site.tell_everything()
        kinds = [(await listener.next())["type"]]
        while kinds[-1] != "snapshot":
            kinds.append((await listener.next())["type"])

    assert kinds[0] == "message"


def test_a_browser_that_lags_too_far_is_hung_up_on() -> None:
    onlookers = Onlookers()
    slow = onlookers.join()
    for number in range(BACKLOG + 1):
        onlookers.tell({"n": number})

    onlookers.tell({"n": "later"})

    assert slow.get_nowait() is None
    assert slow.empty()


async def test_a_second_fresh_start_waits_for_the_first(tmp_path: Path) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def reset() -> None:
        begun.set()
        await go_on.wait()

    async with Stage(tmp_path, reset=reset) as stage:
        first = asyncio.create_task(status(stage, "/playground/reset", {}))
        await begun.wait()
        second = await status(stage, "/playground/reset", {})
        go_on.set()

        assert (await first, second) == (200, 409)


async def test_sample_data_that_the_bot_does_not_answer_is_refused(tmp_path: Path) -> None:
    async def sample(emulator: Emulator) -> None:
        raise TimeoutError("the bot has not answered 2 of 18 people")

    async with Stage(tmp_path, sample=sample) as stage:
        reply = await stage.http.post("/playground/sample", json={})
        assert reply.status == 409
        assert "2 of 18" in (await reply.json())["error"]


def test_what_is_stored_is_only_read(tmp_path: Path) -> None:
    database = tmp_path / "a database?.db"
    with closing(sqlite3.connect(database)) as writing:
        writing.executescript(
            'CREATE TABLE "odd ""name" (word TEXT, raw BLOB);'
            "CREATE TABLE pairs (a TEXT PRIMARY KEY, b) WITHOUT ROWID;"
            "CREATE TABLE alembic_version (n);"
        )
        writing.executemany('INSERT INTO "odd ""name" VALUES (?, ?)', [("one", b"123"), ("two", None)])
        writing.executemany("INSERT INTO pairs VALUES (?, ?)", [("x", 1), ("y", 2)])
        writing.commit()
    before = database.read_bytes()

    assert stored.tables(database) == [{"name": 'odd "name', "count": 2}, {"name": "pairs", "count": 2}]
    assert stored.rows(database, 'odd "name')["rows"] == [["two", None], ["one", "3 bytes"]]
    assert stored.rows(database, "pairs")["rows"] == [["y", 2], ["x", 1]]
    assert database.read_bytes() == before


def test_numbers_too_large_for_a_browser_are_shown_exactly(tmp_path: Path) -> None:
    database = tmp_path / "together.db"
    with closing(sqlite3.connect(database)) as writing:
        writing.execute("CREATE TABLE t (n)")
        writing.executemany("INSERT INTO t VALUES (?)", [(2**53,), (2**63 - 1,)])
        writing.commit()

    assert stored.rows(database, "t")["rows"] == [["9223372036854775807"], [2**53]]


def test_at_most_200_rows_are_shown(tmp_path: Path) -> None:
    database = tmp_path / "together.db"
    with closing(sqlite3.connect(database)) as writing:
        writing.execute("CREATE TABLE t (n)")
        writing.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(201)])
        writing.commit()

    shown = stored.rows(database, "t")

    assert (shown["count"], len(shown["rows"]), shown["rows"][0]) == (201, 200, [200])


@pytest.mark.parametrize("table", ["nothing", "sqlite_master", "alembic_version", "t; DROP TABLE t"])
async def test_a_table_that_is_not_listed_is_not_shown(stage: Stage, table: str) -> None:
    stage.store("A park")

    assert await status(stage, f"/playground/stored/{table}") == 404


def test_without_a_database_nothing_is_stored_and_none_is_made(tmp_path: Path) -> None:
    assert stored.tables(tmp_path / "together.db") == []
    assert not (tmp_path / "together.db").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_its_placeholders(language: str) -> None:
    english = json.loads((PAGE / "words.en.json").read_text(encoding="utf-8"))
    words = json.loads((PAGE / f"words.{language}.json").read_text(encoding="utf-8"))

    assert words.keys() == english.keys()
    for key, text in english.items():
        assert words[key].strip(), key
        assert sorted(re.findall(r"\{\w+\}", words[key])) == sorted(re.findall(r"\{\w+\}", text)), key


@pytest.mark.parametrize("path", sorted(PAGE.glob("words.*.json")), ids=lambda path: path.stem)
def test_figures_of_the_page_are_in_the_digits_of_its_clock(path: Path) -> None:
    words = json.loads(path.read_text(encoding="utf-8"))

    assert [text for text in words.values() if any(c.isdecimal() and not c.isascii() for c in text)] == []


def test_every_word_is_used_and_every_used_word_exists() -> None:
    words = set(json.loads((PAGE / "words.en.json").read_text(encoding="utf-8")))
    code = "\n".join(
        file.read_text(encoding="utf-8") for file in PAGE.iterdir() if file.suffix in (".js", ".html")
    )
    asked = re.findall(r'words\("([\w.-]+)"|data-word(?:-label)?="([\w.-]+)"', code)
    built = {
        *(f"bot.{state}" for state in STATES),
        *(f"state.{state}" for state in ("new", "blocked")),
        *(f"clock.{unit}" for unit in ("days", "hours", "minutes")),
    }

    assert {first or second for first, second in asked} <= words
    assert built <= words
    assert sorted(word for word in words - built if not re.search(rf'["`]{re.escape(word)}["`]', code)) == []
