"""Arriving: language, territory, group, what this is for, age, and consent for each purpose."""

from typing import Final

from flows.conversations import REST, Next, conversation, links
from flows.links import letter, named
from flows.moves import Arg, Choice, Flow, Key, Say, choose, do, labelled, look, pick
from flows.people.consent import OPTIONAL, YesNo, ask_consent
from flows.people.language import choose_language
from flows.people.person import ConfirmAge, Forget, Join, LinkedPlace, Myself, Place, Places, Purpose

NO_GROUP: Final = Choice("-", Key("arrival.no_group"))


@conversation("arrival", before_consent=True)
def arrival(payload: str) -> Flow[Next]:
    """A person arrives, by a link that may name their territory and group, or lead to something there.

    language -> territory -> group -> what this is for -> age -> consents -> what the link is for, if it is
    for something else -> the three questions
    """
    me = yield from look(Myself)
    link, group = yield from linked(payload)
    if me.arrived:
        return (yield from come_again(me, link, group))
    yield Say("arrival.welcome")
    if not me.language_chosen:
        yield from choose_language(link.slug or "")
    yield from settle(link, group, payload)
    yield from pick("arrival.purpose", (Choice("ready", Key("arrival.ready")),))
    if not (yield from agree()):
        return REST
    if door := links().get(letter(payload)):
        yield from door.start(payload)
    yield Say("arrival.done")
    return "wellbeing"


def linked(payload: str) -> Flow[tuple[Place, str | None]]:
    """The territory, and its group if there is one, that a link names, or in which lies what it leads to.

    None of either for a link that is unknown, malformed or empty.
    """
    slug, group = "", ""
    if letter(payload) == "t":
        slug, _, group = named(payload).partition("_")
    elif letter(payload) in links():
        there = yield from look(LinkedPlace, payload)
        slug, group = there.territory or "", there.group or ""
    place = yield from look(Place, slug)
    return place, group if group in place.groups else None


def settle(place: Place, group: str | None, payload: str) -> Flow[None]:
    """Where the person takes part; asked unless their link said so."""
    if place.slug is None:
        if payload and letter(payload) not in links():
            yield Say("arrival.unknown_link")
        places = yield from look(Places)
        slug = yield from pick("arrival.territory", tuple(Choice(s, n) for s, n in places.names.items()))
        place = yield from look(Place, slug)
    else:
        slug = place.slug
        yield Say("arrival.territory_from_link", territory=place.names)
    group = yield from choose_group(place, group)
    yield from do(Join(slug, group))


def choose_group(place: Place, linked: str | None) -> Flow[str | None]:
    """The homogeneous group a person belongs to; asked unless their link named it, and none is an answer."""
    if linked is not None or not place.groups:
        return linked
    choices = (*(Choice(slug, names) for slug, names in place.groups.items()), NO_GROUP)
    picked = yield from pick("arrival.group", choices)
    return None if picked == NO_GROUP.value else picked


def agree() -> Flow[bool]:
    """Age, then each consent by itself; without the first nothing is kept. Returns whether it was given."""
    me = yield from look(Myself)
    place = yield from look(Place, me.territory or "")
    adult = yield from choose("arrival.age", YesNo, columns=2, age=place.adult_from)
    if adult is YesNo.NO:
        yield from do(Forget())
        yield Say("arrival.too_young", age=place.adult_from)
        return False
    yield from do(ConfirmAge())
    if not (yield from ask_consent(Purpose.STATEMENTS, place.names)):
        yield from do(Forget())
        yield Say("arrival.nothing_kept")
        return False
    for purpose in OPTIONAL:
        yield from ask_consent(purpose, place.names)
    return True


def come_again(me: Myself, link: Place, group: str | None) -> Flow[Next]:
    """A person who has arrived before follows a link: to where they are, or elsewhere."""
    if link.slug is None or (link.slug == me.territory and group in (None, me.group)):
        yield Say("arrival.unknown_link" if link.slug is None else "reception.welcome_again")
        return None
    if link.slug == me.territory:
        return (yield from change_group(link, me.group, group))
    moves = yield from choose("arrival.move", YesNo, columns=2, territory=link.names)
    here = yield from look(Place, me.territory or "")
    if moves is YesNo.NO or not (yield from is_old_enough(here, link)):
        yield Say("arrival.stays", territory=here.names)
        return None
    group = yield from choose_group(link, group)
    yield from do(Join(link.slug, group))
    yield Say("arrival.moved", territory=link.names)
    return None


def change_group(here: Place, own: str | None, other: str | None) -> Flow[Next]:
    """A person follows a link to another homogeneous group of their territory: they may belong to it now."""
    picked = yield from pick(
        "arrival.join_group", labelled("arrival.move", YesNo), columns=2, place=group_of(here, other)
    )
    if picked == YesNo.NO.value:
        yield Say("arrival.stays", territory=group_of(here, own))
        return None
    yield from do(Join(here.slug or "", other))
    yield Say("arrival.moved", territory=group_of(here, other))
    return None


def group_of(here: Place, group: str | None) -> Arg:
    """What a homogeneous group of a territory is called; None: the territory itself."""
    return Key("place.group", {"territory": here.names, "group": here.groups[group]}) if group else here.names


def is_old_enough(here: Place, there: Place) -> Flow[bool]:
    """Asked anew where people decide alone only at a later age: of the age nothing is kept but a yes."""
    if there.adult_from <= here.adult_from:
        return True
    return (yield from choose("arrival.age", YesNo, columns=2, age=there.adult_from)) is YesNo.YES
