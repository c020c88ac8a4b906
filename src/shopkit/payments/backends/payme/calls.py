"""Payme's JSON-RPC: calls taken apart without trusting a type in them, and answers made."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn, TypeGuard

from shopkit.core.money import LARGEST, from_minor, to_minor
from shopkit.payments.backends.base import Answer

from .errors import BAD_FISCAL_DATA, BAD_REQUEST, NOT_JSON, Wrong, texts_of

CURRENCY = "UZS"
LATEST = 10**14  # Milliseconds: the year 5138.
LARGEST_REASON = 10**6
FISCAL_TEXTS = {
    "receipt_id": 100,
    "message": 500,
    "terminal_id": 100,
    "fiscal_sign": 100,
    "qr_code_url": 1000,
    "date": 50,
}


def call_in(body: bytes) -> dict[str, Any]:
    """Return the call, its method a string, its params an object, its id a number or a string.

    Raises Wrong.
    """
    try:
        call = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Wrong(NOT_JSON) from None
    if not isinstance(call, dict):
        raise Wrong(BAD_REQUEST)
    kinds = {"method": str, "params": dict, "id": int | str}
    for name, kind in kinds.items():
        if not isinstance(call.get(name), kind) or isinstance(call[name], bool):
            raise Wrong(BAD_REQUEST, data=name)
    return call


def id_in(body: bytes) -> int | str | None:
    """Return the id of a call that may be anything, None where it has none."""
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = call.get("id") if isinstance(call, dict) else None
    return found if isinstance(found, int | str) and not isinstance(found, bool) else None


def is_plain(value: object) -> TypeGuard[str]:
    """Say whether it is a text that a column holds: no NUL, no half of a character, not a page."""
    return isinstance(value, str) and 0 < len(value) <= 100 and value.isprintable()


def integer_in(params: Mapping[str, Any], name: str) -> int:
    """Return an integer: true and 1.0 are none. Raises Wrong."""
    value = params.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong(BAD_REQUEST, data=name)
    return value


def moment_in(params: Mapping[str, Any], name: str) -> int:
    """Return milliseconds since 1970. Raises Wrong."""
    value = integer_in(params, name)
    if not 0 <= value < LATEST:
        raise Wrong(BAD_REQUEST, data=name)
    return value


def reason_in(params: Mapping[str, Any]) -> int:
    """Return why a transaction was cancelled; numbers that Payme invents later are taken too."""
    value = integer_in(params, "reason")
    if abs(value) > LARGEST_REASON:
        raise Wrong(BAD_REQUEST, data="reason")
    return value


def transaction_in(params: Mapping[str, Any], *, code: int = BAD_REQUEST) -> str:
    """Return Payme's id of the transaction. Raises Wrong."""
    value = params.get("id")
    if not is_plain(value):
        raise Wrong(code, data="id")
    return value


def amount_in(params: Mapping[str, Any]) -> Decimal:
    """Return the amount in so'm. One that no order can have is -0.01, which no order has either."""
    tiyin = integer_in(params, "amount")
    return from_minor(tiyin if 0 <= tiyin <= to_minor(LARGEST, CURRENCY) else -1, CURRENCY)


def fiscal_data_in(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a fiscal receipt that are known and not empty. Raises Wrong."""
    given = params.get("fiscal_data")
    if not isinstance(given, dict):
        raise Wrong(BAD_FISCAL_DATA, data="fiscal_data")
    texts = {name: _fiscal_text(given, name, longest) for name, longest in FISCAL_TEXTS.items()}
    known: dict[str, Any] = {name: text for name, text in texts.items() if text}
    # It becomes a link in the admin and in the shop.
    if not known.get("qr_code_url", "https://").startswith(("https://", "http://")):
        raise Wrong(BAD_FISCAL_DATA, data="qr_code_url")
    status = given.get("status_code")
    if status is not None:
        if not isinstance(status, int) or isinstance(status, bool) or abs(status) > LATEST:
            raise Wrong(BAD_FISCAL_DATA, data="status_code")
        known["status_code"] = status
    return known


def _fiscal_text(given: Mapping[str, Any], name: str, longest: int) -> str:
    # Payme's page calls receipt_id a string, and its example has a number.
    value = given.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Wrong(BAD_FISCAL_DATA, data=name)
    return "".join(sign for sign in str(value) if sign.isprintable())[:longest]


def result(found: Mapping[str, Any], *, id_: int | str | None) -> Answer:
    """Answer that it went well."""
    return _answer({"result": found, "id": id_})


def error(
    code: int, *, id_: int | str | None, data: str | None = None, is_busy: bool = False
) -> Answer:
    """Answer that it did not; Payme wants HTTP 200 for that too."""
    shown = {"code": code, "message": texts_of(code, is_busy=is_busy), "data": data}
    return _answer({"error": shown, "id": id_})


def _answer(shown: Mapping[str, Any]) -> Answer:
    # In ASCII, because an id and a method's name that are sent back may hold half a character.
    return Answer(body=json.dumps(shown).encode(), content_type="application/json; charset=utf-8")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON.")
