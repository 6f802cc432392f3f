"""Whose a pressed button or an edited message is, where several people share a phone.

A button acts for who was shown it, and an edit for who wrote the message.
"""

from dataclasses import replace

from sqlalchemy import Connection

from bot.turns.incoming import Incoming
from flows.announcements.letter import door, read_door
from flows.events import Edited, Opened, Pressed
from flows.talks import Stack
from storage.announcements.addressed import slot_of_reader
from storage.people import people, profiles
from storage.people.phones import give_word
from storage.unit import Person


def hand_over(connection: Connection, bot: int, incoming: Incoming, person: Person, stack: Stack) -> bool:
    """Let somebody else on the phone speak, where they were shown what is pressed; whether that is so.

    stack  what is under way with who speaks
    """
    slot = _slot(connection, bot, incoming, person, stack) if person.called is not None else None
    if not slot:
        return False
    give_word(connection, bot, person.telegram, slot)
    return True


def _slot(connection: Connection, bot: int, incoming: Incoming, person: Person, stack: Stack) -> int | None:
    """The slot of who was shown it; 0: of who speaks."""
    match incoming.event:
        case Pressed(talk=talk) if all(each.id != talk for each in stack):
            return profiles.slot_of(connection, bot, person.telegram, talk)
        case Opened(payload=payload) if incoming.press is not None and (found := read_door(payload)):
            announcement, _, contact = found
            return slot_of_reader(connection, bot, person.telegram, announcement, contact)
    return None


def other_writer(connection: Connection, bot: int, incoming: Incoming, person: Person) -> Person | None:
    """Who wrote the message that is edited, where that is not who speaks; None: nobody else on the phone."""
    event = incoming.event
    if not isinstance(event, Edited) or person.called is None:
        return None
    citizen = profiles.writer_of(connection, bot, person.telegram, event.message)
    if citizen is None or citizen == person.citizen:
        return None
    return people.find_one(connection, bot, citizen)


def as_their_own(incoming: Incoming, person: Person) -> Incoming:
    """What is pressed, as the conversation knows it: the button of an announcement, without whose it is."""
    event = incoming.event
    found = read_door(event.payload) if isinstance(event, Opened) and incoming.press is not None else None
    if found is None or found[2] != person.contact:
        return incoming
    assert isinstance(event, Opened)
    return replace(incoming, event=replace(event, payload=door(found[0], found[1])))
