"""Cards in group chats: called for by those who may plan alone, edited seldom, ended with their occasion."""

import asyncio
from datetime import datetime, timedelta

import pytest

from flows.occasions.occasions import Says, TakeOffer
from flows.occasions.sheet import Part
from flows.people.person import Forget
from flows.people.roles import EVERYWHERE, Role, Scope
from flows.people.team import WithdrawRole
from flows.planning.planning import (
    AddPost,
    Cancel,
    CountHours,
    Describe,
    DropPost,
    Move,
    NamePost,
    Plan,
    Planned,
)
from storage.messages import moving, outbox
from storage.messages.outbox import State as Sent
from storage.occasions import cards
from storage.occasions.called_cards import FRESH, MOST
from storage.occasions.carded import Card
from storage.occasions.cards import EVERY
from storage.tables import Contact, Outbox
from tests.storage.activities import call_activity
from tests.storage.groups import CHAT, Chat
from tests.storage.plans import call_meeting, says
from tests.storage.town import BOT, Town

COORDINATOR, ADA, BEN, CLEO = range(4_000_000_001, 4_000_000_005)
RIVERSIDE = Scope("riverside")


@pytest.fixture
async def chat(town: Town) -> Chat:
    """A group chat, and somebody who may plan in Riverside."""
    await town.arrives(COORDINATOR)
    await town.appoints(COORDINATOR, Role.TERRITORY, RIVERSIDE)
    return Chat(town)


async def one_card(town: Town, chat: Chat, *people: int, seats: int | None = None) -> None:
    """A meeting, its card in the chat, and people who could answer."""
    await town.do(call_meeting, 1, now=town.now, seats=seats)
    for telegram in people:
        await town.arrives(telegram)
    assert await chat.calls(COORDINATOR)
    await chat.hears()


async def soon(town: Town, chat: Chat) -> None:
    """Enough time passes for another edition; it is sent."""
    town.later(seconds=EVERY.total_seconds())
    await chat.refreshes()
    await chat.hears()


async def test_who_may_plan_calls_for_the_next_three(town: Town, chat: Chat) -> None:
    for id in (4, 3, 2, 1):
        await town.do(call_meeting, id, now=town.now, begins=timedelta(days=id))

    assert await chat.calls(COORDINATOR)

    assert [(occasion, message) for occasion, message, _ in chat.said] == [(1, None), (2, None), (3, None)]
    assert len(await town.rows(Card)) == MOST


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "draft"},
        {"state": "cancelled"},
        {"begins": timedelta(minutes=-1)},
        {"territory": "montbell"},
        {"group_slug": "youth"},
        {"role": "panel"},
    ],
)
async def test_only_what_is_there_for_everybody_in_the_place_gets_a_card(
    town: Town, chat: Chat, columns: dict[str, object]
) -> None:
    await town.do(call_meeting, 1, now=town.now, **columns)

    assert await chat.calls(COORDINATOR)
    assert chat.said == []


async def test_of_a_series_the_next_date_has_a_card(town: Town, chat: Chat) -> None:
    for id in (1, 2):
        await town.do(call_meeting, id, now=town.now, begins=timedelta(days=id), series=1)

    await chat.calls(COORDINATOR)

    assert [occasion for occasion, _, _ in chat.said] == [1]


@pytest.mark.parametrize("role", [None, Role.PANEL])
async def test_others_call_in_vain_and_leave_nothing(town: Town, role: Role | None) -> None:
    chat = Chat(town)
    await town.do(call_meeting, 1, now=town.now)
    await town.arrives(ADA)
    if role is not None:
        await town.appoints(ADA, role, RIVERSIDE)

    assert not await chat.calls(ADA)
    assert not await chat.calls(BEN)  # whom nobody knows

    assert await town.rows(Card) == []
    assert [row.telegram for row in await town.rows(Contact)] == [ADA]


async def test_whose_role_was_withdrawn_calls_in_vain(town: Town, chat: Chat) -> None:
    await town.do(call_meeting, 1, now=town.now)
    await town.arrives(ADA)
    role = await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    await town.acts(COORDINATOR, WithdrawRole(RIVERSIDE, role))

    assert not await chat.calls(ADA)


@pytest.mark.parametrize("asked", ["montbell", "riverside_nobody", "nowhere", "_youth"])
async def test_a_place_is_called_for_by_those_who_may_plan_there(town: Town, chat: Chat, asked: str) -> None:
    for id, territory in enumerate(("riverside", "montbell"), 1):
        await town.do(call_meeting, id, now=town.now, territory=territory)

    assert not await chat.calls(COORDINATOR, asked)
    assert await chat.calls(COORDINATOR, "riverside")
    assert [occasion for occasion, _, _ in chat.said] == [1]


