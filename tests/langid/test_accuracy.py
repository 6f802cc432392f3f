"""Recognition must stay as good as it was on texts that nobody tuned for."""

from itertools import islice

import pytest
from report import FILES, Result, measure, texts

# Least accuracy with the right, another and no language declared; about two points below what was measured.
FLOORS = {
    "tatoeba": (0.98, 0.905, 0.945),
    "sentences": (0.98, 0.96, 0.97),
    "word-pairs": (0.96, 0.79, 0.88),
    "single-words": (0.965, 0.66, 0.815),
}


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    return {name: measure(islice(texts(name, held_out=True), None, None, 5)) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_held_out_texts_are_recognised_as_well_as_before(name: str, results: dict[str, Result]) -> None:
    result = results[name]

    assert all(
        tally.accuracy >= floor
        for tally, floor in zip((result.truth, result.other, result.nothing), FLOORS[name], strict=True)
    ), (result.truth.accuracy, result.other.accuracy, result.nothing.accuracy)


@pytest.mark.parametrize("name", FILES)
def test_a_probability_is_as_often_right_as_it_says(name: str, results: dict[str, Result]) -> None:
    assert results[name].daily.calibration_error < 0.03


@pytest.mark.parametrize("name", FILES)
def test_a_sure_guess_is_hardly_ever_wrong(name: str, results: dict[str, Result]) -> None:
    assert results[name].daily.right_when_sure > 0.98


def test_the_halves_share_no_text() -> None:
    for name in FILES:
        tuned = {text for _, text in texts(name, held_out=False)}
        assert tuned
        assert tuned.isdisjoint(text for _, text in texts(name, held_out=True))
