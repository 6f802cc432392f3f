"""What a log keeps comes back as it was, through JSON; what it cannot keep is refused at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.codec import decode, encode
from flows.conversations import effects, looks
from flows.moves import Passing, result_type
from flows.people.person import Purpose
from flows.talks import Stack
from flows.words.statements import Kept, Receipt

RESULTS = {effect.__name__: result_type(effect) for effect in effects()}
LOOKS: dict[str, Any] = {look.__name__: look for look in looks() if not issubclass(look, Passing)}
SHAPES = {**RESULTS, **LOOKS}

FIELDS = [field.name for shape in (Receipt, *LOOKS.values()) for field in fields(shape)]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from([field.name for field in fields(Receipt)]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=8,
)


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Everything:
    """One field for each kind of value that a log keeps."""

    text: str
    whole: int
    real: float
    flag: bool
    day: date
    moment: datetime
    size: Size
    colour: Colour
    maybe: str | None
    some: tuple[Purpose, ...]
    pair: tuple[int, str]
    by_purpose: Mapping[Purpose, int]
    names: Mapping[str, Mapping[str, str]]
    inner: Receipt


@dataclass(frozen=True, slots=True)
class Grown:
    """A receipt of a later release: fields came and went."""

    kept: Kept
    number: int
    colour: str = "blue"


st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))  # others cannot be kept


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(encode(value)))


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_result_and_look_comes_back_as_it_was(name: str) -> None:
    @settings(max_examples=15)  # of each of two hundred shapes
    @given(st.from_type(SHAPES[name]))
    def comes_back(value: Any) -> None:
        assert decode(SHAPES[name], through_json(value)) == value

    comes_back()


@given(st.from_type(Everything))
def test_every_kind_of_field_comes_back_as_it_was(value: Everything) -> None:
    again = decode(Everything, through_json(value))

    assert again == value
    assert [type(kept) for kept in plain(again)] == [type(kept) for kept in plain(value)]


def test_an_empty_stack_comes_back_as_it_was() -> None:
    assert decode(Stack, through_json(())) == ()


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        b"bytes",
        object(),
        Decimal("1.5"),
        float("nan"),
        float("-inf"),
        timedelta(hours=1),
        {1: "one"},
        {("a", "b"): "pair"},
        Receipt,
        (name for name in "abc"),
        [object()],
    ],
    ids=lambda value: type(value).__name__,  # not str, which names an address
)
def test_what_a_log_cannot_keep_is_refused_when_it_is_kept(value: Any) -> None:
    with pytest.raises(TypeError, match="a log cannot keep"):
        encode(value)


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (str, 1),
        (str, None),
        (int, "1"),
        (float, "1.5"),
        (bool, "true"),
        (type(None), {"kept": "kept"}),
        (date, "2026-13-01"),
        (date, 20260101),
        (datetime, "yesterday"),
        (Kept, "lost"),
        (Kept, ["kept"]),
        (tuple[str, ...], "abc"),
        (tuple[str, ...], [1]),
        (tuple[int, str], [1]),
        (Mapping[str, int], [["a", 1]]),
        (Mapping[Purpose, int], {"nothing": 1}),
        (Receipt, {"kept": "kept"}),
        (Receipt, ["kept"]),
        (Receipt, "kept"),
        (Receipt, None),
        (str | None, 1),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_when_it_is_read(shape: Any, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        decode(shape, value)


@given(st.sampled_from(sorted(SHAPES)), JSON)
def test_any_json_is_either_read_or_refused(name: str, value: Any) -> None:
    try:
        read = decode(SHAPES[name], value)
    except (TypeError, ValueError):
        return
    assert decode(SHAPES[name], through_json(read)) == read


def test_a_field_that_was_added_takes_its_default_and_one_that_is_gone_is_passed_over() -> None:
    earlier = through_json(Receipt(Kept.KEPT, statement=7, number=1, left=2))

    assert decode(Grown, earlier) == Grown(Kept.KEPT, number=1, colour="blue")


def test_a_whole_number_is_read_where_a_real_one_is_expected() -> None:
    assert decode(float, 1) == 1.0
    assert type(decode(float, 1)) is float


def test_a_moment_keeps_its_zone() -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)

    assert decode(datetime, through_json(moment)).tzinfo is not None


def plain(value: Everything) -> list[Any]:
    """The fields that are no mappings: of these the type comes back, too."""
    kept = [getattr(value, field.name) for field in fields(value)]
    return [each for each in kept if not isinstance(each, Mapping)]
