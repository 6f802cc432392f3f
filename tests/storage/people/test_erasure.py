"""Nothing of a person survives /forget: every column of every table is searched for them."""

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, insert, select
from sqlmodel import SQLModel

from flows.engine import Entry, Kind
from flows.inquiries.inquiries import AskPerson, TakeInquiry
from flows.moves import Look
from flows.occasions.calendar import OpenFeed
from flows.occasions.sheet import Part
from flows.people.invitation import OpenInvitation
from flows.people.inviting import Invite
from flows.people.person import Forget, Join, SpeakLanguage
from flows.people.roles import EVERYWHERE, Role, Scope
from flows.people.themes import FollowThemes
from flows.people.tongues import OfferLanguage
from flows.planning.planning import Describe
from flows.pushes.pushed import Topic
from flows.pushes.why import LeaveInPeace, SwitchTopic
from flows.talks import Talk
from flows.words.statements import OwnWords, RewordStatement, WithdrawStatement
from storage import instance
from storage.actions.piloted import (
    Action,
    ActionChange,
    ActionComponent,
    ActionText,
    Finding,
    Plea,
    Wanted,
    Wave,
)
from storage.announcements.announced import Announcement, AnnouncementLink, AnnouncementText
from storage.database import open_database
from storage.digests.digested import Digest, DigestPicture
from storage.inquiries.inquired import InquiryPost
from storage.messages import inbox, media, outbox, pauses, stacks
from storage.messages.outbox import Ending, Lane, State
from storage.messages.uploaded import Media
from storage.occasions.attended import Turnout
from storage.occasions.carded import Card
from storage.occasions.helped import Tally
from storage.occasions.planned import Occasion, OccasionQuestion, OccasionText, Post, PostText
from storage.panels.panels import Panel
from storage.panels.roomed import Room
from storage.people import retention, roles
from storage.tables import (
    Alarm,
    Audit,
    Citizen,
    Contact,
    Erasure,
    Inbox,
    Instance,
    Outbox,
    Pause,
    Quarantine,
    Statement,
    Wording,
    table,
)
from storage.words import shown_counts
from storage.words.shown_counts import AUDIENCES, Count, Ledger, ShownFigure, ShownGroup, figures
from storage.words.statements import PURPOSE
from tests.storage.activities import asked_to_stand_in
from tests.storage.given import is_worked_with
from tests.storage.pilots import GARDEN, grows_a_garden, takes_part
from tests.storage.plans import goes_to_a_meeting, prepare_meeting
from tests.storage.sent import sent_to
from tests.storage.town import BOT, KEYS, NOON, RUN, Town, words

ADA, BEN = 4_000_000_001, 4_000_000_002

KEPT: Final[set[type[SQLModel]]] = {
    Inbox, Quarantine, Instance, Alarm, Erasure, Audit,
    Action, ActionText, ActionComponent, ActionChange, Wave, Finding, Wanted,
    Occasion, OccasionText, OccasionQuestion, Post, PostText, Turnout, Tally, Card, Room, Panel, Media,
    Announcement, AnnouncementText, AnnouncementLink, InquiryPost, Ledger, ShownGroup, ShownFigure,
    Digest, DigestPicture,
}  # fmt: skip
"""Tables in which nothing can be led back to a person."""


def everything(connection: Connection) -> dict[str, list[str]]:
    """Each row of each table, every column written out."""
    return {
        target.name: [
            "|".join(str(value) for value in row) for row in connection.execute(select(*target.columns))
        ]
        for target in SQLModel.metadata.sorted_tables
    }


async def traces(town: Town, canaries: Collection[object]) -> dict[str, list[str]]:
    """The rows in which any of the canaries stands, by table."""
    found = {
        name: [row for row in rows if any(str(canary) in row for canary in canaries)]
        for name, rows in (await town.database.read(everything)).items()
    }
    return {name: rows for name, rows in found.items() if rows}


