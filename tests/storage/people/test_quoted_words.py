"""Who reads words or names of others is known to read them, so that none is said once it is gone."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import Connection, insert

from flows.actions.actions import ActionWords, ComponentNames, OwnActions, Stations
from flows.actions.feedback import OwnOpinions, Steps, WaveNow
from flows.actions.gifts import CauseTitles, GiftWords, OwnGiftWords, PleaWords
from flows.actions.pilots import PilotWords
from flows.announcements.announcement import AnnouncementWords
from flows.codec import encode
from flows.digests.digest import Digest
from flows.digests.reading import ActionCounsels, DigestFile, Ideas, ShownDigest
from flows.files import Entries, Form
from flows.inquiries.inquiries import (
    AnswerInquiry,
    AskPerson,
    Exchange,
    InquiryWords,
    NewLines,
    OwnExchange,
    OwnFirstWords,
    TakeInquiry,
)
from flows.moves import Known, Look, Passing
from flows.occasions.afterwards import MeetingScale
from flows.occasions.calendar import FeedAddress
from flows.occasions.check_in import DoorCode, DoorSheet
from flows.occasions.kinds import KindNames
from flows.occasions.my_meetings import OwnNotes
from flows.occasions.occasions import Sheets
from flows.occasions.registration import RegistrationTexts
from flows.people.own_data import OwnData
from flows.people.person import Forget, OwnLanguage
from flows.people.profiles import AddPerson, ForgetPerson, PhoneNames, SwitchTo
from flows.people.roles import EVERYWHERE, Role, Scope
from flows.people.team import OwnTitles, TeamNames
from flows.people.themes import ThemeNames
from flows.planning.exporting import Exported, ExportedWords, Shape, Subject
from flows.planning.responses import AttendanceWords
from flows.pushes.habits import CityNames
from flows.pushes.things import ThingWords
from flows.times.date_words import DateWords
from flows.words.classes import GivenWords, LinkableTitles
from flows.words.course import Contribution, OwnGivenWords, OwnStandings, OwnSteps
from flows.words.latest import Quotes
from flows.words.reviews import Reasons, Review, ReviewWords, Verdict
from flows.words.statements import OwnWords
from storage.actions.piloted import Gift, Plea
from storage.digests.digested import Digest as DigestRow
from storage.digests.digests import id_of
from storage.inquiries.inquired import Inquiry
from storage.messages.quoting import Quote, still_there
from storage.occasions.attendance import door_payload
from storage.registry import carry_out, loaders
from storage.tables import Statement, table
from storage.types import write
from tests.storage.people.test_erasure import lives_a_full_life
from tests.storage.pilots import GARDEN
from tests.storage.town import KEYS, NOON, Town, words

ADA, BEN = 4_000_000_001, 4_000_000_002
CANARY: Final = "CANARY"
RIVERSIDE: Final = Scope("riverside")

READ: Final = (
    AttendanceWords, Exported, ExportedWords, PleaWords, GiftWords, ShownDigest, GivenWords, ReviewWords,
    Quotes, TeamNames, OwnExchange, InquiryWords, Exchange, NewLines, PhoneNames,
)  # fmt: skip
"""Looks in which words or names of others stand. In all others stand one's own, or those of an office."""


async def meet(town: Town) -> None:
    """Ada leaves words everywhere; Ben coordinates, has reviewed what she said, asks her and is asked."""
    await lives_a_full_life(town, ADA, CANARY)
    ada, ben = await town.person(ADA), await town.arrives(BEN)
    for role, where in ((Role.NETWORK, EVERYWHERE), (Role.TERRITORY, RIVERSIDE), (Role.PANEL, RIVERSIDE)):
        await town.appoints(BEN, role, where)
    for row in await town.rows(Statement):
        await town.acts(BEN, Review(RIVERSIDE, row.id, row.version, Verdict.FIT))
    (asked,) = await town.acts(BEN, AskPerson(words("Who can help?"), translate=False))
    answer = AnswerInquiry(RIVERSIDE, asked, words(f"{CANARY} can"), last=False)
    await town.acts(ADA, TakeInquiry(RIVERSIDE, asked), answer)
    await town.do(ask_each_other, ada.citizen, ben.citizen)
    await town.do(keep_a_digest, (await town.rows(Statement))[0].id)
    town.later(minutes=1)
    await town.acts(BEN, AddPerson(CANARY))
    await town.acts(BEN, SwitchTo(1))


def ask_each_other(connection: Connection, ada: int, ben: int) -> None:
    """Ben has something to give, for which Ada asks; she says yes to what Ben asks of her."""
    known = {"language": "en", "language_probability": 1.0, "language_how": "written"}
    gift = {"kind": "tool", "text": "A saw", "territory": "riverside", "given_at": NOON, **known}
    connection.execute(insert(table(Gift)), {"id": ben, "citizen_id": ben, **gift})
    asks = {"cause": "action", "cause_id": GARDEN, "name": CANARY, "text": f"{CANARY} asks", "asked_at": NOON}
    connection.execute(insert(table(Plea)), {"id": 1, "gift_id": ben, "citizen_id": ada, "reply": "", **asks})
    agrees = {**asks, "name": "Ben", "text": "May I?", "agreed": True, "reply": f"{CANARY} agrees"}
    connection.execute(insert(table(Plea)), {"id": 2, "gift_id": ada, "citizen_id": ben, **agrees})


