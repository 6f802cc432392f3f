"""Frozen values to JSON and back, by their type hints: how results and looks are kept in a log."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

Json = Any
"""What `json` can write: None, bool, int, float, str, list, dict with text keys."""


def encode(value: Any) -> Json:
    """`value` as JSON. Raises TypeError for what a log cannot keep."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case date():
            return value.isoformat()
        case tuple() | list():
            return [encode(item) for item in value]
        case Mapping():
            return {str(key): encode(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(
        f"a log cannot keep a {type(value).__name__}; use a frozen dataclass, an enum or plain values"
    )


def decode(shape: Any, value: Json) -> Any:
    """The value of type `shape` that `value` was encoded from; ValueError or TypeError if it does not fit."""
    origin = get_origin(shape)
    if shape is Any or shape is type(None):
        return value
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(shape), value)
    if origin is tuple:
        return _decode_tuple(get_args(shape), value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: decode(get_args(shape)[1], item) for key, item in value.items()}
    if is_dataclass(shape):
        return _decode_record(shape, value)
    if issubclass(shape, Enum):
        return shape(value)
    if issubclass(shape, date):
        return (datetime if shape is datetime else date).fromisoformat(value)
    if not isinstance(value, shape):
        raise TypeError(f"expected {shape.__name__}, found {type(value).__name__}")
    return value


def _decode_record(shape: Any, value: Json) -> Any:
    return shape(**{name: decode(hint, value[name]) for name, hint in _hints(shape).items()})


def _decode_union(shapes: tuple[Any, ...], value: Json) -> Any:
    if value is None and type(None) in shapes:
        return None
    (shape,) = (shape for shape in shapes if shape is not type(None))
    return decode(shape, value)


def _decode_tuple(shapes: tuple[Any, ...], value: Json) -> tuple[Any, ...]:
    if len(shapes) == 2 and shapes[1] is Ellipsis:
        return tuple(decode(shapes[0], item) for item in value)
    return tuple(decode(shape, item) for shape, item in zip(shapes, value, strict=True))


@cache
def _hints(shape: Any) -> dict[str, Any]:
    hints = get_type_hints(shape)
    return {field.name: hints[field.name] for field in fields(shape)}
