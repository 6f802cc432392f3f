"""A small honest world in memory: it remembers one person and what they said, as storage would."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from flows.invitation import Offer, OpenInvitation, Taken, TakeRole
from flows.inviting import Invitations, Invite, Made, Revoke, Unused
from flows.links import token_hash
from flows.moves import Arg, Effect, Key, Known, Look
from flows.person import (
    BeReachable,
    ConfirmAge,
    Forget,
    GiveConsent,
    Join,
    Languages,
    Myself,
    OwnRoles,
    Place,
    Places,
    Purpose,
    RefuseConsent,
    SpeakLanguage,
    StopPushes,
)
from flows.roles import EVERYWHERE, Holding, NotAllowed, Permission, Role, Scope, Spot, may, reach
from flows.statements import (
    Kept,
    OwnStatements,
    OwnWords,
    Question,
    Receipt,
    RecordStatement,
    RewordMessage,
    RewordStatement,
    Voice,
    WithdrawStatement,
    Words,
)
from flows.team import Member, OwnTitle, OwnTitles, Reach, Team, TeamNames, Withdrawn, WithdrawRole
from flows.territory import name_in
from tests.flows.places import CONJUNCTIONS, OWN_NAMES, TERRITORIES

EARLIER: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
LATER: Final = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
MOST_WRONG_TOKENS: Final = 5

E = TypeVar("E", bound=Effect[Any])
K = TypeVar("K", bound=Known)


@dataclass(slots=True)
class Statement:
    """One idea of the person; its words change, its place does not."""

    id: int
    question: Question
    message: int
    text: str
    territory: str
    group: str | None


@dataclass(slots=True)
class Held:
    """A role of the person or of somebody else."""

    id: int
    holding: Holding
    name: str
    is_mine: bool = True


@dataclass(slots=True)
class Invited:
    """An invitation that can be used once."""

    id: int
    token: str
    holding: Holding
    used: bool = False


@dataclass(slots=True)
class Person:
    """What is remembered beside the statements."""

    language: str = "en"
    language_chosen: bool = False
    territory: str | None = None
    group: str | None = None
    adult: bool = False
    consents: set[Purpose] = field(default_factory=set)
    stopped: bool = False
    reachable: bool = True


@dataclass(slots=True)
class World:
    """One person, their statements, what was asked of the world, and what came of it."""

    person: Person = field(default_factory=Person)
    statements: list[Statement] = field(default_factory=list)
    done: list[tuple[Effect[Any], Any]] = field(default_factory=list)  # with its result, in order
    looked: set[type[Known]] = field(default_factory=set)
    ids: int = 0
    roles: list[Held] = field(default_factory=list)
    invitations: list[Invited] = field(default_factory=list)
    wrong_tokens: int = 0

    @property
    def arrived(self) -> bool:
        """Whether the person has agreed that their statements be kept."""
        return self.person.adult and Purpose.STATEMENTS in self.person.consents

    def new_id(self) -> int:
        """The next whole number."""
        self.ids += 1
        return self.ids

    def label(self, label: Arg) -> str:
        """A label as the person reads it: the end of a text's key, or a name in their language."""
        match label:
            case Key():
                return label.key.rpartition(".")[2]
            case dict():
                return name_in(label, self.person.language) if label else ""
            case _:
                return str(label)

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        """Answer a look, or carry out an effect and note what came of it."""
        if move.needs is not None and not may(self.held, move.needs, move.scope()):
            raise NotAllowed(move.needs)
        if isinstance(move, Look):
            if move.what not in _loaders:
                raise LookupError(f"no loader for look {move.what.__name__} in the tests' world")
            self.looked.add(move.what)
            return _loaders[move.what](self, *move.about)
        if type(move) not in _appliers:
            raise LookupError(f"no applier for effect {type(move).__name__} in the tests' world")
        result = _appliers[type(move)](self, move)
        self.done.append((move, result))
        return result

    @property
    def held(self) -> tuple[Holding, ...]:
        """The roles of the person."""
        return tuple(one.holding for one in self.roles if one.is_mine) if self.arrived else ()

    def voice(self, question: Question) -> tuple[int, int]:
        """How much the person has said to a question, and may still say."""
        said = sum(1 for statement in self.statements if statement.question is question)
        place = TERRITORIES.get(self.person.territory or "")
        return said, max(0, place.statements_per_question - said) if place else 0


