"""Who is not heard for a year or two is forgotten; what they said stays, and nothing leads to them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from flows.inquiries.inquiries import AskPerson
from flows.moves import Effect
from flows.people.person import BeReachable, Purpose, RefuseConsent, StopPushes
from flows.people.profiles import AddPerson, CallMe
from flows.people.roles import Role, Scope
from flows.words.statements import OwnWords
from storage.actions.piloted import Feedback
from storage.inquiries.inquired import Inquiry
from storage.messages import outbox
from storage.occasions.attended import Evaluation, Remark
from storage.people import retention
from storage.people.silence import DELETED, SILENT, UNHEARD
from storage.tables import Appointment, Contact, Outbox, Pseudonym, Statement, table
from storage.words.shown_counts import STATEMENTS, ShownPerson, show
from tests.storage.people.test_erasure import ADA, BEN, lives_a_full_life, traces
from tests.storage.plans import call_meeting, says
from tests.storage.town import KEYS, Town, words

MOMENT = timedelta(microseconds=1)
SILENCES: list[tuple[Effect[Any], ...]] = [
    (StopPushes(),),
    (BeReachable(False),),
    (RefuseConsent(Purpose.REMINDERS), RefuseConsent(Purpose.NEWS)),
]


async def is_known(town: Town, telegram: int = ADA) -> bool:
    """Whether the person is known after a sweep."""
    await town.do(retention.sweep, town.now)
    return telegram in {row.telegram for row in await town.rows(Contact)}


@pytest.mark.parametrize("effects", SILENCES, ids=["stopped", "blocked", "no consent"])
async def test_who_may_not_be_written_to_is_forgotten_after_a_year_of_silence(
    town: Town, effects: tuple[Effect[Any], ...]
) -> None:
    await town.arrives(ADA)
    await town.acts(ADA, *effects)

    town.now += SILENT
    assert await is_known(town)

    town.now += MOMENT
    assert not await is_known(town)


async def test_who_reads_what_comes_is_forgotten_after_two(town: Town) -> None:
    await town.arrives(ADA)

    town.now += UNHEARD
    assert await is_known(town)

    town.now += MOMENT
    assert not await is_known(town)


async def test_whose_account_is_deleted_is_forgotten_a_month_after_telegram_told_of_it(town: Town) -> None:
    ada, ben = await town.arrives(ADA), await town.arrives(BEN)
    await town.puts(ada, "a word")
    await town.do(outbox.cut_off, ada.contact, "deleted", town.now)
    await town.do(outbox.cut_off, ben.contact, "gone", town.now)

    town.now += DELETED - MOMENT
    assert await is_known(town)

    town.now += MOMENT
    assert not await is_known(town)
    assert await is_known(town, BEN)


async def test_somebody_else_on_the_phone_is_forgotten_no_sooner(town: Town) -> None:
    """What could not be said was said to one of them only."""
    ada = await town.arrives(ADA)
    town.later(minutes=1)
    await town.acts(ADA, CallMe("Ada"), AddPerson("Ben"))
    await town.arrives(ADA)
    await town.puts(ada, "a word")
    await town.do(outbox.cut_off, ada.contact, "deleted", town.now)

    town.now += DELETED - MOMENT
    assert await is_known(town)
    assert len(await town.rows(Contact)) == 2

    town.now += MOMENT
    assert not await is_known(town)


async def test_whose_account_came_back_is_known_as_before(town: Town) -> None:
    ada = await town.arrives(ADA)
    await town.puts(ada, "a word")
    await town.do(outbox.cut_off, ada.contact, "deleted", town.now)
    await town.acts(ADA, BeReachable(True))

    town.now += SILENT

    assert await is_known(town)


async def test_who_has_a_role_or_waits_for_something_stays(town: Town) -> None:
    for telegram in (ADA, BEN, BEN + 1, BEN + 2, BEN + 3):
        await town.arrives(telegram)
    await town.appoints(ADA, Role.PANEL, Scope("riverside"))
    await town.acts(BEN, AskPerson(words("When?"), translate=False))
    await town.do(call_meeting, 1, now=town.now, begins=UNHEARD + timedelta(days=30))
    await says(town, BEN + 1)
    town.now += UNHEARD + MOMENT
    await town.puts(await town.person(BEN + 2), "a word")

    await town.do(retention.sweep, town.now)

    known = {row.telegram for row in await town.rows(Contact)}
    assert known == {ADA, BEN, BEN + 1, BEN + 2}


async def test_what_they_said_stays_and_everything_else_goes(town: Town) -> None:
    leads = await lives_a_full_life(town, ADA, "CANARY")
    said = [await town.rows(model) for model in (Statement, Feedback, Evaluation, Remark)]
    await forget(town)

    kept = [await town.rows(model) for model in (Statement, Feedback, Evaluation, Remark)]

    assert [[row.id for row in rows] for rows in kept] == [[row.id for row in rows] for rows in said]
    assert set(await traces(town, ["CANARY"])) == {
        "statement", "wording", "masked", "review", "classification", "course_step",
        "feedback", "score", "remark",
    }  # fmt: skip
    assert await traces(town, [leads[1], *leads[3:]]) == {}, "leads[2] is the id of rows made for tests, too"
    assert {row.message for row in kept[0]} == {0}
    assert {row.message for row in kept[1]} == {None}


async def test_whoever_comes_back_begins_anew_and_is_not_known_by_the_key(town: Town) -> None:
    await lives_a_full_life(town, ADA, "CANARY")
    before = (await town.person(ADA)).citizen
    await forget(town)

    await town.arrives(ADA)

    assert (await town.look(ADA, OwnWords)).texts == {}
    again = (await town.person(ADA)).citizen
    derived = {KEYS.pseudonym("statements", citizen) for citizen in (before, again)}
    assert derived.isdisjoint({row.author for row in await town.rows(Statement)})


async def test_of_two_who_are_forgotten_together_ideas_are_of_two(town: Town) -> None:
    for telegram, count in ((ADA, 2), (BEN, 1)):
        await town.arrives(telegram)
        for number in range(count):
            await town.says(telegram, f"idea {number}", message=number + 1)
    await forget(town)

    authors = [row.author for row in await town.rows(Statement)]

    assert (len(authors), len(set(authors))) == (3, 2)
    assert await town.rows(Pseudonym) == []


async def test_figures_know_who_is_forgotten_as_the_same_person(town: Town) -> None:
    for telegram in range(1, 13):
        await town.arrives(telegram)
        await town.says(telegram, "idea")
    everybody = {row.author for row in await town.rows(Statement)}
    assert await town.do(show, STATEMENTS, {"all": everybody}, 10) == ("all",)
    await forget(town)

    now = {row.author for row in await town.rows(Statement)}

    assert {row.author for row in await town.rows(ShownPerson)} == now
    assert await town.do(show, STATEMENTS, {"all": now}, 10) == ("all",)
    assert await town.do(show, STATEMENTS, {"others": set(sorted(now)[1:])}, 10) == ()


async def forget(town: Town) -> None:
    """Two years pass, in which nobody is heard, expected or waited for."""
    ended = [
        update(table(Inquiry)).values(closed_at=town.now),
        update(table(Appointment)).values(until=town.now),
        update(table(Outbox)).where(col(Outbox.ended_at).is_(None)).values(state="sent", ended_at=town.now),
    ]
    await town.do(lambda connection: [connection.execute(each) for each in ended] and None)
    town.now += UNHEARD + MOMENT
    await town.do(retention.sweep, town.now)
