"""The rules: what a gateway's message does to the books, under the locks of order and payment.

Every rule may run any number of times for one message, and for different messages that say the
same. A settled payment is never closed, a refunded one never paid again.
"""

from collections.abc import Callable

from django.db.models import Q
from django.db.models.functions import Now

from shopkit.orders.models import Order
from shopkit.orders.services import hold_until
from shopkit.payments.backends.base import Outcome, RefusalCode
from shopkit.payments.models import CLOSED, SETTLED, Payment, Receipt

from .books import end, take, write_order
from .cases import (
    Case,
    TooEarly,
    found,
    learn,
    locked,
    mismatch,
    names_no_order,
    outcome_of,
    review_of,
    told,
    unfollowed,
)
from .clock import after, has_passed
from .snapshots import lines_of, snapshot_of
from .tally import all_back, note_refund, note_total

TIMEOUT = "timeout"
MOST_IN_STATEMENT = 10_000
ON_THEIR_WAY = (Order.Status.SHIPPED, Order.Status.DELIVERED)


def judge(case: Case) -> Outcome:
    """Let the books follow the message, or say why not. Call it inside a transaction."""
    return RULES[case.event.kind](case)


# --- questions ---------------------------------------------------------------------------------


def _check(case: Case) -> Outcome:
    order = Order.objects.filter(number=case.event.order_number).first()
    if order is None:
        return Outcome(refusal="unknown_order")
    refusal = _unpayable(order, case)
    if refusal:
        return Outcome(refusal=refusal)
    return Outcome(lines=lines_of(order), shipping=order.shipping, discount=order.discount)


def _query(case: Case) -> Outcome:
    payment = found(case)
    if payment is None:
        return Outcome(refusal="unknown_payment")
    return outcome_of(payment)


def _statement(case: Case) -> Outcome:
    rows = Payment.objects.filter(
        provider=case.provider,
        gateway_time__gte=case.event.since,
        gateway_time__lte=case.event.until,
        opened_at__isnull=False,
    )
    found = rows.select_related("order").order_by("gateway_time", "pk")[:MOST_IN_STATEMENT]
    return Outcome(payments=[snapshot_of(one, order_number=one.order.number) for one in found])


# --- the way in --------------------------------------------------------------------------------


def _open(case: Case) -> Outcome:
    event = case.event
    payment = locked(case)
    if payment is not None:
        return _opened_before(payment, case)
    order = Order.objects.filter(number=event.order_number).first()
    if order is None:
        return Outcome(refusal="unknown_order")
    order = Order.objects.locked(order.pk)
    # Two calls for one transaction wait for each other at the order; the later one finds it here.
    payment = locked(case)
    if payment is not None:
        return _opened_before(payment, case)
    refusal = _unpayable(order, case)
    if not refusal and _is_too_old(case):
        refusal = "overdue"
    if refusal:
        return Outcome(refusal=refusal)
    return outcome_of(_opened(order, case))


def _opened_before(payment: Payment, case: Case) -> Outcome:
    if wrong := mismatch(payment, case):
        return outcome_of(payment, refusal=wrong)
    if payment.is_live and has_passed(payment.expires_at):
        end(payment, payment.order, status=Payment.Status.EXPIRED, reason=TIMEOUT)
        return outcome_of(payment, refusal="overdue")
    if not payment.is_live:
        return outcome_of(payment, refusal="closed")
    return outcome_of(payment, is_repeat=True)


def _opened(order: Order, case: Case) -> Payment:
    """Let the gateway's transaction be the attempt that waits for it, or a new one."""
    event, window = case.event, case.backend.window
    mine = Payment.objects.live().filter(order=order, provider=case.provider).first()
    due = order.total - order.paid_total
    if mine is not None and (mine.opened_at is not None or mine.amount != due):
        end(mine, order, status=Payment.Status.EXPIRED, reason=TIMEOUT)
        mine = None
    payment = mine or Payment.objects.create(
        order=order, provider=case.provider, amount=due, currency=order.currency
    )
    Payment.objects.filter(pk=payment.pk).update(
        serial=case.row.pk if case.row else None,
        reference=event.reference,
        other_reference=event.other_reference,
        gateway_time=event.at,
        started_at=Now(),
        opened_at=Now(),
        expires_at=None if window is None else after(window, since_ms=event.at),
    )
    payment.refresh_from_db()
    if payment.expires_at is not None:
        hold_until(order.pk, moment=payment.expires_at)
    order.refresh_from_db()
    write_order(order)
    payment.order = order
    return payment


