"""Together itself: its command, with one conversation put in the place of the arrival.

python -m tests.bench.bots.together run; settings come from the environment, as always.
"""

from dataclasses import replace

from bot.commands import cli
from config.catalogue import Entry
from config.texts import Texts
from flows.conversations import REST, Next, conversations
from flows.events import Wrote
from flows.moves import Ask, Choice, Flow, Key, Say, do, look
from flows.people.person import ConfirmAge, GiveConsent, Join, Purpose, SpeakLanguage
from flows.words.statements import Question, Receipt, RecordStatement, Voice, Words, said_in
from tests.bench.walk import WALK

TERRITORY = "mulhouse"


def walk(_payload: str) -> Flow[Next]:
    """A citizen says who they are, says three ideas, and rates life; one question a turn.

    language -> consent -> three ideas -> rating -> whether they may be written to
    """
    yield from do(Join(TERRITORY, None))
    language = yield from pressed(0)
    yield from do(SpeakLanguage(language))
    yield from pressed(1)
    yield from do(ConfirmAge())
    yield from do(GiveConsent(Purpose.STATEMENTS, "consent.statements"))
    yield from look(Voice, Question.WELL_BEING)
    for number in (2, 3, 4):
        yield from idea(number)
    rating = yield from pressed(5)
    yield from do(RecordStatement(Question.ILL_BEING, Words(rating, 0, None, 0.0), ()))
    yield from pressed(6)
    yield from do(GiveConsent(Purpose.REMINDERS, "consent.reminders"))
    yield Say(key(7))
    return REST


def pressed(number: int) -> Flow[str]:
    """The button pressed below the question of that turn. No way back is offered: the others have none."""
    choices = tuple(Choice(choice, Key(f"bench.{choice}")) for choice in WALK[number].reply.choices)
    choice: str = yield Ask(key(number), choices=choices, back=False)
    return choice


def idea(number: int) -> Flow[Receipt]:
    """One idea, kept at once."""

    def read(words: Wrote) -> RecordStatement:
        return RecordStatement(Question.WELL_BEING, said_in(words), ())

    receipt: Receipt = yield Ask(key(number), reads=read, does=RecordStatement, back=False)
    return receipt


def key(number: int) -> str:
    """The catalogue key of the question of that turn."""
    return f"bench.turn_{number + 1}"


def learn() -> None:
    """Teach the bot the walk, and the texts it asks with, in every language."""
    known = conversations()
    assert isinstance(known, dict)
    known["arrival"] = replace(known["arrival"], start=walk)
    texts = {key(number): turn.reply.text for number, turn in enumerate(WALK)}
    texts |= {f"bench.{choice}": choice for turn in WALK for choice in turn.reply.choices}
    load = Texts.load

    def load_with_ours(*where: object, **how: object) -> Texts:
        found = load(*where, **how)  # type: ignore[arg-type]
        for language in found.languages:
            entries = found.catalogue(language).entries
            assert isinstance(entries, dict)
            entries.update({name: entry(name, text) for name, text in texts.items()})
        return found

    Texts.load = load_with_ours  # type: ignore[method-assign]


def entry(name: str, text: str) -> Entry:
    """A text as a catalogue holds it."""
    return Entry(name, 1, (text,), is_plural=False, is_machine=False, at_most=None)


if __name__ == "__main__":
    learn()
    cli.main()
