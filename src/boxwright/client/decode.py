"""JSON values to domain dataclasses and back, by their type hints.

Fields that this version does not know are ignored (within v1 the API only adds fields); a missing one is an error.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from boxwright.domain.errors import Unavailable
from boxwright.domain.paging import Page

T = TypeVar("T")


class _Mismatch(Exception):
    """A value that does not fit its type; the message says where."""


def decode(kind: type[T], value: object) -> T:
    """Build a `kind` from a JSON value. Raises Unavailable (`answer_invalid`) where the two do not fit."""
    try:
        return cast(T, _value(kind, value, kind.__name__))
    except _Mismatch as error:
        raise _foreign(error) from error


def decode_list(kind: type[T], value: object) -> tuple[T, ...]:
    """Build a tuple of `kind` from a JSON array."""
    if not isinstance(value, list):
        raise _foreign(_Mismatch("expected a list"))
    return tuple(decode(kind, item) for item in value)


def decode_page(kind: type[T], value: object) -> Page[T]:
    """Build a page of `kind` from `{items, next_cursor}`."""
    if not isinstance(value, dict):
        raise _foreign(_Mismatch("expected a page"))
    return Page(items=decode_list(kind, value.get("items")), next_cursor=value.get("next_cursor"))


def encode(value: object) -> dict[str, Any]:
    """Return the JSON object of a dataclass, with the names that the API uses."""
    return cast("dict[str, Any]", jsonable(value))


def jsonable(value: object) -> object:
    """Return `value` with every dataclass in it as a JSON object."""
    if is_dataclass(value) and not isinstance(value, type):
        names = _names(type(value))
        return {names[item.name]: jsonable(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    return value


def _foreign(error: _Mismatch) -> Unavailable:
    return Unavailable(
        f"the server's answer does not fit this client: {error}; are both the same version of Boxwright?",
        code="answer_invalid",
    )


@cache
def _names(kind: type) -> dict[str, str]:
    """Field name -> name on the wire (DetectionRow calls its class name `class`)."""
    config = getattr(kind, "__pydantic_config__", {})
    alias = cast("Callable[[str], str]", config.get("alias_generator", str))
    return {item.name: alias(item.name) for item in fields(kind)}


@cache
def _shape(kind: type) -> tuple[tuple[Field[Any], str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((item, _names(kind)[item.name], hints[item.name]) for item in fields(kind))


def _dataclass(kind: type, value: object, where: str) -> object:
    if not isinstance(value, dict):
        raise _Mismatch(f"{where} should be an object")
    found: dict[str, object] = {}
    for item, name, hint in _shape(kind):
        if name in value:
            found[item.name] = _value(hint, value[name], f"{where}.{name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise _Mismatch(f"{where}.{name} is missing")
    return kind(**found)


def _value(hint: Any, value: object, where: str) -> object:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union(get_args(hint), value, where)
    if origin is tuple:
        return _tuple(get_args(hint), value, where)
    if origin is not None and origin is not Literal:
        return _mapping(get_args(hint), value, where)
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass(hint, value, where)
    return _plain(hint, value, where)


def _plain(hint: Any, value: object, where: str) -> object:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint in (str, int, float, bool) and not isinstance(value, hint):
        raise _Mismatch(f"{where} should be {hint.__name__}, not {type(value).__name__}")
    return value


def _tuple(arguments: tuple[Any, ...], value: object, where: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise _Mismatch(f"{where} should be a list")
    if len(arguments) == 2 and arguments[1] is ...:
        return tuple(_value(arguments[0], item, where) for item in value)
    if len(value) != len(arguments):
        raise _Mismatch(f"{where} should have {len(arguments)} values, not {len(value)}")
    return tuple(_value(hint, item, where) for hint, item in zip(arguments, value, strict=True))


def _mapping(arguments: tuple[Any, ...], value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _Mismatch(f"{where} should be an object")
    return {key: _value(arguments[1], item, f"{where}.{key}") for key, item in value.items()}


def _union(members: tuple[Any, ...], value: object, where: str) -> object:
    if value is None and type(None) in members:
        return None
    shapes = [member for member in members if isinstance(member, type) and is_dataclass(member)]
    if len(shapes) > 1:
        return _dataclass(_tagged(shapes, value, where), value, where)
    rest = [member for member in members if member is not type(None)]
    return _value(rest[0], value, where) if len(rest) == 1 else value


def _tagged(shapes: list[type], value: object, where: str) -> type:
    """Pick the member whose tag (a field with one literal value, such as `type`) is that of the value."""
    if isinstance(value, dict):
        for shape in shapes:
            for item, name, hint in _shape(shape):
                if get_origin(hint) is Literal and len(get_args(hint)) == 1 and value.get(name) == item.default:
                    return shape
    raise _Mismatch(f"{where} is of an unknown kind")