def _unpayable(order: Order, case: Case) -> RefusalCode:
    """Say why the order cannot be paid with what the event names; "" when it can."""
    event = case.event
    due = order.total - order.paid_total
    if event.amount is not None and event.amount != (due if due > 0 else order.total):
        return "wrong_amount"
    if event.currency and event.currency != order.currency:
        return "wrong_currency"
    if order.status == Order.Status.CANCELLED:
        return "not_payable"
    if due <= 0 or order.payment_status not in OPEN:
        return "already_paid"
    others = Payment.objects.live().filter(order=order, provider=case.provider)
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=Now())
    taken = others.filter(in_time, opened_at__isnull=False).exclude(reference=event.reference)
    return "busy" if taken.exists() else ""


def _is_too_old(case: Case) -> bool:
    window, since = case.backend.window, case.event.at
    return window is not None and since is not None and has_passed(after(window, since_ms=since))


# --- money comes -------------------------------------------------------------------------------


def _authorize(case: Case) -> Outcome:
    payment = locked(case)
    if payment is None:
        return Outcome(refusal="unknown_payment")
    if payment.status != Payment.Status.PENDING:
        return outcome_of(payment, is_repeat=True)
    learn(payment, case.event)
    Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.AUTHORIZED)
    payment.refresh_from_db()
    write_order(payment.order)
    return outcome_of(payment)


def _settle(case: Case) -> Outcome:
    event = case.event
    if names_no_order(event):
        return unfollowed("unknown_order", case)
    payment = locked(case)
    if payment is None:
        return unfollowed("unknown_payment", case)
    if wrong := mismatch(payment, case):
        return unfollowed(wrong, case, payment=payment)
    if payment.status in SETTLED:
        learn(payment, event)
        is_over = payment.status == Payment.Status.REFUNDED and not event.is_final
        return outcome_of(payment, refusal="closed" if is_over else "", is_repeat=True)
    if not event.is_final and (refusal := _too_late(payment)):
        return outcome_of(payment, refusal=refusal)
    learn(payment, event)
    take(payment, payment.order, amount=payment.amount)
    if payment.order.refund_due:
        is_cancelled = payment.order.status == Order.Status.CANCELLED
        review_of("paid_cancelled" if is_cancelled else "paid_twice", case, payment=payment)
    return outcome_of(payment)


def _too_late(payment: Payment) -> RefusalCode:
    """Refuse money that is not taken yet; the attempt is closed then."""
    order = payment.order
    if payment.status in CLOSED:
        return "closed"
    if has_passed(payment.expires_at):
        end(payment, order, status=Payment.Status.EXPIRED, reason=TIMEOUT)
        return "overdue"
    if order.status == Order.Status.CANCELLED:
        end(payment, order, status=Payment.Status.CANCELLED, reason="order_cancelled")
        return "not_payable"
    if order.payment_status not in OPEN:
        end(payment, order, status=Payment.Status.CANCELLED, reason="order_paid")
        return "already_paid"
    return ""


# --- it ends -----------------------------------------------------------------------------------


def _close(case: Case) -> Outcome:
    event = case.event
    if names_no_order(event):
        return Outcome(refusal="unknown_order")
    payment = locked(case)
    if payment is None:
        return Outcome(refusal="unknown_payment")
    if wrong := mismatch(payment, case):
        return outcome_of(payment, refusal=wrong)
    if payment.status in (Payment.Status.PAID, Payment.Status.PARTIALLY_REFUNDED):
        # Failed after it was paid: not for a program to decide. Expired is news of long ago.
        if event.outcome != "expired":
            review_of("closed_after_paid", case, payment=payment, reason=event.reason)
        return outcome_of(payment, refusal="already_paid")
    if not payment.is_live:
        return outcome_of(payment, is_repeat=True)
    end(payment, payment.order, status=event.outcome, reason=event.reason)
    return outcome_of(payment)


