"""Feeds of what is new: well-formed Atom that anybody can read, in their language, about nobody."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree as xml

import pytest
from aiohttp import ClientSession
from sqlalchemy import Connection, update
from sqlmodel import col

from bot.serving import latest as serving
from bot.serving.atom import NAMESPACE, Entry, written
from bot.serving.latest import LatestFeed, let_out
from config.texts import Texts
from flows.people.roles import Role
from storage.database import Database
from storage.errors import Unavailable
from storage.tables import Statement, table
from tests.bot.serving.asking import asking
from tests.storage.actions.test_actions import RIVERSIDE, plans
from tests.storage.plans import call_meeting
from tests.storage.town import CONTEXT, Town

ADA = 4_000_000_001
COORDINATION, GROUPS = "/latest/riverside/coordination.atom", "/latest/riverside/groups.atom"


@pytest.fixture
async def town(database: Database) -> Town:
    """A pilot action, a meeting, and twelve people who have said something."""
    town = Town(database)
    await town.arrives(ADA, group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE, name="Ada")
    await plans(town)
    await town.do(call_meeting, 7, now=town.now, begins=timedelta(days=3))
    for telegram in range(100, 112):
        await town.arrives(telegram)
        await town.says(telegram, f"CANARY {telegram}")
    about = update(table(Statement)).values(component="B05").where(col(Statement.id) > 0)
    await town.do(lambda connection: connection.execute(about))
    await let_out(database, CONTEXT, town.now)
    return town


@pytest.fixture
async def client(town: Town, unused_tcp_port: int) -> AsyncIterator[ClientSession]:
    """A feed reader, and the server that it asks."""
    feed = LatestFeed(town.database, lambda: CONTEXT, Texts.load(), lambda: town.now)
    async with asking(feed.routes(), unused_tcp_port) as session:
        yield session


async def test_statements_are_counted_aside_once_a_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[object] = []
    read_aside = town.database.read_aside

    async def aside(work: Callable[[Connection], object]) -> object:
        counts.append(await read_aside(work))
        return counts[-1]

    monkeypatch.setattr(town.database, "read_aside", aside)
    await let_out(town.database, CONTEXT, town.now)
    assert {name for count in counts if isinstance(count, dict) for name in count} == set()

    town.later(days=1)
    await let_out(town.database, CONTEXT, town.now)
    assert "latest riverside all" in {name for count in counts if isinstance(count, dict) for name in count}


def named(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


async def read(client: ClientSession, path: str, **headers: str) -> xml.Element:
    """A feed, parsed."""
    async with client.get(path, headers=headers) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        return xml.fromstring(await response.read())


@pytest.mark.parametrize("path", [COORDINATION, GROUPS])
@pytest.mark.parametrize("language", ["en", "fr", "el", "lv", "ru", "ar"])
async def test_a_feed_has_all_that_atom_wants_in_every_language(
    client: ClientSession, path: str, language: str
) -> None:
    feed = await read(client, f"{path}?lang={language}")

    assert feed.tag == named("feed")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    for tag in ("id", "title", "updated"):
        for element in (feed, *feed.iter(named("entry"))):
            assert [bool(found.text) for found in element.findall(named(tag))] == [True]
    assert feed.find(f"{named('author')}/{named('name')}") is not None
    ids = [entry.findtext(named("id")) for entry in feed.iter(named("entry"))]
    assert len(ids) == len(set(ids))
    for updated in feed.iter(named("updated")):
        assert datetime.fromisoformat(str(updated.text)).tzinfo is not None
    itself = feed.find(named("link"))
    assert itself is not None
    assert itself.attrib["href"] == f"https://town.example{path}?lang={language}"


async def test_coordination_tells_of_figures_actions_and_meetings_and_in_nobodys_words(
    client: ClientSession,
) -> None:
    feed = await read(client, COORDINATION)
    text = xml.tostring(feed, encoding="unicode")

    kinds = [str(entry.findtext(named("id"))).split("/")[2] for entry in feed.iter(named("entry"))]
    assert kinds == ["figures", "action", "meeting"]
    assert "12" in str(feed.findtext(f"{named('entry')}/{named('content')}"))
    assert "CANARY" not in text
    assert "https://t.me/town_bot?start=m_7" in text


async def test_groups_are_told_of_once_there_is_something_to_tell(town: Town, client: ClientSession) -> None:
    await town.do(call_meeting, 8, now=town.now, begins=timedelta(days=3), group_slug="elders")

    feed = await read(client, f"{GROUPS}?lang=en")

    told = {
        entry.findtext(named("title")): entry.findtext(named("content"))
        for entry in feed.iter(named("entry"))
    }
    assert told == {"Young people": "Ideas: 12", "Elders": "Meetings to come: 1"}


@pytest.mark.parametrize(
    ("header", "query", "language"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "", "fr"),
        ("no, en;q=0.5, ru;q=0.7", "", "ru"),
        ("no;q=1, *;q=0.1", "", "lv"),
        ("fr;q=x, en;q=0", "", "lv"),
        ("", "", "lv"),
        ("fr", "?lang=ar", "ar"),
        ("fr", "?lang=EL", "el"),
        ("fr", "?lang=xx", "lv"),
    ],
)
async def test_a_feed_is_read_in_the_language_that_is_asked_for(
    client: ClientSession, header: str, query: str, language: str
) -> None:
    async with client.get(f"{COORDINATION}{query}", headers={"Accept-Language": header}) as response:
        assert response.headers["Content-Language"] == language
        assert response.headers["Vary"] == "Accept-Language"


async def test_a_reader_that_has_it_already_is_told_so_until_something_changes(
    town: Town, client: ClientSession
) -> None:
    async with client.get(COORDINATION) as first:
        assert first.headers["Cache-Control"] == "public, max-age=900"
        known = {"If-None-Match": first.headers["ETag"]}
    town.later(hours=3)
    async with client.get(COORDINATION, headers=known) as again:
        assert (again.status, await again.read()) == (304, b"")

    await town.do(call_meeting, 9, now=town.now, begins=timedelta(days=5))

    async with client.get(COORDINATION, headers=known) as changed:
        assert changed.status == 200


@pytest.mark.parametrize("wrong", ["nowhere/coordination", "riverside/panel", "riverside/"])
async def test_there_is_nothing_elsewhere(client: ClientSession, wrong: str) -> None:
    async with client.get(f"/latest/{wrong}.atom") as response:
        assert response.status == 404


async def test_without_a_public_address_there_are_no_feeds(town: Town, unused_tcp_port: int) -> None:
    hidden = replace(CONTEXT, public_url=None)
    feed = LatestFeed(town.database, lambda: hidden, Texts.load(), lambda: town.now)
    async with (
        asking(feed.routes(), unused_tcp_port) as session,
        session.get(COORDINATION) as response,
    ):
        assert response.status == 404


async def test_whoever_asks_too_often_waits(client: ClientSession) -> None:
    asked = [(await client.get("/latest/nowhere/groups.atom")).status for _ in range(3 * serving.MOST)]

    assert set(asked) == {404, 429}


async def test_without_a_database_readers_are_asked_to_come_again(
    client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: object) -> None:
        raise Unavailable("nobody is there")

    monkeypatch.setattr(serving, "coordination_news", away)

    async with client.get(COORDINATION) as response:
        assert response.status == 503
        assert response.headers["Retry-After"]


def test_whatever_a_title_holds_a_feed_can_be_parsed() -> None:
    title = "<b>&\x00\x0b\ud800\U0001f600 ]]>"
    entry = Entry("tag:x,2026:1", title, title, datetime.fromisoformat("2026-01-01T00:00:00+02:00"))

    feed = xml.fromstring(
        written(
            [entry],
            id="tag:x,2026:feed",
            address="https://x",
            title="x",
            subtitle="",
            author="x",
            language="en",
        )
    )

    assert feed.findtext(f"{named('entry')}/{named('title')}") == "<b>&\U0001f600 ]]>"
    assert feed.findtext(named("updated")) == "2025-12-31T22:00:00Z"
