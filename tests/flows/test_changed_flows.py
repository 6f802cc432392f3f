"""A release may change a flow while people are in the middle of it: nothing raises, nothing is misheard."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.codec import encode
from flows.engine import Entry, Heard, Kind, Log, advance
from flows.events import Pressed, Shared, Thing, Wrote
from flows.moves import Choice, Flow, Known, Say, choose, do, look, pick
from flows.people.person import ConfirmAge, Join, Myself, SpeakLanguage
from flows.talks import Talk
from flows.words.statements import Kept, Question, Receipt, Voice, collect
from tests.flows.acts import Act, perform
from tests.flows.drawn import ACTS, carried, person
from tests.flows.sample import NOW, OneFlow, Season, pressed, visit, wrote
from tests.flows.world import World


def renamed_open() -> Flow[None]:
    yield Say("visit.hello")
    yield from look(Myself)
    yield from choose("visit.season", Season)
    yield from do(SpeakLanguage("fr"))
    yield from pick("visit.where", (Choice("montbell", "Montbell"),))


def renamed_first() -> Flow[None]:
    yield from look(Myself)
    yield from choose("visit.time_of_year", Season)
    yield from pick("visit.place", (Choice("montbell", "Montbell"),))


def asked_before_the_open_one() -> Flow[None]:
    yield from look(Myself)
    yield from choose("visit.season", Season)
    yield from do(SpeakLanguage("fr"))
    yield from pick("visit.consent", (Choice("montbell", "Yes, and show my name to everybody"),))
    yield from pick("visit.place", (Choice("montbell", "Montbell"),))


def without_the_first() -> Flow[None]:
    yield from look(Myself)
    yield Say("visit.shorter")
    yield from pick("visit.place", (Choice("montbell", "Montbell"),))


def without_the_look() -> Flow[None]:
    yield Say("visit.hello")
    yield from choose("visit.season", Season)
    yield from pick("visit.place", (Choice("montbell", "Montbell"),))


def without_the_choice() -> Flow[None]:
    yield from look(Myself)
    yield from pick("visit.season", (Choice("autumn", "Autumn"),))
    yield from pick("visit.place", (Choice("montbell", "Montbell"),))


def another_effect() -> Flow[None]:
    yield from look(Myself)
    yield from choose("visit.season", Season)
    yield from do(Join("riverside", None))
    yield from pick("visit.place", (Choice("montbell", "Montbell"),))


CHANGED = [
    (renamed_open, "visit.where", []),
    (renamed_first, "visit.time_of_year", []),
    (asked_before_the_open_one, "visit.consent", []),
    (without_the_first, "visit.place", ["visit.shorter"]),
    (without_the_look, "visit.season", ["visit.hello"]),
    (without_the_choice, "visit.season", []),
    (another_effect, "visit.place", []),
]


@pytest.mark.parametrize(("flow", "asked", "said"), CHANGED, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize("event", [None, pressed("montbell"), wrote("montbell"), Shared(NOW, Thing.VOICE)])
def test_a_changed_flow_asks_anew_from_where_it_changed_and_hears_no_answer_to_an_older_question(
    flow: Any, asked: str, said: list[str], event: Wrote | Pressed | Shared | None
) -> None:
    talk = OneFlow(visit)
    talk.hears(pressed("spring"))
    talk.changes(flow)

    talk.hears(event)

    assert (talk.turn.heard, talk.asked, talk.said) == (Heard.OVERTAKEN, asked, said)
    talk.hears(None)
    assert (talk.turn.heard, talk.asked, talk.said) == (Heard.NOTHING, asked, [])


@dataclass(frozen=True, slots=True)
class Weather(Known):
    """Something looked at, as this release knows it."""

    sunny: bool


def outdoors() -> Flow[bool]:
    weather = yield from look(Weather)
    yield from choose("outdoors.season", Season)
    return weather.sunny


def season_only() -> Flow[None]:
    yield from choose("outdoors.season", Season)


def indoors() -> Flow[Receipt | str]:
    voice = yield from look(Voice, Question.WELL_BEING)
    return (yield from collect("idea.ask", Question.WELL_BEING, voice, choices=(Choice("skip", "Skip"),)))


def test_a_look_that_can_no_longer_be_read_is_looked_at_again() -> None:
    earlier = (Entry(Kind.LOOK, "Weather", {"degrees": 20}), Entry(Kind.ASKED, "outdoors.season", None))

    turn = advance(outdoors(), earlier, pressed("spring"), lambda move: Weather(sunny=True))

    assert turn.heard is Heard.OVERTAKEN
    assert turn.log[0] == Entry(Kind.LOOK, "Weather", {"sunny": True})


@pytest.mark.parametrize(
    "kept",
    [
        Entry(Kind.KEPT, "idea.ask", {"kept": "lost"}),
        Entry(Kind.KEPT, "idea.ask", None),
        Entry(Kind.ANSWER, "idea.ask", "no_longer_offered"),
        Entry(Kind.ANSWER, "idea.ask", 7),
    ],
    ids=str,
)
def test_an_answer_that_can_no_longer_be_read_is_asked_again(kept: Entry) -> None:
    earlier = (Entry(Kind.LOOK, "Voice", encode(Voice(0, 3, ()))), kept)

    talk = OneFlow(indoors, person("citizen").world, earlier)

    assert (talk.turn.heard, talk.asked, talk.done) == (Heard.OVERTAKEN, "idea.ask", [])


def test_a_question_that_no_longer_takes_words_is_asked_again() -> None:
    earlier = (Entry(Kind.KEPT, "outdoors.season", encode(Receipt(Kept.KEPT, 1, 1, 2))),)

    turn = advance(season_only(), earlier, None, World().carry_out)

    assert (turn.heard, turn.asked and turn.asked.key) == (Heard.OVERTAKEN, "outdoors.season")


def test_an_effect_added_before_the_open_question_is_carried_out_and_the_answer_is_heard() -> None:
    def with_one_more() -> Flow[str]:
        yield from choose("visit.season", Season)
        yield from do(ConfirmAge())
        return (yield from choose("visit.again", Season))

    earlier = (Entry(Kind.ANSWER, "visit.season", "spring"), Entry(Kind.ASKED, "visit.again", None))
    world = World()

    turn = advance(with_one_more(), earlier, pressed("autumn"), world.carry_out)

    assert (turn.heard, turn.result) == (Heard.TAKEN, "autumn")
    assert [effect for effect, _ in world.done] == [ConfirmAge()]


def test_a_flow_that_now_ends_earlier_ends() -> None:
    def shorter() -> Flow[str]:
        yield Say("visit.hello")
        yield from look(Myself)
        yield Say("visit.closed")
        return "closed"

    talk = OneFlow(visit)
    talk.changes(shorter)

    talk.hears(pressed("spring"))

    assert (talk.said, talk.asked, talk.turn.result) == (["visit.closed"], None, "closed")


def test_what_a_log_holds_beyond_the_point_where_the_flow_changed_is_not_used() -> None:
    def another_first() -> Flow[None]:
        yield from look(Myself)
        yield from do(Join("riverside", None))
        yield from do(SpeakLanguage("fr"))
        yield from choose("visit.season", Season)

    talk = OneFlow(visit)
    talk.hears(pressed("spring"))
    talk.changes(another_first)

    talk.hears(None)

    assert talk.done == [SpeakLanguage("fr"), Join("riverside", None), SpeakLanguage("fr")]
    assert talk.asked == "visit.season"


@given(ACTS, st.integers(0, 10**6), st.sampled_from(("drop", "repeat", "swap", "rename", "retype", "unread")))
def test_no_log_of_another_release_makes_a_real_flow_raise(acts: list[Act], where: int, how: str) -> None:
    talking = person("citizen")
    for act in acts:
        perform(talking, act)
    for talk in talking.stack:
        log = damaged(talk.log, where, how)
        turn = carried(Talk(talk.id, talk.flow, talk.args, log), wrote("words"), talking.world)
        assert turn.heard in Heard


def damaged(log: Log, where: int, how: str) -> Log:
    """A log as another release might have kept it."""
    entries, place = list(log), where % len(log)
    entry = entries[place]
    match how:
        case "drop":
            del entries[place]
        case "repeat":
            entries.insert(place, entry)
        case "swap":
            entries[place], entries[place - 1] = entries[place - 1], entry
        case "rename":
            entries[place] = Entry(entry.kind, f"{entry.key}_before", entry.value)
        case "retype":
            entries[place] = Entry(
                Kind.ANSWER if entry.kind is Kind.LOOK else Kind.LOOK, entry.key, entry.value
            )
        case "unread":
            entries[place] = Entry(entry.kind, entry.key, ["unread"])
    return tuple(entries)