def keep_a_digest(connection: Connection, statement: int) -> None:
    """A digest that quotes a statement."""
    told = Digest("riverside", "2025-W10", date(2025, 3, 3), date(2025, 3, 9), date(2025, 3, 10), 10)
    told = replace(told, heard=replace(told.heard, quotes=(statement,)))
    row = {"id": id_of("riverside", "2025-W10"), "territory": "riverside", "period": "2025-W10"}
    times = {"since": NOON, "until": NOON, "made_at": NOON}
    connection.execute(insert(table(DigestRow)), {**row, **times, "data": write(encode(told))})


def looks(statement: int, given: int, asked: int, own: int) -> dict[type[Known], tuple[Any, ...]]:
    """Every look at words, with what it is about here.

    statement, given, asked  of Ada: a statement, what she gave otherwise, and her inquiry
    own                      Ben's inquiry
    """
    return {
        ActionCounsels: (RIVERSIDE, GARDEN),
        ActionWords: ((GARDEN,),),
        Stations: (GARDEN,),
        AnnouncementWords: (RIVERSIDE,),
        AttendanceWords: (RIVERSIDE, 1),
        CauseTitles: (RIVERSIDE,),
        CityNames: (),
        DateWords: (),
        ComponentNames: (),
        ThemeNames: (),
        DigestFile: (RIVERSIDE, "2025-W10", Form.CSV),
        DoorCode: (RIVERSIDE, 1),
        DoorSheet: (door_payload(KEYS, 1).removeprefix("c_"),),
        Entries: ((1,),),
        Exchange: (RIVERSIDE, asked),
        Exported: (RIVERSIDE, Subject.SAID, Shape.CSV),
        ExportedWords: (RIVERSIDE, Shape.CSV),
        FeedAddress: (),
        GiftWords: (RIVERSIDE,),
        GivenWords: (RIVERSIDE, Contribution.FEEDBACK, (given,)),
        Ideas: (RIVERSIDE, "2025-W10"),
        InquiryWords: (RIVERSIDE,),
        LinkableTitles: (RIVERSIDE,),
        MeetingScale: (),
        NewLines: (own,),
        OwnActions: (),
        OwnData: (),
        OwnExchange: (own,),
        OwnFirstWords: (),
        OwnGiftWords: (),
        OwnGivenWords: (),
        OwnLanguage: (),
        OwnNotes: (1,),
        OwnOpinions: (),
        OwnStandings: (),
        OwnSteps: (Contribution.STATEMENT, statement),
        OwnTitles: (),
        OwnWords: (),
        PhoneNames: (),
        KindNames: (),
        PilotWords: (RIVERSIDE,),
        PleaWords: (),
        Quotes: ((statement,),),
        Reasons: (),
        RegistrationTexts: (1,),
        ReviewWords: (RIVERSIDE, statement),
        Sheets: ((1,),),
        ShownDigest: (RIVERSIDE, "2025-W10"),
        Steps: (GARDEN,),
        WaveNow: (GARDEN,),
        TeamNames: (EVERYWHERE,),
        ThingWords: ((1,),),
    }


@pytest.fixture
async def about(town: Town) -> dict[type[Known], tuple[Any, ...]]:
    """What each look is about, once Ada and Ben have met."""
    await meet(town)
    ada, own = await town.person(ADA), None
    inquiries = {row.citizen_id: row.id for row in await town.rows(Inquiry)}
    own = next(id for citizen, id in inquiries.items() if citizen != ada.citizen)
    return looks((await town.rows(Statement))[0].id, ada.citizen, inquiries[ada.citizen], own)


async def read(town: Town, about: dict[type[Known], tuple[Any, ...]]) -> dict[type[Known], set[Quote]]:
    """What Ben reads in which words of Ada stand, and what is noted of each."""

    def work(connection: Connection) -> dict[type[Known], set[Quote]]:
        found = {}
        for what, which in about.items():
            unit = town.unit(connection, BEN)
            if CANARY in repr(carry_out(unit, Look(what, which))):
                found[what] = unit.quotes
        return found

    return await town.database.read(work)


def test_every_look_at_words_is_tried_here() -> None:
    words_of = {what for what in loaders() if issubclass(what, Passing)}

    assert set(looks(0, 0, 0, 0)) == words_of


async def test_who_reads_words_of_others_is_known_to_read_them_until_they_are_gone(
    town: Town, about: dict[type[Known], tuple[Any, ...]]
) -> None:
    found = await read(town, about)
    assert set(found) == set(READ)
    there = {what: await town.do(still_there, quotes) for what, quotes in found.items()}
    assert there == found

    await town.acts(ADA, Forget())
    await town.acts(BEN, ForgetPerson(2))

    assert await read(town, about) == {}
    for what, quotes in found.items():
        assert await town.do(still_there, quotes) != quotes, what
