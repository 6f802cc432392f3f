"""Frozen values to JSON and back, by their type hints: how results and looks are kept in a log."""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from math import isfinite
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

Json = Any
"""What `json` can write: None, bool, int, float, str, list, dict with text keys."""

_PLAIN: Final = (str, int, bool, types.NoneType)


def encode(value: Any) -> Json:
    """`value` as JSON. Raises TypeError for what a log cannot keep."""
    if type(value) in _PLAIN:  # most are, and a match takes as long for them as for the last of its cases
        return value
    match value:
        case Enum():
            return value.value
        case float() if not isfinite(value):
            raise TypeError(f"a log cannot keep {value}: JSON has no such number")
        case None | bool() | int() | float() | str():
            return value
        case date():
            return value.isoformat()
        case tuple() | list():
            return [encode(item) for item in value]
        case Mapping():
            return {_text(key): encode(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _names(type(value))}
    raise TypeError(
        f"a log cannot keep a {type(value).__name__}; use a frozen dataclass, an enum or plain values"
    )


@cache
def _names(shape: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(shape))


def decode(shape: Any, value: Json) -> Any:
    """The value of type `shape` that `value` was encoded from; ValueError or TypeError if it does not fit.

    Fields of a dataclass that were added since take their default; fields that are no more are passed over.
    """
    return _decoder(shape)(value)


@cache
def _decoder(shape: Any) -> Callable[[Json], Any]:
    """What decodes that type: its hints are read once, not with each entry of each log."""
    origin = get_origin(shape)
    if shape is Any:
        return lambda value: value
    if origin in (Union, types.UnionType):
        return _union(get_args(shape))
    if origin is tuple:
        return _tuple(get_args(shape))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, item = map(_decoder, get_args(shape))
        return lambda value: {key(k): item(v) for k, v in _checked(dict, value).items()}
    if is_dataclass(shape):
        return _record(shape)
    if issubclass(shape, Enum):
        return shape  # type: ignore[no-any-return]  # called with a value, an enum is its member
    if issubclass(shape, date):
        return (datetime if shape is datetime else date).fromisoformat
    if shape is float:
        return lambda value: float(value) if type(value) is int else _checked(float, value)
    return lambda value: _checked(shape, value)


def _record(shape: Any) -> Callable[[Json], Any]:
    hints = get_type_hints(shape)
    items = [(field.name, _decoder(hints[field.name])) for field in fields(shape)]

    def record(value: Json) -> Any:
        kept = _checked(dict, value)
        return shape(**{name: item(kept[name]) for name, item in items if name in kept})

    return record


def _union(shapes: tuple[Any, ...]) -> Callable[[Json], Any]:
    (shape,) = (shape for shape in shapes if shape is not type(None))
    item, optional = _decoder(shape), type(None) in shapes
    return lambda value: None if optional and value is None else item(value)


def _tuple(shapes: tuple[Any, ...]) -> Callable[[Json], Any]:
    if len(shapes) == 2 and shapes[1] is Ellipsis:
        item = _decoder(shapes[0])
        return lambda value: tuple(item(one) for one in _checked(list, value))
    items = [_decoder(shape) for shape in shapes]
    return lambda value: tuple(item(one) for item, one in zip(items, _checked(list, value), strict=True))


def _checked(kind: type, value: Json) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}, found {type(value).__name__}")
    return value


def _text(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a log cannot keep a mapping by {type(key).__name__}; use text keys")
    return str(key)
