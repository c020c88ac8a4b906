"""Forms in brackets, held against the types that Stripe's own package declares.

The package's types are generated from the description of exactly the API version that it speaks, so
a parameter that they do not know is one that Stripe refuses.
"""

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin
from urllib.parse import parse_qsl

try:
    from stripe import RequestOptions, StripeContext
    from typing_extensions import NotRequired, Required, get_type_hints, is_typeddict
except ImportError:  # without the extra the module still imports; only its use fails
    RequestOptions = None  # type: ignore[assignment,misc]

UNIONS = (Union, types.UnionType)
PATTERNS = {int: r"-?[0-9]+", bool: "true|false", float: r"-?[0-9]+(\.[0-9]+)?", str: "(?s).*"}


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a parameter: Stripe's code, and the name in brackets."""

    code: str
    param: str


def nested(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return {"a": [{"b": "1"}]} for {"a[0][b]": "1"}."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        first, *others = re.findall(r"[^\[\]]+", name)
        place, last = found, first
        for key in others:
            place = place.setdefault(last, {})
            last = key
        place[last] = value
    return {name: _listed(value) for name, value in found.items()}


def nested_query(query: str) -> dict[str, Any]:
    """Return the same of what stands behind the question mark."""
    return nested(dict(parse_qsl(query, keep_blank_values=True)))


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inside = {key: _listed(one) for key, one in value.items()}
    if inside and all(key.isdigit() for key in inside):
        return [inside[key] for key in sorted(inside, key=int)]
    return inside


def complaint(params: Mapping[str, Any], wanted: Any) -> Complaint | None:
    """Return what is wrong with ``params``, the first thing found; None for nothing.

    params -- of a form, so that numbers and booleans are texts
    wanted -- a TypedDict of ``stripe.params``
    """
    # What is sent as headers stands in the same types.
    return _mapping(params, wanted, "", left_out=frozenset(RequestOptions.__annotations__))


@lru_cache
def _hints_of(wanted: Any) -> Mapping[str, Any]:
    names = {"Mapping": Mapping, "StripeContext": StripeContext}
    return get_type_hints(wanted, localns=names, include_extras=True)


def _mapping(
    params: Any, wanted: Any, path: str, *, left_out: frozenset[str] = frozenset()
) -> Complaint | None:
    if not isinstance(params, Mapping):
        return Complaint("parameter_invalid", path)
    hints = {name: hint for name, hint in _hints_of(wanted).items() if name not in left_out}
    for name, value in params.items():
        if name not in hints:
            return Complaint("parameter_unknown", _inside(path, name))
        if found := _value(value, hints[name], _inside(path, name)):
            return found
    missing = (name for name in hints if name in wanted.__required_keys__ - params.keys())
    return next((Complaint("parameter_missing", _inside(path, name)) for name in missing), None)


def _value(value: Any, hint: Any, path: str) -> Complaint | None:
    """Hold one value against one type."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (NotRequired, Required):
        return _value(value, args[0], path)
    if origin in UNIONS:
        return _union(value, args, path)
    if origin is list:
        return _several(value, args[0], path)
    if is_typeddict(hint):
        return _mapping(value, hint, path)
    return _plain(value, hint, path)


def _union(value: Any, choices: tuple[Any, ...], path: str) -> Complaint | None:
    """One of the choices must take it. Enumerations are open in the package, not at Stripe."""
    if any(get_origin(one) is Literal for one in choices):
        choices = tuple(one for one in choices if one is not str)
    found = [_value(value, one, path) for one in choices]
    if None in found:
        return None
    # The complaint that comes from deepest inside says most.
    return max((one for one in found if one), key=lambda one: len(one.param))


def _several(value: Any, hint: Any, path: str) -> Complaint | None:
    if not isinstance(value, list):
        return Complaint("parameter_invalid", path)
    found = (_value(one, hint, f"{path}[{at}]") for at, one in enumerate(value))
    return next((one for one in found if one), None)


def _plain(value: Any, hint: Any, path: str) -> Complaint | None:
    if get_origin(hint) is Literal:
        return None if value in get_args(hint) else Complaint("parameter_invalid_value", path)
    if get_origin(hint) is dict and isinstance(value, Mapping):
        is_flat = all(isinstance(one, str) for one in value.values())
        return None if is_flat else Complaint("parameter_invalid", path)
    pattern = PATTERNS.get(hint)
    if pattern and isinstance(value, str) and re.fullmatch(pattern, value):
        return None
    code = "parameter_invalid_integer" if hint is int else "parameter_invalid"
    return Complaint(code, path)


def _inside(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
