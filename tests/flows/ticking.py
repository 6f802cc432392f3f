"""The ticker of a village: what is due is said to everybody, as the bot does it."""

from collections.abc import Iterable, Iterator

from flows.reception import Reply, push
from storage import nudging, pushing, stacks
from tests.flows.talking import Talking
from tests.storage.town import BOT


def tick(everybody: Iterable[Talking]) -> Iterator[tuple[Talking, Reply]]:
    """Say what is due; each of those who are told something, with what they see then."""
    people = {who.world.telegram: who for who in everybody}
    village = next(iter(people.values())).world.village
    open_stacks = {who.world.person.citizen: who for who in people.values() if who.stack}
    with village.transaction() as connection:
        for citizen, who in open_stacks.items():
            stacks.save(connection, {citizen: who.stack}, who.heard)
        silent = nudging.fallen_silent(connection, village.context, None, village.now)
        nudging.plan(connection, village.context, silent, village.now)
        portions = pushing.claim(connection, village.context, bot=BOT, now=village.now, most=100)
        for portion in portions:
            pushing.settle(connection, portion.decisions, village.now)
    for portion in portions:
        if portion.said:
            yield told(people[portion.person.telegram], portion)


def told(who: Talking, portion: pushing.Portion) -> tuple[Talking, Reply]:
    """One person sees what is said to them."""
    items = [[item.kind, item.topic, item.about, dict(item.details)] for item in portion.said]
    with who.world.turn():
        reply = push(who.stack, who.world, "push", items)
    who.sees(reply)
    return who, reply
