"""People are found by their Telegram id, changed by what they choose, and met again after erasure."""

from flows.moves import Look
from flows.people.person import (
    BeReachable,
    ConfirmAge,
    Forget,
    GiveConsent,
    Join,
    Languages,
    Myself,
    Place,
    Places,
    Purpose,
    RefuseConsent,
    SpeakLanguage,
    StopPushes,
)
from storage.people import people
from storage.tables import Citizen, Consent, Contact
from tests.flows.places import OWN_NAMES
from tests.storage.town import BOT, NOON, Town

ADA, BEN = 4_000_000_001, 4_000_000_002  # beyond 32 bits, as Telegram's are


async def test_a_stranger_is_not_found_and_writes_nothing_by_being_looked_for(town: Town) -> None:
    assert await town.do(people.find, BOT, [ADA]) == {}
    assert await town.rows(Contact) == []


async def test_a_stranger_who_chose_something_is_found_again_as_they_were_left(town: Town) -> None:
    await town.acts(ADA, SpeakLanguage("lv"), Join("riverside", "youth"))

    ada = await town.person(ADA)

    assert (ada.language, ada.language_chosen, ada.territory, ada.group) == ("lv", True, "riverside", "youth")
    assert (ada.known, ada.way_known, ada.erased, ada.reach) == (True, True, False, "open")
    assert ada.created_at == ada.seen_at == NOON
    assert ada.adult_at is ada.arrived_at is ada.stopped_at is None


async def test_people_of_another_bot_are_not_ours(town: Town) -> None:
    await town.arrives(ADA)

    assert await town.do(people.find, BOT + 1, [ADA]) == {}


async def test_several_people_are_found_at_once_and_strangers_left_out(town: Town) -> None:
    await town.comes(ADA)
    await town.comes(BEN)

    assert set(await town.do(people.find, BOT, [BEN, 1, ADA])) == {ADA, BEN}


async def test_only_the_person_who_acted_is_changed(town: Town) -> None:
    await town.arrives(ADA)
    before = await town.arrives(BEN)

    await town.acts(ADA, Join("montbell", None))

    assert await town.person(BEN) == before
    assert (await town.person(ADA)).territory == "montbell"


async def test_arriving_needs_the_age_and_the_consent_to_keep_statements(town: Town) -> None:
    await town.comes(ADA)
    consent = GiveConsent(Purpose.STATEMENTS, "consent.statements")

    await town.acts(ADA, consent)
    assert (await town.person(ADA)).arrived_at is None

    await town.acts(ADA, ConfirmAge(), consent)
    assert (await town.person(ADA)).arrived_at == NOON


async def test_a_consent_keeps_the_hash_of_the_text_that_was_read_and_when(town: Town) -> None:
    await town.comes(ADA)
    await town.acts(ADA, GiveConsent(Purpose.QUOTES, "consent.quotes"))

    consent = await town.row(Consent)

    assert consent.text_key == "consent.quotes"
    # sha256 of "consent.quotes in en", computed with sha256sum
    assert consent.text_hash == "c2a5501ad93b1088debc72e8799c0de3c4f513e4238b11ef9141838c4f01d513"
    assert (consent.purpose, consent.language, consent.update_id) == ("quotes", "en", town.updates)
    assert (consent.given_at, consent.withdrawn_at) == (NOON, None)


async def test_a_consent_given_again_ends_the_earlier_one_and_stands_alone(town: Town) -> None:
    await town.comes(ADA)
    await town.acts(ADA, GiveConsent(Purpose.QUOTES, "consent.quotes"))
    town.later(days=1)
    await town.acts(ADA, GiveConsent(Purpose.QUOTES, "consent.quotes"))

    first, second = sorted(await town.rows(Consent), key=lambda row: row.given_at)

    assert first.withdrawn_at == second.given_at == town.now
    assert second.withdrawn_at is None
    assert (await town.look(ADA, Myself)).consents == (Purpose.QUOTES,)


async def test_a_withdrawn_consent_stays_on_record_with_its_end(town: Town) -> None:
    await town.comes(ADA)
    await town.acts(ADA, GiveConsent(Purpose.QUOTES, "consent.quotes"))
    town.later(hours=1)
    await town.acts(ADA, RefuseConsent(Purpose.QUOTES))
    ended = town.now
    town.later(hours=1)
    await town.acts(ADA, RefuseConsent(Purpose.QUOTES))

    consent = await town.row(Consent)

    assert (consent.given_at, consent.withdrawn_at) == (NOON, ended)
    assert (await town.look(ADA, Myself)).consents == ()


async def test_refusing_what_was_never_given_leaves_no_record(town: Town) -> None:
    await town.comes(ADA)
    await town.acts(ADA, RefuseConsent(Purpose.QUOTES))

    assert await town.rows(Consent) == []