_appliers: Final[dict[type[Effect[Any]], Callable[[World, Any], Any]]] = {}
_loaders: Final[dict[type[Known], Callable[..., Known]]] = {}


def applies(effect: type[E]) -> Callable[[Callable[[World, E], Any]], Callable[[World, E], Any]]:
    """Mark the function that carries out one effect."""

    def sign_in(applier: Callable[[World, E], Any]) -> Callable[[World, E], Any]:
        _appliers[effect] = applier
        return applier

    return sign_in


def loads(known: type[K]) -> Callable[[Callable[..., K]], Callable[..., K]]:
    """Mark the function that answers one look."""

    def sign_in(loader: Callable[..., K]) -> Callable[..., K]:
        _loaders[known] = loader
        return loader

    return sign_in


@loads(Myself)
def myself(world: World) -> Myself:
    me = world.person
    consents = tuple(purpose for purpose in Purpose if purpose in me.consents)
    return Myself(
        me.language, me.language_chosen, me.territory, me.group, world.arrived, consents, me.stopped
    )


@loads(Languages)
def languages(world: World, territory: str) -> Languages:
    place = TERRITORIES.get(territory or world.person.territory or "")
    codes = dict.fromkeys((*(place.languages if place else ()), *OWN_NAMES))
    return Languages({code: OWN_NAMES[code] for code in codes})


@loads(Places)
def places(_world: World) -> Places:
    return Places({slug: territory.names for slug, territory in TERRITORIES.items()})


@loads(Place)
def place(_world: World, slug: str) -> Place:
    found = TERRITORIES.get(slug)
    if found is None:
        return Place(None, {}, 0, {})
    return Place(slug, found.names, found.adult_from, {group.slug: group.names for group in found.groups})


@loads(Voice)
def voice(world: World, question: Question) -> Voice:
    return Voice(*world.voice(question), CONJUNCTIONS)


@loads(OwnStatements)
def own_statements(world: World) -> OwnStatements:
    return OwnStatements({str(statement.id): statement.question for statement in world.statements})


@loads(OwnWords)
def own_words(world: World) -> OwnWords:
    return OwnWords({str(statement.id): statement.text for statement in world.statements})


@applies(SpeakLanguage)
def speak_language(world: World, effect: SpeakLanguage) -> None:
    world.person.language = effect.language
    world.person.language_chosen = True


@applies(Join)
def join(world: World, effect: Join) -> None:
    world.person.territory = effect.territory
    world.person.group = effect.group


@applies(ConfirmAge)
def confirm_age(world: World, _effect: ConfirmAge) -> None:
    world.person.adult = True


@applies(GiveConsent)
def give_consent(world: World, effect: GiveConsent) -> None:
    world.person.consents.add(effect.purpose)


@applies(RefuseConsent)
def refuse_consent(world: World, effect: RefuseConsent) -> None:
    world.person.consents.discard(effect.purpose)


@applies(StopPushes)
def stop_pushes(world: World, _effect: StopPushes) -> None:
    world.person.stopped = True
    world.person.consents.discard(Purpose.REMINDERS)


@applies(Forget)
def forget(world: World, _effect: Forget) -> None:
    world.person = Person()
    world.statements.clear()
    world.roles = [one for one in world.roles if not one.is_mine]


@applies(BeReachable)
def be_reachable(world: World, effect: BeReachable) -> None:
    world.person.reachable = effect.reachable


@applies(RecordStatement)
def record_statement(world: World, effect: RecordStatement) -> Receipt:
    said, left = world.voice(effect.question)
    if not left or world.person.territory is None or not world.arrived:
        return Receipt(Kept.ENOUGH, None, said, 0)
    kept = Statement(
        world.new_id(),
        effect.question,
        effect.words.message,
        effect.words.text,
        world.person.territory,
        world.person.group,
    )
    world.statements.append(kept)
    return Receipt(Kept.KEPT, kept.id, said + 1, left - 1, effect.hints)


@applies(RewordStatement)
def reword_statement(world: World, effect: RewordStatement) -> Receipt:
    return reword(world, lambda statement: statement.id == effect.statement, effect)


@applies(RewordMessage)
def reword_message(world: World, effect: RewordMessage) -> Receipt:
    return reword(world, lambda statement: statement.message == effect.words.message, effect)


