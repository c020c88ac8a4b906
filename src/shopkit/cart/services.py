"""What can be done with a cart, whoever asks and wherever it is kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.availability import availability
from shopkit.catalog.models import Variant
from shopkit.core.backends import load_backend
from shopkit.core.conf import core_settings
from shopkit.inventory.errors import OutOfStock
from shopkit.pricing.calculator import Context, Line, Quote, price

from .conf import CartSettings, cart_settings
from .errors import CartFull, QuantityLimit, VariantRequired
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
    lost -- the owner holds a genuine secret, but the cart it named is gone
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
    """Return what the owner's cart holds; ``owner`` "" is nobody yet, whose cart is empty."""
    return cart_store().read(owner) if owner else NO_CART


def show_cart(state: CartState, *, user: Any = None, lost: bool = False) -> CartView:
    """Return the cart with today's prices, stock and totals; two statements for any size.

    user -- the signed-in buyer, whom a pricing step may favour; None for a guest
    """
    rows = Variant.objects.select_related("product__primary_image")
    variants = rows.in_bulk(list(state.lines)) if state.lines else {}
    units = availability().available(sorted(variants)) if variants else {}
    lines = tuple(
        _shown(pk, line, variants.get(pk), units.get(pk, 0)) for pk, line in state.lines.items()
    )
    quote = price(
        [
            Line(line.variant_id, line.quantity, line.unit_price)
            for line in lines
            if line.problem != "unavailable"
        ],
        Context(currency=core_settings().CURRENCY, user=user),
    )
    return CartView(lines=lines, quote=quote, version=state.version, lost=lost)


def add_to_cart(
    owner: str, *, quantity: int, variant_id: int | None = None, product_id: int | None = None
) -> CartState:
    """Put units of a variant, or of a product's only sellable variant, in; they add up.

    Raises Variant.DoesNotExist for what is not sold, VariantRequired for a product of several
    variants, OutOfStock, QuantityLimit, CartFull; ValidationError when neither is named. Nothing
    has changed then.
    """
    variant = _sellable(variant_id=variant_id, product_id=product_id)
    settings, left = cart_settings(), _available(variant.pk)
    try:
        return cart_store().add(
            owner,
            variant_id=variant.pk,
            quantity=quantity,
            price=variant.unit_price,
            limits=_limits(settings, left),
        )
    except CeilingReached:
        _refuse(variant.pk, settings, left)
    except TooManyLines as error:
        raise CartFull(limit=settings.MAX_LINES) from error


def change_quantity(owner: str, *, variant_id: int, quantity: int) -> CartState:
    """Make a line hold exactly ``quantity`` units; 0 removes it.

    Raises LineMissing, OutOfStock (also for a variant that is not sold any more), QuantityLimit;
    nothing has changed then.
    """
    if not quantity:
        return remove_line(owner, variant_id=variant_id)
    settings, store = cart_settings(), cart_store()
    variant = Variant.objects.on_sale().filter(pk=variant_id).first()
    left = _available(variant_id) if variant else 0
    try:
        return store.set(
            owner,
            variant_id=variant_id,
            quantity=quantity,
            price=variant.unit_price if variant else Decimal(0),
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
    settings, units = cart_settings(), _units_of_sold(guest.lines)
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


def _shown(
    variant_id: int, line: CartLineState, variant: Variant | None, available: int | None
) -> LineView:
    is_sold = variant is not None and _is_on_sale(variant)
    unit_price = variant.unit_price if variant else line.price_seen
    problem: Problem | None = None
    if not is_sold:
        problem = "unavailable"
    elif available is not None and available < line.quantity:
        problem = "out_of_stock"
    elif unit_price != line.price_seen:
        problem = "price_changed"
    left = available if is_sold else 0
    return LineView(variant_id, variant, line.quantity, unit_price, left, problem)


def _is_on_sale(variant: Variant) -> bool:
    """The rule of VariantQuerySet.on_sale, for a row that is loaded already."""
    product = variant.product
    return variant.is_active and product.is_active and product.deleted_at is None


def _sellable(*, variant_id: int | None, product_id: int | None) -> Variant:
    named = {"pk": variant_id, "product_id": product_id}
    named = {name: pk for name, pk in named.items() if pk is not None}
    if not named:
        text = _("Name a variant or a product.")
        raise ValidationError({"variant_id": ValidationError(text, code="required")})
    found = list(Variant.objects.on_sale().filter(**named))
    if not found:
        raise Variant.DoesNotExist
    if len(found) > 1:
        raise VariantRequired(
            variants=[{"id": one.pk, "sku": one.sku, "name": one.name} for one in found]
        )
    return found[0]


def _available(variant_id: int) -> int | None:
    return availability().available([variant_id])[variant_id]


def _units_of_sold(variants: Collection[int]) -> Mapping[int, int | None]:
    """Return units left of those variants that are sold at all."""
    sold = Variant.objects.on_sale().filter(pk__in=variants).values_list("pk", flat=True)
    return availability().available(sorted(sold))


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
