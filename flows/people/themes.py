"""Themes that people follow wherever they live: what is planned for a theme is there for those who do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flows.moves import Choice, Effect, Flow, Key, Known, Names, Passing, do, look, pick, ticked


@dataclass(frozen=True, slots=True)
class Themes(Known):
    """All themes in order, and which of them the person follows."""

    names: Mapping[str, Names]  # by code
    followed: tuple[str, ...]  # codes


@dataclass(frozen=True, slots=True)
class ThemeNames(Passing):
    """What each theme is called, in order."""

    names: Mapping[str, Names]  # by code


@dataclass(frozen=True, slots=True)
class FollowThemes(Effect[None]):
    """Follow these themes and no others."""

    codes: tuple[str, ...]


DONE: Final = Choice("done", Key("settings.topics.done"))


def follow_themes() -> Flow[None]:
    """A person chooses the themes they follow: one press for each, and another takes it back."""
    while True:
        themes = yield from look(Themes)
        choices = (Choice(code, ticked(name, code in themes.followed)) for code, name in themes.names.items())
        picked = yield from pick("themes.ask", (*choices, DONE), back=False)
        if picked == DONE.value:
            return
        chosen = set(themes.followed) ^ {picked}
        yield from do(FollowThemes(tuple(code for code in themes.names if code in chosen)))
