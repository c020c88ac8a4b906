"""Probes of the catalogue: the tree, what is cached of it, and what every product has."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, OuterRef

from shopkit.core.doctor import Finding, probe

from .models import Category, Product, Variant
from .search.keys import category_key
from .services.cached import (
    BATCH,
    recount_listings,
    refresh_products,
    right_columns,
    wrong_counts,
    wrong_listings,
)
from .services.tree import check_tree, rebuild_tree, refresh_category_keys, tree_lock

DERIVED = "It is derived: run `manage.py shopkit_doctor --fix`."
EDIT = "Open the product in the admin and save what is right."
# The words of a product are long; that they differ is enough to know.
UNSHOWN = {"search_key"}


@probe("catalog.tree", remedy=DERIVED)
def tree() -> Iterator[Finding]:
    """The places of all categories follow from their parents, positions and names."""
    for problem in check_tree():
        subject, _, message = problem.partition(": ")
        yield Finding(subject, message, fix=rebuild_tree)


@probe("catalog.cached", remedy=DERIVED)
def cached() -> Iterator[Finding]:
    """What a product repeats of its variants, pictures, values and stock is what they say."""
    for products in _batches():
        right = right_columns(products)
        wrong = {one.pk: differing for one in products if (differing := _differing(one, right))}
        fix = partial(_refresh, list(wrong))
        for pk, differing in wrong.items():
            yield Finding(f"product {pk}", "; ".join(differing), fix=fix)


@probe("catalog.listing", remedy=DERIVED)
def listing() -> Iterator[Finding]:
    """Every visible product is listed in its categories and those above, at its lowest price."""
    for products in _batches():
        stale, missing = wrong_listings(products)
        fix = partial(_refresh, [*(row.product_id for row in stale), *(pk for pk, _ in missing)])
        for row in stale:
            if (row.product_id, row.category_id) not in missing:
                yield Finding(
                    f"product {row.product_id}", f"is listed in category {row.category_id}", fix=fix
                )
        for product, category in sorted(missing):
            message = f"is not listed in category {category}, or not at its price"
            yield Finding(f"product {product}", message, fix=fix)


@probe("catalog.counts", remedy=DERIVED)
def counts() -> Iterator[Finding]:
    """The number of products that the tree shows of a category is that of its listings."""
    for category, (kept, right) in wrong_counts().items():
        message = f"counts {kept} products, and lists {right}"
        yield Finding(f"category {category}", message, fix=recount_listings)


@probe("catalog.search", remedy=DERIVED)
def search() -> Iterator[Finding]:
    """The words by which a category is found are those of its names."""
    columns = ("pk", "name", "translations", "search_key")
    rows = Category.objects.order_by("pk").values_list(*columns)
    for pk, name, translations, key in rows.iterator():
        if key != category_key(name, translations):
            yield Finding(f"category {pk}", "search_key is wrong", fix=refresh_category_keys)


@probe("catalog.variants", remedy="Give it a variant, or take it off sale for ever.")
def variants() -> Iterator[Finding]:
    """Every product that is kept has a variant that is on sale."""
    own = Variant.objects.filter(product=OuterRef("pk"), is_active=True)
    bare = Product.objects.kept().exclude(Exists(own)).order_by("pk")
    for pk in bare.values_list("pk", flat=True).iterator():
        yield Finding(f"product {pk}", "has no active variant")


@probe("catalog.sale_price", remedy=EDIT)
def sale_price() -> Iterator[Finding]:
    """A sale price is lower than the price."""
    wrong = Variant.objects.filter(sale_price__gte=F("price")).order_by("pk")
    for pk, sku, price, sale in wrong.values_list("pk", "sku", "price", "sale_price").iterator():
        yield Finding(f"variant {pk} ({sku})", f"costs {price}, and {sale} on sale")


@probe("catalog.combination", remedy="Switch all but one of these variants off in the admin.")
def combination() -> Iterator[Finding]:
    """No two active variants of a product have the same values."""
    rows = Variant.objects.filter(is_active=True).order_by("product_id", "combination")
    twice = rows.values("product_id", "combination").annotate(count=Count("pk"))
    for row in twice.filter(count__gt=1).iterator():
        yield Finding(
            f"product {row['product_id']}",
            f"has {row['count']} active variants of the combination {row['combination']!r}",
        )


def _batches() -> Iterator[list[Product]]:
    """Yield all products in batches, so that neither memory nor statements grow with them."""
    batch: list[Product] = []
    rows = Product.objects.order_by("pk").defer("description", "metadata")
    for product in rows.iterator(chunk_size=BATCH):
        batch.append(product)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _differing(product: Product, right: dict[int, dict[str, Any]]) -> list[str]:
    return [
        f"{name} is wrong" if name in UNSHOWN else f"{name} is {is_now}, should be {value}"
        for name, value in right[product.pk].items()
        if (is_now := getattr(product, name)) != value
    ]


def _refresh(products: list[int]) -> None:
    """As the services do: the tree held still before the products' rows are locked."""
    with tree_lock(shared=True):
        refresh_products(products)
