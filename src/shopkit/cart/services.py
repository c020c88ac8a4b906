"""What can be done with a cart, whoever asks and wherever it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.models import Variant
from shopkit.core.backends import load_backend
from shopkit.core.conf import core_settings
from shopkit.inventory.errors import OutOfStock
from shopkit.pricing.calculator import Context, Line, Quote, price

from .conf import CartSettings, cart_settings
from .errors import CartFull, QuantityLimit, VariantRequired
from .goods import Goods, goods_of, read_goods
from .owners import GUEST, is_genuine, owner_of_token, owner_of_user
from .stores.base import (
    NO_CART,
    CartLineState,
    CartState,
    CartStore,
    CeilingReached,
    Limits,
    TooManyLines,
)

Problem = Literal["unavailable", "out_of_stock", "price_changed"]
Reason = Literal["unavailable", "out_of_stock", "capped"]
NOTHING: Mapping[int, Goods] = MappingProxyType({})


@dataclass(frozen=True)
class LineView:
    """One line as it is shown.

    variant -- with its product and the product's picture; None when its row is gone
    unit_price -- today's; that of when the line was last touched when the row is gone
    available -- units that can be promised; None for without limit
    problem -- why this line cannot be ordered as it is, the gravest reason
    """

    variant_id: int
    variant: Variant | None
    quantity: int
    unit_price: Decimal
    available: int | None
    problem: Problem | None

    @property
    def line_total(self) -> Decimal:
        """What the units cost together."""
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class CartView:
    """A cart with today's prices and stock.

    quote -- of the lines that are not "unavailable"
    lost -- the owner once had a cart, and it is gone
    """

    lines: tuple[LineView, ...]
    quote: Quote
    version: str
    lost: bool

    @property
    def currency(self) -> str:
        """ISO 4217 code of all amounts."""
        return self.quote.currency

    @property
    def count(self) -> int:
        """Units of all lines together."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True)
class MergedLine:
    """What became of one line of a guest's cart.

    reason -- why units were dropped: the variant is not sold any more ("unavailable"), there are
        none left ("out_of_stock"), or a limit or the stock had no room for all ("capped")
    """

    variant_id: int
    added: int
    dropped: int
    reason: Reason | None


@dataclass(frozen=True)
class MergeReport:
    """The user's cart after a merge, and what became of each line of the guest's."""

    state: CartState
    merged: tuple[MergedLine, ...]


def cart_store() -> CartStore:
    """Return the configured store."""
    settings = cart_settings()
    spec = {"BACKEND": settings.BACKEND, "OPTIONS": settings.OPTIONS}
    return load_backend(spec, base=CartStore)


def read_cart(owner: str) -> CartState:
    """Return what the owner's cart holds; ``owner`` "" is nobody yet, whose cart is empty.

    Only a first write gives a guest an owner's name, so a guest without a cart has lost it.
    """
    if not owner:
        return NO_CART
    state = cart_store().read(owner)
    if owner.startswith(GUEST) and not state.exists:
        return replace(state, lost=True)
    return state


def show_cart(
    state: CartState, *, user: Any = None, known: Mapping[int, Goods] = NOTHING
) -> CartView:
    """Return the cart with today's prices, stock and totals; one statement for any size.

    user -- the signed-in buyer, whom a pricing step may favour; None for a guest
    known -- goods that were read a moment ago and need not be read again
    """
    goods = {**known, **goods_of(state.lines.keys() - known.keys())}
    lines = tuple(_shown(pk, line, goods.get(pk)) for pk, line in state.lines.items())
    quote = price(
        [
            Line(line.variant_id, line.quantity, line.unit_price)
            for line in lines
            if line.problem != "unavailable"
        ],
        Context(currency=core_settings().CURRENCY, user=user),
    )
    return CartView(lines=lines, quote=quote, version=state.version, lost=state.lost)


def add_to_cart(
    owner: str, *, quantity: int, variant_id: int | None = None, product_id: int | None = None
) -> CartState:
    """Put units of a variant, or of a product's only sellable variant, in; they add up.

    Raises Variant.DoesNotExist for what is not sold, VariantRequired for a product of several
    variants, OutOfStock, QuantityLimit, CartFull; ValidationError when neither is named. Nothing
    has changed then.
    """
    goods = sellable_goods(variant_id=variant_id, product_id=product_id)
    return put_in_cart(owner, goods, quantity=quantity)


def put_in_cart(owner: str, goods: Goods, *, quantity: int) -> CartState:
    """Put units of goods that were just read in. Raises OutOfStock, QuantityLimit, CartFull."""
    settings, variant = cart_settings(), goods.variant
    try:
        return cart_store().add(
            owner,
            variant_id=variant.pk,
            quantity=quantity,
            price=variant.unit_price,
            limits=_limits(settings, goods.available),
        )
    except CeilingReached:
        _refuse(variant.pk, settings, goods.available)
    except TooManyLines as error:
        raise CartFull(limit=settings.MAX_LINES) from error


