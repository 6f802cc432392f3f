"""The catalogues held against each other, against the code that uses them, and against Telegram's limits."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from config.catalogue import Catalogue, Entry
from config.languages import locale_of
from config.problem import Problem
from config.template import Slot, Template
from config.texts import Texts
from config.usage import Use, covered

REFERENCE = "en"  # what the others are translated from


@dataclass(frozen=True, slots=True)
class Kind:
    """What a text is used for."""

    name: str
    at_most: int  # characters, https://core.telegram.org/bots/api
    room: int  # characters kept for each argument
    has_tags: bool = False


MESSAGE = Kind("a message", 4096, 100, has_tags=True)
LABEL = Kind("a button", 64, 30)
NOTICE = Kind("a notice on a button", 200, 30)
COMMAND = Kind("the description of a command", 256, 0)
DESCRIPTION = Kind("the bot's description", 512, 0)
SHORT_DESCRIPTION = Kind("the bot's short description", 120, 0)

_BARE_COMMAND = re.compile(r"(?<![\u2066\w/<:.])/[a-z]{2,}")

_BY_BEGINNING = {
    "bot.description": DESCRIPTION,
    "bot.short_description": SHORT_DESCRIPTION,
    "command.": COMMAND,
    "notice.": NOTICE,
    "button.": LABEL,
    "choice.": LABEL,
}


def catalogue_problems(texts: Texts, languages: Iterable[str], used: Sequence[Use]) -> Iterator[Problem]:
    """Everything wrong in the catalogues; one that is not there yet is a language we do not speak yet."""
    yield from texts.problems
    for language in texts.languages:
        if language not in languages:
            yield Problem(
                f"{language}.po", None, language, "is no language we have", "languages.toml names all"
            )
    if REFERENCE not in texts.languages:
        return
    reference = texts.catalogue(REFERENCE)
    yield from _use_problems(reference, used)
    labels = covered((use for use in used if use.is_label), reference.entries)
    for language in texts.languages:
        catalogue = texts.catalogue(language)
        if catalogue is not reference:
            yield from _parity_problems(catalogue, reference)
        yield from _length_problems(catalogue, reference, labels)
        if locale_of(language).text_direction == "rtl":
            yield from _command_problems(catalogue)


def _use_problems(reference: Catalogue, used: Sequence[Use]) -> Iterator[Problem]:
    """Texts that the code wants and nobody wrote, and the other way round."""
    file = reference.file
    for use in used:
        entry = reference.entries.get(use.pattern)
        if use.is_exact and use.is_certain and entry is None:
            yield Problem(use.file, use.line, use.pattern, "has no text", f"{file} must have it")
        elif use.is_certain and not use.is_exact and not covered([use], reference.entries):
            yield Problem(use.file, use.line, use.pattern, "fits no text", f"{file} must have some")
        elif entry and use.args is not None and not _needed(entry) <= use.args:
            given, wanted = _listed(use.args), _listed(_needed(entry))
            yield Problem(use.file, use.line, use.pattern, f"is given {given}", f"{file} uses {wanted}")
    meant = covered(used, reference.entries)
    for key, entry in reference.entries.items():
        if key not in meant:
            yield Problem(file, entry.line, key, "is used nowhere", "every text must be")


def _needed(entry: Entry) -> frozenset[str]:
    return entry.slots | {"n"} if entry.is_plural else entry.slots


def _parity_problems(catalogue: Catalogue, reference: Catalogue) -> Iterator[Problem]:
    told = {problem.where for problem in (*catalogue.problems, *reference.problems)}
    for key, wanted in reference.entries.items():
        entry = catalogue.entries.get(key)
        if entry is not None:
            yield from _entry_problems(catalogue.file, entry, reference.file, wanted)
        elif key not in told:
            yield Problem(catalogue.file, None, key, "is missing", f"{reference.file} has it")
    for key, entry in catalogue.entries.items():
        if key not in reference.entries and key not in told:
            yield Problem(catalogue.file, entry.line, key, "is there", f"{reference.file} has no such text")


def _entry_problems(file: str, entry: Entry, other_file: str, other: Entry) -> Iterator[Problem]:
    def problem(found: str, expected: str) -> Problem:
        return Problem(file, entry.line, entry.key, found, expected)

    if entry.is_plural != other.is_plural:
        kinds = ("one form", "plural forms")
        yield problem(f"has {kinds[entry.is_plural]}", f"{other_file} has {kinds[other.is_plural]}")
    if entry.slots != other.slots:
        yield problem(f"uses {_listed(entry.slots)}", f"{other_file} uses {_listed(other.slots)}")
    wanted = {tag for form in other.forms for tag in form.tags}
    for form in entry.forms:
        if set(form.tags) != wanted:
            yield problem(
                f"has the tags {_listed_tags(form.tags)}", f"{other_file} has {_listed_tags(wanted)}"
            )


def _length_problems(catalogue: Catalogue, reference: Catalogue, labels: set[str]) -> Iterator[Problem]:
    for key, entry in catalogue.entries.items():
        kind = LABEL if key in labels else _kind(key)
        promised = reference.entries[key].at_most if key in reference.entries else None
        at_most = min(kind.at_most, promised or kind.at_most)
        longest = max(_length(form, kind.room) for form in entry.forms)
        if longest > at_most:
            expected = f"{kind.name} may have {at_most}"
            yield Problem(catalogue.file, entry.line, key, f"can have {longest} characters", expected)
        if not kind.has_tags and any(form.tags for form in entry.forms):
            yield Problem(catalogue.file, entry.line, key, "has tags", f"{kind.name} is shown without")


def _command_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Commands that would lose their slash to the wrong side of a right-to-left text."""
    for key, entry in catalogue.entries.items():
        for command in {each for form in entry.forms for each in _BARE_COMMAND.findall(_fixed(form))}:
            expected = "right-to-left texts have U+2066 before and U+2069 after it"
            yield Problem(catalogue.file, entry.line, key, f"has {command} without marks", expected)


def _fixed(form: Template) -> str:
    return " ".join(part for part in form.plain if isinstance(part, str))


def _kind(key: str) -> Kind:
    return next((kind for beginning, kind in _BY_BEGINNING.items() if key.startswith(beginning)), MESSAGE)


def _length(form: Template, room: int) -> int:
    """The characters of a text that is filled with long arguments."""
    return sum(room if isinstance(part, Slot) else len(part) for part in form.plain)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "no argument"


def _listed_tags(tags: Iterable[str]) -> str:
    return ", ".join(f"<{tag}>" for tag in sorted(tags)) or "none"
