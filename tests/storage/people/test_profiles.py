"""Several people on one phone: each has everything of their own, and one of them speaks."""

import pytest

from flows.occasions.occasions import AnswerOccasion, Says, Standing
from flows.people.person import BeReachable, Forget, GiveConsent, OwnName, Purpose, StopPushes
from flows.people.profiles import (
    MOST,
    AddPerson,
    CallMe,
    ForgetPerson,
    Named,
    OnThisPhone,
    PhoneNames,
    SwitchTo,
)
from flows.words.statements import OwnWords
from storage.backup.erasures import erase_again, noted
from storage.messages import outbox
from storage.occasions.planned import Answer
from storage.people import people, retention
from storage.people.profiles import slot_of
from storage.tables import Citizen, Contact, Outbox, Statement
from tests.storage.plans import call_meeting
from tests.storage.town import BOT, KEYS, Town

PHONE, OTHER = 4_000_000_001, 4_000_000_002


@pytest.fixture
async def shared(town: Town) -> Town:
    """Ada and Ben share a phone; both have arrived and said something, and Ben speaks."""
    await town.arrives(PHONE)
    await town.says(PHONE, "Ada's path.")
    town.later(minutes=1)
    await town.acts(PHONE, CallMe("Ada"), AddPerson("Ben"))
    await town.arrives(PHONE)
    await town.says(PHONE, "Ben's bench.")
    return town


async def names(town: Town) -> tuple[str, ...]:
    """The people on the phone."""
    found: PhoneNames = await town.look(PHONE, PhoneNames)
    return found.names


async def speaker(town: Town) -> str | None:
    """Who speaks from the phone."""
    found: OwnName = await town.look(PHONE, OwnName)
    return found.name


async def test_somebody_new_on_a_phone_is_nobody_we_know(town: Town) -> None:
    ada = await town.arrives(PHONE)
    town.later(minutes=1)

    assert await town.acts(PHONE, CallMe("Ada"), AddPerson("Ben")) == [Named.NAMED, Named.NAMED]

    ben = await town.person(PHONE)
    assert (ben.called, ben.arrived_at, ben.territory, ben.asked) == ("Ben", None, None, "")
    assert ben.citizen != ada.citizen
    assert ben.contact != ada.contact
    assert await town.look(PHONE, OnThisPhone) == OnThisPhone(2, 2, named=True)


async def test_each_has_their_own_words_consents_and_pseudonym(shared: Town) -> None:
    assert list((await shared.look(PHONE, OwnWords)).texts.values()) == ["Ben's bench."]
    await shared.acts(PHONE, StopPushes(), SwitchTo(1))

    assert list((await shared.look(PHONE, OwnWords)).texts.values()) == ["Ada's path."]
    assert (await shared.person(PHONE)).stopped_at is None
    assert len({row.author for row in await shared.rows(Statement)}) == 2


async def test_whoever_is_switched_to_speaks_and_the_order_stays(shared: Town) -> None:
    assert (await speaker(shared), await names(shared)) == ("Ben", ("Ada", "Ben"))
    for place, name in ((1, "Ada"), (1, "Ada"), (2, "Ben"), (0, "Ben"), (3, "Ben"), (-1, "Ben")):
        await shared.acts(PHONE, SwitchTo(place))
        assert (await speaker(shared), await names(shared)) == (name, ("Ada", "Ben"))


async def test_names_on_a_phone_differ_and_are_no_matter_elsewhere(shared: Town) -> None:
    assert await shared.acts(PHONE, CallMe("ADA"), AddPerson("ada"), AddPerson("Ben")) == [Named.SAME] * 3
    assert await shared.acts(PHONE, CallMe("Benoît")) == [Named.NAMED]
    await shared.arrives(OTHER)
    assert await shared.acts(OTHER, CallMe("Ada")) == [Named.NAMED]


async def test_there_are_no_more_on_a_phone_than_can_be(town: Town) -> None:
    await town.arrives(PHONE)
    await town.acts(PHONE, CallMe("0"))
    for number in range(1, MOST):
        assert await town.acts(PHONE, AddPerson(str(number))) == [Named.NAMED]

    assert await town.acts(PHONE, AddPerson("one more")) == [Named.FULL]
    assert len(await town.rows(Citizen)) == MOST


async def test_who_forgets_themselves_leaves_the_phone_to_the_next(shared: Town) -> None:
    await shared.acts(PHONE, Forget())

    assert await speaker(shared) is None, "who is alone on a phone needs no name there"
    assert list((await shared.look(PHONE, OwnWords)).texts.values()) == ["Ada's path."]
    assert await shared.look(PHONE, OnThisPhone) == OnThisPhone(1, 1, named=False)
    await shared.do(retention.sweep, shared.now)
    assert [row.slot for row in await shared.rows(Contact)] == [0]


async def test_somebody_else_is_forgotten_whole_and_the_person_keeps_everything(shared: Town) -> None:
    await shared.acts(PHONE, ForgetPerson(1))

    assert [row.text for row in await shared.rows(Statement)] == ["Ben's bench."]
    assert await speaker(shared) is None
    await shared.acts(PHONE, ForgetPerson(1), ForgetPerson(2))
    assert len(await shared.rows(Citizen)) == 1, "nobody forgets themselves by this"


