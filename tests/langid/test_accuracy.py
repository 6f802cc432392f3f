"""Recognition must stay as good as it was on texts that nobody tuned for."""

import pytest

from tests.langid.cases import FILES, LEAST, MOST, cases, texts
from tests.langid.measure import Tally, tally

FLOORS = {"tatoeba": 0.995, "sentences": 0.995, "word-pairs": 0.975, "single-words": 0.935}
"""The least share of right guesses among those that are not asked about."""

MOST_ASKED = 0.01


@pytest.fixture(scope="module")
def results() -> dict[str, Tally]:
    return {name: tally(case for seed in (1, 2) for case in cases(name, seed)) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_held_out_texts_are_recognised_as_well_as_before(name: str, results: dict[str, Tally]) -> None:
    assert results[name].silent >= FLOORS[name]


@pytest.mark.parametrize("name", FILES)
def test_hardly_anybody_is_asked(name: str, results: dict[str, Tally]) -> None:
    assert results[name].share_asked <= MOST_ASKED


def test_the_lines_for_tuning_share_no_text_with_the_others() -> None:
    for name in FILES:
        tuned = set(texts(name, tuned=True))
        assert tuned
        assert tuned.isdisjoint(texts(name, tuned=False))


def test_the_declared_language_is_wrong_as_often_as_is_said() -> None:
    drawn = [case for name in FILES for case in cases(name, 1)]

    assert sum(case.declared != case.language for case in drawn) / len(drawn) == pytest.approx(0.15, abs=0.01)
    assert all({case.language, case.declared} <= set(case.candidates) for case in drawn)
    assert {len(case.candidates) for case in drawn} == set(range(LEAST, MOST + 1))
