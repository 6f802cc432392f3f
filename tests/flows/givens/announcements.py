"""Which announcements there are, and how many people one may write to alone."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from flows.announcements.announcement import Fate
from storage.announcements import recipients, rounds
from storage.announcements.announced import Announcement, Recipient
from storage.people import audit
from storage.tables import table
from tests.flows.givens import given
from tests.flows.talking import Talking
from tests.storage import sent


@given("announces")
def announces(who: Talking, words: str) -> None:
    """`Ada announces 77: Come and see`: to everybody in Riverside, in English, confirmed and due."""
    number, _, text = words.partition(": ")
    village = who.world.village
    with who.world.turn() as unit:
        planner = audit.actor(unit)
    with village.transaction() as connection:
        sent.announce(connection, int(number), now=village.now, text={"en": text}, planner=planner)


@given("announcement")
def begins(who: Talking, words: str) -> None:
    """`announcement 5 begins`: one that is confirmed is begun, and has not reached anybody yet."""
    number = int(words.removesuffix(" begins"))
    village = who.world.village
    due = update(table(Announcement)).where(table(Announcement).c.id == number)
    with village.transaction() as connection:
        connection.execute(due.values(begins_at=village.now - timedelta(seconds=1)))
        rounds.begin_due(connection, village.context, village.now)
        while recipients.find_page(connection, village.now):
            pass


@given("confirm")
def confirm_above(who: Talking, words: str) -> None:
    """`confirm above 2`: an announcement for more people is confirmed by two."""
    village = who.world.village
    village.context = replace(village.context, confirm_above=int(words.removeprefix("above ")))


@given("fates")
def fates(who: Talking, words: str) -> None:
    """`fates of 5: 12 unsure 10 gone`: what became of it for so many of those who got it."""
    number, _, fates = words.removeprefix("of ").partition(": ")
    counts = fates.split()
    states = [
        state for count, state in zip(counts[::2], counts[1::2], strict=True) for _ in range(int(count))
    ]
    target = table(Recipient)
    with who.world.village.transaction() as connection:
        got = target.c.announcement_id == int(number), target.c.state == Fate.DELIVERED
        ids = connection.execute(target.select().where(*got).order_by(target.c.id.desc())).scalars()
        for id, state in zip(ids.all(), states, strict=False):
            connection.execute(update(target).where(target.c.id == id).values(state=Fate(state)))


@given("interested")
def interested(who: Talking, words: str) -> None:
    """`interested in 5: 12`: so many of those who got it have said that they are."""
    number, _, count = words.removeprefix("in ").partition(": ")
    target = table(Recipient)
    with who.world.village.transaction() as connection:
        got = target.c.announcement_id == int(number), target.c.state == Fate.DELIVERED
        ids = connection.execute(target.select().where(*got).limit(int(count))).scalars().all()
        tapped = update(target).where(target.c.id.in_(ids))
        connection.execute(tapped.values(tapped_at=who.world.village.now))
