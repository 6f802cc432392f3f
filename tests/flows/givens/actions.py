"""Which pilot actions there are, what people said of them, and what people can give."""

import re
from dataclasses import replace
from typing import Any

from sqlalchemy import insert

from flows.actions.actions import FollowAction, Progress, Section
from flows.actions.feedback import GiveFeedback, Rating, Side
from flows.actions.gifts import AskGiver, Cause, Give, Giving, Sake, Want
from flows.actions.impact import Scale
from flows.actions.pilots import CloseWave, OpenWave, SetProgress, WithdrawAction, WriteAction
from flows.people.roles import Scope
from flows.words.statements import Words
from storage.actions.piloted import Action, ActionComponent
from storage.tables import table
from tests.flows.givens import given
from tests.flows.talking import Talking
from tests.flows.world import World

_ACTION = re.compile(r"(\d+) (\w+) in (\S+?)(?: touches ([\w ]+))?(?:: (.+))?")


@given("action")
def action(who: Talking, words: str) -> None:
    """`action 7 running in riverside/youth touches B05 A01: A garden`; without a title, a draft."""
    found = _ACTION.fullmatch(words)
    assert found is not None, words
    number, status, place, codes, title = found.groups()
    territory, _, group = place.partition("/")
    village = who.world.village
    row: dict[str, Any] = {
        "id": int(number),
        "territory": territory,
        "group_slug": group or None,
        "status": Progress(status),
        "planner": "somebody",
        "created_at": village.now,
        "published_at": village.now if title else None,
    }
    with village.transaction() as connection:
        connection.execute(insert(table(Action)), row)
        for code in (codes or "").split():
            touched = {"action_id": int(number), "code": code, "version": "2015"}
            connection.execute(insert(table(ActionComponent)), touched)
    if title:
        part(who, f"{number} title en: {title}")


@given("part")
def part(who: Talking, words: str) -> None:
    """`part 7 objective fr: Du vert pour chacun`."""
    where, _, text = words.partition(": ")
    number, section, language = where.split()
    id = int(number)
    who.world.given(WriteAction(place_of(who, id), id, Section(section), language, text))


@given("wave")
def wave(who: Talking, words: str) -> None:
    """`wave of 7 opens`, `wave of 7 closes`."""
    number, _, what = words.removeprefix("of ").partition(" ")
    move = OpenWave if what == "opens" else CloseWave
    who.world.given(move(place_of(who, int(number)), int(number)))


@given("scale")
def scale(who: Talking, words: str) -> None:
    """`scale 2 from -3 to 3`: from now on feedback is asked for with it, in steps such as `2 of 3`."""
    version, _, low, _, high = words.split()
    steps = {value: {"en": f"{value} of {high}"} for value in range(int(low), int(high) + 1)}
    village = who.world.village
    scales = {**village.context.scales, version: Scale(version, steps)}
    village.context = replace(village.context, scales=scales)


@given("progress")
def progress(who: Talking, words: str) -> None:
    """`progress of 7: done`."""
    number, _, status = words.removeprefix("of ").partition(": ")
    who.world.given(SetProgress(place_of(who, int(number)), int(number), Progress(status)))


@given("withdraws")
def withdraws(who: Talking, words: str) -> None:
    """`Ada withdraws 7`."""
    who.world.given(WithdrawAction(place_of(who, int(words)), int(words)))


@given("wanted")
def wanted(who: Talking, words: str) -> None:
    """`wanted tool for 7`."""
    kind, _, number = words.partition(" for ")
    cause = Cause(Sake.ACTION, int(number))
    who.world.given(Want(place_of(who, cause.id), cause, Giving(kind), wanted=True))


@given("joins")
def joins(who: Talking, words: str) -> None:
    """`joins 7`: the person takes part."""
    who.world.given(FollowAction(int(words), takes_part=True))


@given("scores")
def scores(who: Talking, words: str) -> None:
    """`scores B05=2 A01=-1 for 7`, as a neighbour."""
    rated, _, number = words.partition(" for ")
    ratings = (each.split("=") for each in rated.split())
    given_ratings = tuple(Rating(code, int(value)) for code, value in ratings)
    who.world.given(GiveFeedback(int(number), Side.NEIGHBOUR, given_ratings))


@given("crowd")
def crowd(who: Talking, words: str) -> None:
    """`crowd of 12 scores B05=2 for 7`: so many others do, always the same ones."""
    count, _, rated = words.removeprefix("of ").partition(" scores ")
    for number in range(int(count)):
        somebody = World(who.world.village, telegram=1_000 + number)
        if not somebody.arrived:
            somebody.arrives()
        scores(Talking(somebody), rated)


@given("can")
def can_give(who: Talking, words: str) -> None:
    """`can give tool: A spade on Saturdays`."""
    kind, _, text = words.removeprefix("give ").partition(": ")
    who.messages += 1
    who.world.given(Give(Giving(kind), Words(text, who.messages, None, 0.0), None))


@given("pleads")
def pleads(who: Talking, words: str) -> None:
    """`Ben pleads for 3 for 7: Next Saturday?`, the id of a gift and of an action in Riverside."""
    what, _, text = words.removeprefix("for ").partition(": ")
    gift, _, number = what.partition(" for ")
    who.world.given(AskGiver(Scope("riverside"), int(gift), Cause(Sake.ACTION, int(number)), text))


def place_of(who: Talking, id: int) -> Scope:
    """The scope of an action."""
    target = table(Action)
    with who.world.village.transaction() as connection:
        row = connection.execute(target.select().where(target.c.id == id)).one()
    return Scope(row.territory, row.group_slug)