def sellable_goods(*, variant_id: int | None = None, product_id: int | None = None) -> Goods:
    """Return the one sellable variant that is meant.

    Raises Variant.DoesNotExist, VariantRequired, ValidationError; see ``add_to_cart``.
    """
    if variant_id is not None:
        known = read_goods("id", [variant_id])
    elif product_id is not None:
        known = read_goods("product_id", [product_id])
    else:
        text = _("Name a variant or a product.")
        raise ValidationError({"variant_id": ValidationError(text, code="required")})
    found = [
        one
        for one in known.values()
        if one.is_sold and product_id in {None, one.variant.product_id}
    ]
    if not found:
        raise Variant.DoesNotExist
    if len(found) > 1:
        variants = sorted((one.variant for one in found), key=lambda one: (one.position, one.pk))
        raise VariantRequired(
            variants=[{"id": one.pk, "sku": one.sku, "name": one.name} for one in variants]
        )
    return found[0]


def change_quantity(owner: str, *, variant_id: int, quantity: int) -> CartState:
    """Make a line hold exactly ``quantity`` units; 0 removes it.

    Raises LineMissing, OutOfStock (also for a variant that is not sold any more), QuantityLimit;
    nothing has changed then.
    """
    if not quantity:
        return remove_line(owner, variant_id=variant_id)
    settings, goods = cart_settings(), goods_of([variant_id]).get(variant_id)
    is_sold = goods is not None and goods.is_sold
    left = goods.available if goods and is_sold else 0
    try:
        return cart_store().set(
            owner,
            variant_id=variant_id,
            quantity=quantity,
            price=goods.variant.unit_price if goods and is_sold else Decimal(0),
            limits=_limits(settings, left),
        )
    except CeilingReached:
        _refuse(variant_id, settings, left)


def remove_line(owner: str, *, variant_id: int) -> CartState:
    """Take a line out. Raises LineMissing."""
    limits = _limits(cart_settings(), None)
    return cart_store().set(
        owner, variant_id=variant_id, quantity=0, price=Decimal(0), limits=limits
    )


def clear_cart(owner: str) -> None:
    """Take everything out of the owner's cart, if there is one."""
    if owner:
        cart_store().clear(owner)


def remove_ordered(owner: str, quantities: Mapping[int, int], *, reference: str) -> None:
    """Take out what was ordered, once per reference. See CartStore.remove_ordered."""
    cart_store().remove_ordered(owner, quantities, reference=reference)


def merge_carts(*, token: str, user: Any) -> MergeReport:
    """Pour a guest's cart into the user's and delete it; a second time nothing happens.

    What is not sold any more, what there is no stock for and what goes beyond the limits is
    dropped and reported. A token that is not ours names no cart.
    """
    store, target = cart_store(), owner_of_user(user)
    source = owner_of_token(token)
    guest = store.read(source) if is_genuine(token) else NO_CART
    if not guest.exists:
        return MergeReport(store.read(target), ())
    settings = cart_settings()
    units = {pk: one.available for pk, one in goods_of(guest.lines).items() if one.is_sold}
    result = store.merge(
        source,
        target,
        ceilings={pk: _limits(settings, units.get(pk, 0)).ceiling for pk in guest.lines},
        limits=_limits(settings, None),
    )
    merged = tuple(
        MergedLine(pk, moved.added, moved.dropped, _reason(pk, guest, units))
        if moved.dropped
        else MergedLine(pk, moved.added, 0, None)
        for pk, moved in result.moved.items()
    )
    return MergeReport(result.state, merged)


def forget_guests() -> int:
    """Throw away guests' carts that nobody touched for GUEST_LIFETIME; return how many.

    A guest who comes back later is told that the cart is lost.
    """
    return cart_store().forget(prefix=GUEST, untouched_for=cart_settings().GUEST_LIFETIME)


def tidy_carts() -> int:
    """Delete what the store keeps beside the carts and needs no more; return how many records."""
    return cart_store().tidy()


def _shown(variant_id: int, line: CartLineState, goods: Goods | None) -> LineView:
    variant = goods.variant if goods else None
    left = goods.available if goods and goods.is_sold else 0
    unit_price = variant.unit_price if variant else line.price_seen
    problem: Problem | None = None
    if goods is None or not goods.is_sold:
        problem = "unavailable"
    elif left is not None and left < line.quantity:
        problem = "out_of_stock"
    elif unit_price != line.price_seen:
        problem = "price_changed"
    return LineView(variant_id, variant, line.quantity, unit_price, left, problem)


def _reason(variant_id: int, guest: CartState, units: Mapping[int, int | None]) -> Reason:
    if variant_id in guest.lines and variant_id not in units:
        return "unavailable"
    return "out_of_stock" if units.get(variant_id) == 0 else "capped"


def _limits(settings: CartSettings, left: int | None) -> Limits:
    most = settings.MAX_QUANTITY
    return Limits(
        ceiling=most if left is None else max(0, min(most, left)), max_lines=settings.MAX_LINES
    )


def _refuse(variant_id: int, settings: CartSettings, left: int | None) -> NoReturn:
    """Say which of the two limits it was that left no room."""
    if left is None or left >= settings.MAX_QUANTITY:
        raise QuantityLimit(limit=settings.MAX_QUANTITY)
    raise OutOfStock(items=[{"variant_id": variant_id, "available": left}], available=left)