@applies(WithdrawStatement)
def withdraw_statement(world: World, effect: WithdrawStatement) -> Kept:
    before = len(world.statements)
    world.statements = [statement for statement in world.statements if statement.id != effect.statement]
    return Kept.GONE if len(world.statements) == before else Kept.CHANGED


def reword(
    world: World, meant: Callable[[Statement], bool], effect: RewordStatement | RewordMessage
) -> Receipt:
    """Put new words to the statement that is meant, if there is one and they are new."""
    words: Words = effect.words
    statement = next((each for each in reversed(world.statements) if meant(each)), None)
    if statement is None:
        return Receipt(Kept.GONE, None, 0, 0)
    said, left = world.voice(statement.question)
    if statement.text == words.text:
        return Receipt(Kept.KEPT, statement.id, said, left)
    statement.text = words.text
    return Receipt(Kept.CHANGED, statement.id, said, left, effect.hints)


@loads(OwnRoles)
def own_roles(world: World) -> OwnRoles:
    return OwnRoles(world.held)


@loads(OwnTitles)
def own_titles(world: World) -> OwnTitles:
    mine = (one for one in world.roles if one.is_mine)
    return OwnTitles(tuple(OwnTitle(one.holding.role, spot(one.holding.where), one.name) for one in mine))


@loads(Reach)
def places_in_reach(world: World, permission: Permission) -> Reach:
    return Reach(tuple(map(spot, reach(world.held, permission, TERRITORIES))))


def spot(where: Scope) -> Spot:
    """A scope with its names."""
    if where == EVERYWHERE:
        return Spot(where)
    territory = TERRITORIES[where.territory or ""]
    group = territory.group(where.group or "")
    return Spot(where, territory.names, group.names if group else {})


@applies(OpenInvitation)
def open_invitation(world: World, effect: OpenInvitation) -> Offer | None:
    if world.wrong_tokens >= MOST_WRONG_TOKENS:
        return None
    found = [one for one in unused(world) if token_hash(one.token) == effect.token_hash]
    world.wrong_tokens += not found
    return Offer(found[0].id, found[0].holding.role, spot(found[0].holding.where), LATER) if found else None


@applies(TakeRole)
def take_role(world: World, effect: TakeRole) -> Taken:
    found = next((one for one in unused(world) if one.id == effect.invitation), None)
    if found is None:
        return Taken.GONE
    if found.holding in world.held:
        return Taken.HAD
    found.used = True
    world.roles.append(Held(found.id, found.holding, effect.name))
    return Taken.TAKEN


@applies(Invite)
def invite(world: World, effect: Invite) -> Made:
    made = Invited(world.new_id(), f"token-{world.ids}", Holding(effect.role, effect.where))
    world.invitations.append(made)
    return Made(f"https://t.me/together_bot?start=i_{made.token}", LATER)


@loads(Invitations)
def invitations(world: World, where: Scope) -> Invitations:
    there = (one for one in unused(world) if one.holding.where.territory == where.territory)
    return Invitations(
        tuple(Unused(one.id, one.holding.role, spot(one.holding.where), LATER) for one in there)
    )


@applies(Revoke)
def revoke(world: World, effect: Revoke) -> None:
    for one in world.invitations:
        one.used |= one.id == effect.id and one.holding.where == effect.where


def unused(world: World) -> list[Invited]:
    """The invitations that can still be used."""
    return [one for one in world.invitations if not one.used]


@loads(Team)
def team(world: World, where: Scope) -> Team:
    return Team(
        tuple(
            Member(one.id, one.holding.role, spot(one.holding.where), EARLIER, one.is_mine)
            for one in members(world, where)
        )
    )


@loads(TeamNames)
def team_names(world: World, where: Scope) -> TeamNames:
    return TeamNames({str(one.id): one.name for one in members(world, where)})


def members(world: World, where: Scope) -> list[Held]:
    """Who has a role there."""
    return [
        one
        for one in world.roles
        if one.holding.where.territory == where.territory and where.group in (None, one.holding.where.group)
    ]


@applies(WithdrawRole)
def withdraw_role(world: World, effect: WithdrawRole) -> Withdrawn:
    found = next((one for one in world.roles if one.id == effect.id), None)
    if found is None or found.holding.where != effect.where:
        return Withdrawn.GONE
    others = [one for one in world.roles if one.holding.role is Role.NETWORK and one is not found]
    if found.holding.role is Role.NETWORK and not others and not effect.although_last:
        return Withdrawn.LAST
    world.roles.remove(found)
    return Withdrawn.DONE
