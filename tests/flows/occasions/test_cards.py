"""What a card in a group chat says: figures while it goes on, why it ended, and nobody's answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.links import link_to
from flows.moves import Key, Lines
from flows.occasions.cards import Card, End, said_on
from flows.occasions.occasions import Occasion, Post, Sheet, Sort, State, When
from flows.occasions.sheet import Tongue, time_of
from flows.people.roles import Scope

TONGUE = Tongue("lv", ("en", "fr"), {"lv": "Latviešu", "en": "English"})
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WALL = NOON.replace(tzinfo=None)
WORDS = Sheet({"lv": "Parks"}, {"lv": "About it"}, {"lv": "1. Hello"}, {"lv": "Hall"}, {}, {}, {}, {})
PARK = Occasion(
    id=700,
    sort=Sort.MEETING,
    kind="assembly",
    state=State.PLANNED,
    when=When(WALL, WALL + timedelta(hours=2), "UTC", NOON, NOON + timedelta(hours=2)),
    where=Scope("riverside"),
    role=None,
    theme=None,
    posts=(Post(1, 1, 10, 4, 0),),
    own=None,
    has_begun=False,
    is_over=False,
    most_party=9,
)
CARD = Card(PARK, WORDS, {"lv": "Sapulce"}, maybe=2, place={"lv": "Upmala"})


def lines(card: Card) -> list[str]:
    """The keys of what it says, with figures, line by line."""
    found = said_on(card, TONGUE).args["lines"]
    assert isinstance(found, Lines)
    figures = ("n", "seats")
    return [
        " ".join([key.key, *(str(key.args[name]) for name in figures if name in key.args)])
        for key in found.texts
    ]


def test_a_card_says_what_when_where_and_how_many() -> None:
    assert said_on(CARD, TONGUE).key == "card.live"
    assert lines(CARD) == [
        "occasion.title", "occasion.time", "occasion.place", "card.come 4", "card.maybe 2",
        "occasion.seats 6 10",
    ]  # fmt: skip


def test_where_the_clocks_of_its_readers_show_another_time_a_card_says_that_below() -> None:
    elsewhere = replace(PARK, when=replace(PARK.when, own=WALL + timedelta(hours=1)))

    found = said_on(replace(CARD, occasion=elsewhere), TONGUE).args["lines"]

    assert isinstance(found, Lines)
    args = {"place": {"lv": "Upmala"}, "here": WALL + timedelta(hours=1)}
    assert found.texts[1:3] == (time_of(elsewhere), Key("card.here", args))


def test_what_nobody_says_and_nobody_waits_for_is_left_out() -> None:
    unlimited = replace(CARD, maybe=0, occasion=replace(PARK, posts=(Post(1, 1, None, 0, 0),)))

    assert lines(unlimited)[3:] == ["card.come 0"]


def test_a_seat_that_is_offered_is_not_free_and_nobody_comes_to_it_yet() -> None:
    offered = replace(CARD, maybe=0, occasion=replace(PARK, posts=(Post(1, 1, 2, 2, 0, offered=1),)))

    assert lines(offered)[3:] == ["card.come 1", "occasion.seats 0 2"]


def test_to_a_deadline_nobody_comes_and_it_has_no_seats() -> None:
    occasion = replace(PARK, when=When(WALL, WALL, "UTC", NOON, NOON))
    deadline = replace(CARD, occasion=occasion, done=3)

    assert lines(deadline) == ["occasion.title", "occasion.until", "occasion.place", "card.done 3"]
    cancelled = replace(deadline, occasion=replace(occasion, state=State.CANCELLED))
    assert said_on(cancelled, TONGUE).key == "card.over"


def test_who_waits_is_counted() -> None:
    full = replace(CARD, occasion=replace(PARK, posts=(Post(1, 1, 4, 4, 3),)))

    assert lines(full)[-2:] == ["occasion.seats 0 4", "card.waiting 3"]


def test_an_activity_says_what_there_is_still_to_do() -> None:
    posts = (Post(1, 1, 2, 1, 0), Post(2, 2, None, 3, 0))
    activity = replace(CARD, maybe=0, occasion=replace(PARK, sort=Sort.ACTIVITY, posts=posts))

    assert lines(activity)[3:] == ["card.come 4", "occasion.post_of 1 2", "occasion.post"]
    assert activity.link == link_to("a", 700)
    assert CARD.link == link_to("m", 700)


@pytest.mark.parametrize(
    ("card", "end"),
    [
        (CARD, None),
        (replace(CARD, replaced=True), End.REPLACED),
        (replace(CARD, replaced=True, occasion=replace(PARK, has_begun=True)), End.BEGUN),
        (replace(CARD, occasion=replace(PARK, has_begun=True, is_over=True)), End.OVER),
        (replace(CARD, occasion=replace(PARK, has_begun=True, state=State.CANCELLED)), End.CANCELLED),
    ],
)
def test_a_card_ends_for_the_weightiest_reason(card: Card, end: End | None) -> None:
    assert card.end is end
    assert said_on(card, TONGUE).key == f"card.{end or 'live'}"


def test_a_card_that_ended_has_no_figures() -> None:
    cancelled = replace(CARD, occasion=replace(PARK, state=State.CANCELLED))

    assert lines(cancelled) == ["occasion.cancelled", "occasion.title", "occasion.time", "occasion.place"]
