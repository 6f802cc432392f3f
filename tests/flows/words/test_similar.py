"""Similar texts suggest where a new one may belong; texts that are like none suggest nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.words.similar import ALIKE, Suggestion, cosine, suggested

KNOWN = [
    ("B05", "More trees along the river"),
    ("B05", "Trees and a park near the school"),
    ("A06", "A job that feeds my family"),
    ("A06", "Work near home"),
    ("A08", "Buses in the evening"),
]


@pytest.mark.parametrize(
    ("text", "code"),
    [("more TREES near the river", "B05"), ("a job near my home", "A06"), ("no buses in the evening", "A08")],
)
def test_a_text_is_put_where_those_like_it_were(text: str, code: str) -> None:
    suggestion = suggested(text, KNOWN)

    assert suggestion is not None
    assert suggestion.code == code


def test_it_is_said_how_many_were_like_it() -> None:
    known = [("B05", "A quiet park"), ("B05", "A quiet park!"), ("D04", "My neighbours")]

    assert suggested("A quiet park", known) == Suggestion("B05", 2)


@pytest.mark.parametrize("known", [[], [("A06", "Work near home")]])
def test_what_is_like_nothing_is_put_nowhere(known: list[tuple[str, str]]) -> None:
    assert suggested("Ψωμί", known) is None


def test_two_codes_of_equal_weight_are_told_in_the_order_of_the_key() -> None:
    suggestion = suggested("A park", [("B05", "A park"), ("A07", "A park")])

    assert suggestion == Suggestion("A07", 1)


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.sampled_from(["A01", "B05"]), st.text(max_size=60)), max_size=8),
)
def test_a_suggestion_is_one_of_the_codes_there_are(text: str, known: list[tuple[str, str]]) -> None:
    suggestion = suggested(text, known)

    assert suggestion is None or 1 <= suggestion.alike <= sum(code == suggestion.code for code, _ in known)


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 9)),
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 9)),
)
def test_likeness_lies_between_nothing_and_all_and_goes_both_ways(
    one: dict[str, float], other: dict[str, float]
) -> None:
    assert 0 <= cosine(one, other) <= 1 + 1e-9
    assert cosine(one, other) == pytest.approx(cosine(other, one))
    assert not one or cosine(one, one) == pytest.approx(1)
    assert 0 < ALIKE < 1
