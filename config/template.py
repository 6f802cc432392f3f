"""One text of a catalogue: what stands fixed, and slots for arguments. Looks nothing up and runs nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from string import Formatter

SPECS = ("", "date", "day", "time")
"""How a moment is shown: in full, its date, its date with the weekday, its time."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAG = re.compile(r"(</?[A-Za-z][^<>]*>)")
_OPENING = re.compile(r'<(b|i|u|s|code|pre|tg-spoiler|blockquote|blockquote expandable|a href="[^"<>]*")>')


class TemplateError(ValueError):
    """A text that cannot be used, and why, as a half-sentence about it: "uses {0}"."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one argument."""

    name: str
    spec: str  # one of SPECS
    in_tag: bool  # inside a link's address: no marks of direction there


@dataclass(frozen=True, slots=True)
class Template:
    """A text that can be filled, with its tags or without."""

    html: tuple[str | Slot, ...]  # fixed parts are escaped, tags are tags
    plain: tuple[str | Slot, ...]  # no tags, nothing escaped
    slots: frozenset[str]
    tags: tuple[str, ...]  # as they open

    @classmethod
    def read(cls, text: str) -> "Template":
        """Read a catalogue's text: `{name}`, `{name:date}`, `{{` for a brace, and Telegram's tags.

        Everything else is text, so a lone `&` or `<` does no harm. Raises TemplateError for a slot that is no
        plain name, and for tags that Telegram does not know or that do not match.
        """
        html: list[str | Slot] = []
        plain: list[str | Slot] = []
        for piece in _TAG.split(text):
            is_tag = bool(_TAG.fullmatch(piece))
            for part in _parts(piece, in_tag=is_tag):
                if isinstance(part, Slot) or is_tag:
                    html.append(part)
                else:
                    html.append(escape(unescape(part), quote=False))
                if not is_tag:
                    plain.append(part if isinstance(part, Slot) else unescape(part))
        slots = frozenset(part.name for part in html if isinstance(part, Slot))
        return cls(tuple(html), tuple(plain), slots, _tags(text))


def _parts(piece: str, *, in_tag: bool) -> Iterator[str | Slot]:
    try:
        fields = list(Formatter().parse(piece))
    except ValueError as error:
        raise TemplateError(f"has a brace too many or too few ({error})") from None
    for fixed, name, spec, conversion in fields:
        if fixed:
            yield fixed
        if name is None:
            continue
        if not _NAME.fullmatch(name) or conversion or spec not in SPECS:
            raise TemplateError(f"uses {_written(name, conversion, spec)}")
        yield Slot(name, spec, in_tag)


def _written(name: str, conversion: str | None, spec: str | None) -> str:
    return "{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"


def _tags(text: str) -> tuple[str, ...]:
    opened: list[str] = []
    seen: list[str] = []
    for tag in _TAG.findall(text):
        if opening := _OPENING.fullmatch(tag):
            opened.append(opening[1].partition(" ")[0])
            seen.append(opened[-1])
        elif not opened or tag != f"</{opened.pop()}>":
            raise TemplateError(f"has {tag} where it does not belong")
    if opened:
        raise TemplateError(f"opens <{opened[-1]}> and does not close it")
    return tuple(seen)
