"""Columns and listings that repeat what stands in other rows, so that lists are fast.

Written in the transaction that changes their source, under the products' row locks, so that the
last writer has seen what all earlier ones did.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import connections, router, transaction
from django.db.models import Count, QuerySet, Sum

from shopkit.catalog.availability import availability
from shopkit.catalog.freshness import PRODUCTS, TREE, catalog_changed
from shopkit.catalog.models import (
    Attribute,
    Category,
    Image,
    Listing,
    ListingCount,
    Product,
    ProductAttributeValue,
    Variant,
    VariantAttributeValue,
)
from shopkit.catalog.search.keys import key_of
from shopkit.catalog.translation import all_texts
from shopkit.core.updates import update_rows

BATCH = 500
COLUMNS = (
    "price",
    "sale_price",
    "price_min",
    "price_max",
    "on_sale",
    "in_stock",
    "sole_variant_id",
    "primary_image_id",
    "search_key",
)


def refresh_products(products: Iterable[int]) -> None:
    """Work out every cached column and the listings of ``products`` (keys) anew.

    The number of statements depends on batches of 500, not on products. When categories of a
    product have changed, hold ``tree_lock`` (shared) since before that: a branch that is being
    moved meanwhile would not see the product yet.
    """
    keys = sorted(set(products))
    with transaction.atomic():
        for first in range(0, len(keys), BATCH):
            _refresh(_lock(keys[first : first + BATCH]))


def refresh_stock_flags(products: Iterable[int]) -> None:
    """Ask again whether ``products`` (keys) are in stock; nothing else is touched.

    Call it in the transaction that made a unit count cross zero. The lock comes before the
    question: of two transactions that sell out a product's last two variants, the later one
    sees both.
    """
    keys = sorted(set(products))
    with transaction.atomic():
        for first in range(0, len(keys), BATCH):
            locked = _lock(keys[first : first + BATCH])
            sellable = _in_stock(_active_variants(locked))
            for state in (True, False):
                wrong = [one.pk for one in locked if one.in_stock != state == (one.pk in sellable)]
                if wrong:
                    Product.objects.filter(pk__in=wrong).update(in_stock=state)


def _lock(keys: Sequence[int]) -> list[Product]:
    """Lock in key order. The weaker lock lets rows that point at a product be inserted."""
    rows = Product.objects.filter(pk__in=keys).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)))


def right_columns(products: Sequence[Product]) -> dict[int, dict[str, Any]]:
    """Return {product key: {cached column: what it should be}}; changes nothing."""
    variants = _active_variants(products)
    in_stock = _in_stock(variants)
    images = _first_images(products)
    words = _words(products, variants)
    return {
        product.pk: {
            **_prices(own := variants[product.pk]),
            "in_stock": product.pk in in_stock,
            "sole_variant_id": own[0].pk if len(own) == 1 else None,
            "primary_image_id": images.get(product.pk),
            "search_key": words[product.pk],
        }
        for product in products
    }


def wrong_listings(products: Sequence[Product]) -> tuple[list[Listing], set[tuple[int, int]]]:
    """Return the rows that should not be there as they are, and the (product, category) to add.

    Changes nothing.
    """
    prices = {one.pk: one.price_min for one in products}
    missing = _places([one for one in products if one.is_active and one.deleted_at is None])
    stale: list[Listing] = []
    for row in Listing.objects.filter(product__in=products):
        place = (row.product_id, row.category_id)
        if place in missing and row.price == prices[row.product_id]:
            missing.discard(place)
        else:
            stale.append(row)
    return stale, missing


def _refresh(products: Sequence[Product]) -> None:
    if not products:
        return
    right = right_columns(products)
    wrong = []
    for product in products:
        columns = right[product.pk]
        if any(getattr(product, name) != value for name, value in columns.items()):
            for name, value in columns.items():
                setattr(product, name, value)
            wrong.append(product)
    if wrong:
        update_rows(wrong, [name.removesuffix("_id") for name in COLUMNS])
        catalog_changed({PRODUCTS}, using=router.db_for_write(Product))
    _write_listings(products)


def _active_variants(products: Sequence[Product]) -> Mapping[int, list[Variant]]:
    found: dict[int, list[Variant]] = defaultdict(list)
    for variant in Variant.objects.filter(product__in=products, is_active=True).order_by(
        "position", "pk"
    ):
        found[variant.product_id].append(variant)
    return found


def _in_stock(variants: Mapping[int, Sequence[Variant]]) -> set[int]:
    """Return the products of which at least one variant can be had."""
    asked = {one.pk: product for product, own in variants.items() for one in own}
    left = availability().available(list(asked)) if asked else {}
    return {asked[pk] for pk, units in left.items() if units is None or units > 0}


def _prices(variants: Sequence[Variant]) -> dict[str, Any]:
    """Return the price columns; the last known ones stay when nothing is offered."""
    if not variants:
        return {"on_sale": False}
    prices = [one.unit_price for one in variants]
    cheapest = variants[prices.index(min(prices))]
    return {
        "price": cheapest.price,
        "sale_price": cheapest.sale_price,
        "price_min": min(prices),
        "price_max": max(prices),
        "on_sale": any(one.sale_price is not None for one in variants),
    }


def _first_images(products: Sequence[Product]) -> dict[int, int]:
    rows = Image.objects.filter(product__in=products).order_by("product_id", "position", "pk")
    pairs = rows.values_list("product_id", "pk")
    return {product: next(own)[1] for product, own in groupby(pairs, key=lambda pair: pair[0])}


def _words(
    products: Sequence[Product], variants: Mapping[int, Sequence[Variant]]
) -> dict[int, str]:
    others: dict[int, list[str]] = defaultdict(list)
    for product, own in variants.items():
        others[product] += [code for one in own for code in (one.sku, one.barcode)]
    for product, value, translations in _values(products):
        others[product] += all_texts(value, translations, "value")
    return {
        one.pk: key_of(all_texts(one.name, one.translations), others[one.pk]) for one in products
    }


def _values(products: Sequence[Product]) -> QuerySet[Any, tuple[int, str, Any]]:
    """Return (product, value, translations) of products and of their active variants."""
    columns = ("value__value", "value__translations")
    own = ProductAttributeValue.objects.filter(product__in=products)
    of_variants = VariantAttributeValue.objects.filter(
        variant__product__in=products, variant__is_active=True
    )
    # "true" and "false" are words of no product.
    boolean = {"attribute__type": Attribute.Type.BOOLEAN}
    rows: Any = own.exclude(**boolean).values_list("product_id", *columns)
    return rows.union(  # type: ignore[no-any-return]
        of_variants.exclude(**boolean).values_list("variant__product_id", *columns), all=True
    )


def _write_listings(products: Sequence[Product]) -> None:
    """Make the listings of ``products`` what they should be; rows that are right stay."""
    prices = {one.pk: one.price_min for one in products}
    stale, missing = wrong_listings(products)
    if stale:
        Listing.objects.filter(pk__in=[row.pk for row in stale]).delete()
    if missing:
        Listing.objects.bulk_create(
            Listing(product_id=product, category_id=category, price=prices[product])
            for product, category in sorted(missing)
        )
    more = Counter(category for _product, category in missing)
    more.subtract(row.category_id for row in stale)
    _count({category: number for category, number in more.items() if number})


def _count(more: Mapping[int, int]) -> None:
    """Add to the numbers of listings: {category: how many more}. Waits for nobody."""
    if not more:
        return
    free = ListingCount.objects.filter(category__in=more).select_for_update(skip_locked=True)
    sums = Counter(more)
    rows = list(free)
    for row in rows:
        sums[row.category_id] += row.products
    ListingCount.objects.filter(pk__in=[row.pk for row in rows]).delete()
    ListingCount.objects.bulk_create(
        ListingCount(category_id=category, products=number)
        for category, number in sorted(sums.items())
        if number
    )
    catalog_changed({TREE}, using=router.db_for_write(ListingCount))


def wrong_counts() -> dict[int, tuple[int, int]]:
    """Return {category: (its number of listings as it is kept, as it is)} where they differ."""
    rows = ListingCount.objects.values_list("category").annotate(number=Sum("products"))
    kept = dict(rows.order_by())
    found = dict(Listing.objects.values_list("category").annotate(number=Count("pk")).order_by())
    return {
        key: (kept.get(key, 0), found.get(key, 0))
        for key in sorted(kept.keys() | found.keys())
        if kept.get(key, 0) != found.get(key, 0)
    }


def recount_listings() -> None:
    """Count anew where the kept numbers are wrong, while nobody else changes them."""
    using = router.db_for_write(ListingCount)
    with transaction.atomic(using=using):
        if connections[using].vendor == "postgresql":
            # Whoever has changed listings has committed both, or has not come to the count yet.
            with connections[using].cursor() as cursor:
                table = ListingCount._meta.db_table
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        _count({key: right - kept for key, (kept, right) in wrong_counts().items()})


def _places(products: Sequence[Product]) -> set[tuple[int, int]]:
    """Return (product, category) of every own category and what is above it.

    A category that is hidden, itself or by one above it, lists nothing.
    """
    through = Product.categories.through
    own = through.objects.filter(product__in=products)
    links = list(own.values_list("product_id", "category_id", "category__tree_id"))
    trees = {tree for _, _, tree in links}
    nodes = {
        pk: (parent, is_active)
        for pk, parent, is_active in Category.objects.filter(tree_id__in=trees).values_list(
            "pk", "parent_id", "is_active"
        )
    }
    return {(product, place) for product, start, _ in links for place in _path(start, nodes)}


def _path(category: int, nodes: Mapping[int, tuple[int | None, bool]]) -> list[int]:
    """Return the category and all above it, or nothing when one of them is hidden."""
    path: list[int] = []
    key: int | None = category
    while key is not None:
        parent, is_active = nodes.get(key, (None, False))
        if not is_active or key in path:
            return []
        path.append(key)
        key = parent
    return path
