"""Every text of every flow in every language: there, whole, short enough, rightly directed, in that language.

The flows are walked once; what they say is then shown in each language. What a person has looked at and found
right stands in exceptions.toml, with the reason.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from config.languages import our_languages
from tests.texts.faults import Fault, Finding, Looking, Watched, categories_without_a_form, plural_findings
from tests.texts.said import everything_said

pytestmark = pytest.mark.timeout(300)  # the first one plays every transcript

EXCEPTIONS = tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8")).get(
    "text", []
)

SHARED = {
    # after 10-20 and round numbers a catalogue has the form of 2-9; the texts are worded so that both fit
    "lv": {frozenset({"zero", "other"})},
    # nouns stay as they are after any number
    "tr": {frozenset({"one", "other"})},
}
"""Categories of CLDR that have one form in a catalogue."""


@cache
def watched() -> Watched:
    return Watched()


@cache
def found_in(language: str) -> tuple[Finding, ...]:
    """Everything wrong in one language, exceptions included."""
    looking = Looking(watched(), language)
    findings = {finding for said in everything_said() for finding in looking.look_at(said)}
    return tuple(sorted({*findings, *plural_findings(watched().texts, language)}))


def excuses(exception: dict[str, Any], finding: Finding) -> bool:
    return (
        exception["key"] == finding.key
        and exception["fault"] == finding.fault
        and finding.language in exception["languages"]
    )


@pytest.mark.parametrize("language", our_languages())
def test_every_text_that_any_flow_says_can_be_read_in_every_language(language: str) -> None:
    wrong = [
        str(finding)
        for finding in found_in(language)
        if not any(excuses(exception, finding) for exception in EXCEPTIONS)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", our_languages())
def test_every_category_of_numbers_has_a_form_of_its_own(language: str) -> None:
    assert categories_without_a_form(language) == SHARED.get(language, set())


@pytest.mark.parametrize("language", our_languages())
def test_a_language_has_one_apostrophe_all_through(language: str) -> None:
    entries = watched().texts.catalogue(language).entries.values()
    words = "".join(text for entry in entries for text in entry.texts)

    assert "’" not in words or "'" not in words


def test_no_line_of_french_begins_with_a_mark_that_belongs_to_the_one_before() -> None:
    entries = watched().texts.catalogue("fr").entries
    torn = re.compile(" [:;?!»]|« ")

    assert [key for key, entry in entries.items() if any(map(torn.search, entry.texts))] == []


def test_every_exception_has_a_reason_and_is_still_needed() -> None:
    spoken = set(our_languages())
    for exception in EXCEPTIONS:
        assert exception["reason"]
        assert exception["fault"] in set(Fault)
        for language in spoken & set(exception["languages"]):
            assert any(excuses(exception, finding) for finding in found_in(language)), exception


def test_the_walk_says_something() -> None:
    assert len({said.key for said in everything_said()}) > 500