async def test_a_group_of_the_place_has_cards_of_its_own_meetings_too(town: Town, chat: Chat) -> None:
    await town.do(call_meeting, 1, now=town.now, group_slug="youth")

    await chat.calls(COORDINATOR, "riverside_youth")

    assert [occasion for occasion, _, _ in chat.said] == [1]


async def test_who_plans_everywhere_calls_for_where_they_live(town: Town) -> None:
    chat = Chat(town)
    await town.arrives(ADA)
    await town.appoints(ADA, Role.NETWORK, EVERYWHERE)
    await town.do(call_meeting, 1, now=town.now)
    await town.do(call_meeting, 2, now=town.now, territory="montbell")
    await town.do(call_meeting, 3, now=town.now, territory=None)

    await chat.calls(ADA)

    assert [occasion for occasion, _, _ in chat.said] == [1, 3]


async def test_a_command_for_another_bot_is_left_to_it(town: Town, chat: Chat) -> None:
    await town.do(call_meeting, 1, now=town.now)

    assert not await chat.calls(COORDINATOR, bot_name="other_bot")
    assert await chat.calls(COORDINATOR, bot_name="Town_Bot")


async def test_answers_change_the_figures_of_the_card(town: Town, chat: Chat) -> None:
    await one_card(town, chat, ADA, BEN, CLEO, seats=1)

    await says(town, ADA)
    await says(town, BEN)
    await says(town, CLEO, Says.MAYBE, party=2)
    await soon(town, chat)

    first, edited = chat.said
    assert first == (1, None, "live: 0 come, 0 may, 0 wait")
    assert edited[0] == 1
    assert edited[1] is not None
    assert edited[2] == "live: 1 come, 2 may, 1 wait"


async def test_fifty_answers_in_ten_seconds_are_two_edits_at_the_most(town: Town, chat: Chat) -> None:
    crowd = range(4_200_000_000, 4_200_000_050)
    await one_card(town, chat, *crowd)
    town.later(minutes=5)

    for telegram in crowd:
        await says(town, telegram)
        town.later(milliseconds=200)
        await chat.refreshes()
        await chat.hears()
    await soon(town, chat)

    assert len(chat.said) <= 3
    assert chat.said[-1][2] == "live: 50 come, 0 may, 0 wait"


async def test_a_card_is_edited_again_only_once_its_last_edition_is_old_enough(
    town: Town, chat: Chat
) -> None:
    await one_card(town, chat, ADA)
    await says(town, ADA)

    town.later(seconds=EVERY.total_seconds() - 1)
    assert await chat.refreshes() == 0
    town.later(seconds=1)
    assert await chat.refreshes() == 1
    town.later(hours=3)
    assert await chat.refreshes() == 0  # nothing is otherwise since


async def test_nothing_is_edited_while_the_last_edition_waits(town: Town, chat: Chat) -> None:
    await town.do(call_meeting, 1, now=town.now)
    await town.arrives(ADA)
    await chat.calls(COORDINATOR)
    await says(town, ADA)
    town.later(minutes=1)

    assert await chat.refreshes() == 0
    await chat.hears()
    await soon(town, chat)
    assert len(chat.said) == 2


async def test_an_answer_that_changes_no_figure_edits_nothing(town: Town, chat: Chat) -> None:
    await one_card(town, chat, ADA)

    await says(town, ADA, Says.NO)
    await soon(town, chat)

    assert len(chat.said) == 1


async def test_who_takes_the_seat_that_was_kept_for_them_is_counted_from_then_on(
    town: Town, chat: Chat
) -> None:
    await one_card(town, chat, ADA, BEN, seats=1)
    for telegram, answer in ((ADA, Says.YES), (BEN, Says.YES), (ADA, Says.NO)):
        await says(town, telegram, answer)
    await soon(town, chat)

    await town.acts(BEN, TakeOffer(1))
    await soon(town, chat)

    assert [figures for _, _, figures in chat.said][1:] == [
        "live: 0 come, 0 may, 0 wait",
        "live: 1 come, 0 may, 0 wait",
    ]


@pytest.mark.parametrize(
    ("answer", "counted"),
    [(Says.YES, "live: 1 come, 0 may, 0 wait"), (Says.MAYBE, "live: 0 come, 1 may, 0 wait")],
)
async def test_whoever_is_erased_is_not_counted_any_more(
    town: Town, chat: Chat, answer: Says, counted: str
) -> None:
    await one_card(town, chat, ADA)
    await says(town, ADA, answer)
    await soon(town, chat)

    await town.acts(ADA, Forget())
    await soon(town, chat)

    assert [figures for _, _, figures in chat.said][1:] == [counted, "live: 0 come, 0 may, 0 wait"]


