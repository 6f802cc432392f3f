"""Begins the catalogue of a language, or brings it up to date: what is missing is added, still empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import normalize, read_po

from config.catalogue import PluralRule, plural_rule
from config.languages import CATALOGUES, Language
from config.parity import REFERENCE

_HEADER = """\
# The texts of Together in {english}: translated by a machine, awaiting review by native speakers.
# Who has checked a text removes its comment `# machine`.
msgid ""
msgstr ""
"Project-Id-Version: Together\\n"
"Language: {tag}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals={forms}; plural={expression};\\n"
"X-Machine: yes\\n"
"""
_WIDTH = 100  # characters in a line of a text


@dataclass(frozen=True, slots=True)
class Started:
    """A catalogue that was begun or brought up to date."""

    file: Path
    texts: int
    empty: tuple[str, ...]  # keys of those that are still to be translated


def start(language: Language, english: str, folder: Path = CATALOGUES) -> Started:
    """Write the catalogue of a language with every text of the English one; what it has already is kept.

    english  what the language is called in English

    A text that English does not have any more is left out. Raises OSError or ValueError for files that
    cannot be read.
    """
    file = folder / f"{language.tag}.po"
    known = {_key(message): message for message in _read(file)} if file.exists() else {}
    rule = plural_rule(language.tag)
    header = _HEADER.format(english=english, tag=language.tag, forms=rule.forms, expression=rule.expression)
    parts, empty = [_kept_header(file) or header], []
    for message in _read(folder / f"{REFERENCE}.po"):
        mine = known.get(_key(message))
        parts.append("".join(_lines(message, mine, rule)))
        if mine is None or not all(_forms(mine)):
            empty.append(_key(message))
    file.write_text("\n".join(parts), encoding="utf-8")
    return Started(file, len(parts) - 1, tuple(empty))


def _read(file: Path) -> Iterator[Message]:
    catalog = read_po(StringIO(file.read_text(encoding="utf-8")), abort_invalid=True)
    return (message for message in catalog if message.id)


def _kept_header(file: Path) -> str:
    """The head of a catalogue that is there already, up to its first empty line."""
    return file.read_text(encoding="utf-8").partition("\n\n")[0] + "\n" if file.exists() else ""


def _lines(message: Message, mine: Message | None, rule: PluralRule) -> Iterator[str]:
    """An entry: the notes of the English one, translators' own comments, and what is translated so far."""
    yield from (f"#. {note}\n" for note in message.auto_comments)
    yield from (f"# {comment}\n" for comment in (mine.user_comments if mine else ()))
    yield f'msgid "{_key(message)}"\n'
    if isinstance(message.id, str):
        yield f"msgstr {normalize(_forms(mine)[0] if mine else '', width=_WIDTH)}\n"
        return
    yield f'msgid_plural "{_key(message)}"\n'
    forms = _forms(mine) if mine else ()
    for number in range(rule.forms):
        form = forms[number] if number < len(forms) else ""
        yield f"msgstr[{number}] {normalize(form, width=_WIDTH)}\n"


def _key(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
