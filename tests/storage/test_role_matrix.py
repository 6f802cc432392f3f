"""Every look and every effect that needs a permission, for every role in every scope: who may, who may not.

What there is comes from the registers, so a new move is in here without being named. Who may is written down
once more, by hand: the table in flows/people/roles.py must not be held against itself.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from functools import partial
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import Connection

from flows.conversations import effects, looks
from flows.moves import Effect, Known, Look
from flows.panels.panel import LeavePanel
from flows.people.roles import EVERYWHERE, NotAllowed, Permission, Role, Scope
from storage import registry
from storage.registry import carry_out
from tests.storage.people.test_erasure import everything
from tests.storage.town import NOON, Town

ADA: Final = 4_000_000_001
RIVERSIDE, YOUTH, ELDERS = Scope("riverside"), Scope("riverside", "youth"), Scope("riverside", "elders")
MONTBELL: Final = Scope("montbell")
SCOPES: Final = (EVERYWHERE, RIVERSIDE, YOUTH, ELDERS, MONTBELL)

ROLES: Final = {
    Role.NETWORK: EVERYWHERE,
    Role.TERRITORY: RIVERSIDE,
    Role.FACILITATOR: YOUTH,
    Role.PANEL: RIVERSIDE,
}
WITHIN: Final = {
    EVERYWHERE: set(SCOPES),
    RIVERSIDE: {RIVERSIDE, YOUTH, ELDERS},
    YOUTH: {YOUTH},
}
MAY: Final = {
    Permission.COORDINATE: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.SEE_ROLES: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.GRANT_ROLES: {Role.NETWORK, Role.TERRITORY},
    Permission.PLAN: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.SEE_ANSWERS: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.KEEP_ROOMS: {Role.NETWORK, Role.TERRITORY},
    Permission.SEE_PANEL: {Role.NETWORK, Role.TERRITORY, Role.PANEL},
    Permission.CLASSIFY: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.REVIEW: {Role.NETWORK, Role.TERRITORY},
    Permission.ANNOUNCE: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR},
    Permission.ATTEND_INQUIRIES: {Role.NETWORK, Role.TERRITORY},
    Permission.READ_DIGESTS: {Role.NETWORK, Role.TERRITORY, Role.FACILITATOR, Role.PANEL},
}

LEVEL: Final = {
    EVERYWHERE: Role.NETWORK, RIVERSIDE: Role.PANEL, MONTBELL: Role.PANEL, YOUTH: Role.FACILITATOR,
    ELDERS: Role.FACILITATOR,
}  # fmt: skip
"""A role that can be had in each scope."""


FOR_EVERYBODY: Final = frozenset((
    "FollowAction", "LeaveAction", "GiveFeedback", "RewordWhy", "SayWhy", "WithdrawFeedback",
    "AnswerPlea", "Give", "GiveStatement", "TakeBack", "TapInterest", "AskPerson", "CloseOwn", "PassOn",
    "Reopen", "SayMore", "WithdrawInquiry", "RateOccasion", "RemarkOn", "SayWasThere",
    "WithdrawEvaluation", "CloseFeed", "OpenFeed", "CheckIn", "ReportDone", "AnswerOccasion",
    "TakeOffer", "WithdrawAnswer", "GiveBack", "GiveBackLater", "KeepPost", "RefuseToStandIn",
    "SeekStandIn", "StandIn", "TakeAllDates",
    "ReplyAtRegistration", "DescribeBarrier", "NameBarriers", "NameGuests", "NameNeeds",
    "OpenInvitation", "TakeRole", "BeReachable", "ConfirmAge", "Forget", "GiveConsent", "Join",
    "RefuseConsent", "SpeakLanguage", "StopPushes", "AddPerson", "CallMe", "ForgetPerson", "SwitchTo",
    "FollowThemes", "OfferLanguage", "TellLanguage", "KeepHabits", "LeaveInPeace", "SwitchTopic",
    "TellMoves", "RecordStatement", "RewordMessage", "RewordStatement", "WithdrawStatement",
    "ActionWords", "Actions", "Codes", "ComponentNames", "OneAction", "OwnActions", "OwnFeedback",
    "OwnOpinions", "Steps", "Survey", "WaveNow", "Findings", "OwnGiftWords", "OwnGifts", "OwnPleas",
    "PleaWords",
    "AnnouncementPlace", "DigestHere", "Entries", "NewLines", "Office", "OwnExchange", "OwnFirstWords",
    "OwnInquiries", "Whose", "Aftermath", "MeetingScale", "FeedAddress", "OwnCalendar", "Helped",
    "KindNames", "Kinds", "KeptAnswers", "OwnNotes", "Dates", "OfAction", "One", "OwnAnswers", "Past",
    "Sheets", "Upcoming", "BotAddress", "Tasks", "Registration", "RegistrationTexts", "Closed",
    "RoomHere", "Colleges", "OwnData", "Languages", "Myself", "OwnLanguage", "OwnName", "OwnRoles", "Place",
    "Places", "Unasked", "OnThisPhone", "PhoneNames", "OwnTitles", "Reach", "Themes", "OwnTongue",
    "PlaceLanguages", "Needed", "OwnHabits", "ThingWords", "Things", "OwnGivenWords", "OwnStandings",
    "OwnSteps", "Latest", "Quotes", "ReasonCodes", "Reasons", "OwnStatements", "OwnWords", "Voice",
    "LeadWords", "LinkedPlace", "LanguagesUsed", "CityNames", "DoorSheet", "Stations", "ThemeNames",
    "DateWords",
))  # fmt: skip
"""Moves that need no permission. Whatever loses its permission, or is new without one, is to be looked at."""


def test_what_needs_no_permission_was_looked_at() -> None:
    open_to_all = {each.__name__ for each in (*effects(), *looks()) if each.needs is None}

    assert open_to_all == FOR_EVERYBODY


@dataclass(frozen=True, slots=True)
class Attempt:
    """One move of the register, in one scope."""

    move: Look | Effect[Any]
    where: Scope
    needs: Permission


def attempts() -> list[Attempt]:
    """Every move that needs a permission, in every scope."""
    found = []
    for where in SCOPES:
        moves: list[Look | Effect[Any]] = [made(effect, where) for effect in effects() if effect.needs]
        moves += [Look(known, asked_about(known, where)) for known in looks() if known.needs]
        found += [Attempt(move, where, move.needs) for move in moves if move.needs is not None]
    return found


def asked_about(known: type[Known], where: Scope) -> tuple[Any, ...]:
    """What a look of that kind in that scope is about, filled in by what its loader takes."""
    hints = get_type_hints(registry.loaders()[known])
    return tuple(filled(kind, where) for name, kind in hints.items() if name not in ("unit", "return"))


def made(effect: type[Effect[Any]], where: Scope) -> Effect[Any]:
    """An effect of that kind in that scope, filled in by the types of its fields."""
    effect_made: Effect[Any] = filled(effect, where)
    return effect_made


def filled(kind: Any, where: Scope) -> Any:
    """A value of that type, the same each time."""
    now = NOON.replace(tzinfo=None)
    plain = {Scope: where, Role: LEVEL[where], int: 404, float: 1.0, bool: True, str: "x", datetime: now}
    if kind in plain:
        return plain[kind]
    if NoneType in get_args(kind):
        return None
    if get_origin(kind) is tuple:
        return ()
    if issubclass(kind, Enum):
        return next(iter(kind))
    hints = get_type_hints(kind)
    return kind(**{field.name: filled(hints[field.name], where) for field in fields(kind)})


def expected(role: Role | None, attempt: Attempt) -> bool:
    return role in MAY[attempt.needs] and attempt.where in WITHIN[ROLES[role]]


async def wrongs(town: Town, role: Role | None) -> list[str]:
    """What somebody with that role could do and should not, or the other way round."""
    await town.arrives(ADA)
    if role is not None:
        await town.appoints(ADA, role, ROLES[role])
    to_refuse = [attempt for attempt in attempts() if not expected(role, attempt)]
    before = await town.database.read(everything)
    found = [
        f"{role}: {attempt.move} was allowed"
        for attempt in to_refuse
        if await town.database.write(partial(carried_out, town, attempt))
    ]
    after = await town.database.read(everything)
    changed = {name for name in after if after[name] != before[name]}
    if not found and (changed - {"audit"} or len(after["audit"]) != len(before["audit"]) + len(to_refuse)):
        found.append(f"{role}: what was refused changed {changed}")
    for number, attempt in enumerate(attempt for attempt in attempts() if expected(role, attempt)):
        if not await town.database.write(partial(carried_out, town, attempt)):
            found.append(f"{role}: {attempt.move} was refused")
        if role is not None and isinstance(attempt.move, LeavePanel):
            await town.appoints(ADA, role, ROLES[role], name=f"Ada again {number}")
    return found


def carried_out(town: Town, attempt: Attempt, connection: Connection) -> bool:
    """Whether it was; if not, what was done on the way is committed all the same, as in a turn."""
    town.updates += 1
    unit = town.unit(connection, ADA, town.updates)
    try:
        carry_out(unit, attempt.move)
    except NotAllowed:
        return False
    finally:
        unit.book.flush()
    return True


def test_there_is_something_to_try() -> None:
    assert {type(attempt.move).__name__ for attempt in attempts()} >= {"Invite", "Revoke", "WithdrawRole"}
    assert {attempt.needs for attempt in attempts()} <= set(MAY)
    assert set(MAY) == set(Permission)


@pytest.mark.parametrize("role", [None, *Role])
async def test_nobody_does_what_their_role_does_not_allow(town: Town, role: Role | None) -> None:
    assert await wrongs(town, role) == []


async def test_the_matrix_notices_when_nobody_asks_for_permission(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "require", lambda *_: None)

    found = await wrongs(town, Role.PANEL)

    assert len(found) == len([attempt for attempt in attempts() if not expected(Role.PANEL, attempt)])
    assert all(wrong.endswith("was allowed") for wrong in found)
