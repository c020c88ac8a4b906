"""What is shown beside a product: the shopkeeper's choice, then what sells well nearby."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.models import Category, Product, RelatedProduct
from shopkit.catalog.models.cards import Card


def related_cards(product: Any) -> list[Card]:
    """Return cards of what goes with ``product``: at most ``CATALOG["RELATED"]``, all on sale.

    First what staff chose, in their order, sold out or not. Then the best sellers that can be had
    from the smallest category around the product's own that has enough of them. Four statements
    at most.

    product -- a ``Product``, or a card of one
    """
    most = catalog_settings().RELATED
    chosen = list(
        RelatedProduct.objects.filter(product=product.pk)
        .order_by("position", "pk")
        .values_list("related_id", flat=True)[:most]
    )
    cards = {one.pk: one for one in Product.objects.on_sale().filter(pk__in=chosen).cards()}
    found = [cards[key] for key in chosen if key in cards]
    category = _category_around(product, most) if len(found) < most else None
    if category is not None:
        nearby = Product.objects.on_sale().filter(in_stock=True, listings__category=category)
        nearby = nearby.exclude(pk__in=[product.pk, *cards])
        found += nearby.order_by("-popularity", "-pk").cards()[: most - len(found)]
    return found


def set_related(product: Product, *, related: Sequence[int]) -> None:
    """Make ``related`` (keys, in this order) what staff chose for ``product``.

    Raises ValidationError of ``products``: too_many, unknown_product, related_to_itself.
    """
    keys = list(dict.fromkeys(related))
    if len(keys) > (most := catalog_settings().RELATED):
        raise _wrong(_("At most %d products.") % most, "too_many")
    if product.pk in keys:
        raise _wrong(_("A product is not related to itself."), "related_to_itself")
    with transaction.atomic():
        # One writer at a time for a product; those shown beside it are only looked at.
        Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        known = set(Product.objects.kept().filter(pk__in=keys).values_list("pk", flat=True))
        if unknown := [key for key in keys if key not in known]:
            raise _wrong(_("There is no product %d.") % unknown[0], "unknown_product")
        rows = RelatedProduct.objects.filter(product=product)
        if list(rows.values_list("related_id", flat=True)) == keys:
            return
        rows.delete()
        RelatedProduct.objects.bulk_create(
            RelatedProduct(product=product, related_id=key, position=place)
            for place, key in enumerate(keys)
        )


def _category_around(product: Any, enough: int) -> int | None:
    """Return the smallest category at or above the product's own that lists more than itself.

    The topmost one where none has enough; None for a product without a category.
    """
    if product.category_id is None:
        return None
    own = Category.objects.filter(pk=product.category_id)
    path = Category.objects.filter(
        tree_id__in=own.values("tree_id"), lft__lte=own.values("lft"), rght__gte=own.values("rght")
    )
    counted = path.annotate(products_listed=Coalesce(Sum("counts__products"), 0))
    found = list(counted.order_by("-lft").values_list("pk", "products_listed"))
    having = [key for key, listed in found if listed > enough]
    return int(having[0] if having else found[-1][0])


def _wrong(message: str, code: str) -> ValidationError:
    return ValidationError({"products": ValidationError(message, code=code)})