@pytest.mark.parametrize(
    "change",
    [
        AddPost(RIVERSIDE, 1, "en", "Sing"),
        NamePost(RIVERSIDE, 1, 1, "en", "Bake"),
        DropPost(RIVERSIDE, 1, 2),
        CountHours(RIVERSIDE, 1, 1, 90),
    ],
    ids=lambda change: type(change).__name__,
)
async def test_the_card_of_an_activity_says_what_there_is_to_do_by_now(
    town: Town, chat: Chat, change: Plan[int] | Plan[Planned]
) -> None:
    await town.do(call_activity, 1, now=town.now)
    await chat.calls(COORDINATOR)
    await chat.hears()

    await town.acts(COORDINATOR, change)
    await soon(town, chat)

    assert [message is None for _, message, _ in chat.said] == [True, False]


async def test_a_card_that_was_moved_or_called_otherwise_shows_it(town: Town, chat: Chat) -> None:
    await one_card(town, chat)
    starts, lasts = datetime.fromisoformat("2025-04-01T18:00"), timedelta(hours=2)

    await town.acts(COORDINATOR, Move(RIVERSIDE, 1, starts, starts + lasts))
    await soon(town, chat)
    await town.acts(COORDINATOR, Describe(RIVERSIDE, 1, Part.TITLE, "en", "Benches"))
    assert await town.do(cards.due, town.now + EVERY) != []

    assert len(chat.said) == 2
    assert (await town.row(Card)).look_at <= town.now


@pytest.mark.parametrize("why", ["over", "cancelled"])
async def test_a_card_says_a_last_word_and_is_left_as_it_is(town: Town, chat: Chat, why: str) -> None:
    await one_card(town, chat)
    if why == "cancelled":
        await town.acts(COORDINATOR, Cancel(RIVERSIDE, 1))
    else:
        town.later(days=5, hours=2)

    await soon(town, chat)
    await soon(town, chat)

    assert [figures.partition(":")[0] for _, _, figures in chat.said] == ["live", why]
    assert None not in await chat.ended()


@pytest.mark.parametrize("then", ["over", "cancelled"])
async def test_a_card_that_says_that_it_has_begun_says_what_becomes_of_it(
    town: Town, chat: Chat, then: str
) -> None:
    await one_card(town, chat)
    town.later(days=5)
    await soon(town, chat)
    assert await chat.ended() == [None]

    town.later(minutes=119)
    assert await chat.refreshes() == 0
    if then == "cancelled":
        await town.acts(COORDINATOR, Cancel(RIVERSIDE, 1))
    town.later(minutes=1)
    await soon(town, chat)

    assert [figures.partition(":")[0] for _, _, figures in chat.said] == ["live", "begun", then]
    assert None not in await chat.ended()


async def test_a_second_call_replaces_the_card_and_the_old_one_says_so(town: Town, chat: Chat) -> None:
    await one_card(town, chat, ADA)
    town.later(seconds=FRESH.total_seconds())

    await chat.calls(COORDINATOR)
    await chat.hears()
    await soon(town, chat)
    await says(town, ADA)
    await soon(town, chat)

    old, new = sorted(await town.rows(Card), key=lambda row: row.made_at)
    assert [(message, figures.partition(",")[0]) for _, message, figures in chat.said] == [
        (None, "live: 0 come"),
        (None, "live: 0 come"),
        (old.message, "replaced: 0 come"),
        (new.message, "live: 1 come"),
    ]
    assert old.ended_at is not None
    assert new.ended_at is None


async def test_a_card_that_is_new_is_not_replaced(town: Town, chat: Chat) -> None:
    await one_card(town, chat)

    assert await chat.calls(COORDINATOR)

    assert len(chat.said) == 1


async def test_each_chat_has_a_card_of_its_own(town: Town, chat: Chat) -> None:
    await one_card(town, chat, ADA)
    await chat.calls(COORDINATOR, chat=CHAT - 1)
    await chat.hears()

    await says(town, ADA)
    await soon(town, chat)

    assert len({row.contact_id for row in await town.rows(Card)}) == 2
    assert [figures.partition(",")[0] for _, _, figures in chat.said[2:]] == ["live: 1 come"] * 2


async def test_a_card_that_somebody_deleted_in_the_chat_ends(town: Town, chat: Chat) -> None:
    await one_card(town, chat, ADA, BEN)
    await says(town, ADA)
    town.later(minutes=1)
    await chat.refreshes()
    await chat.hears(Sent.DEAD, "lost")

    await says(town, BEN)
    await soon(town, chat)

    assert len(chat.said) == 2
    assert None not in await chat.ended()


