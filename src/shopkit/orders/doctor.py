"""Probes of orders: sums, history, and the stock they hold."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, Concat, Lag, Now

from shopkit.core.doctor import Finding, differences, probe
from shopkit.core.money import format_amount, format_stored
from shopkit.inventory.models import Reservation
from shopkit.pricing.calculator import Adjustment, Line, Quote, Totals

from .models import Order, OrderEvent, OrderLine
from .moves import stock_after

# Stands for a variant that was deleted from the database.
UNKNOWN = 0
# Expiry may be left to the next buyer who needs the stock, a fact may wait for its next try; what
# takes a day looks forgotten.
GRACE = timedelta(days=1)
MONEY = (
    "Somebody wrote around the services. Compare with the customer's confirmation and the "
    "payments, and put the row back by hand; money is never fixed by itself."
)
STOCK = (
    "Somebody wrote around the services. Decide by the order's history who holds what; stock is "
    "never fixed by itself."
)


@probe("orders.total", remedy=MONEY)
def total() -> Iterator[Finding]:
    """An order's total is its lines less the discount, plus shipping and tax."""
    right = F("subtotal") - F("discount") + F("shipping") + F("tax")
    wrong = Order.objects.exclude(total=right).order_by("pk")
    columns = ("number", "currency", "subtotal", "discount", "shipping", "tax", "total")
    for number, currency, *amounts in wrong.values_list(*columns).iterator():
        subtotal, off, shipping, tax, shown = (format_amount(one, currency) for one in amounts)
        yield Finding(
            f"order {number}", f"{subtotal} - {off} + {shipping} + {tax} is not {shown} {currency}"
        )


@probe("orders.lines", remedy=MONEY)
def lines() -> Iterator[Finding]:
    """An order's subtotal is the sum of its lines, and it has some."""
    orders = Order.objects.values("number", "currency", tally=F("subtotal"))
    own = OrderLine.objects.values(
        number=F("order__number"), currency=F("order__currency"), tally=F("line_total")
    )
    for number, currency, stored, added in differences(orders, own, keys=("number", "currency")):
        is_now, should_be = format_stored(stored, currency), format_stored(added, currency)
        yield Finding(f"order {number}", f"subtotal is {is_now}, its lines come to {should_be}")
    empty = Order.objects.exclude(Exists(OrderLine.objects.filter(order=OuterRef("pk"))))
    for number in empty.order_by("pk").values_list("number", flat=True).iterator():
        yield Finding(f"order {number}", "has no lines")


@probe("orders.line_total", remedy=MONEY)
def line_total() -> Iterator[Finding]:
    """A line's total is its unit price times its units."""
    wrong = OrderLine.objects.exclude(line_total=F("unit_price") * F("quantity")).order_by("pk")
    columns = ("pk", "order__number", "order__currency", "unit_price", "quantity", "line_total")
    for pk, number, currency, price, quantity, stored in wrong.values_list(*columns).iterator():
        each, shown = format_amount(price, currency), format_amount(stored, currency)
        yield Finding(f"order {number}", f"line {pk}: {quantity} × {each} is not {shown}")


@probe("orders.adjustments", remedy=MONEY)
def adjustments() -> Iterator[Finding]:
    """Discount, shipping and tax are the sums of the adjustments that the customer saw."""
    columns = ("number", "currency", "adjustments", "discount", "shipping", "tax")
    for number, currency, given, off, *others in (
        Order.objects.order_by("pk").values_list(*columns).iterator()
    ):
        stored = dict(zip(("discount", "shipping", "tax"), (-off, *others), strict=True))
        sums = _sums(given)
        for kind in sorted(stored.keys() | sums.keys()):
            is_now, should_be = stored.get(kind, Decimal(0)), sums.get(kind, Decimal(0))
            if is_now != should_be:
                seen = format_amount(should_be, currency)
                yield Finding(
                    f"order {number}",
                    f"{kind} is {format_amount(is_now, currency)}, its adjustments come to {seen}",
                )


@probe("orders.agreement", remedy=MONEY)
def agreement() -> Iterator[Finding]:
    """Units, unit prices, adjustments and total are those of the quote that was agreed to.

    An order whose variant was deleted from the database cannot be proven, and is passed over.
    """
    own = _lines_by_order()
    key, agreed = next(own, (0, []))
    columns = ("pk", "number", "currency", "total", "adjustments", "quote_fingerprint")
    orders = Order.objects.order_by("pk").values_list(*columns)
    for pk, given, currency, amount, adjusted, agreed_to in orders.iterator():
        while key < pk:
            key, agreed = next(own, (pk, []))
        bought = agreed if key == pk else []
        if any(one.variant_id == UNKNOWN for one in bought):
            continue
        totals = Totals(Decimal(0), Decimal(0), Decimal(0), Decimal(0), amount)
        quote = Quote(tuple(bought), _adjustments(adjusted), currency, totals)
        if quote.fingerprint != agreed_to:
            yield Finding(f"order {given}", "its lines are not those of its quote any more")


