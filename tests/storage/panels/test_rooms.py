"""Group chats become rooms by the word of those who may, follow their group, and end with the bot in it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from flows.moves import Look
from flows.panels.binding import BindRoom, Bound, EndRoom, RoomHere, Use
from flows.panels.desk import KeepPanel, PanelDesk
from flows.panels.rooms import Purpose
from flows.panels.settings import PanelSettings
from flows.people.roles import EVERYWHERE, NotAllowed, Role, Scope
from storage.messages import claiming, moving, outbox
from storage.messages.outbox import Lane
from storage.occasions import cards
from storage.panels import rooms
from storage.panels.roomed import Room
from storage.panels.rooms import Readers
from storage.people import retention
from storage.tables import Audit, Citizen, Contact, Outbox
from storage.unit import Book, Chat
from tests.flows.places import RIVERSIDE as TERRITORY
from tests.storage.chats import CHAT, HERE, brings, presses, summons
from tests.storage.town import BOT, CONTEXT, Town

CLAIRE, NETTA, MONA, PIA, STRANGER = range(4_000_000_001, 4_000_000_006)
RIVERSIDE, MONTBELL = Scope("riverside"), Scope("montbell")
PANEL = BindRoom(RIVERSIDE, Purpose.PANEL)
COORDINATORS = BindRoom(RIVERSIDE, Purpose.COORDINATORS)


@pytest.fixture
async def village(town: Town) -> Town:
    """Riverside with somebody who coordinates it, a neighbour's coordinator, the network's, and a panel."""
    roles = {
        CLAIRE: (Role.TERRITORY, RIVERSIDE),
        MONA: (Role.TERRITORY, MONTBELL),
        NETTA: (Role.NETWORK, EVERYWHERE),
        PIA: (Role.PANEL, RIVERSIDE),
    }
    for telegram, (role, where) in roles.items():
        await town.arrives(telegram)
        await town.appoints(telegram, role, where)
    return town


async def live(town: Town, purpose: Purpose = Purpose.PANEL) -> Sequence[Any]:
    """The rooms of Riverside for a purpose."""
    found: Sequence[Any] = await town.do(rooms.rooms, "riverside", purpose)
    return found


async def test_a_chat_is_bound_in_the_topic_in_which_it_was_said(village: Town) -> None:
    assert await presses(village, CLAIRE, PANEL, chat=Chat(CHAT, 42, 7)) == [Bound.DONE]

    (room,) = await live(village)
    assert (room.territory, room.purpose, room.topic, room.telegram) == ("riverside", "panel", 42, CHAT)
    assert await live(village, Purpose.COORDINATORS) == []


async def test_the_same_again_in_another_topic_moves_the_room_there(village: Town) -> None:
    await presses(village, CLAIRE, PANEL, chat=Chat(CHAT, 42, 7))

    await presses(village, CLAIRE, PANEL)

    assert [(row.topic, row.until) for row in await village.rows(Room)] == [(None, None)]


async def test_a_chat_is_one_room_at_a_time(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)

    await presses(village, CLAIRE, COORDINATORS)

    assert await live(village) == []
    assert len(await live(village, Purpose.COORDINATORS)) == 1
    assert [row.what for row in await village.rows(Audit)][-3:] == ["bound", "unbound", "bound"]


@pytest.mark.parametrize("telegram", [MONA, PIA])
async def test_others_do_not_bind(village: Town, telegram: int) -> None:
    with pytest.raises(NotAllowed):
        await presses(village, telegram, PANEL)

    assert await village.rows(Room) == []


async def test_nobody_takes_a_chat_from_a_territory_whose_rooms_they_do_not_keep(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)

    with pytest.raises(NotAllowed):
        await presses(village, MONA, BindRoom(MONTBELL, Purpose.COORDINATORS))

    assert len(await live(village)) == 1
    assert await presses(village, NETTA, BindRoom(MONTBELL, Purpose.COORDINATORS)) == [Bound.DONE]
    assert await live(village) == []


async def test_a_territory_without_a_panel_has_no_panels_room(village: Town) -> None:
    assert await presses(village, MONA, BindRoom(MONTBELL, Purpose.PANEL)) == [Bound.NO_PANEL]
    assert await village.rows(Room) == []


async def test_in_private_nothing_is_bound(village: Town) -> None:
    assert await presses(village, CLAIRE, PANEL, EndRoom(RIVERSIDE), chat=None) == [Bound.NOWHERE, False]


async def test_a_room_ends_in_its_chat_or_at_the_desk_in_its_own_territory_alone(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)
    (room,) = await live(village)

    assert await presses(village, MONA, EndRoom(MONTBELL)) == [False]
    assert await village.acts(MONA, EndRoom(MONTBELL, room.id)) == [False]
    assert len(await live(village)) == 1
    assert await village.acts(CLAIRE, EndRoom(RIVERSIDE, room.id), EndRoom(RIVERSIDE, room.id)) == [
        True,
        False,
    ]
    await presses(village, CLAIRE, PANEL)
    assert await presses(village, CLAIRE, EndRoom(RIVERSIDE)) == [True]
    assert await live(village) == []


async def test_two_who_press_at_once_leave_one_room(village: Town) -> None:
    bound = await asyncio.gather(presses(village, CLAIRE, PANEL), presses(village, NETTA, COORDINATORS))

    assert bound == [[Bound.DONE], [Bound.DONE]]
    assert len([row for row in await village.rows(Room) if row.until is None]) == 1


async def test_what_a_chat_is_for_is_known_in_it(village: Town) -> None:
    (before,) = await presses(village, CLAIRE, Look(RoomHere))
    await presses(village, CLAIRE, PANEL)
    (after,) = await presses(village, CLAIRE, Look(RoomHere))

    assert before == RoomHere(Use.CARDS, None)
    assert after.use is Use.PANEL
    assert after.spot.where == RIVERSIDE


# ---- speaking


async def test_a_message_goes_into_the_topic_of_the_room(village: Town) -> None:
    await presses(village, CLAIRE, PANEL, chat=Chat(CHAT, 42, 7))
    (room,) = await live(village)

    await village.posts(rooms.message(room, "digest", {"text": "News", "buttons": []}, Lane.DIGEST))

    (claimed,) = await village.claimed()
    assert (claimed.telegram, claimed.lane) == (CHAT, Lane.DIGEST)
    assert claimed.payload == {"text": "News", "buttons": [], "topic": 42}


async def test_without_a_topic_none_is_named(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)
    (room,) = await live(village)

    assert "topic" not in rooms.message(room, "digest", {"text": "News"}).payload


async def test_the_panel_is_spoken_to_in_its_languages_and_others_in_the_territorys_first(
    village: Town,
) -> None:
    chosen = PanelSettings(languages=("fr", "lv"))
    await village.acts(CLAIRE, KeepPanel(RIVERSIDE, chosen))

    of_panel = await village.do(rooms.readers, TERRITORY, Purpose.PANEL)
    of_others = await village.do(rooms.readers, TERRITORY, Purpose.COORDINATORS)
    unbound = await village.do(rooms.readers_in, CONTEXT, BOT, CHAT)
    await presses(village, CLAIRE, PANEL)
    here = await village.do(rooms.readers_in, CONTEXT, BOT, CHAT)

    assert of_panel == here == Readers(("fr", "lv"), "Europe/Riga")
    assert of_others == Readers(("lv",), "Europe/Riga")
    assert unbound is None


async def test_of_two_rewritings_that_wait_the_later_one_is_said(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)
    (room,) = await live(village)
    for number, message in ((1, 7), (2, 8), (3, 7)):
        await village.do(_rewrites, room.contact_id, Chat(CHAT, None, message), f"{number}", village.now)

    said = []
    while claimed := await village.claimed():
        said += [(one.payload["edit"], one.payload["text"]) for one in claimed]
        ended = [outbox.Ending(one.key, outbox.State.SENT, 7) for one in claimed]
        await village.do(outbox.record, ended, 5, village.now)

    assert said == [(8, "2"), (7, "3")]
    assert [row.reason for row in await village.rows(Outbox) if row.state == "cancelled"] == ["replaced"]


def _rewrites(connection: Any, contact: int, chat: Chat, number: str, now: Any) -> None:
    book = Book(connection)
    message = rooms.rewrite(connection, contact, chat, {"text": number}, number, now)
    outbox.put(book, message, now=now, worker=None)
    book.flush()


# ---- coming, going, moving


async def test_who_brings_the_bot_is_asked_in_their_language_and_leaves_no_trace(village: Town) -> None:
    people = len(await village.rows(Citizen))

    known, other = await brings(village, CLAIRE), await brings(village, STRANGER, CHAT - 1)

    assert known is not None
    assert (known.here, known.readers) == (None, Readers(("en",)))
    assert other is not None
    assert other.readers is None
    assert len(await village.rows(Citizen)) == people
    assert STRANGER not in {row.telegram for row in await village.rows(Contact)}


async def test_where_the_bot_was_removed_nothing_is_said_and_it_asks_again_when_it_comes_back(
    village: Town,
) -> None:
    await presses(village, CLAIRE, PANEL)

    await village.do(rooms.end_all, BOT, CHAT, village.now)
    await village.do(cards.end_all, BOT, CHAT, village.now)

    assert await live(village) == []
    assert await brings(village, CLAIRE) is not None
    assert await live(village) == []
    assert {row.reach for row in await village.rows(Contact) if row.telegram == CHAT} == {"open"}


async def test_a_room_whose_chat_was_found_closed_is_not_spoken_to_and_ends_when_the_bot_comes_back(
    village: Town,
) -> None:
    await presses(village, CLAIRE, PANEL)
    (room,) = await live(village)

    await village.do(outbox.cut_off, room.contact_id, "gone", village.now)
    desk = await village.look(CLAIRE, PanelDesk, RIVERSIDE)

    assert await live(village) == []
    assert [one.is_open for one in desk.rooms] == [False]
    assert await brings(village, CLAIRE) is not None
    assert await live(village) == []


async def test_a_group_that_became_a_supergroup_is_joined_without_a_question(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)

    await village.do(moving.follow, BOT, CHAT, CHAT - 7, village.now)

    assert await brings(village, CLAIRE, CHAT - 7) is None
    assert [row.telegram for row in await live(village)] == [CHAT - 7]


async def test_a_supergroup_that_was_joined_before_its_group_moved_is_the_room(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)
    await brings(village, CLAIRE, CHAT - 7)

    await village.do(moving.follow, BOT, CHAT, CHAT - 7, village.now)

    assert [row.telegram for row in await live(village)] == [CHAT - 7]


async def test_a_supergroup_that_was_bound_before_its_group_moved_stays_what_it_was_bound_to(
    village: Town,
) -> None:
    await presses(village, CLAIRE, PANEL)
    await presses(village, CLAIRE, COORDINATORS, chat=Chat(CHAT - 7, None, 1))

    await village.do(moving.follow, BOT, CHAT, CHAT - 7, village.now)

    assert await live(village) == []
    assert [row.telegram for row in await live(village, Purpose.COORDINATORS)] == [CHAT - 7]


async def test_an_edit_that_waits_is_left_out_when_the_group_moves(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)
    (room,) = await live(village)
    await village.do(_rewrites, room.contact_id, HERE, "1", village.now)
    await village.posts(rooms.message(room, "news", {"text": 'They said "edit": yes', "buttons": []}))

    await village.do(moving.follow, BOT, CHAT, CHAT - 7, village.now)

    assert await village.claims() == ["news"]


async def test_who_keeps_rooms_is_asked_on_demand_and_nobody_else(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)

    asked = await summons(village, CLAIRE, bot_name="Town_Bot", topic=3)
    others = [await summons(village, telegram) for telegram in (PIA, STRANGER)]

    assert asked is not None
    assert asked.here is not None
    assert asked.here.use is Use.PANEL
    assert asked.readers == Readers(("lv",), "Europe/Riga")
    assert others == [None, None]
    assert await summons(village, CLAIRE, bot_name="another_bot") is None


async def test_a_room_keeps_the_way_to_its_chat_and_goes_some_time_after_its_end(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)
    await village.do(retention.sweep, village.now)
    assert CHAT in {row.telegram for row in await village.rows(Contact)}

    await presses(village, CLAIRE, EndRoom(RIVERSIDE))
    village.later(days=retention.ROOM.days + 1)
    await village.do(retention.sweep, village.now)
    await village.do(retention.sweep, village.now)

    assert await village.rows(Room) == []
    assert CHAT not in {row.telegram for row in await village.rows(Contact)}


async def test_a_room_is_spoken_to_by_whoever_pushes(village: Town) -> None:
    await presses(village, CLAIRE, PANEL)
    (room,) = await live(village)
    await village.posts(rooms.message(room, "digest", {"text": "News", "buttons": []}, Lane.DIGEST))

    claimed = await village.do(claiming.claim, limit=5, now=village.now, worker=5, role=claiming.Role.PUSH)

    assert [one.key for one in claimed] == ["digest"]
