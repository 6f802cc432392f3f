"""Words in another language: the person is offered to be spoken to in it, or says which one it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flows.events import Wrote
from flows.moves import Arg, Ask, Choice, Effect, Flow, In, Key, Known, Lines, Say, Tag, do, look
from flows.people.language import a_language
from flows.people.person import Languages, SpeakLanguage
from flows.people.speaking import Heard
from flows.words.hints import hints
from flows.words.statements import OwnStatements, Question, Receipt, RecordStatement, Voice, said_in


class Offer(StrEnum):
    """Whether a language can be offered."""

    NEW = "new"
    MADE_BEFORE = "made_before"  # whatever was answered then


@dataclass(frozen=True, slots=True)
class OfferLanguage(Effect[Offer]):
    """Remember that a person was asked to decide between two languages, so that neither is offered again."""

    language: str
    instead_of: str


@dataclass(frozen=True, slots=True)
class TellLanguage(Effect[None]):
    """The person says which language a statement of theirs is in."""

    statement: int
    language: str


@dataclass(frozen=True, slots=True)
class LanguagesUsed(Known):
    """The languages that the person's statements are in, where that is certain; the most used first."""

    codes: tuple[str, ...]  # BCP 47


def correct(statement: int) -> Flow[None]:
    """The person says which language an idea is in, whatever it was taken for."""
    used = yield from look(LanguagesUsed)
    language = yield from a_language("statement.which_language", likely=used.codes)
    yield from do(TellLanguage(statement, language))
    mine = yield from look(OwnStatements)
    if str(statement) in mine.questions:
        yield Say("statement.language_told", language=Tag(language))
    else:  # withdrawn meanwhile
        yield Say("statement.gone")


def settle(receipt: Receipt, question: Question, voice: Voice) -> Flow[Receipt | None]:
    """Ask about the language of an idea; who goes on writing instead is heard, and not asked again.

    Returns the receipt of what they wrote, if they did.
    """
    about = receipt.heard
    if about is None or receipt.statement is None:
        return None
    if about.sure:
        return (yield from _offer(about, receipt, question, voice))
    answer = yield from _ask(WHICH, about, receipt, question, voice)
    if isinstance(answer, Receipt):
        return answer
    yield from do(TellLanguage(receipt.statement, answer))
    return None


def _offer(about: Heard, receipt: Receipt, question: Question, voice: Voice) -> Flow[Receipt | None]:
    """Offer to speak the language that the person writes; once, whatever they answer."""
    offer = yield from do(OfferLanguage(about.language, about.other))
    if offer is Offer.MADE_BEFORE:
        return None
    answer = yield from _ask(OFFER, about, receipt, question, voice)
    if isinstance(answer, Receipt):
        return answer
    if answer == about.language:
        yield from do(SpeakLanguage(answer))
        yield Say("language.set")
    return None


@dataclass(frozen=True, slots=True)
class _Texts:
    """A question in two languages: its key, and what it says in the first and in the second of them."""

    key: str
    first: Key
    second: Key


OFFER: Final = _Texts("speaking.offer", Key("speaking.offer.change"), Key("speaking.offer.stay"))
WHICH: Final = _Texts("speaking.which", Key("speaking.which.words"), Key("speaking.which.words"))


def _ask(
    texts: _Texts, about: Heard, receipt: Receipt, question: Question, voice: Voice
) -> Flow[Receipt | str]:
    """One message in both languages, with a button for each; words are the next idea."""

    def read(words: Wrote) -> RecordStatement:
        return RecordStatement(question, said_in(words), hints(words.text, voice.conjunctions))

    named = yield from look(Languages, "")
    both = (about.language, about.other)
    args: dict[str, Arg] = {
        "first": In(about.language, Lines((texts.first,))),
        "second": In(about.other, Lines((texts.second,))),
    }
    choices = tuple(Choice(code, named.own_names[code]) for code in both)
    can_write = receipt.left > 0
    answer: Receipt | str = yield Ask(
        texts.key,
        args,
        choices,
        reads=read if can_write else None,
        does=RecordStatement if can_write else None,
        columns=2,
        back=False,
    )
    return answer