@probe(
    "orders.number",
    remedy="Nobody can open it. Give it a free number by hand, and its reservations the owner "
    "“order:<number>”; then mend SHOPKIT[“ORDERS”][“NUMBER”].",
)
def number() -> Iterator[Finding]:
    """Every order has a number that fits into its column and its address."""
    wrong = Order.objects.exclude(number__regex=r"^[-a-zA-Z0-9_]{1,16}$").order_by("pk")
    for pk, given in wrong.values_list("pk", "number").iterator():
        yield Finding(f"order {pk}", f"is numbered {given!r}")


@probe("orders.history", remedy=MONEY)
def history() -> Iterator[Finding]:
    """An order's events follow one another, from nothing through its first status."""
    before = Window(Lag("to_status", default=Value("")), partition_by="order_id", order_by="pk")
    broken = OrderEvent.objects.annotate(before=before).exclude(from_status=F("before"))
    for pk, given, start, expected in (
        broken.order_by("pk").values_list("pk", "order__number", "from_status", "before").iterator()
    ):
        yield Finding(
            f"order {given}", f"event {pk} starts from {start!r}, but it was {expected!r} then"
        )


@probe("orders.status", remedy=STOCK)
def status() -> Iterator[Finding]:
    """An order's status is the one that its last event led to."""
    last = OrderEvent.objects.filter(order=OuterRef("pk")).order_by("-pk").values("to_status")[:1]
    rows = Order.objects.annotate(told=Coalesce(Subquery(last), Value("")))
    wrong = rows.exclude(status=F("told")).order_by("pk")
    for given, is_now, told in wrong.values_list("number", "status", "told").iterator():
        yield Finding(f"order {given}", f"is {is_now}, its last event says {told or 'nothing'}")


@probe("orders.reservations", remedy=STOCK)
def reservations() -> Iterator[Finding]:
    """For every order exactly the units of its lines were set aside, and nothing for others."""
    owner = Concat(Value("order:"), "order__number", output_field=CharField())
    known = OrderLine.objects.exclude(variant=None)
    wanted = known.values("variant_id", owned_by=owner, tally=F("quantity"))
    held = Reservation.objects.filter(owner__startswith="order:").values(
        owned_by=F("owner"), variant_id=F("item__variant_id"), tally=F("quantity")
    )
    for name, variant, ordered, reserved in differences(
        wanted, held, keys=("owned_by", "variant_id")
    ):
        yield Finding(
            name.replace(":", " "), f"variant {variant}: {ordered} ordered, {reserved} set aside"
        )


@probe("orders.stock", remedy=STOCK)
def stock() -> Iterator[Finding]:
    """Units are held until an order is shipped or cancelled, and then consumed or released."""
    for reached, states in stock_after().items():
        mine = Reservation.objects.filter(owner=OuterRef("owned_by")).exclude(state__in=states)
        wrong = _owning(Order.objects.filter(status=reached)).filter(Exists(mine))
        for given in wrong.order_by("pk").values_list("number", flat=True).iterator():
            expected = " or ".join(sorted(states))
            yield Finding(f"order {given}", f"is {reached}, but not all its units are {expected}")


@probe(
    "orders.overdue",
    remedy="Run `manage.py shopkit_expire` regularly: such orders hold stock until a buyer needs "
    "it.",
)
def overdue() -> Iterator[Finding]:
    """No unpaid order is a day past its time."""
    late = Order.objects.due().filter(expires_at__lt=Now() - GRACE).order_by("pk")
    for given, until in late.values_list("number", "expires_at").iterator():
        yield Finding(f"order {given}", f"ran out at {until:%F %T %Z}", is_warning=True)


@probe(
    "orders.cart",
    remedy="See in the admin what became of its “order.placed”; where carts are kept may be away.",
)
def cart() -> Iterator[Finding]:
    """What was ordered has left the cart within a day."""
    late = Order.objects.filter(is_in_cart=True, placed_at__lt=Now() - GRACE).order_by("pk")
    for given in late.values_list("number", flat=True).iterator():
        yield Finding(f"order {given}", "still has its goods in the cart", is_warning=True)


def _owning(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.annotate(owned_by=Concat(Value("order:"), "number", output_field=CharField()))


def _sums(given: list[dict[str, Any]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in given:
        sums[one["kind"]] = sums.get(one["kind"], Decimal(0)) + Decimal(one["amount"])
    return sums


def _adjustments(given: list[dict[str, Any]]) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(one["kind"], one["code"], one["label"], Decimal(one["amount"])) for one in given
    )


def _lines_by_order() -> Iterator[tuple[int, list[Line]]]:
    """Yield (order key, its lines), in the order of the keys; one walk over the table."""
    columns = ("order_id", "variant_id", "quantity", "unit_price")
    rows = OrderLine.objects.order_by("order_id").values_list(*columns).iterator()
    for order, own in groupby(rows, key=itemgetter(0)):
        yield order, [Line(variant or UNKNOWN, units, each) for _, variant, units, each in own]
