"""Placing: what a cart held when it was read becomes an order that holds its stock."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shopkit.cart.stores.base import CartState
from shopkit.core.backends import load_callable
from shopkit.core.conf import core_settings
from shopkit.core.inserts import insert_rows
from shopkit.core.money import LARGEST, format_amount
from shopkit.core.transactions import whole_transaction
from shopkit.inventory.errors import OutOfStock
from shopkit.inventory.models import StockItem
from shopkit.inventory.services import reserve
from shopkit.orders.conf import orders_settings
from shopkit.orders.contact import Contact
from shopkit.orders.errors import (
    CartAlreadyOrdered,
    EmptyCart,
    TotalChanged,
    TotalTooLarge,
    Unavailable,
)
from shopkit.orders.facts import order_placed
from shopkit.orders.models import Order, OrderEvent, OrderLine
from shopkit.pricing.calculator import Context, Line, Quote, price

from .caps import check_caps
from .expire import expire_orders
from .goods import Goods, read_goods
from .leave import next_turn, take_out

Placed = TypeVar("Placed")
NUMBER_TRIES = 5
SHORT_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class OrderDraft:
    """What somebody wants to order.

    owner -- of the cart
    cart -- as it was read before the transaction; its version can become one order only
    turn -- as ``cart_to_order`` gave it with the cart, so that goods which an earlier order has not
        yet taken out are not ordered again; None for the next one, whatever came in between
    only -- variant pks to order, the rest stays in the cart; None for everything
    expected_total -- what the customer saw; another total is refused
    client_address -- network address that limits count by
    """

    owner: str
    cart: CartState
    contact: Contact
    address: Mapping[str, Any]
    turn: int | None = None
    user: Any = None
    only: Collection[int] | None = None
    note: str = ""
    expected_total: Decimal | None = None
    client_address: str = ""
    language: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def wanted(self) -> dict[int, int]:
        """Return {variant pk: units}.

        Raises EmptyCart, or ValidationError when ``only`` names what is not in the cart.
        """
        units = {pk: line.quantity for pk, line in self.cart.lines.items()}
        if not units:
            raise EmptyCart(lost=self.cart.lost)
        if self.only is None:
            return units
        if strangers := sorted(set(self.only) - units.keys()):
            text = _("Not in the cart: %(ids)s.") % {"ids": ", ".join(map(str, strangers))}
            raise ValidationError({"item_ids": ValidationError(text, code="not_in_cart")})
        if not self.only:
            raise EmptyCart(lost=False)
        return {pk: count for pk, count in units.items() if pk in set(self.only)}


@whole_transaction
def in_transaction(place: Callable[[], Order]) -> Order:
    """Run ``place`` in one transaction: the plainest way to place an order."""
    return place()


def place_order(
    draft: OrderDraft,
    *,
    transact: Callable[[Callable[[], Order]], Placed] = in_transaction,  # type: ignore[assignment]
) -> Placed:
    """Turn the draft into an order that holds its stock.

    Prices are those of this moment. When stock is short, orders past their time that hold the
    short variants are cancelled first, in transactions of their own, and the draft is tried
    again: nobody is refused what nobody holds by right.

    transact -- runs what it is given in one transaction, at most once to success; an idempotent
        caller stores its answer there

    Raises EmptyCart, Unavailable, OutOfStock, TotalChanged, TotalTooLarge, CartAlreadyOrdered,
    TooManyOpenOrders, ValidationError; nothing has changed then. Announces ``order_placed``.
    """
    for _try in range(SHORT_TRIES - 1):
        try:
            return _with_new_number(draft, transact)
        except OutOfStock as short:
            variants = [item["variant_id"] for item in short.details["items"]]
            # Batch after batch; another buyer may have expired some a moment earlier, so what
            # counts is what is free, not how many this process cancelled.
            while expire_orders(variants=variants):
                if _is_free_now(variants, draft.wanted()):
                    break
            if not _is_free_now(variants, draft.wanted()):
                raise
    return _with_new_number(draft, transact)


def _is_free_now(variants: Collection[int], wanted: Mapping[int, int]) -> bool:
    items = StockItem.objects.of_variants(list(variants))
    left = {item.variant_id: item.available for item in items}
    return all(left.get(pk, 0) >= wanted[pk] for pk in variants)


def _with_new_number(
    draft: OrderDraft, transact: Callable[[Callable[[], Order]], Placed]
) -> Placed:
    """Unique constraints guard an insert: the cart's version and turn, and the random number."""
    for _attempt in range(NUMBER_TRIES - 1):
        try:
            return transact(lambda: _place(draft))
        except IntegrityError:
            taken = Q(cart_version=draft.cart.version) | Q(cart_turn=draft.turn)
            if Order.objects.filter(taken, cart_owner=draft.owner).exists():
                raise CartAlreadyOrdered from None
    return transact(lambda: _place(draft))


