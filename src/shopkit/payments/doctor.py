"""Probes of payments: what came, what went back, and what orders say about it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from shopkit.core.doctor import Finding, differences, probe
from shopkit.core.money import MoneyField, format_amount, format_stored
from shopkit.orders.models import Order

from .models import UNFINISHED, Payment, Refund

MONEY = (
    "Compare with the gateway's or the bank's own list and put the wrong row right by hand; money "
    "is never fixed by itself."
)
STATUS = Order.PaymentStatus
LIVE = (Payment.Status.PENDING, Payment.Status.AUTHORIZED)
UNSETTLED = (*LIVE, Payment.Status.FAILED, Payment.Status.EXPIRED, Payment.Status.CANCELLED)


@probe("payments.received", remedy=MONEY)
def received() -> Iterator[Finding]:
    """What an order says was paid is what its payments captured less what they refunded."""
    orders = Order.objects.values("number", code=F("currency"), tally=F("paid_total"))
    kept = Payment.objects.values(
        number=F("order__number"),
        code=F("order__currency"),
        tally=F("captured") - F("refunded"),
    )
    for number, code, told, came in differences(orders, kept, keys=("number", "code")):
        is_now, should_be = format_stored(told, code), format_stored(came, code)
        yield Finding(f"order {number}", f"says {is_now} paid, its payments hold {should_be}")


@probe("payments.status", remedy=MONEY)
def status() -> Iterator[Finding]:
    """A payment's status fits its amounts: paid is captured in full, refunded is given back."""
    paid = Q(status=Payment.Status.PAID, captured=F("amount"), refunded=0)
    partly = Q(status=Payment.Status.PARTIALLY_REFUNDED, refunded__gt=0, refunded__lt=F("captured"))
    back = Q(status=Payment.Status.REFUNDED, captured__gt=0, refunded=F("captured"))
    settled = (paid | partly | back) & Q(paid_at__isnull=False)
    nothing = Q(status__in=UNSETTLED, captured=0, refunded=0)
    wrong = Payment.objects.exclude(settled | nothing).order_by("pk")
    columns = ("pk", "status", "currency", "amount", "captured", "refunded")
    for pk, is_now, currency, *amounts in wrong.values_list(*columns).iterator():
        due, came, went = (format_amount(one, currency) for one in amounts)
        yield Finding(
            f"payment {pk}", f"is {is_now} with {came} captured and {went} refunded of {due}"
        )


@probe("payments.currency", remedy=MONEY)
def currency() -> Iterator[Finding]:
    """A payment is in its order's currency."""
    wrong = Payment.objects.exclude(currency=F("order__currency")).order_by("pk")
    for pk, given, expected in wrong.values_list("pk", "currency", "order__currency").iterator():
        yield Finding(f"payment {pk}", f"is in {given}, its order in {expected}")


@probe("payments.order_status", remedy=MONEY)
def order_status() -> Iterator[Finding]:
    """An order's payment status is what its payments come to; paid means all of its total."""
    rows = Order.objects.order_by("pk").values("pk", "number", "currency", "total", "status")
    summed = rows.annotate(
        told=F("payment_status"),
        came=Coalesce(Sum("payments__captured"), 0, output_field=MoneyField()),
        went=Coalesce(Sum("payments__refunded"), 0, output_field=MoneyField()),
        live=Count("payments", filter=Q(payments__status__in=LIVE)),
    )
    for row in summed.iterator():
        if row["told"] not in _fitting(row):
            amounts = (row["total"], row["came"], row["went"])
            total, came, went = (format_amount(one, row["currency"]) for one in amounts)
            yield Finding(
                f"order {row['number']}",
                f"is {row['told']}, though {came} came of {total} and {went} went back",
            )


@probe("payments.refund_due", remedy=MONEY)
def refund_due() -> Iterator[Finding]:
    """A cancelled order owes back all it was paid, another one what came beyond its total."""
    cancelled, surplus = Q(status=Order.Status.CANCELLED), Q(paid_total__gt=F("total"))
    wrong = (
        (cancelled & ~Q(refund_due=F("paid_total")))
        | (~cancelled & surplus & ~Q(refund_due=F("paid_total") - F("total")))
        | (~cancelled & ~surplus & ~Q(refund_due=0))
    )
    columns = ("number", "status", "currency", "refund_due", "paid_total")
    for number, is_now, code, due, paid in (
        Order.objects.filter(wrong).order_by("pk").values_list(*columns).iterator()
    ):
        owed, held = format_amount(due, code), format_amount(paid, code)
        yield Finding(f"order {number}", f"is {is_now}, holds {held} and owes {owed} back")


@probe("payments.refunds", remedy=MONEY)
def refunds() -> Iterator[Finding]:
    """What a payment says went back, or is on its way, is what its refunds come to."""
    done, waiting = Q(refunds__status=Refund.Status.SUCCEEDED), Q(refunds__status__in=UNFINISHED)
    rows = Payment.objects.order_by("pk").annotate(
        went=Coalesce(Sum("refunds__amount", filter=done), 0, output_field=MoneyField()),
        going=Coalesce(Sum("refunds__amount", filter=waiting), 0, output_field=MoneyField()),
    )
    wrong = rows.exclude(refunded=F("went"), refunding=F("going"))
    columns = ("pk", "currency", "refunded", "went", "refunding", "going")
    for pk, code, *amounts in wrong.values_list(*columns).iterator():
        says, went, way, going = (format_amount(one, code) for one in amounts)
        yield Finding(
            f"payment {pk}",
            f"says {says} refunded and {way} on its way, its refunds {went} and {going}",
        )


def _fitting(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the payment statuses that fit the sums of an order's payments."""
    came, went, total = row["came"], row["went"], row["total"]
    held = came - went
    if went and (held < total or row["status"] == Order.Status.CANCELLED):
        return (STATUS.PARTIALLY_REFUNDED if held else STATUS.REFUNDED,)
    if came and held >= total:
        return (STATUS.PAID,)
    if row["live"]:
        return (STATUS.PENDING,)
    # An order of nothing is paid without a payment.
    return (STATUS.UNPAID,) if total else (STATUS.UNPAID, STATUS.PAID)
