"""The panel of a territory's file: how it is told what is new, until others are chosen at the desk."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from config.problem import Problem
from config.toml_file import TomlFile, found, is_whole
from flows.panels.settings import Day, PanelSettings, Rhythm, SentTo, WhenNothing
from flows.people.territory import Panel

USUAL = PanelSettings()
GAP = 10
LARGEST_GAP = 33  # percentage points: a college that has nobody is a third away from a third


def panel_from(table: Mapping[str, Any]) -> Panel:
    """The panel that a right table describes."""
    day = Day(table["day"]) if "day" in table else list(Day)[USUAL.day]
    return Panel(
        names=table["names"],
        colleges=tuple(table["colleges"]),
        college_names=table.get("college_names", {}),
        gap=table.get("gap", GAP),
        settings=PanelSettings(
            day=list(Day).index(day),
            hour=table.get("hour", USUAL.hour),
            cadence=Rhythm(table.get("cadence", USUAL.cadence)),
            languages=tuple(table.get("languages", ())),
            silence=table.get("nothing_new", WhenNothing.SILENCE) == WhenNothing.SILENCE,
            to=SentTo(table.get("to", USUAL.to)),
        ),
    )


def wrong_settings(
    file: TomlFile, table: Mapping[str, object], languages: tuple[str, ...]
) -> Iterator[Problem]:
    """What is wrong in how a panel is told what is new.

    languages  those of the territory
    """
    for key, low, high in (("hour", 0, 23), ("gap", 1, LARGEST_GAP)):
        if not is_whole(table.get(key, low), low, high):
            expected = f"must be a whole number from {low} to {high}"
            yield file.problem(("panel", key), found(table[key]), expected)
    options: dict[str, type[StrEnum]] = {
        "cadence": Rhythm, "day": Day, "nothing_new": WhenNothing, "to": SentTo,
    }  # fmt: skip
    for key, kind in options.items():
        if key in table and table[key] not in list(kind):
            yield file.problem(("panel", key), found(table[key]), f"must be one of {', '.join(kind)}")
    yield from _wrong_languages(file, table.get("languages"), languages)


def _wrong_languages(file: TomlFile, given: object, languages: tuple[str, ...]) -> Iterator[Problem]:
    place = ("panel", "languages")
    if given is None:
        return
    if not isinstance(given, list) or not given:
        yield file.problem(place, found(given), 'must be a list such as ["fr", "ar"]')
        return
    for number, tag in enumerate(given):
        if tag not in languages:
            expected = f"must be a language of the territory: {', '.join(languages)}"
            yield file.problem((*place, number), found(tag), expected)
        elif tag in given[:number]:
            yield file.problem((*place, number), found(tag), "is there already")
