"""Our books in Payme's words: states, reasons, times and the lines of a fiscal receipt."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from shopkit.core.money import to_minor
from shopkit.payments.backends.base import Event, Line, Outcome, Snapshot

from .calls import CURRENCY
from .errors import (
    ALREADY_PAID,
    NOT_PAYABLE,
    NOT_REFUNDABLE,
    UNKNOWN_ORDER,
    UNKNOWN_RECEIPT,
    UNKNOWN_TRANSACTION,
    WRONG_AMOUNT,
    WRONG_STATE,
)

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
CREATED, PERFORMED, CANCELLED, PAID_BACK = 1, 2, -1, -2
TIMEOUT, REFUND, UNKNOWN = 4, 5, 10
STATES: Mapping[str, int] = {
    "pending": CREATED,
    "authorized": CREATED,
    "paid": PERFORMED,
    "partially_refunded": PERFORMED,
}
REFUSALS: Mapping[str, int] = {
    "wrong_amount": WRONG_AMOUNT,
    "wrong_currency": WRONG_AMOUNT,
    "unknown_payment": UNKNOWN_TRANSACTION,
    "not_refundable": NOT_REFUNDABLE,
}
#: Before money moves, what is wrong with the order is wrong with the account.
ACCOUNT_REFUSALS: Mapping[str, int] = {
    "unknown_order": UNKNOWN_ORDER,
    "not_payable": NOT_PAYABLE,
    "already_paid": ALREADY_PAID,
}
#: A result says to Payme that the transaction is in this state now.
STATES_AFTER: Mapping[str, set[int]] = {
    "open": {CREATED},
    "settle": {PERFORMED},
    "cancel": {CANCELLED, PAID_BACK},
    "query": {CREATED, PERFORMED, CANCELLED, PAID_BACK},
}


def code_of(event: Event, outcome: Outcome) -> int:
    """Return the error that an outcome is answered with, 0 for none."""
    refusal = outcome.refusal
    if event.kind == "receipt":
        return UNKNOWN_RECEIPT if refusal else 0
    if refusal:
        known = {**REFUSALS, **ACCOUNT_REFUSALS} if event.kind in {"check", "open"} else REFUSALS
        return known.get(refusal, WRONG_STATE)
    if event.kind not in STATES_AFTER:
        return 0
    if outcome.payment is None:
        return UNKNOWN_TRANSACTION
    return 0 if state_of(outcome.payment) in STATES_AFTER[event.kind] else WRONG_STATE


def state_of(payment: Snapshot) -> int:
    """Return 1 created, 2 performed, -1 cancelled before money came, -2 after."""
    return STATES.get(payment.status, PAID_BACK if payment.captured else CANCELLED)


def reason_of(payment: Snapshot) -> int | None:
    """Return Payme's number for why it was cancelled, None while it was not."""
    if state_of(payment) > 0:
        return None
    if payment.reason.isascii() and payment.reason.lstrip("-").isdigit():
        return int(payment.reason)
    if payment.captured:
        return REFUND
    return TIMEOUT if "timeout" in payment.reason or payment.status == "expired" else UNKNOWN


def milliseconds(moment: datetime | None) -> int:
    """Return milliseconds since 1970, 0 for never; integers all the way, a float would round."""
    return (moment - EPOCH) // timedelta(milliseconds=1) if moment else 0


def transaction_of(payment: Snapshot) -> dict[str, Any]:
    """Return what CheckTransaction and GetStatement say of a payment."""
    state = state_of(payment)
    return {
        "create_time": milliseconds(payment.opened_at),
        "perform_time": milliseconds(payment.paid_at),
        "cancel_time": milliseconds(payment.closed_at) if state < 0 else 0,
        "transaction": payment.payment_id,
        "state": state,
        "reason": reason_of(payment),
    }


def statement_line(payment: Snapshot, *, account: str) -> dict[str, Any]:
    """Return one transaction of GetStatement."""
    return {
        "id": payment.reference,
        "time": payment.gateway_time or 0,
        "amount": to_minor(payment.amount, CURRENCY),
        "account": {account: payment.order_number},
        **transaction_of(payment),
        "receivers": None,
    }


def detail_of(outcome: Outcome, *, amount: Decimal | None) -> dict[str, Any] | None:
    """Return the fiscal lines of an order, or None where a receipt of them would not be true.

    Every line must have its IKPU and its VAT, and all must add up to the amount.
    """
    lines = outcome.lines
    if not lines or not all(line.ikpu and line.vat_percent is not None for line in lines):
        return None
    try:
        prices = [to_minor(line.unit_price, CURRENCY) for line in lines]
        shipping, discount, due = (
            to_minor(part, CURRENCY)
            for part in (outcome.shipping, outcome.discount, amount or Decimal())
        )
    except ValueError:  # A price finer than a tiyin.
        return None
    totals = [price * line.quantity for price, line in zip(prices, lines, strict=True)]
    # A discount larger than the goods is one on their delivery.
    off = min(discount, sum(totals))
    shipping -= discount - off
    if sum(totals) - off + shipping != due:
        return None
    parts = zip(lines, prices, shares(off, totals), strict=True)
    items = [_item(line, price, share) for line, price, share in parts]
    sent = {"shipping": {"title": "Yetkazib berish", "price": shipping}} if shipping else {}
    return {"receipt_type": 0, **sent, "items": items}


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` in proportion to ``weights``: whole numbers that add up to it.

    None is larger than its weight as long as the total is not larger than all of them.
    """
    given: list[int] = []
    passed = 0
    for weight in weights:
        passed += weight
        given.append(total * passed // (sum(weights) or 1) - sum(given))
    return given


def _item(line: Line, price: int, discount: int) -> dict[str, Any]:
    known = {"package_code": line.package_code, "discount": discount}
    return {
        "title": line.title,
        "price": price,
        "count": line.quantity,
        "code": line.ikpu,
        "vat_percent": line.vat_percent,
        **{name: value for name, value in known.items() if value},
    }
