"""The engine with small flows: what is heard, kept, said and asked again."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from flows.engine import MOST_BYTES, Entry, Heard, Kind, back
from flows.events import Pressed, Shared, Thing, Wrote
from flows.moves import (
    Ask,
    Choice,
    Effect,
    Flow,
    Key,
    Known,
    Say,
    choose,
    choose_many,
    do,
    glance,
    look,
    number,
    pick,
)
from flows.people.person import ConfirmAge, Myself, SpeakLanguage
from flows.words.statements import OwnWords, RecordStatement
from tests.flows.drawn import person
from tests.flows.sample import NOW, OneFlow, Season, idea, pressed, visit, wrote


class Need(StrEnum):
    TIME = "time"
    CHILDCARE = "childcare"
    LANGUAGE = "language"


def test_a_flow_begins_with_what_it_says_before_its_first_question() -> None:
    talk = OneFlow(visit)

    assert (talk.said, talk.asked) == (["visit.hello"], "visit.season")
    assert [entry.kind for entry in talk.turn.log] == [Kind.LOOK, Kind.ASKED]


def test_an_answer_is_taken_and_only_what_follows_is_said() -> None:
    talk = OneFlow(visit)

    talk.hears(pressed("spring"))

    assert (talk.turn.heard, talk.said, talk.asked) == (Heard.TAKEN, ["visit.noted"], "visit.place")


def test_the_last_answer_ends_the_flow_with_its_result() -> None:
    talk = OneFlow(visit)
    talk.hears(pressed("spring"))

    talk.hears(wrote("montbell"))

    assert (talk.said, talk.asked, talk.turn.result) == (["visit.thanks"], None, "spring in montbell")


def test_what_was_known_stays_known_while_a_conversation_lasts() -> None:
    talk = OneFlow(visit)
    talk.world.given(SpeakLanguage("ru"))

    talk.hears(pressed("spring"))

    assert talk.turn.said == (Say("visit.noted", language="en"),)


def test_who_comes_back_is_asked_by_what_is_known_now_and_told_only_what_is_new() -> None:
    def greeted() -> Flow[None]:
        yield Say("visit.hello")
        me = yield from look(Myself)
        yield Say("visit.noted", language=me.language)
        yield from choose("visit.season" if me.language == "en" else "visit.again", Season)

    talk = OneFlow(greeted)
    talk.world.given(SpeakLanguage("ru"))

    talk.comes_back()

    assert talk.turn.said == (Say("visit.noted", language="ru"),)
    assert (talk.turn.heard, talk.asked) == (Heard.OVERTAKEN, "visit.again")
    assert talk.hears(pressed("spring")).heard is Heard.TAKEN


def test_who_comes_back_when_nothing_has_changed_finds_their_question_and_its_buttons_as_they_were() -> None:
    talk = OneFlow(visit)
    before = talk.turn.log

    talk.comes_back()

    assert (talk.turn.heard, talk.said, talk.asked) == (Heard.NOTHING, [], "visit.season")
    assert talk.turn.log == before


def test_what_was_answered_by_what_was_known_then_stays_as_it_was_for_who_comes_back() -> None:
    talk = OneFlow(visit)
    talk.hears(pressed("spring"))
    before = talk.turn.log
    talk.world.given(SpeakLanguage("ru"))

    talk.comes_back()

    assert (talk.turn.heard, talk.said, talk.turn.log) == (Heard.NOTHING, [], before)


def test_an_effect_is_carried_out_once_however_often_its_log_is_replayed() -> None:
    talk = OneFlow(visit)
    talk.hears(pressed("spring"))

    for event in (None, wrote("somewhere"), None, Shared(NOW, Thing.VOICE), pressed("riverside")):
        talk.hears(event)

    assert talk.done == [SpeakLanguage("fr")]


@pytest.mark.parametrize(
    ("event", "heard", "said"),
    [
        (None, Heard.NOTHING, []),
        (wrote("winter"), Heard.REFUSED, ["asked.choose"]),
        (wrote("3"), Heard.REFUSED, ["asked.choose"]),
        (wrote("0"), Heard.REFUSED, ["asked.choose"]),
        (wrote("9" * 5000), Heard.REFUSED, ["asked.choose"]),
        (Shared(NOW, Thing.PHOTO), Heard.REFUSED, ["asked.not_words.photo"]),
        (pressed("winter"), Heard.NOT_OFFERED, []),
    ],
    ids=["nothing", "words", "number above", "number below", "huge number", "photo", "other button"],
)
def test_what_is_no_answer_leaves_the_log_untouched_and_asks_again(
    event: Wrote | Pressed | Shared | None, heard: Heard, said: list[str]
) -> None:
    talk = OneFlow(visit)
    before = talk.turn.log

    talk.hears(event)

    assert (talk.turn.heard, talk.said, talk.asked, talk.turn.log) == (heard, said, "visit.season", before)


@pytest.mark.parametrize("text", ["2", " 2 ", "٢", "autumn", "AUTUMN", " Autumn "])
def test_typing_a_number_or_a_label_works_like_pressing(text: str) -> None:
    talk = OneFlow(visit)

    talk.hears(wrote(text))

    assert Entry(Kind.ANSWER, "visit.season", "autumn") in talk.turn.log


def in_turkish() -> Flow[str]:
    """One question, with labels in which each i of Turkish stands."""
    labels = {"follow": "İlgileniyorum", "coordinate": "Kapıyı aç", "wait": "IŞIK BEKLENİYOR"}
    return (yield from pick("visit.place", [Choice(value, label) for value, label in labels.items()]))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("İlgileniyorum", "follow"),
        ("ilgileniyorum", "follow"),
        ("Ilgileniyorum", "follow"),
        ("İLGİLENİYORUM", "follow"),
        ("I\N{COMBINING DOT ABOVE}lgileniyorum", "follow"),
        ("KAPIYI AÇ", "coordinate"),
        ("kapiyi aç", "coordinate"),
        ("ışık bekleniyor", "wait"),
    ],
)
def test_a_typed_label_is_understood_whichever_i_it_is_written_with(text: str, value: str) -> None:
    talk = OneFlow(in_turkish)

    talk.hears(wrote(text))

    assert (talk.turn.heard, talk.turn.result) == (Heard.TAKEN, value)


def in_french() -> Flow[str]:
    """One question, with a label in which an apostrophe stands, and one with a space that breaks no line."""
    choices = Choice("stay", "J’y reste"), Choice("why", "Pourquoi\N{NO-BREAK SPACE}? Rester")
    return (yield from pick("visit.place", choices))


@pytest.mark.parametrize("text", ["J’y reste", "j'y reste", "J\N{MODIFIER LETTER APOSTROPHE}y reste"])
def test_a_typed_label_is_understood_whichever_apostrophe_the_keyboard_has(text: str) -> None:
    talk = OneFlow(in_french)

    talk.hears(wrote(text))

    assert (talk.turn.heard, talk.turn.result) == (Heard.TAKEN, "stay")


@pytest.mark.parametrize(
    "text", ["pourquoi ? rester", "Pourquoi\N{NO-BREAK SPACE}? Rester", "Pourquoi  ? Rester"]
)
def test_a_typed_label_is_understood_whichever_space_the_keyboard_has(text: str) -> None:
    talk = OneFlow(in_french)

    talk.hears(wrote(text))

    assert (talk.turn.heard, talk.turn.result) == (Heard.TAKEN, "why")


@pytest.mark.parametrize("text", ["İlgilenıyorım", "kapıyı ac", "ilgileniyorüm"])
def test_other_letters_stay_what_they_are(text: str) -> None:
    talk = OneFlow(in_turkish)

    talk.hears(wrote(text))

    assert talk.turn.heard is Heard.REFUSED


def test_back_leads_to_the_last_answer_and_not_before_the_first() -> None:
    talk = OneFlow(visit)
    assert back(talk.turn.log) is None

    talk.hears(pressed("spring"))
    earlier = back(talk.turn.log)

    assert earlier is not None
    assert OneFlow(visit, talk.world, earlier).asked == "visit.season"
    assert back(earlier) is None


def test_words_become_their_effect_at_once_and_only_the_receipt_is_kept() -> None:
    talk = OneFlow(idea, person("citizen").world)
    talk.hears(pressed("spring"))

    talk.hears(wrote("A path along the river"))

    (effect,) = talk.done
    assert isinstance(effect, RecordStatement)
    assert effect.words.text == "A path along the river"
    assert talk.turn.log[-2].kind is Kind.KEPT
    assert "river" not in repr(talk.turn.log)


def sign() -> Flow[None]:
    """Words in two languages, each an effect at once, and then a question."""
    for language in ("first", "second"):
        yield Ask(f"sign.{language}", reads=lambda words: SpeakLanguage(words.text), does=SpeakLanguage)
    yield from choose("sign.season", Season)


def test_back_leads_to_words_that_became_an_effect_one_by_one() -> None:
    talk = OneFlow(sign)
    talk.hears(wrote("River park"))
    talk.hears(wrote("Parc de la rivière"))

    second = back(talk.turn.log)
    first = second and back(second)

    assert second is not None
    assert OneFlow(sign, talk.world, second).asked == "sign.second"
    assert first == ()
    assert len(talk.done) == 2


def test_back_stops_at_a_recorded_statement() -> None:
    talk = OneFlow(idea, person("citizen").world)
    talk.hears(pressed("spring"))
    assert back(talk.turn.log) is not None

    talk.hears(wrote("A path along the river"))

    assert back(talk.turn.log) is None


def test_what_the_words_seem_to_be_written_in_goes_into_the_effect() -> None:
    talk = OneFlow(idea, person("citizen").world)
    talk.hears(pressed("spring"))

    talk.hears(Wrote(NOW, "Un chemin", message=5, language="fr", probability=0.97))

    (effect,) = talk.done
    assert isinstance(effect, RecordStatement)
    assert (effect.words.message, effect.words.language, effect.words.probability) == (5, "fr", 0.97)


def test_what_must_not_be_kept_is_seen_only_in_the_present() -> None:
    seen = []

    def glancing() -> Flow[None]:
        seen.append((yield from glance(OwnWords)))
        yield from choose("visit.season", Season)
        seen.append((yield from glance(OwnWords)))
        yield from choose("visit.again", Season)

    talk = OneFlow(glancing)
    talk.hears(pressed("spring"))
    seen.clear()

    talk.hears(None)

    assert seen == [None, OwnWords({})]
    assert all(entry.kind is not Kind.LOOK for entry in talk.turn.log)


def test_what_is_shown_with_the_open_question_is_there_when_it_is_asked_again() -> None:
    seen = []

    def glancing() -> Flow[None]:
        yield from choose("visit.season", Season)
        seen.append((yield from glance(OwnWords)))
        yield from look(Myself)
        yield from choose("visit.again", Season)

    talk = OneFlow(glancing)
    talk.hears(pressed("spring"))
    seen.clear()

    talk.hears(wrote("none of these"))
    talk.hears(None)

    assert seen == [OwnWords({}), OwnWords({})]


def undeclared() -> Flow[None]:
    yield Ask("undeclared.ask", reads=lambda words: ConfirmAge())


def test_a_question_whose_words_become_an_effect_must_say_so() -> None:
    talk = OneFlow(undeclared)

    with pytest.raises(TypeError, match="say so in `does`"):
        talk.hears(wrote("yes"))


class Unfinished(Effect[None]):
    """An effect that nobody carries out."""


def test_a_missing_applier_is_named() -> None:
    def flow() -> Flow[None]:
        yield from do(Unfinished())

    with pytest.raises(LookupError, match="no applier for effect Unfinished"):
        OneFlow(flow)


def test_a_missing_loader_is_named() -> None:
    class Unknown(Known):
        pass

    def flow() -> Flow[None]:
        yield from look(Unknown)

    with pytest.raises(LookupError, match="no loader for Unknown"):
        OneFlow(flow)


def party() -> Flow[int]:
    return (yield from number("party.ask", between=(1, 10)))


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("10", 10), (" 7 ", 7), ("٣", 3), ("+4", 4)])
def test_a_number_within_its_bounds_is_an_answer(text: str, value: int) -> None:
    assert OneFlow(party).hears(wrote(text)).result == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0", "number.out_of_bounds"),
        ("11", "number.out_of_bounds"),
        ("-1", "number.out_of_bounds"),
        ("a few", "number.not_a_number"),
        ("2.5", "number.not_a_number"),
        ("9" * 5000, "number.not_a_number"),
    ],
)
def test_what_is_no_number_within_its_bounds_is_asked_again(text: str, why: str) -> None:
    talk = OneFlow(party)

    talk.hears(wrote(text))

    assert (talk.turn.heard, talk.said, talk.asked) == (Heard.REFUSED, [why], "party.ask")


def needs() -> Flow[tuple[Need, ...]]:
    return (yield from choose_many("needs.ask", Need))


def test_many_choices_are_ticked_one_by_one_and_come_in_their_own_order() -> None:
    talk = OneFlow(needs)

    for choice in ("language", "time", "childcare", "time", "time", "childcare"):
        talk.hears(pressed(choice))
        assert talk.asked == "needs.ask"
    assert talk.turn.asked is not None
    ticked = [c.value for c in talk.turn.asked.choices if isinstance(c.label, Key) and c.label.args]

    assert ticked == ["time", "language"]
    assert talk.hears(pressed("done")).result == (Need.TIME, Need.LANGUAGE)


def test_many_choices_may_be_none() -> None:
    assert OneFlow(needs).hears(pressed("done")).result == ()


def poster() -> Flow[None]:
    """A question that a picture or a file answers."""
    none = (Choice("none", "None"),)
    yield Ask(
        "poster.ask", choices=none, takes=lambda sent: SpeakLanguage(sent.file or ""), does=SpeakLanguage
    )


def test_a_file_becomes_its_effect_at_once_and_the_log_does_not_keep_it() -> None:
    talk = OneFlow(poster)

    talk.hears(Shared(NOW, Thing.PHOTO, "photo:A1", 5_000))

    assert (talk.turn.heard, talk.asked) == (Heard.TAKEN, None)
    assert talk.done == [SpeakLanguage("photo:A1")]
    assert [entry.value for entry in talk.turn.log] == [None]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Shared(NOW, Thing.FILE, "document:A1", MOST_BYTES + 1), Say("asked.file_too_large", most=20)),
        (Shared(NOW, Thing.ALBUM), Say("asked.one_file")),
        (Shared(NOW, Thing.VOICE), Say("asked.one_file")),
    ],
)
def test_what_is_not_one_file_of_a_fair_size_is_asked_for_again(event: Shared, said: Say) -> None:
    talk = OneFlow(poster)

    talk.hears(event)

    assert (talk.turn.heard, talk.turn.said, talk.asked) == (Heard.REFUSED, (said,), "poster.ask")
    assert talk.done == []


def pin() -> Flow[None]:
    yield Ask("pin.ask", pins=lambda place: SpeakLanguage(f"{place}"), does=SpeakLanguage)


def test_a_place_becomes_its_effect_at_once_and_the_log_does_not_keep_it() -> None:
    talk = OneFlow(pin)

    talk.hears(Shared(NOW, Thing.PLACE, place=(47.75, 7.34)))

    assert (talk.turn.heard, talk.asked) == (Heard.TAKEN, None)
    assert talk.done == [SpeakLanguage("(47.75, 7.34)")]
    assert [entry.value for entry in talk.turn.log] == [None]


@pytest.mark.parametrize(
    ("flow", "event", "said"),
    [
        (visit, Shared(NOW, Thing.PLACE, place=(47.75, 7.34)), "asked.not_words.place"),
        (poster, Shared(NOW, Thing.PLACE, place=(47.75, 7.34)), "asked.one_file"),
        (pin, Shared(NOW, Thing.PLACE), "asked.not_words.place"),
        (pin, Shared(NOW, Thing.PHOTO, "photo:A1", 5_000), "asked.not_words.photo"),
    ],
)
def test_a_place_answers_only_a_question_for_one_and_nothing_else_does(
    flow: Callable[[], Flow[Any]], event: Shared, said: str
) -> None:
    talk = OneFlow(flow)

    talk.hears(event)

    assert (talk.turn.heard, talk.said, talk.done) == (Heard.REFUSED, [said], [])


def test_a_file_answers_no_question_that_does_not_take_any() -> None:
    talk = OneFlow(visit)

    talk.hears(Shared(NOW, Thing.FILE, "document:A1", 5_000))

    assert (talk.turn.heard, talk.said) == (Heard.REFUSED, ["asked.not_words.file"])
