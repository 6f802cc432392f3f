"""A translator begins with every text of the English catalogue, and loses nothing of what is done."""

from pathlib import Path

import pytest

from config.catalogue import read_catalogue
from config.languages import load_languages
from config.starting import start
from tests.config.catalogues import entry, written

POLISH = load_languages()["pl"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """English texts with notes for translators."""
    hello = entry("a.hello", "Good morning {name}", "#. Said first. {name}: theirs. 30 characters at most.")
    written(tmp_path, "en", hello, entry("a.ideas", ("{n} idea", "{n} ideas")), entry("a.yes", "Yes\nindeed"))
    return tmp_path


def test_a_new_catalogue_has_every_text_empty_with_its_note_and_its_plural_forms(folder: Path) -> None:
    started = start(POLISH, "Polish", folder)

    text = started.file.read_text(encoding="utf-8")
    assert started.empty == ("a.hello", "a.ideas", "a.yes")
    assert started.texts == 3
    assert "#. Said first. {name}: theirs. 30 characters at most.\n" in text
    assert text.count("msgstr[") == 3
    assert "in Polish" in text
    told = [str(problem) for problem in read_catalogue(started.file).problems]
    assert len(told) == 3
    assert "'a.ideas' has 0 of 3 plural forms, but must be filled" in told[1]


def test_what_is_translated_is_kept_with_the_translators_comments(folder: Path) -> None:
    done = entry("a.ideas", ("{n} myśl", "{n} myśli", "{n} myśli"), "# machine")
    written(folder, "pl", entry("a.yes", 'Tak,\n"oczywiście"'), done)

    started = start(POLISH, "Polish", folder)

    entries = read_catalogue(started.file).entries
    assert started.empty == ("a.hello",)
    assert entries["a.ideas"].is_machine
    assert not entries["a.yes"].is_machine
    assert [form.plain[1] for form in entries["a.ideas"].forms] == [" myśl", " myśli", " myśli"]
    assert entries["a.yes"].forms[0].plain == ('Tak,\n"oczywiście"',)


def test_what_english_has_no_more_is_left_out(folder: Path) -> None:
    written(folder, "pl", entry("a.old", "Dawno"))

    start(POLISH, "Polish", folder)

    assert "a.old" not in (folder / "pl.po").read_text(encoding="utf-8")


def test_started_twice_it_is_the_same(folder: Path) -> None:
    first = start(POLISH, "Polish", folder).file.read_text(encoding="utf-8")

    assert start(POLISH, "Polish", folder).file.read_text(encoding="utf-8") == first
