"""The texts of one language from its PO file. The msgid is the key; a wrong entry is left out and named.

An entry with the translators' comment `# machine` was translated by a machine and not yet validated by a
person; who validates it removes the comment. A `fuzzy` entry is never used. A comment for translators such
as "30 characters at most" is a promise that `together check` holds them to.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import c2py
from io import StringIO
from pathlib import Path
from sys import intern

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from config.languages import CATALOGUES, locale_of, parents
from config.problem import Problem
from config.template import Template, TemplateError

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+")

_AT_MOST = re.compile(r"(\d+) characters at most")
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, AssertionError)


@lru_cache(maxsize=4096)
def _template(text: str) -> Template:
    """A text as a template: made when it is said, for most languages are hardly ever spoken in one place."""
    return Template.read(text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One text: a single form, or one for each plural form of the language."""

    key: str
    line: int
    texts: tuple[str, ...]  # each can be read as a template
    is_plural: bool
    is_machine: bool  # translated by a machine, to be validated
    at_most: int | None  # characters, as the comment for translators says

    @property
    def forms(self) -> tuple[Template, ...]:
        """Its texts as templates."""
        return tuple(map(_template, self.texts))

    @property
    def slots(self) -> frozenset[str]:
        """What any of its forms uses."""
        return frozenset().union(*(form.slots for form in self.forms))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The usable texts of one language, and what is wrong with the others."""

    language: str
    file: str
    entries: Mapping[str, Entry]
    problems: tuple[Problem, ...]

    def template(self, key: str, n: object) -> Template | None:
        """The form of a text for the number `n`; None where there is none."""
        entry = self.entries.get(key)
        if entry is None or not entry.is_plural:
            return _template(entry.texts[0]) if entry else None
        if not isinstance(n, int):
            return None
        return _template(entry.texts[plural_rule(self.language).form(n)])


@dataclass(frozen=True, slots=True)
class PluralRule:
    """How a language counts."""

    forms: int
    expression: str  # as in a Plural-Forms header
    form: Callable[[int], int]


@lru_cache(maxsize=64)
def plural_rule(language: str) -> PluralRule:
    """The rule of a language as Babel gives it to PO files; CLDR's own numbering of forms is another."""
    plural = get_plural(str(locale_of(language)))
    return PluralRule(plural.num_plurals, plural.plural_expr, c2py(plural.plural_expr))


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue of `<language>.po`; never raises, whatever is in the file."""
    language = path.name.removesuffix(".po")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        catalog = read_po(StringIO(text), abort_invalid=True)
        messages = [message for message in catalog if message.id]
    except OSError as error:
        return _unusable(language, path, f"cannot be read: {error.strerror}")
    except PoFileError as error:
        reason = str(error).removesuffix(f" on {error.lineno}")
        return _unusable(language, path, f"is no PO file: {reason}", error.lineno + 1)
    except _UNREADABLE as error:
        return _unusable(language, path, f"is no PO file in UTF-8: {error}")
    problems = [*_header_problems(language, path.name, catalog), *_duplicates(path.name, text)]
    entries: dict[str, Entry] = {}
    for message in messages:
        wrong = list(_message_problems(language, path.name, message))
        problems += wrong
        if not wrong:
            entry = _entry(message)
            entries[entry.key] = entry
    return Catalogue(language, path.name, entries, tuple(problems))


def _unusable(language: str, path: Path, found: str, line: int | None = None) -> Catalogue:
    return Catalogue(language, path.name, {}, (Problem(path.name, line, path.name, found, "must be one"),))


def _header_problems(language: str, file: str, catalog: Catalog) -> Iterator[Problem]:
    stated = (catalog.locale_identifier or "").replace("_", "-")
    if stated != language:
        yield Problem(file, 1, "Language", f"is {stated or 'missing'}", f"must be {language}")
    rule = plural_rule(language)
    given = f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr}"
    wanted = f"nplurals={rule.forms}; plural={rule.expression}"
    if "".join(given.split()) != "".join(wanted.split()):
        yield Problem(file, 1, "Plural-Forms", f"is {given}", f"must be {wanted}")


def _duplicates(file: str, text: str) -> Iterator[Problem]:
    counts = Counter(re.findall(r'^msgid "(.+)"\s*$', text, re.MULTILINE))
    for key in (key for key, count in counts.items() if count > 1):
        lines = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith(f'msgid "{key}"')]
        yield Problem(file, lines[-1], key, "is there twice", f"line {lines[0]} has it, too")


def _message_problems(language: str, file: str, message: Message) -> Iterator[Problem]:
    key, plural = _ids(message)
    line = message.lineno or 1
    if not KEY.fullmatch(key):
        yield Problem(file, line, key[:60], "is no key", "a key is like rsvp.coming: a-z, 0-9, _ and dots")
        return
    if plural not in (None, key):
        yield Problem(file, line, key, "has another msgid_plural", "it must be the key, too")
    if message.fuzzy:
        yield Problem(file, line, key, "is marked fuzzy", "must be checked, and the mark removed")
    forms = _forms(message)
    wanted = plural_rule(language).forms if plural else 1
    filled = sum(bool(form.strip()) for form in forms)
    if len(forms) != wanted or filled != wanted:
        what = f"has {filled} of {wanted} plural forms" if plural else "is empty"
        yield Problem(file, line, key, what, "must be filled")
    for form in forms:
        try:
            Template.read(form)
        except TemplateError as error:
            expected = "only {name}, {name:date}, {name:day}, {name:time} and matching tags can be used"
            yield Problem(file, line, key, str(error), expected)


def _entry(message: Message) -> Entry:
    key, plural = _ids(message)
    return Entry(
        key=intern(key),  # the same in each language
        line=message.lineno or 1,
        texts=_forms(message),
        is_plural=plural is not None,
        is_machine="machine" in message.user_comments,
        at_most=int(limit[1]) if (limit := _AT_MOST.search(" ".join(message.auto_comments))) else None,
    )


def _ids(message: Message) -> tuple[str, str | None]:
    return (message.id, None) if isinstance(message.id, str) else (message.id[0], message.id[1])


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@cache
def our_catalogues() -> tuple[Catalogue, ...]:
    """The catalogues the bot comes with, read once."""
    return tuple(read_catalogue(CATALOGUES / f"{language}.po") for language in languages_of(CATALOGUES))


def languages_of(folder: Path) -> tuple[str, ...]:
    """The languages that have a catalogue in that folder."""
    return tuple(sorted(path.name.removesuffix(".po") for path in folder.glob("*.po")))


def candidates(language: str, default: str) -> tuple[str, ...]:
    """The languages to try for a text, best first."""
    return tuple(dict.fromkeys((language, *parents(language), default, *parents(default), "en")))
