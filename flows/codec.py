"""Frozen values to JSON and back, by their type hints: how results and looks are kept in a log."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from math import isfinite
from typing import Any, Union, get_args, get_origin, get_type_hints

Json = Any
"""What `json` can write: None, bool, int, float, str, list, dict with text keys."""


def encode(value: Any) -> Json:
    """`value` as JSON. Raises TypeError for what a log cannot keep."""
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
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(
        f"a log cannot keep a {type(value).__name__}; use a frozen dataclass, an enum or plain values"
    )


def decode(shape: Any, value: Json) -> Any:
    """The value of type `shape` that `value` was encoded from; ValueError or TypeError if it does not fit.

    Fields of a dataclass that were added since take their default; fields that are no more are passed over.
    """
    origin = get_origin(shape)
    if shape is Any:
        return value
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(shape), value)
    if origin is tuple:
        return _decode_tuple(get_args(shape), value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        keys, items = get_args(shape)
        return {decode(keys, key): decode(items, item) for key, item in _checked(dict, value).items()}
    if is_dataclass(shape):
        return _decode_record(shape, value)
    if issubclass(shape, Enum):
        return shape(value)
    if issubclass(shape, date):
        return (datetime if shape is datetime else date).fromisoformat(value)
    if shape is float and type(value) is int:
        return float(value)
    return _checked(shape, value)


def _decode_record(shape: Any, value: Json) -> Any:
    kept = _checked(dict, value)
    return shape(**{name: decode(hint, kept[name]) for name, hint in _hints(shape).items() if name in kept})


def _decode_union(shapes: tuple[Any, ...], value: Json) -> Any:
    if value is None and type(None) in shapes:
        return None
    (shape,) = (shape for shape in shapes if shape is not type(None))
    return decode(shape, value)


def _decode_tuple(shapes: tuple[Any, ...], value: Json) -> tuple[Any, ...]:
    _checked(list, value)
    if len(shapes) == 2 and shapes[1] is Ellipsis:
        return tuple(decode(shapes[0], item) for item in value)
    return tuple(decode(shape, item) for shape, item in zip(shapes, value, strict=True))


def _checked(kind: type, value: Json) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}, found {type(value).__name__}")
    return value


def _text(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a log cannot keep a mapping by {type(key).__name__}; use text keys")
    return str(key)


@cache
def _hints(shape: Any) -> dict[str, Any]:
    hints = get_type_hints(shape)
    return {field.name: hints[field.name] for field in fields(shape)}
