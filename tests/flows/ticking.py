"""The ticker of a village: what is due is said to everybody, as the bot does it."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import update
from sqlmodel import col

from flows.announcements.announcement import Fate
from flows.announcements.letter import OnPhone, letter
from flows.reception import begin, push
from flows.talks import Reply
from storage.announcements import announcements, recipients, rounds
from storage.announcements.announced import Recipient
from storage.inquiries import translations, unanswered
from storage.messages import stacks
from storage.occasions import unrelieved, unseated
from storage.planning.drafting import tongue_of
from storage.pushes import nudging, pushing, settling
from storage.tables import table
from tests.flows.talking import Talking
from tests.storage.town import BOT


def tick(everybody: Iterable[Talking]) -> Iterator[tuple[Talking, Reply]]:
    """Say what is due; each of those who are told something, with what they see then."""
    people = {who.world.telegram: who for who in everybody}
    yield from announced(people)
    village = next(iter(people.values())).world.village
    open_stacks = {who.world.person.citizen: who for who in people.values() if who.stack}
    with village.transaction() as connection:
        for citizen, who in open_stacks.items():
            stacks.save(connection, {citizen: who.stack}, who.heard)
        unanswered.watch(connection, village.context, village.now)
        unseated.watch(connection, village.context, village.now)
        unrelieved.watch(connection, village.context, village.now)
        for message in translations.waiting(connection):
            made = f"{message.text} in {message.target}"
            translations.let_go(connection, village.context, message.id, made, village.now)
        silent = nudging.fallen_silent(connection, village.context, None, village.now)
        nudging.plan(connection, village.context, silent, village.now)
        portions = pushing.claim(connection, village.context, bot=BOT, now=village.now, most=100)
        for portion in portions:
            settling.settle(connection, portion.decisions, village.now)
    for portion in portions:
        who = people.get(portion.person.telegram)  # None: one of a crowd, whom nobody listens to
        if portion.said and who is not None:
            yield told(who, portion)


def announced(people: Mapping[int, Talking]) -> Iterator[tuple[Talking, Reply]]:
    """Announcements are begun, reach everybody at once, and are ended."""
    village = next(iter(people.values())).world.village
    with village.transaction() as connection:
        rounds.realign(connection, village.now)
        rounds.begin_due(connection, village.context, village.now)
        while recipients.find_page(connection, village.now):
            pass
        recipients.find_newcomers(connection, village.now)
        claimed = recipients.claim(connection, village.context, bot=BOT, now=village.now, most=100)
        contents = announcements.contents(connection, village.context, claimed.announcements)
        arrived = update(table(Recipient)).where(col(Recipient.state) == Fate.OUT)
        connection.execute(arrived.values(state=Fate.DELIVERED, settled_at=village.now))
        rounds.end_settled(connection, village.context, village.now)
    for one in claimed.addressed:
        who = people.get(one.person.telegram)
        if who is None:
            continue  # one of a crowd, whom nobody listens to
        person = one.person
        to = None if person.called is None else OnPhone(person.contact, person.called)
        said = letter(contents[one.announcement], tongue_of(village.context, person), to)
        yield who, Reply(who.stack, (said,))


def told(who: Talking, portion: pushing.Portion) -> tuple[Talking, Reply]:
    """One person sees what is said to them."""
    items = [[item.kind, item.topic, item.about, dict(item.details)] for item in portion.said]
    with who.world.turn():
        reply = push(who.stack, begin(who.world, "push", items), who.world.new_id())
    who.sees(reply)
    return who, reply
