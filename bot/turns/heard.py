"""Which language a person's words are in: what is expected of them, and what they seem to be."""

from dataclasses import replace
from typing import Any, Final

from bot.recognition.language_id import identify
from bot.turns.incoming import Sender
from config.languages import parents
from flows.events import Edited, Wrote
from flows.people.speaking import count
from storage.unit import Unit
from storage.words.statements import languages_used

MOST_USED: Final = 3
"""Languages of earlier words in which new ones are expected; with each more of them all are less certain."""


def identified(event: Any, unit: Unit, sender: Sender | None) -> Any:
    """The event with what its words seem to be written in, once words are for keeping.

    Expected are the languages of the person, those that they wrote in before, those of their territory
    and of their phone; letters that none of these has are of one of the others that we speak.
    """
    person, ours = unit.person, unit.context.own_names
    if not isinstance(event, Wrote | Edited) or person.arrived_at is None:
        return event
    used = languages_used(unit).codes[:MOST_USED] if count(event.text) else ()
    territory = unit.context.territories.get(person.territory or "")
    local = territory.languages if territory else ()
    phone = parents(sender.language_code or "") if sender else ()
    spoken = [code for code in phone if code in ours] or phone
    expected = dict.fromkeys([person.language, *used, *local, *spoken[:1]])
    guess = identify(event.text, list(expected), person.language)
    guess = guess or identify(event.text, list(ours))
    if guess is None:
        return event
    return replace(event, language=guess.language, probability=guess.probability, second=guess.second)
