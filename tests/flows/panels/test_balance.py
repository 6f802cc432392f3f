"""A panel is in balance where each college has about a third of it; else it is said who is missing."""

from hypothesis import given
from hypothesis import strategies as st

from flows.panels.balance import Share, shares

PANELS = st.fixed_dictionaries(
    {"citizens": st.integers(0, 40), "civil": st.integers(0, 40), "expert": st.integers(0, 40)}
)
GAPS = st.integers(1, 33)


def test_three_equal_colleges_miss_nobody() -> None:
    assert shares({"a": 4, "b": 4, "c": 4}, 10) == {name: Share(4, 33, 0) for name in "abc"}


def test_a_college_that_is_too_small_by_the_gap_misses_people() -> None:
    assert shares({"a": 2, "b": 4, "c": 4}, 10) == {
        "a": Share(2, 20, 2),
        "b": Share(4, 40, 0),
        "c": Share(4, 40, 0),
    }


def test_a_college_that_is_too_large_makes_the_others_miss_people() -> None:
    found = shares({"a": 6, "b": 4, "c": 4}, 9)

    assert {name: share.missing for name, share in found.items()} == {"a": 0, "b": 2, "c": 2}


def test_within_the_gap_nobody_is_missing() -> None:
    assert {share.missing for share in shares({"a": 4, "b": 4, "c": 5}, 10).values()} == {0}


def test_a_panel_without_anybody_misses_nobody() -> None:
    assert set(shares({"a": 0, "b": 0, "c": 0}, 10).values()) == {Share(0, 0, 0)}


@given(PANELS, GAPS)
def test_with_those_who_are_missing_all_colleges_are_equal(panel: dict[str, int], gap: int) -> None:
    found = shares(panel, gap)
    if not any(share.missing for share in found.values()):
        return

    whole = {name: share.people + share.missing for name, share in found.items()}

    assert len(set(whole.values())) == 1
    assert not any(share.missing for share in shares(whole, gap).values())


@given(PANELS, GAPS)
def test_a_smaller_gap_never_finds_fewer_people_missing(panel: dict[str, int], gap: int) -> None:
    wide, narrow = shares(panel, gap), shares(panel, max(1, gap - 1))

    assert all(narrow[name].missing >= wide[name].missing for name in panel)
