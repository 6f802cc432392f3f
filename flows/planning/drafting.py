"""What people write who plan for others: texts in each language of a place, and how they will be read.

A planning conversation asks `texts_in(...)` for each text of what it plans; the words go straight into their
effect and stand in no log. `preview(...)` then shows the whole in each language, and what is still missing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flows.events import Wrote
from flows.moves import (
    Arg,
    Ask,
    Choice,
    Effect,
    Flow,
    In,
    Key,
    Known,
    Lines,
    Names,
    Reading,
    Refused,
    Say,
    do,
)
from flows.occasions.sheet import Tongue

SKIP: Final = Choice("skip", Key("draft.skip"))
KEEP: Final = Choice("skip", Key("draft.keep"))
REST: Final = Choice("rest", Key("draft.rest"))
REMOVE: Final = Choice("remove", Key("draft.remove"))


@dataclass(frozen=True, slots=True)
class PlaceLanguages(Known):
    """The languages in which people write for a scope; looked at with it."""

    own_names: Mapping[str, str]  # by code (BCP 47), each called by itself; the first one's place is first

    @property
    def codes(self) -> tuple[str, ...]:
        """Their codes, in the order of the territory."""
        return tuple(self.own_names)

    def tongues(self) -> tuple[Tongue, ...]:
        """Whoever reads in one of them."""
        return tuple(Tongue(code, self.codes, self.own_names) for code in self.codes)


@dataclass(frozen=True, slots=True)
class OwnTongue(Known):
    """In which language the person reads."""

    tongue: Tongue


@dataclass(frozen=True, slots=True)
class Draft:
    """One text that is asked for in several languages."""

    what: Key  # what it is called, such as "Title"
    does: type[Effect[Any]]
    write: Callable[
        [str, str], Effect[Any]
    ]  # (language, text): keeps it; an empty text removes what was there
    most: int  # characters
    one_line: bool = False
    needed: bool = False  # one language at least must have it


def texts_in(
    languages: PlaceLanguages,
    draft: Draft,
    *,
    have: Collection[str] = (),
    words: Callable[[], Flow[Names]] | None = None,
) -> Flow[tuple[str, ...]]:
    """Ask for a text in each language, one after the other; returns the languages that have it then.

    have   the languages that have it already: there it can be left as it is, or removed
    words  glances at what it says there, to be shown

    What is needed can be skipped in each language as long as another one has it or can still have it.
    All languages that are left can be skipped at once.
    """
    having = [code for code in languages.codes if code in have]
    for code, own_name in languages.own_names.items():
        ways = _ways(code, languages.codes, having, needed=draft.needed)
        before = (yield from words()).get(code, "") if words and code in have else None
        answer = yield from _one_text(draft, code, own_name, ways, before)
        if answer == REMOVE.value:
            yield from do(draft.write(code, ""))
            having.remove(code)
        elif answer == REST.value:
            break
        elif answer != SKIP.value and code not in having:
            having.append(code)
    return tuple(code for code in languages.codes if code in having)


def _ways(code: str, codes: Sequence[str], having: Collection[str], *, needed: bool) -> tuple[Choice, ...]:
    """What can be pressed instead of writing in that language."""
    others = any(other in having for other in codes if other != code) or code != codes[-1]
    rest = (REST,) if code != codes[-1] and (having or not needed) else ()
    if code in having:
        return (KEEP, REMOVE, *rest) if others or not needed else (KEEP, *rest)
    return (SKIP, *rest) if others or not needed else ()


def _one_text(
    draft: Draft, code: str, own_name: str, ways: tuple[Choice, ...], before: str | None
) -> Flow[str | None]:
    """One text in one language: written, or what was pressed instead.

    before  what it says now; None: nothing yet
    """

    def read(written: Wrote) -> Reading:
        text = " ".join(written.text.split()) if draft.one_line else written.text
        if len(text) > draft.most:
            return Refused(Say("draft.too_long", n=len(text), most=draft.most))
        return draft.write(code, text)

    if before is None:
        args: dict[str, Arg] = {"what": draft.what, "language": own_name}
        answer = yield Ask("draft.text", args, ways, reads=read, does=draft.does, numbered=False)
    else:
        args = {"what": draft.what, "language": own_name, "words": before}
        answer = yield Ask("draft.change", args, ways, reads=read, does=draft.does, numbered=False)
    return answer if answer in (SKIP.value, REST.value, REMOVE.value) else None


def preview(languages: PlaceLanguages, lines: Callable[[Tongue], Lines], have: Collection[str]) -> Flow[None]:
    """Show what was drafted as it will be read in each language; then where it falls back on another one.

    lines  how it reads to whoever reads in a language
    have   the languages that its title is written in
    """
    for tongue in languages.tongues():
        own_name = languages.own_names[tongue.language]
        yield Say("draft.preview", language=own_name, text=In(tongue.language, lines(tongue)))
    missing = tuple(name for code, name in languages.own_names.items() if code not in have)
    if missing:
        yield Say("draft.missing", languages=missing)
