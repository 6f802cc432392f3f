"""Who a person is, what they said before, and what time it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from config.languages import our_languages
from flows.people.person import Purpose, RefuseConsent, SpeakLanguage
from flows.people.profiles import AddPerson, CallMe, SwitchTo
from flows.words.statements import Question, RecordStatement, Words
from tests.flows.givens import given
from tests.flows.places import TERRITORIES
from tests.flows.talking import Talking


@given("now")
def now(who: Talking, words: str) -> None:
    """`now 2026-03-02 09:00`, in UTC."""
    who.world.village.now = datetime.fromisoformat(words).replace(tzinfo=UTC)


@given("arrived")
def arrived(who: Talking, words: str) -> None:
    """`arrived in riverside/youth`."""
    slug, _, group = words.removeprefix("in ").partition("/")
    who.world.arrives(TERRITORIES[slug].slug, group or None)


@given("language")
def language(who: Talking, words: str) -> None:
    """`language fr`."""
    who.world.given(SpeakLanguage(words))


@given("also")
def also(who: Talking, words: str) -> None:
    """`also spoken here: de, nl`."""
    _, _, codes = words.partition(": ")
    others = {code: our_languages()[code].name for code in codes.split(", ")}
    context = who.world.village.context
    who.world.village.context = replace(context, own_names={**context.own_names, **others})


@given("statement")
def statement(who: Talking, words: str) -> None:
    """`statement well-being: A path along the river`."""
    question, _, text = words.partition(": ")
    who.messages += 1
    who.world.given(RecordStatement(Question(question), Words(text, who.messages, None, 0.0), ()))


@given("came")
def came(who: Talking, _words: str) -> None:
    """`came before there was news`: nobody had asked them whether they want any."""
    who.world.given(RefuseConsent(Purpose.NEWS))
    with who.world.turn() as unit:
        unit.person.asked = None


@given("shares")
def shares(who: Talking, words: str) -> None:
    """`shares the phone with Ana Ben`; they speak themselves."""
    others = words.removeprefix("the phone with ").split()
    who.world.village.now += timedelta(seconds=1)
    who.world.given(CallMe(who.name), *map(AddPerson, others), SwitchTo(1))
