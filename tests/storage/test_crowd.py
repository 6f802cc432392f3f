"""What is read for everybody in a group at once: each sees their own, and what they did themselves."""

from sqlalchemy import Connection

from flows.moves import Look
from flows.people.person import Forget, GiveConsent, Myself, Purpose, StopPushes
from flows.words.statements import OwnStatements, Question, Voice, WithdrawStatement
from storage.registry import carry_out
from storage.unit import Unit
from tests.storage.town import Town, record

ANNA, BO, CARLA = 1, 2, 3
VOICE = Look(Voice, (Question.WELL_BEING,))
ME = Look(Myself, ())


def said(unit: Unit) -> int:
    found: Voice = carry_out(unit, VOICE)
    return found.said


def agreed(unit: Unit) -> tuple[Purpose, ...]:
    found: Myself = carry_out(unit, ME)
    return found.consents


async def test_everybody_sees_their_own_statements_alone(town: Town) -> None:
    for telegram in (ANNA, BO, CARLA):
        await town.arrives(telegram)
    for text in ("A bench", "A tree"):
        await town.says(ANNA, text)
    await town.says(CARLA, "A doctor")

    def work(connection: Connection) -> list[int]:
        return [said(unit) for unit in town.units(connection, [ANNA, BO, CARLA])]

    assert await town.database.write(work) == [2, 0, 1]


async def test_who_has_just_spoken_is_counted_though_the_group_was_read_before(town: Town) -> None:
    for telegram in (ANNA, BO):
        await town.arrives(telegram)
    await town.says(BO, "A tree")

    def work(connection: Connection) -> list[int]:
        anna, bo = town.units(connection, [ANNA, BO])
        before = said(anna)
        carry_out(anna, record("A bench"))
        return [before, said(anna), said(bo)]

    assert await town.database.write(work) == [0, 1, 1]


async def test_a_statement_withdrawn_in_the_same_turn_does_not_count(town: Town) -> None:
    await town.arrives(ANNA)
    await town.says(ANNA, "A bench")

    def work(connection: Connection) -> list[int]:
        (anna,) = town.units(connection, [ANNA])
        before = said(anna)
        (own,) = carry_out(anna, Look(OwnStatements, ())).questions
        carry_out(anna, WithdrawStatement(int(own)))
        return [before, said(anna)]

    assert await town.database.write(work) == [1, 0]


async def test_a_consent_ended_in_the_same_turn_is_seen_as_ended_by_that_person_alone(town: Town) -> None:
    for telegram in (ANNA, BO):
        await town.arrives(telegram)

    def work(connection: Connection) -> list[tuple[Purpose, ...]]:
        anna, bo = town.units(connection, [ANNA, BO])
        before = agreed(anna)
        carry_out(anna, StopPushes())
        return [before, agreed(anna), agreed(bo)]

    before, anna, bo = await town.database.write(work)

    assert before == bo == tuple(Purpose)
    assert anna == (Purpose.STATEMENTS, Purpose.QUOTES)


async def test_a_consent_given_twice_in_one_turn_holds_once(town: Town) -> None:
    await town.arrives(ANNA)

    def work(connection: Connection) -> tuple[Purpose, ...]:
        (anna,) = town.units(connection, [ANNA])
        for _ in range(2):
            carry_out(anna, GiveConsent(Purpose.REMINDERS, "consent.reminders"))
        anna.book.flush()
        return agreed(anna)

    assert await town.database.write(work) == tuple(Purpose)
    consents = await town.look(ANNA, Myself)
    assert consents.consents == tuple(Purpose)


async def test_who_was_erased_has_nothing_though_the_group_was_read_before(town: Town) -> None:
    await town.arrives(ANNA)
    await town.says(ANNA, "A bench")

    def work(connection: Connection) -> list[int]:
        (anna,) = town.units(connection, [ANNA])
        before = said(anna)
        carry_out(anna, Forget())
        return [before, said(anna)]

    assert await town.database.write(work) == [1, 0]
