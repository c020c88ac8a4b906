"""Payme's methods: what each call says, as an event, and what is answered when all went well."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from shopkit.payments.backends.base import Event, EventKind

from .calls import (
    CURRENCY,
    amount_in,
    fiscal_data_in,
    is_plain,
    moment_in,
    reason_in,
    transaction_in,
)
from .errors import BAD_FISCAL_DATA, BAD_REQUEST, UNKNOWN_METHOD, Wrong
from .words import TIMEOUT

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Method:
    """One method.

    read -- given the params and the name of our account field, the members of the event; "apart" is
        what tells two pieces of news about one transaction apart
    members -- those of CheckTransaction that it answers
    """

    kind: EventKind
    read: Callable[[Params, str], dict[str, Any]]
    members: tuple[str, ...] = ()


def event_of(call: Mapping[str, Any], *, account: str) -> Event:
    """Return what a call says. Raises Wrong."""
    name = call["method"]
    if name not in METHODS:
        raise Wrong(UNKNOWN_METHOD, data=name)
    method = METHODS[name]
    said = method.read(call["params"], account)
    parts = (name, said.get("reference", ""), said.pop("apart", ""))
    event_id = ":".join(part for part in parts if part)
    return Event(event_id=event_id, kind=method.kind, name=name, request=call["id"], **said)


def _check(params: Params, account: str) -> dict[str, Any]:
    amount, given = amount_in(params), params.get("account")
    if not isinstance(given, dict):
        raise Wrong(BAD_REQUEST, data="account")
    # People may type it into Payme's app: what cannot be a number is one that no order has.
    number = given.get(account)
    order = number if is_plain(number) else ""
    return {
        "order_number": order,
        "amount": amount,
        "currency": CURRENCY,
        "apart": order,
        "data": {"amount": str(params["amount"]), "account": {account: order}},
    }


def _create(params: Params, account: str) -> dict[str, Any]:
    said, at = _check(params, account), moment_in(params, "time")
    data = {**said["data"], "time": at}
    return {**said, "reference": transaction_in(params), "at": at, "apart": "", "data": data}


def _perform(params: Params, account: str) -> dict[str, Any]:
    return {"reference": transaction_in(params), "is_final": False}


def _cancel(params: Params, account: str) -> dict[str, Any]:
    reason = reason_in(params)
    return {
        "reference": transaction_in(params),
        "outcome": "expired" if reason == TIMEOUT else "cancelled",
        "reason": "timeout" if reason == TIMEOUT else str(reason),
        "apart": str(reason),
        "data": {"reason": reason},
    }


def _query(params: Params, account: str) -> dict[str, Any]:
    return {"reference": transaction_in(params)}


def _statement(params: Params, account: str) -> dict[str, Any]:
    since, until = moment_in(params, "from"), moment_in(params, "to")
    return {"since": since, "until": until, "apart": f"{since}-{until}"}


def _receipt(params: Params, account: str) -> dict[str, Any]:
    type_ = params.get("type")
    if type_ not in ("PERFORM", "CANCEL"):
        raise Wrong(BAD_FISCAL_DATA, data="type")
    known = fiscal_data_in(params)
    # A receipt that the tax office refused at first comes again.
    digest = sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]
    return {
        "reference": transaction_in(params, code=BAD_FISCAL_DATA),
        "receipt": {"kind": "payment" if type_ == "PERFORM" else "refund", **known},
        "apart": f"{type_}:{digest}",
        "data": {"type": type_, "fiscal_data": known},
    }


METHODS: Mapping[str, Method] = {
    "CheckPerformTransaction": Method("check", _check),
    "CreateTransaction": Method("open", _create, ("create_time", "transaction", "state")),
    "PerformTransaction": Method("settle", _perform, ("transaction", "perform_time", "state")),
    "CancelTransaction": Method("cancel", _cancel, ("transaction", "cancel_time", "state")),
    "CheckTransaction": Method(
        "query",
        _query,
        ("create_time", "perform_time", "cancel_time", "transaction", "state", "reason"),
    ),
    "GetStatement": Method("statement", _statement),
    "SetFiscalData": Method("receipt", _receipt),
}
