"""Choosing a language; the choice is kept for ever and never overridden."""

from flows.conversations import Next, conversation
from flows.moves import Choice, Flow, Say, do, look, pick
from flows.people.person import Languages, SpeakLanguage


@conversation("language", command="language", menu=30, before_consent=True)
def language() -> Flow[Next]:
    """A person changes the language the bot speaks with them."""
    yield from choose_language("")
    return None


def choose_language(territory: str) -> Flow[None]:
    """Ask for the language, each called by its own name in its own script.

    territory  whose languages come first; "": that of the person
    """
    languages = yield from look(Languages, territory)
    choices = tuple(Choice(code, name) for code, name in languages.own_names.items())
    chosen = yield from pick("language.ask", choices, columns=2)
    yield from do(SpeakLanguage(chosen))
    yield Say("language.set")
