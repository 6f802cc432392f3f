"""Choosing a language; the choice is kept for ever and never overridden."""

from collections.abc import Iterable, Mapping
from typing import Final

from flows.conversations import Next, conversation
from flows.events import Wrote
from flows.moves import Ask, Choice, Flow, Refused, Say, do, look
from flows.people.person import Languages, SpeakLanguage

FEW: Final = 8
"""Buttons with a language on them that a small screen shows at once."""

ALL: Final = "languages"
"""What the button stands for that leads to all of them."""

TOLD: Final = 3
"""Names of further languages on it, so that it is understood by who cannot read the one that is spoken."""


@conversation("language", command="language", menu=30, before_consent=True)
def language() -> Flow[Next]:
    """A person changes the language the bot speaks with them."""
    yield from choose_language("")
    return None


def choose_language(territory: str) -> Flow[None]:
    """Ask for the language that is spoken from now on.

    territory  whose languages come first; "": that of the person
    """
    chosen = yield from a_language("language.ask", territory)
    yield from do(SpeakLanguage(chosen))
    yield Say("language.set")


def a_language(
    key: str, territory: str = "", likely: Iterable[str] = (), *, longest: int | None = None
) -> Flow[str]:
    """The code of one, each called by its own name in its own script; of many the nearest are shown first.

    key        of a question without arguments
    territory  whose languages come first; "": that of the person
    likely     codes that come before those; what we cannot speak is passed over
    longest    characters that the name of another one may have, returned as it was typed; None: it has to be
               one that we speak
    """
    languages = yield from look(Languages, territory)
    if not languages.nearest or len(languages.own_names) <= FEW:
        return (yield from _pressed_or_typed(key, languages.own_names, languages.own_names, longest=longest))
    known = [code for code in likely if code in languages.own_names]
    nearest = tuple(dict.fromkeys((*known, *languages.nearest)))[: FEW - 1]
    further = [name for code, name in languages.own_names.items() if code not in nearest]
    all_of_them = Choice(ALL, ", ".join((*further[:TOLD], "\N{HORIZONTAL ELLIPSIS}")))
    chosen = yield from _pressed_or_typed(key, languages.own_names, nearest, all_of_them, longest=longest)
    if chosen != ALL:
        return chosen
    return (yield from _pressed_or_typed(key, languages.own_names, languages.own_names, longest=longest))


def _pressed_or_typed(
    key: str, own_names: Mapping[str, str], shown: Iterable[str], *others: Choice, longest: int | None
) -> Flow[str]:
    """One of the languages shown or another choice by its button, any language by its name."""

    def read(words: Wrote) -> str | Refused:
        typed = words.text.strip()
        for code, name in own_names.items():
            if name.casefold() == typed.casefold():
                return code
        if longest is None:
            return Refused(Say("asked.choose"))
        if len(typed) > longest:
            return Refused(Say("words.too_long", length=len(typed), most=longest))
        return typed

    choices = (*(Choice(code, own_names[code]) for code in shown), *others)
    answer: str = yield Ask(key, choices=choices, reads=read, columns=2)
    return answer