def _place(draft: OrderDraft) -> Order:
    wanted = draft.wanted()
    goods, now = _sellable(wanted)
    quote = price(
        [Line(pk, units, goods[pk].unit_price) for pk, units in wanted.items()],
        Context(currency=core_settings().CURRENCY, user=draft.user, address=draft.address),
    )
    _compare(quote, draft.expected_total)
    check_caps(
        user=draft.user,
        phone=draft.contact.phone,
        client_address=draft.client_address,
        units=sum(wanted.values()),
    )
    order = _create(draft, quote, now=now)
    order.all_lines = [_line(order, line, goods[line.variant_id]) for line in quote.lines]
    order.all_events = [
        OrderEvent(
            order=order,
            at=order.placed_at,
            to_status=order.status,
            by="customer" if draft.user else "guest",
            actor=draft.user,
        )
    ]
    insert_rows(order.all_lines)
    insert_rows(order.all_events)
    # Last, because everybody who wants the same goods waits from here until the commit.
    reserve(wanted, owner=order.stock_owner)
    # At once for the customer's next look; the fact does it again if this process dies here.
    # Not a partial: Django asks a robust callback that fails for its name.
    transaction.on_commit(lambda: take_out(order, wanted), robust=True)
    order_placed.announce(order_id=order.pk)
    return order


def _sellable(wanted: Mapping[int, int]) -> tuple[dict[int, Goods], datetime]:
    found, now = read_goods(wanted)
    if gone := [pk for pk in wanted if pk not in found]:
        raise Unavailable(items=[{"variant_id": pk, "available": 0} for pk in gone])
    return found, now


def _compare(quote: Quote, expected: Decimal | None) -> None:
    if max(astuple(quote.totals)) > LARGEST:
        raise TotalTooLarge
    if expected is None or expected == quote.totals.total:
        return
    totals = {
        name: format_amount(getattr(quote.totals, name), quote.currency)
        for name in ("subtotal", "discount", "shipping", "tax", "total")
    }
    shown = format_amount(expected, quote.currency)
    raise TotalChanged(currency=quote.currency, totals=totals, expected_total=shown)


def _create(draft: OrderDraft, quote: Quote, *, now: datetime) -> Order:
    window = orders_settings().UNPAID_WINDOW
    totals = quote.totals
    return Order.objects.create(
        number=load_callable(orders_settings().NUMBER)(),
        user=draft.user,
        currency=quote.currency,
        subtotal=totals.subtotal,
        discount=totals.discount,
        shipping=totals.shipping,
        tax=totals.tax,
        total=totals.total,
        adjustments=[_frozen(one, quote.currency) for one in quote.adjustments],
        contact_name=draft.contact.name,
        contact_phone=draft.contact.phone,
        contact_email=draft.contact.email,
        address=dict(draft.address),
        note=draft.note,
        language=draft.language,
        metadata=dict(draft.metadata),
        placed_at=now,
        expires_at=None if window is None else now + window,
        client_address=draft.client_address,
        quote_fingerprint=quote.fingerprint,
        cart_owner=draft.owner,
        cart_version=draft.cart.version,
        cart_turn=draft.turn or next_turn(draft.owner),
    )


def _frozen(adjustment: Any, currency: str) -> dict[str, str]:
    return {
        "kind": adjustment.kind,
        "code": adjustment.code,
        "label": str(adjustment.label),
        "amount": format_amount(adjustment.amount, currency),
    }


def _line(order: Order, line: Line, goods: Goods) -> OrderLine:
    return OrderLine(
        order=order,
        product_id=goods.product,
        variant_id=goods.pk,
        sku=goods.sku,
        name=goods.name,
        attributes=goods.attributes,
        image=goods.image,
        unit_price=line.unit_price,
        quantity=line.quantity,
        line_total=line.total,
        ikpu=goods.ikpu,
        package_code=goods.package_code,
        vat_percent=goods.vat_percent,
    )
