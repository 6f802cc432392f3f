"""The documents: what they name is there, and what there is to set and to call is named."""

import re
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from bot.chores.introduction import AFTER, BEFORE
from bot.commands.cli import app
from config.settings import PREFIX, Settings
from flows.conversations import commands
from storage.planning.listed import ATTENDANCE, OCCASIONS
from storage.sheet import Sheet
from storage.words.export import STATEMENTS
from tests.architecture.sources import PROJECT, ROOMS

README: Final = (PROJECT / "README.md").read_text(encoding="utf-8")
DOCUMENTS: Final = (PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted(PROJECT.glob("docs/**/*.md")))
LINK: Final = re.compile(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)")
NEW: Final = "actions.hours"  # the module that contributors are shown how to add


def anchors(file: Path) -> set[str]:
    """What can follow a # in a link to a document."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["README.md", ".env.example"])
def test_every_setting_is_told_to_whoever_sets_up_a_bot(name: str) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", (PROJECT / name).read_text(encoding="utf-8")))

    assert named == {f"{PREFIX}{each.upper()}" for each in (*Settings.model_fields, "bot_token_file")}


def test_every_command_of_the_chat_is_told() -> None:
    told = re.findall(r"^\| `/(\w+)` \|", README, re.MULTILINE)

    assert sorted(told) == sorted((*BEFORE, *commands(), *AFTER))


def test_every_command_of_the_command_line_is_told() -> None:
    there = {each.name or each.callback.__name__ for each in app.registered_commands if each.callback}
    there |= {each.name for each in app.registered_groups if each.name}

    assert set(re.findall(r"`together ([a-z]+)", README)) == there


def test_every_decision_stands_in_the_index_under_its_title() -> None:
    folder = PROJECT / "docs" / "decisions"
    titles = {each.name: each.read_text(encoding="utf-8").split("\n")[0] for each in folder.glob("0*.md")}
    listed = re.findall(r"^\| (\d+) \| \[(.+)\]\((.+)\) \|$", (folder / "README.md").read_text("utf-8"), re.M)

    assert {file: f"# {number}. {title}" for number, title, file in listed} == titles


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{document.name}: {target}#{anchor}"
        for document in DOCUMENTS
        for target, anchor in LINK.findall(document.read_text(encoding="utf-8"))
        for there in [document.parent / target if target else document]
        if not there.exists() or (anchor and anchor not in anchors(there))
    ]

    assert broken == []


@pytest.mark.parametrize("sheet", [STATEMENTS, OCCASIONS, ATTENDANCE], ids=lambda sheet: sheet.name)
def test_every_column_of_a_file_is_explained(sheet: Sheet) -> None:
    coordinators = (PROJECT / "docs" / "coordinators.md").read_text(encoding="utf-8")

    assert set(sheet.columns) - set(re.findall(r"`(\w+)`", coordinators)) == set()


def test_what_the_examples_for_contributors_import_is_there() -> None:
    text = (PROJECT / "docs" / "contributors.md").read_text(encoding="utf-8")
    found = re.findall(r"^ *from (\w[\w.]+) import (.+)$", text, re.MULTILINE)
    imports = [(module, name) for module, names in found for name in names.split(", ")]
    ours = [each for each in imports if each[0].partition(".")[0] in (*ROOMS, "tests")]
    old = [(module, name) for module, name in ours if module.partition(".")[2] != NEW]

    assert [f"{module}.{name}" for module, name in old if not hasattr(import_module(module), name)] == []
    assert len(old) < len(ours)


def test_the_migration_of_the_example_comes_after_the_newest() -> None:
    text = (PROJECT / "docs" / "contributors.md").read_text(encoding="utf-8")
    newest = max(each.name[:4] for each in (PROJECT / "storage/migrations/versions").glob("[0-9]*.py"))

    assert f'down_revision = "{newest}"' in text
