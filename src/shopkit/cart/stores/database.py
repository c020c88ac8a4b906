"""Carts in the site's own database; the default."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from django.db import transaction
from django.db.models.functions import Now

from shopkit.cart.models import Cart, CartLine, CartRemoval
from shopkit.core.inserts import insert_if_new
from shopkit.core.purge import delete_all

from . import arithmetic
from .base import (
    NO_CART,
    CartLineState,
    CartState,
    CartStore,
    Limits,
    Lines,
    MergeResult,
    new_version,
)

BATCH = 500
# Far beyond the last retry of a fact.
REMOVALS_KEPT_FOR = timedelta(days=90)


class DatabaseCartStore(CartStore):
    """Keeps carts in three tables.

    Every change begins by writing the cart's row. That makes a second change wait until the first
    is over, on PostgreSQL as on SQLite, where SELECT ... FOR UPDATE does nothing.
    """

    def forget(self, *, prefix: str, untouched_for: timedelta) -> int:
        """Go in batches. A cart is locked first, so one that is changed meanwhile is spared."""
        stale = Cart.objects.filter(owner__startswith=prefix, updated_at__lt=Now() - untouched_for)
        count = 0
        while True:
            with transaction.atomic():
                chosen = list(stale.select_for_update().values_list("pk", flat=True)[:BATCH])
                Cart.objects.filter(pk__in=chosen).delete()
            count += len(chosen)
            if len(chosen) < BATCH:
                return count

    def tidy(self) -> int:
        """Delete old removals; orders remember for themselves that theirs took place."""
        return delete_all(CartRemoval.objects.filter(at__lt=Now() - REMOVALS_KEPT_FOR), batch=BATCH)

    def fetch(self, owner: str) -> CartState:
        """One statement, so version and lines belong together."""
        rows = list(
            Cart.objects.filter(owner=owner)
            .order_by("lines__pk")
            .values_list("version", "lines__variant_id", "lines__quantity", "lines__price_seen")
        )
        if not rows:
            return NO_CART
        lines = {
            variant: CartLineState(quantity, price)
            for _, variant, quantity, price in rows
            if variant is not None
        }
        return _state(rows[0][0], lines)

    def increase(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Create the cart where there is none."""
        with transaction.atomic():
            cart = _lock_or_create(owner)
            before = _lines(cart)
            more = CartLineState(quantity, price)
            return _write(cart, before, arithmetic.with_more(before, variant_id, more, limits))

    def assign(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Change one line of a cart that is there."""
        with transaction.atomic():
            cart = _lock(owner)
            before = _lines(cart) if cart else {}
            wanted = CartLineState(quantity, price)
            after = arithmetic.with_exactly(before, variant_id, wanted, limits)
            # A cart that has a line is there.
            return _write(cart, before, after) if cart else NO_CART

    def empty(self, owner: str) -> None:
        """Keep the cart's row, so that a guest's cart is not taken for lost."""
        with transaction.atomic():
            if cart := _lock(owner):
                CartLine.objects.filter(cart=cart).delete()

    def move(
        self, source: str, target: str, *, ceilings: Mapping[int, int], limits: Limits
    ) -> MergeResult:
        """Lock the source, then the target."""
        with transaction.atomic():
            leaving = _lock(source)
            if leaving is None:
                return MergeResult(self.fetch(target), {})
            incoming = _lines(leaving)
            leaving.delete()
            if not incoming:
                return MergeResult(self.fetch(target), {})
            cart = _lock_or_create(target)
            before = _lines(cart)
            after, moved = arithmetic.poured(incoming, before, ceilings, limits)
            return MergeResult(_write(cart, before, after), moved)

    def subtract(self, owner: str, quantities: Mapping[int, int], *, reference: str) -> None:
        """Note the reference first: whoever notes it removes."""
        with transaction.atomic():
            is_first = insert_if_new(CartRemoval(owner=owner, reference=reference))
            if not (is_first and _touch(owner)):
                return
            rows = list(CartLine.objects.filter(cart__owner=owner).select_related("cart"))
            if rows:
                before = _by_variant(rows)
                _write(rows[0].cart, before, arithmetic.without(before, quantities))


def _touch(owner: str) -> bool:
    """Give the owner's cart a new version, which locks its row; say whether there is one."""
    mine = Cart.objects.filter(owner=owner)
    return bool(mine.update(version=new_version(), updated_at=Now()))


def _lock(owner: str) -> Cart | None:
    """Return the owner's cart, its row written and thereby locked; None when there is none."""
    return Cart.objects.get(owner=owner) if _touch(owner) else None


def _lock_or_create(owner: str) -> Cart:
    """Do the same, creating the cart; one statement, so two first changes cannot collide."""
    cart = Cart(owner=owner, version=new_version())
    Cart.objects.bulk_create(
        [cart],
        update_conflicts=True,
        unique_fields=["owner"],
        update_fields=["version", "updated_at"],
    )
    return cart


def _lines(cart: Cart) -> dict[int, CartLineState]:
    return _by_variant(CartLine.objects.filter(cart=cart))


def _by_variant(rows: Iterable[CartLine]) -> dict[int, CartLineState]:
    """Return the rows' lines; rows come in the order in which they were put in."""
    return {row.variant_id: CartLineState(row.quantity, row.price_seen) for row in rows}


def _write(cart: Cart, before: Lines, after: Lines) -> CartState:
    """Store the difference; lines that stay keep their place."""
    if gone := before.keys() - after.keys():
        CartLine.objects.filter(cart=cart, variant_id__in=gone).delete()
    CartLine.objects.bulk_create(
        (
            CartLine(cart=cart, variant_id=pk, quantity=line.quantity, price_seen=line.price_seen)
            for pk, line in after.items()
            if before.get(pk) != line
        ),
        update_conflicts=True,
        unique_fields=["cart", "variant_id"],
        update_fields=["quantity", "price_seen"],
    )
    return _state(cart.version, after)


def _state(version: str, lines: Lines) -> CartState:
    return CartState(version=version, lines=MappingProxyType(dict(lines)), exists=True)
