"""Updates are carried out once, together where they can be, and a bad one falls alone."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.rendering.button import button
from bot.turns.group import MOST, in_groups
from bot.turns.incoming import Incoming, Press
from bot.turns.turns import ATTEMPTS, Failed
from flows.events import Left, Returned, Shared, Thing, Wrote
from storage.database import Database
from storage.errors import Unavailable
from storage.messages.inbox import Arrived
from storage.tables import Conversation, table
from tests.bot.house import BOT, TEXTS, House, data, said, trouble

POISON = "half \ud83d of a pair"  # the door would mend it; storage cannot keep it


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def test_an_update_that_comes_again_changes_nothing_and_is_answered_again(house: House) -> None:
    await house.arrive(1)
    idea = house.writes(1, "A bench in the sun")
    first = await house.take(idea)
    press = house.presses(1, data(first, "next"))
    await house.take(press)
    before = await house.rows("outbox")

    again = await house.take(idea, press)

    assert await house.statements() == ["A bench in the sun"]
    assert await house.rows("outbox") == before
    assert again.speak == []
    assert press.press is not None
    assert [answer.press for answer in again.answers] == [press.press.id]


async def test_a_number_that_telegram_gives_again_is_another_update_if_it_says_something_else(
    house: House,
) -> None:
    await house.arrive(1)
    first = house.writes(1, "A bench in the sun")
    other = replace(house.writes(1, "A path"), arrived=Arrived(first.arrived.update_id, 1))

    await house.take(first)
    await house.take(other)

    assert await house.statements() == ["A bench in the sun", "A path"]


async def test_many_people_share_one_transaction_and_each_gets_their_own_answer(house: House) -> None:
    people = range(1, 21)
    await house.arrive(*people)

    carried = await house.take(*(house.writes(person, f"An idea of {person}") for person in people))

    assert await house.statements() == sorted(f"An idea of {person}" for person in people)
    assert sorted(telegram for telegram, _ in said(carried)) == list(people)


async def test_a_poisonous_update_falls_alone_and_its_sender_is_told_once(house: House) -> None:
    await house.arrive(1, 2, 3)
    group = [house.writes(1, "A bench"), house.writes(2, POISON), house.writes(3, "A path")]

    carried = await house.take(*group)
    again = await house.take(group[1])

    [apology] = [row for row in await house.rows("outbox") if row.key.startswith("q:")]
    [row] = await house.rows("quarantine")
    assert await house.statements() == ["A bench", "A path"]
    assert [(failed.kind, failed.reason) for failed in carried.failed] == [("message", "UnicodeEncodeError")]
    assert (row.attempts, row.kind, row.reason) == (ATTEMPTS, "message", "UnicodeEncodeError")
    assert "half" not in str(row)
    assert apology.payload != "null"
    assert carried.waiting
    assert (again.speak, again.failed) == ([], [])


async def test_a_poisonous_press_is_answered_also_when_it_comes_again(house: House) -> None:
    await house.arrive(1)
    poison = house.incoming(1, Wrote(house.now, POISON, 5), press=Press("q", None, None))

    carried = await house.take(poison)
    again = await house.turns.set_aside(poison, carried.failed[0], house.now, attempts=1)

    assert [failed.reason for failed in carried.failed] == ["UnicodeEncodeError"]
    assert [answer.press for answer in (*carried.answers, *again.answers)] == ["q", "q"]


async def test_who_was_in_a_conversation_of_an_earlier_release_is_led_on(house: House) -> None:
    await house.arrive(1)
    gone = update(table(Conversation)).values(stack='[[1,"of_an_earlier_release",[],[],0]]')
    await house.database.write(lambda connection: connection.execute(gone))

    carried = await house.take(house.writes(1, "Are you there?"))

    assert carried.failed == []
    assert said(carried)


async def test_a_stranger_is_not_told_about_an_update_that_was_set_aside(house: House) -> None:
    failed = Failed("message", "ValueError")

    carried = await house.turns.set_aside(house.opens(9), failed, house.now, attempts=1)

    assert carried.failed == [failed]
    assert len(await house.rows("quarantine")) == 1
    assert await house.rows("outbox") == []


async def test_while_the_database_is_in_trouble_nothing_changes_and_it_is_said_so(house: House) -> None:
    await house.arrive(1)
    idea = house.writes(1, "A bench in the sun")
    odd = Incoming(Arrived(7, 7), "message")
    with trouble():
        with pytest.raises(Unavailable):
            await house.take(idea)
        with pytest.raises(Unavailable):
            await house.turns.set_aside(odd, Failed("message", "ValueError"), house.now, attempts=1)

    assert await house.rows("quarantine") == []
    assert await house.statements() == []
    assert len(said(await house.take(idea))) == 1
    assert await house.statements() == ["A bench in the sun"]


async def test_trouble_in_the_middle_of_a_poisoned_group_leaves_no_reply_unsaid(house: House) -> None:
    await house.arrive(1, 2)
    group = [house.writes(1, "A bench"), house.writes(2, POISON)]
    with trouble(after=1), pytest.raises(Unavailable):
        await house.take(*group)

    again = await house.take(*group)

    unsaid = [row.state for row in await house.rows("outbox") if row.state != "sent"]
    assert again.speak == []
    assert unsaid == ["pending", "pending"]  # the reply to one, the apology to the other


async def test_an_album_is_answered_once(house: House) -> None:
    await house.arrive(1)
    photos = [house.incoming(1, Shared(house.now, Thing.ALBUM), album=7) for _ in range(4)]

    carried = [await house.take(photo) for photo in photos]
    another = await house.take(house.incoming(1, Shared(house.now, Thing.ALBUM), album=8))

    assert [len(one.speak) for one in carried] == [1, 0, 0, 0]
    assert len(another.speak) == 1


async def test_what_finds_no_room_waits_to_be_claimed(house: House) -> None:
    await house.arrive(1, 2, 3)

    carried = await house.take(*(house.writes(person, "A bench") for person in (1, 2, 3)), room=2)

    rows = await house.rows("outbox")
    assert len(carried.speak) == 2
    assert carried.waiting
    assert sorted(row.state for row in rows if row.state != "sent") == ["pending", "sending", "sending"]


async def test_nothing_overtakes_what_waits_for_the_same_person(house: House) -> None:
    await house.arrive(1, 2)
    await house.take(house.writes(1, "A bench"), room=0)

    carried = await house.take(house.writes(1, "A path"), house.writes(2, "A tree"))

    assert [telegram for telegram, _ in said(carried)] == [2]
    assert carried.waiting


@pytest.mark.parametrize(
    ("code", "payload", "greeting"),
    [
        ("fr", "", "Bonjour"),
        ("fr-CA", "", "Bonjour"),
        ("xx", "", "Hello"),
        (None, "", "Hello"),
        ("", "", "Hello"),
        ("xx", "t_montbell", "Bonjour"),
        (None, "t_riverside", "Sveiki"),
        (None, "t_nowhere", "Hello"),
        ("ru", "t_montbell", "Здравствуйте"),
    ],
)
async def test_a_stranger_is_greeted_in_a_language_they_may_read(
    house: House, code: str | None, payload: str, greeting: str
) -> None:
    carried = await house.take(house.opens(9, payload, language=code))

    [(_, text)] = said(carried)
    assert greeting in text


@pytest.mark.parametrize(
    ("text", "greeting"),
    [
        ("Bonjour, je voudrais participer à vos réunions", "Bonjour"),
        ("Здравствуйте, я хочу участвовать", "Здравствуйте"),
        ("Bonjour madame", "Hello"),
        ("Dw i eisiau cymryd rhan", "Hello"),
        ("12345", "Hello"),
    ],
)
async def test_a_stranger_who_writes_is_answered_in_their_language_if_nothing_else_tells_it(
    house: House, text: str, greeting: str
) -> None:
    carried = await house.take(house.writes(9, text, language=None))

    assert greeting in said(carried)[0][1]


async def test_the_language_of_the_phone_is_trusted_more_than_what_a_stranger_writes(house: House) -> None:
    carried = await house.take(
        house.writes(9, "Bonjour, je voudrais participer à vos réunions", language="ru")
    )

    assert "Здравствуйте" in said(carried)[0][1]


async def test_an_edit_changes_what_was_said(house: House) -> None:
    await house.arrive(1)
    idea = house.writes(1, "A bench")
    await house.take(idea)
    await house.take(house.edits(idea, "Two benches"))

    assert await house.statements() == ["Two benches"]


async def test_who_blocks_is_noted_and_whoever_is_heard_again_can_be_reached(house: House) -> None:
    await house.arrive(1)
    await house.take(house.writes(1, "A bench"), room=0)
    await house.take(house.incoming(1, Left(house.now)))
    blocked, waiting = await house.rows("contact"), await house.rows("outbox")
    await house.take(house.incoming(1, Returned(house.now)))
    back = await house.rows("contact")

    assert [row.reach for row in blocked] == ["blocked"]
    assert {row.state for row in waiting} == {"sent", "cancelled"}
    assert [row.reach for row in back] == ["open"]


async def test_words_are_kept_with_the_language_they_are_in(house: House) -> None:
    await house.arrive(1)
    await house.take(house.writes(1, "Je voudrais plus de bancs au soleil près de l'école"))

    [row] = await house.rows("statement")
    assert row.language == "fr"


@pytest.mark.parametrize(
    ("text", "phone", "language"),
    [
        ("Me gustaría tener más bancos al sol cerca de la escuela", "es", "es"),
        ("Eu queria mais bancos ao sol perto da escola", "pt-br", "pt"),
        ("我希望学校附近阳光下有更多的长椅可以坐", "zh-cn", "zh-CN"),
        ("Я хотел бы больше скамеек рядом со школой", None, "ru"),
        ("Я хотел бы больше скамеек рядом со школой", "sr-Latn", "ru"),
    ],
)
async def test_the_language_of_the_phone_is_expected_and_so_are_letters_that_only_others_have(
    house: House, text: str, phone: str | None, language: str
) -> None:
    await house.arrive(1)
    await house.take(house.writes(1, text, language=phone))

    [row] = await house.rows("statement")
    assert (row.language, row.language_how) == (language, "written")
    assert row.language_probability > 0.9


async def test_a_language_that_its_author_has_named_is_expected_from_then_on(house: House) -> None:
    await house.arrive(1)
    await house.take(house.writes(1, "Me gustaría tener más bancos al sol cerca de la escuela"))
    [first] = await house.rows("statement")
    named = {"language": "es", "language_probability": 1.0, "language_how": "told"}
    await house.database.write(
        lambda connection: connection.execute(house.rows_of("statement").update().values(**named))
    )

    await house.take(house.writes(1, "Un jardín donde los niños puedan jugar sin peligro"))

    [second] = [row for row in await house.rows("statement") if row.id != first.id]
    assert first.language != "es"  # nothing told of it then
    assert (second.language, second.language_how) == ("es", "written")


def test_a_batch_is_carried_in_groups_with_nobody_twice_in_one(house: House) -> None:
    first, *others = batch = [house.writes(person, "words") for person in (1, 2, 1, 3, 1, 2)]

    groups = list(in_groups(batch))

    senders = [[one.sender.telegram for one in group if one.sender] for group in groups]
    assert senders == [[1, 2, 3], [1, 2], [1]]
    assert [group[0] for group in groups] == [first, others[1], others[3]]


def test_no_group_is_larger_than_one_transaction_bears() -> None:
    batch = [Incoming(Arrived(number, 0), "message", moved=(1, 2)) for number in range(3 * MOST + 1)]

    groups = list(in_groups(batch))

    assert [len(group) for group in groups] == [MOST, MOST, MOST, 1]
    assert [one for group in groups for one in group] == batch


async def test_two_runs_make_the_same_rows_of_the_same_update(house: House) -> None:
    await house.arrive(1)
    idea = house.writes(1, "A bench")
    await house.take(idea)
    keys = {row.key for row in await house.rows("outbox")}

    assert f"u:{BOT}:{idea.arrived.update_id}:{idea.arrived.mark}:0" in keys


async def test_a_consent_is_recorded_with_the_text_that_was_read(house: House) -> None:
    await house.arrive(1)

    consents = {row.purpose: row.text_hash for row in await house.rows("consent")}

    text = TEXTS.wording("en", "consent.statements")
    assert "{territory}" in text
    assert consents["statements"] == hashlib.sha256(text.encode()).hexdigest()


async def test_an_old_button_of_a_stranger_leaves_nothing(house: House) -> None:
    carried = await house.take(house.presses(1, button(7, 1, "yes")))

    assert [answer.text is not None for answer in carried.answers] == [True]
    assert await house.rows("citizen") == await house.rows("contact") == []