async def test_a_slot_is_free_again_only_once_the_last_word_was_said(shared: Town) -> None:
    await shared.acts(PHONE, ForgetPerson(1))
    shared.later(minutes=1)
    await shared.acts(PHONE, CallMe("Ben"), AddPerson("Cem"))

    assert await names(shared) == ("Ben", "Cem")
    assert len({row.slot for row in await shared.rows(Contact)}) == 3


async def test_a_restored_backup_forgets_the_one_and_not_the_others(shared: Town) -> None:
    """What is remembered of an erasure names one of several by the id that only they had."""
    ben = (await shared.person(PHONE)).citizen
    await shared.acts(PHONE, Forget())
    erased = await shared.do(noted)
    assert erased == {KEYS.citizen(ben): shared.now}

    assert await shared.do(erase_again, KEYS, erased) == 0
    assert await shared.do(
        erase_again, KEYS, {KEYS.citizen((await shared.person(PHONE)).citizen): shared.now}
    )
    assert await shared.rows(Citizen) == []


async def test_a_block_is_everybodys_on_the_phone_and_so_is_its_end(shared: Town) -> None:
    ben = await shared.person(PHONE)
    await shared.acts(PHONE, SwitchTo(1))
    await shared.reminds(ben, "a reminder")

    await shared.acts(PHONE, BeReachable(False))
    assert [row.reach for row in await shared.rows(Contact)] == ["blocked", "blocked"]
    assert (await shared.row(Outbox)).state == outbox.State.CANCELLED

    await shared.acts(PHONE, BeReachable(True))
    assert [row.reach for row in await shared.rows(Contact)] == ["open", "open"]


async def test_a_send_that_meets_a_block_shuts_off_everybody_on_the_phone(shared: Town) -> None:
    ben = await shared.person(PHONE)
    await shared.do(outbox.cut_off, ben.contact, "blocked", shared.now)

    assert {row.reach for row in await shared.rows(Contact)} == {"blocked"}


async def test_who_does_not_speak_is_found_for_what_is_due_to_them(shared: Town) -> None:
    ben = await shared.person(PHONE)
    await shared.acts(PHONE, SwitchTo(1))

    found = await shared.do(people.find_free, BOT, [ben.citizen])

    assert found[ben.citizen].contact == ben.contact
    assert found[ben.citizen].called == "Ben"
    assert (await shared.person(PHONE)).called == "Ada"


async def test_each_on_a_phone_stops_for_themselves_alone(shared: Town) -> None:
    ben = await shared.person(PHONE)
    await shared.acts(PHONE, StopPushes(), SwitchTo(1))
    await shared.reminds(await shared.person(PHONE), "for Ada")
    await shared.reminds(ben, "for Ben")

    assert await shared.claims() == ["for Ada"]


async def test_a_newcomer_who_never_agrees_is_dropped_and_the_phone_is_the_others(town: Town) -> None:
    await town.arrives(PHONE)
    await town.acts(PHONE, CallMe("Ada"), AddPerson("Ben"))
    town.later(days=8)

    await town.do(retention.sweep, town.now)

    assert len(await town.rows(Citizen)) == 1
    assert (await town.person(PHONE)).arrived_at is not None


async def test_only_conversations_of_who_is_silent_are_looked_for(shared: Town) -> None:
    assert await shared.do(slot_of, BOT, PHONE, 404) is None


async def test_who_comes_back_after_a_block_is_offered_what_became_free_meanwhile(town: Town) -> None:
    """A free seat passes by whoever cannot be told of it: they take up their place in line again."""
    await town.do(call_meeting, 1, now=town.now, seats=1)
    for telegram in (PHONE, OTHER):
        await town.arrives(telegram)
        await town.acts(telegram, AnswerOccasion(1, Says.YES))
    await town.acts(OTHER, BeReachable(False))
    await town.acts(PHONE, AnswerOccasion(1, Says.NO))
    ben = (await town.person(OTHER)).citizen
    assert await standing(town, ben) == Standing.WAITING

    await town.acts(OTHER, BeReachable(True))

    assert await standing(town, ben) == Standing.OFFERED


async def test_who_agrees_to_messages_again_is_offered_what_became_free_meanwhile(town: Town) -> None:
    await town.do(call_meeting, 1, now=town.now, seats=1)
    for telegram in (PHONE, OTHER):
        await town.arrives(telegram)
        await town.acts(telegram, AnswerOccasion(1, Says.YES))
    await town.acts(OTHER, StopPushes())
    await town.acts(PHONE, AnswerOccasion(1, Says.NO))

    await town.acts(OTHER, GiveConsent(Purpose.REMINDERS, "consent.reminders"))

    assert await standing(town, (await town.person(OTHER)).citizen) == Standing.OFFERED


async def standing(town: Town, citizen: int) -> str:
    """What somebody has of a seat."""
    (answer,) = [row for row in await town.rows(Answer) if row.citizen_id == citizen]
    return str(answer.standing)