async def test_one_persons_refusal_leaves_anothers_consent_alone(town: Town) -> None:
    await town.arrives(ADA)
    await town.arrives(BEN)

    await town.acts(ADA, RefuseConsent(Purpose.QUOTES))

    assert Purpose.QUOTES in (await town.look(BEN, Myself)).consents


async def test_stopping_ends_the_consent_to_reminders_and_no_other(town: Town) -> None:
    await town.arrives(ADA)
    await town.acts(ADA, StopPushes())

    me = await town.look(ADA, Myself)

    assert me.stopped
    assert me.arrived
    assert me.consents == (Purpose.STATEMENTS, Purpose.QUOTES)


async def test_who_agrees_to_reminders_after_stopping_has_not_stopped_any_more(town: Town) -> None:
    await town.arrives(ADA)
    await town.acts(ADA, StopPushes())
    await town.acts(ADA, GiveConsent(Purpose.REMINDERS, "consent.reminders"))

    me = await town.look(ADA, Myself)

    assert not me.stopped
    assert Purpose.REMINDERS in me.consents


async def test_a_stranger_may_stop_first_thing(town: Town) -> None:
    await town.acts(ADA, StopPushes())

    assert (await town.person(ADA)).stopped_at == NOON


async def test_a_look_at_oneself_shows_what_is_kept(town: Town) -> None:
    await town.arrives(ADA, territory="montbell", group=None)

    me = await town.look(ADA, Myself)

    assert me == Myself(
        language="en",
        language_chosen=True,
        territory="montbell",
        group=None,
        arrived=True,
        consents=tuple(Purpose),
        stopped=False,
    )


async def test_a_stranger_who_looks_at_themselves_sees_nothing_given(town: Town) -> None:
    me = await town.look(ADA, Myself)

    assert (me.language, me.arrived, me.consents, me.stopped) == ("en", False, (), False)


async def test_the_languages_of_the_territory_come_first_and_none_is_missing(town: Town) -> None:
    named = await town.look(ADA, Languages, "montbell")
    unknown = await town.look(ADA, Languages, "nowhere")
    await town.acts(BEN, Join("riverside", None))
    own = await town.look(BEN, Languages, "")

    assert list(named.own_names)[:4] == ["fr", "ar", "el", "ru"]
    assert list(own.own_names)[:3] == ["lv", "en", "fr"]
    assert list(unknown.own_names) == list(OWN_NAMES)
    assert named.own_names == own.own_names == OWN_NAMES


async def test_the_language_spoken_now_is_the_nearest_then_those_of_the_territory(town: Town) -> None:
    await town.acts(ADA, SpeakLanguage("ru"))

    named = await town.look(ADA, Languages, "riverside")
    nowhere = await town.look(ADA, Languages, "")

    assert named.nearest == ("ru", "lv", "en", "fr")
    assert nowhere.nearest == ("ru", "lv", "en", "fr", "ar", "el")


async def test_a_place_is_shown_with_its_groups_and_an_unknown_one_as_none(town: Town) -> None:
    riverside, nowhere = await town.acts(ADA, Look(Place, ("riverside",)), Look(Place, ("nowhere",)))

    assert (riverside.slug, riverside.adult_from, list(riverside.groups)) == (
        "riverside",
        16,
        ["youth", "elders"],
    )
    assert nowhere == Place(None, {}, 0, {})
    assert list((await town.look(ADA, Places)).names) == ["riverside", "montbell"]


async def test_a_block_and_its_end_are_noted(town: Town) -> None:
    await town.comes(ADA)
    await town.acts(ADA, BeReachable(False))
    assert (await town.person(ADA)).reach == "blocked"

    await town.acts(ADA, BeReachable(True))
    assert (await town.person(ADA)).reach == "open"


async def test_who_comes_back_before_the_last_word_is_a_new_person_on_the_old_way(town: Town) -> None:
    before = await town.arrives(ADA)
    await town.acts(ADA, Forget())
    assert await town.do(people.find, BOT, [ADA]) == {}
    assert await town.do(people.orphans, BOT, [ADA, BEN]) == {ADA: before.contact}

    after = await town.comes(ADA)

    assert after.contact == before.contact
    assert after.citizen != before.citizen
    assert after.arrived_at is None
    assert [row.id for row in await town.rows(Citizen)] == [after.citizen]
    assert await town.do(people.orphans, BOT, [ADA]) == {}


async def test_a_stranger_who_asks_to_be_forgotten_leaves_only_the_way_for_the_answer(town: Town) -> None:
    await town.acts(ADA, SpeakLanguage("fr"), Forget())

    assert await town.rows(Citizen) == []
    assert (await town.row(Contact)).citizen_id is None
