"""Every effect has its applier, every look its loader, and every word spoken its text in every language."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from config.languages import our_languages
from config.texts import Texts
from flows.conversations import commands, conversations, effects, looks
from flows.moves import Arg, In, Key, Lines, Say, result_type
from flows.panels.rooms import Board
from storage.registry import appliers, loaders
from tests.flows.played import all_played

pytestmark = pytest.mark.timeout(300)  # the first one plays every transcript

LANGUAGES = tuple(our_languages())


def test_every_effect_has_an_applier_in_storage() -> None:
    missing = {effect.__name__ for effect in effects()} - {effect.__name__ for effect in appliers()}

    assert missing == set(), "add them to storage/ with @applies"
    assert set(appliers()) == effects()


def test_every_look_has_a_loader_in_storage() -> None:
    missing = {look.__name__ for look in looks()} - {look.__name__ for look in loaders()}

    assert missing == set(), "add them to storage/ with @loads"
    assert set(loaders()) == looks()


def test_every_effect_says_what_comes_of_it() -> None:
    assert all(result_type(effect) is not Any for effect in effects())


def test_every_conversation_has_a_door() -> None:
    """A command, a link, a place in menu or on the desk, another conversation, an event of its own, or we."""
    led_to = {"arrival", "amend"}

    shut = [
        each.name
        for each in conversations().values()
        if not (each.command or each.link or each.menu or each.desk or each.aside or each.name in led_to)
    ]

    assert shut == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_any_transcript_speaks_is_there_with_its_arguments(language: str) -> None:
    missing: set[str] = set()
    texts = Texts.load(on_missing=lambda _language, key: missing.add(key))

    for say in spoken():
        texts.html(language, say.key, say.args)

    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_every_conversation_has_its_name(language: str) -> None:
    texts = Texts.load().catalogue(language)
    keys = [f"command.{command}" for command in commands()] + [f"menu.{name}" for name in conversations()]

    assert [key for key in keys if texts.template(key, None) is None] == []


@cache
def spoken() -> tuple[Say, ...]:
    """All that is said, asked and shown on buttons in all transcripts."""
    found: dict[str, Say] = {}
    for transcript in all_played():
        for say in transcript.said:
            note(found, say.key, say.args)
            for button in say.buttons if isinstance(say, Board) else ():
                note_label(found, button.choice.label)
        for asked in transcript.asked:
            note(found, asked.ask.key, asked.ask.args)
            for choice in asked.ask.choices:
                note_label(found, choice.label)
    return tuple(found.values())


def note(found: dict[str, Say], key: str, args: Mapping[str, Arg]) -> None:
    found[key] = Say(key, **args)
    for arg in args.values():
        note_label(found, arg)


def note_label(found: dict[str, Say], label: Arg) -> None:
    if isinstance(label, Key):
        note(found, label.key, label.args)
    if isinstance(label, In):
        note_label(found, label.texts)
    if isinstance(label, Lines):
        for text in label.texts:
            note_label(found, text)
    if isinstance(label, tuple):
        for each in label:
            note_label(found, each)