async def lives_a_full_life(town: Town, telegram: int, canary: str) -> list[object]:
    """A person who leaves something in every table; returns what leads to them."""
    person = await town.arrives(telegram)
    for number in range(1, 3):
        receipt = await town.says(telegram, f"{canary} idea {number}", message=number)
        reworded = RewordStatement(receipt.statement or 0, words(f"{canary} better {number}"), ())
        await town.acts(telegram, reworded)
    await town.acts(telegram, Join("riverside", "elders"))
    talk = Talk(1, "mydata", (canary,), (Entry(Kind.ANSWER, canary, canary),), 3)
    await town.do(stacks.save, {person.citizen: (talk,)}, town.now)
    await town.puts(person, f"said {town.updates}", f"refused {town.updates}")
    for ended in (State.SENT, State.DEAD):
        (claimed,) = await town.claimed()
        await town.do(outbox.record, [Ending(claimed.key, ended, message=5, reason="refused")], RUN, town.now)
    for key, lane in (("reply", Lane.REPLY), ("reminder", Lane.REMINDER)):
        await town.puts(person, f"{canary} {key}", lane=lane)
    await town.puts(person, f"{canary} being sent", worker=5)
    await town.do(pauses.pause, person.contact, timedelta(), town.now)
    await town.do(
        inbox.quarantine, BOT, town.updates, kind="message", reason="KeyError", attempts=5, now=town.now
    )
    await town.do(instance.begin, instance.Role.ALL, town.now)
    await town.do(instance.may_tell, "poison", town.now, town.now - NOON)
    await town.appoints(telegram, Role.NETWORK, EVERYWHERE, name=f"{canary} myself")
    await town.acts(
        telegram, Invite(EVERYWHERE, Role.NETWORK), OpenInvitation("of no invitation"), OpenFeed()
    )
    await town.acts(telegram, SwitchTopic(Topic.ACTION, on=False), LeaveInPeace(GARDEN))
    await town.acts(telegram, OfferLanguage("fr", "en"))
    await town.acts(telegram, FollowThemes(("resources",)))
    (asked,) = await town.acts(telegram, AskPerson(words(f"{canary} asks a person"), translate=False))
    await town.acts(telegram, TakeInquiry(Scope("riverside"), asked))
    if not await town.rows(Action):
        await grows_a_garden(town)
    await takes_part(town, person.citizen, canary)
    await is_worked_with(town, person.citizen, receipt.statement or 0, canary)
    if not await town.rows(Occasion):
        await town.do(prepare_meeting, 1, now=town.now)
    await goes_to_a_meeting(town, telegram, canary)
    await town.acts(
        telegram, Describe(Scope("riverside"), 1, Part.TITLE, "en", f"{canary} meeting", proposed=True)
    )
    await town.do(asked_to_stand_in, person.citizen, town.now)
    await town.do(media.keep, b"two bars", "week.png", "image/png", "Two bars", town.now)
    await town.do(sent_to, person.citizen, town.now)
    (name,) = (await town.do(shown_counts.known_here, KEYS, [person.citizen])).values()
    crowd = Count({name, *(f"neighbour {town.updates} {number}" for number in range(9))}, 1)
    await town.do(figures, AUDIENCES, {"all": crowd}, 10, town.now)
    purposes = (PURPOSE, roles.PURPOSE, shown_counts.PURPOSE)
    pseudonyms = [KEYS.pseudonym(purpose, person.citizen) for purpose in purposes]
    pseudonyms += [KEYS.pseudonym(of, person.citizen) for of in (f"feedback {GARDEN}", "evaluation 1")]
    return [canary, telegram, person.citizen, person.contact, *pseudonyms]


@pytest.fixture
async def leads(town: Town) -> list[object]:
    """What leads to a person who is everywhere in the database."""
    return await lives_a_full_life(town, ADA, "CANARY")


async def test_the_canary_is_in_every_table_that_can_hold_anything_of_a_person(
    town: Town, leads: list[object]
) -> None:
    """Else the other tests here would search where nothing could be found."""
    rows = await town.database.read(everything)

    assert set(await traces(town, leads)) == set(rows) - {table(model).name for model in KEPT}
    assert {name for name, found in rows.items() if not found} == {
        "erasure", "card", "room", "panel", "inquiry_post",
    }  # fmt: skip


async def test_erasing_takes_everything_but_the_way_for_the_last_word(
    town: Town, leads: list[object]
) -> None:
    await town.acts(ADA, Forget())

    telegram, contact = leads[1], leads[3]
    assert set(await traces(town, [lead for lead in leads if lead not in (telegram, contact)])) == set()
    assert set(await traces(town, [telegram])) == {"contact"}
    assert set(await traces(town, [contact])) == {"contact", "outbox", "pause"}
    assert {row.state for row in await town.rows(Outbox)} == {"sent", "dead"}
    assert {row.payload for row in await town.rows(Outbox)} == {None}