async def test_a_card_that_never_came_into_the_chat_ends(town: Town, chat: Chat) -> None:
    await town.do(call_meeting, 1, now=town.now)
    await town.arrives(ADA)
    await chat.calls(COORDINATOR)
    await chat.hears(Sent.UNSURE)

    await says(town, ADA)
    await soon(town, chat)

    assert len(chat.said) == 1
    assert None not in await chat.ended()


@pytest.mark.parametrize("became", [Sent.UNSURE, Sent.CANCELLED])
async def test_an_edit_that_may_not_have_come_is_said_with_the_next(
    town: Town, chat: Chat, became: Sent
) -> None:
    await one_card(town, chat, ADA)
    await says(town, ADA)
    town.later(minutes=1)
    await chat.refreshes()
    await chat.hears(became)

    await says(town, ADA)  # changes nothing by itself
    await soon(town, chat)

    assert [message for _, message, _ in chat.said][1:] == [(await town.row(Card)).message] * 2


@pytest.mark.parametrize("is_buried", [True, False])
async def test_an_edit_that_waited_too_long_is_said_again(town: Town, chat: Chat, is_buried: bool) -> None:
    await one_card(town, chat, ADA)
    await says(town, ADA)
    town.later(minutes=1)
    await chat.refreshes()
    town.later(days=2)
    if is_buried:
        await town.do(outbox.bury_late, town.now)

    await says(town, ADA)
    await soon(town, chat)

    assert [figures for _, _, figures in chat.said][1:] == ["live: 1 come, 0 may, 0 wait"] * 2


async def test_where_the_bot_was_removed_nothing_is_said_any_more_until_it_is_called_again(
    town: Town, chat: Chat
) -> None:
    await one_card(town, chat, ADA)
    await says(town, ADA)
    town.later(minutes=1)
    await chat.refreshes()

    await town.do(cards.end_all, BOT, CHAT, town.now)

    assert None not in await chat.ended()
    assert await town.claims() == []
    assert "cancelled" in {row.state for row in await town.rows(Outbox)}
    town.later(minutes=1)
    await chat.calls(COORDINATOR)
    assert len(await town.claims()) == 1


async def test_a_removal_from_a_chat_that_nobody_knows_changes_nothing(town: Town) -> None:
    await town.do(cards.end_all, BOT, CHAT, town.now)

    assert await town.rows(Contact) == []


async def test_the_cards_of_a_group_that_moved_stand_in_its_new_chat_as_new_messages(
    town: Town, chat: Chat
) -> None:
    await one_card(town, chat, ADA)
    await town.do(moving.follow, BOT, CHAT, CHAT - 7, town.now)

    await says(town, ADA)
    town.later(minutes=1)
    await chat.refreshes()

    assert [one.telegram for one in await town.claimed()] == [CHAT - 7]
    assert chat.said[-1][1:] == (None, "live: 1 come, 0 may, 0 wait")


async def test_a_card_that_moved_is_edited_in_its_new_chat(town: Town, chat: Chat) -> None:
    await one_card(town, chat, ADA)
    for _ in range(2):  # Telegram may tell of it more than once
        await town.do(moving.follow, BOT, CHAT, CHAT - 7, town.now)
    await soon(town, chat)

    await says(town, ADA)
    await soon(town, chat)

    assert len(chat.said) == 3
    assert chat.said[-1][1] is not None
    assert await chat.ended() == [None]


async def test_a_card_that_waits_when_its_group_moves_is_sent_there_once(town: Town, chat: Chat) -> None:
    await town.do(call_meeting, 1, now=town.now)
    await chat.calls(COORDINATOR)

    await town.do(moving.follow, BOT, CHAT, CHAT - 7, town.now)
    await soon(town, chat)

    assert len(chat.said) == 1


async def test_a_replaced_card_is_left_behind_when_its_group_moves(town: Town, chat: Chat) -> None:
    await one_card(town, chat)
    town.later(seconds=FRESH.total_seconds())
    await chat.calls(COORDINATOR)
    await chat.hears()

    await town.do(moving.follow, BOT, CHAT, CHAT - 7, town.now)
    await soon(town, chat)

    assert len([ended for ended in await chat.ended() if ended is None]) == 1
    assert len(chat.said) == 3


async def test_no_answer_is_lost_between_two_looks(town: Town, chat: Chat) -> None:
    """Answers and looks at the same moment: whatever comes first, the last edition counts everybody."""
    crowd = range(4_200_000_000, 4_200_000_020)
    await one_card(town, chat, *crowd)

    async def answers(telegram: int) -> None:
        await asyncio.sleep((telegram % 7) / 200)
        await says(town, telegram)

    async def looks() -> None:
        for _ in range(8):
            await soon(town, chat)
            await asyncio.sleep(0.005)

    await asyncio.gather(looks(), *map(answers, crowd))
    await soon(town, chat)

    assert chat.said[-1][2] == "live: 20 come, 0 may, 0 wait"