def _cancel(case: Case) -> Outcome:
    payment = locked(case)
    if payment is None:
        return Outcome(refusal="unknown_payment")
    if payment.status in CLOSED or payment.status == Payment.Status.REFUNDED:
        return outcome_of(payment, is_repeat=True)
    if payment.is_live:
        outcome = case.event.outcome
        end(payment, payment.order, status=outcome, reason=case.event.reason)
        return outcome_of(payment)
    if payment.order.status in ON_THEIR_WAY:
        return outcome_of(payment, refusal="not_refundable")
    Payment.objects.filter(pk=payment.pk).update(reason=case.event.reason[:100])
    payment.refresh_from_db()
    all_back(payment, payment.order, reference=case.event.event_id)
    if payment.order.status != Order.Status.CANCELLED:
        review_of("refunded_outside", case, payment=payment, reason=case.event.reason)
    return outcome_of(payment)


def _reverse(case: Case) -> Outcome:
    payment = _locked_for_refund(case)
    if payment is None:
        return Outcome(refusal="unknown_payment")
    total = payment.captured if case.event.amount is None else case.event.amount
    if total > payment.captured:
        review_of("wrong_amount", case, payment=payment, amount=told(case.event))
        return outcome_of(payment, refusal="wrong_amount")
    is_new = note_total(payment, payment.order, total=total)
    return outcome_of(payment, is_repeat=not is_new)


def _refund(case: Case) -> Outcome:
    payment = _locked_for_refund(case)
    if payment is None:
        return Outcome(refusal="unknown_payment")
    is_new = note_refund(payment, payment.order, case.event)
    if is_new is None:
        review_of("wrong_amount", case, payment=payment, amount=told(case.event))
        return outcome_of(payment, refusal="wrong_amount")
    if is_new and case.event.refund_status == "failed":
        review_of("refund_failed", case, payment=payment, reason=case.event.reason)
    return outcome_of(payment, is_repeat=not is_new)


def _locked_for_refund(case: Case) -> Payment | None:
    """Return the payment, both rows locked. Raises TooEarly for one of which no money is known."""
    payment = locked(case)
    if payment is None:
        unfollowed("unknown_payment", case)
    elif payment.status not in SETTLED:
        raise TooEarly(payment.pk)
    return payment


def _dispute(case: Case) -> Outcome:
    payment = locked(case)
    if payment is None:
        return unfollowed("unknown_payment", case)
    review_of("dispute", case, payment=payment, amount=told(case.event), reason=case.event.reason)
    return outcome_of(payment)


def _receipt(case: Case) -> Outcome:
    payment = locked(case)
    if payment is None:
        return Outcome(refusal="unknown_payment")
    given = dict(case.event.receipt)
    kind = Receipt.Kind.REFUND if given.pop("kind", "") == "refund" else Receipt.Kind.PAYMENT
    columns = {"receipt_id", "fiscal_sign", "terminal_id", "qr_code_url", "date"}
    known = {name: str(given.pop(name))[:100] for name in columns & given.keys() - {"qr_code_url"}}
    known["qr_code_url"] = str(given.pop("qr_code_url", ""))[:1000]
    _row, is_new = Receipt.objects.update_or_create(
        payment=payment, kind=kind, defaults={**known, "data": given}
    )
    return outcome_of(payment, is_repeat=not is_new)


def _note(case: Case) -> Outcome:
    payment = locked(case)
    return outcome_of(payment, is_repeat=True) if payment else Outcome()


OPEN = (Order.PaymentStatus.UNPAID, Order.PaymentStatus.PENDING)
RULES: dict[str, Callable[[Case], Outcome]] = {
    "check": _check,
    "open": _open,
    "authorize": _authorize,
    "settle": _settle,
    "close": _close,
    "cancel": _cancel,
    "reverse": _reverse,
    "refund": _refund,
    "dispute": _dispute,
    "query": _query,
    "statement": _statement,
    "receipt": _receipt,
    "note": _note,
}