async def test_once_the_last_word_is_spoken_nothing_leads_to_the_person(
    town: Town, leads: list[object]
) -> None:
    person = await town.person(ADA)
    await town.acts(ADA, Forget())
    await town.puts(person, "farewell")
    await town.do(retention.sweep, town.now)
    assert (await town.row(Contact)).telegram == ADA

    assert await town.claims() == ["farewell"]
    await town.do(outbox.record, [Ending("farewell", State.SENT, message=9)], RUN, town.now)
    await town.do(retention.sweep, town.now)

    assert await traces(town, leads) == {}
    for model in (Contact, Outbox, Pause):
        assert await town.rows(model) == []


async def test_a_last_word_that_cannot_be_spoken_does_not_keep_the_way_for_ever(
    town: Town, leads: list[object]
) -> None:
    person = await town.person(ADA)
    await town.acts(ADA, Forget())
    await town.puts(person, "farewell")
    await town.do(outbox.cut_off, person.contact, "blocked", town.now)

    town.later(hours=24)
    await town.do(retention.sweep, town.now)

    assert await traces(town, leads) == {}


async def test_another_person_keeps_everything(town: Town, leads: list[object]) -> None:
    others = await lives_a_full_life(town, BEN, "SONGBIRD")
    before = await traces(town, others)

    await town.acts(ADA, Forget())
    await town.do(retention.sweep, town.now)

    assert await traces(town, others) == before
    assert await traces(town, leads[:1]) == {}


async def test_what_is_remembered_of_an_erasure_cannot_be_led_back(town: Town, leads: list[object]) -> None:
    town.later(days=1)
    await town.acts(ADA, Forget())

    row = await town.row(Erasure)

    assert (row.person, row.erased_at) == (KEYS.person(ADA), town.now)
    assert not any(str(lead) in row.person for lead in leads)


async def test_words_of_withdrawn_statements_are_gone_before_any_erasure(town: Town) -> None:
    await town.arrives(ADA)
    receipt = await town.says(ADA, "CANARY")
    await town.acts(ADA, RewordStatement(receipt.statement or 0, words("CANARY again"), ()))

    await town.acts(ADA, WithdrawStatement(receipt.statement or 0))

    assert await traces(town, ["CANARY"]) == {}


async def test_erasing_and_coming_back_begins_from_nothing_and_can_be_repeated(
    town: Town, leads: list[object]
) -> None:
    await town.acts(ADA, Forget())
    again = await lives_a_full_life(town, ADA, "PHOENIX")
    assert (await town.look(ADA, OwnWords)).texts != {}

    await town.acts(ADA, Forget())
    await town.do(retention.sweep, town.now)

    assert await traces(town, [*leads, *again]) == {}
    assert len(await town.rows(Erasure)) == 1


async def test_within_the_same_update_nothing_is_known_after_erasing(town: Town, leads: list[object]) -> None:
    _, mine = await town.acts(ADA, Forget(), Look(OwnWords))

    assert mine.texts == {}


async def test_a_stranger_can_be_erased(town: Town) -> None:
    await town.acts(ADA, SpeakLanguage("fr"), Forget())
    await town.do(retention.sweep, town.now)

    assert await traces(town, [ADA]) == {}
    assert await town.rows(Citizen) == []


async def test_erased_words_are_overwritten_in_the_file(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    town = Town(database)
    await lives_a_full_life(town, ADA, "CANARY")
    await town.acts(ADA, Forget())
    await town.do(retention.sweep, town.now)
    assert await town.rows(Statement) == await town.rows(Wording) == []
    await database.close()

    assert not any(b"CANARY" in content for content in files(sqlite_url))


def files(url: str) -> list[bytes]:
    """The bytes of the database and of what lies beside it."""
    file = Path(url.partition(":///")[2])
    return [each.read_bytes() for each in file.parent.glob(f"{file.name}*")]


async def test_erasing_a_giver_takes_what_others_asked_of_them(town: Town, leads: list[object]) -> None:
    """The row of who asked refers to the gift: it is no longer about anything."""
    ben = await town.arrives(BEN)
    asked = {"citizen_id": ben.citizen, "gift_id": leads[2], "asked_at": town.now, "reply": ""}
    cause = {"cause": "action", "cause_id": GARDEN, "name": "Ben", "text": "May I?"}
    await town.do(lambda connection: connection.execute(insert(table(Plea)), {"id": 5, **asked, **cause}))

    await town.acts(ADA, Forget())

    assert await town.rows(Plea) == []
