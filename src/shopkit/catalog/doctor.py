"""Probes of the catalogue: the tree, what is cached of it, and what every product has."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, router
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Now

from shopkit.core.doctor import Finding, probe

from . import triggers
from .models import (
    Attribute,
    AttributeValue,
    Category,
    FacetChange,
    Product,
    ProductAttributeValue,
    ProductTypeAttribute,
    Variant,
    VariantAttributeValue,
)
from .search.keys import category_key
from .services.attribution import canonical_value, scaled_number
from .services.cached import (
    BATCH,
    recount_listings,
    refresh_products,
    right_columns,
    wrong_counts,
    wrong_listings,
)
from .services.fitting import lacks_attribute
from .services.sizes import unsized_images
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


@probe("catalog.facets", remedy=DERIVED)
def facets() -> Iterator[Finding]:
    """PostgreSQL writes down every change of what facets are counted from."""
    using = router.db_for_write(FacetChange)
    fix = partial(triggers.install, using)
    if connections[using].vendor == "postgresql":
        for one in triggers.missing(using):
            yield Finding(one, "has no trigger, or it is switched off", fix=fix)


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


@probe("catalog.types", remedy="Open the product in the admin, or its type, and make both agree.")
def types() -> Iterator[Finding]:
    """A product of a type has values of its attributes alone, and an active one what it needs."""
    yield from _foreign(ProductAttributeValue, "product", "product")
    of_variants = {"variant__is_active": True}
    yield from _foreign(VariantAttributeValue, "variant", "variant__product", **of_variants)
    active = Product.objects.filter(is_active=True, type__members__is_required=True)
    needing = active.annotate(needed=F("type__members__attribute"))
    lacking = needing.filter(lacks_attribute(OuterRef("needed"))).order_by("pk")
    for pk, code in lacking.values_list("pk", "type__members__attribute__code").iterator():
        yield Finding(f"product {pk}", f"has no {code}, which its type needs")


def _foreign(model: Any, kind: str, product: str, **only: Any) -> Iterator[Finding]:
    """Find values whose attribute is none of the product's type.

    product -- the way from a value to its product
    """
    members = ProductTypeAttribute.objects.filter(
        attribute=OuterRef("attribute"), type=OuterRef(f"{product}__type")
    )
    kept = {f"{product}__deleted_at": None, f"{product}__type__isnull": False}
    rows = model.objects.filter(**kept, **only).exclude(Exists(members)).order_by("pk")
    for pk, code in rows.values_list(f"{kind}_id", "attribute__code").iterator():
        yield Finding(f"{kind} {pk}", f"has {code}, which does not belong to its type")


@probe("catalog.values", remedy="Somebody wrote around the services: put the right value back.")
def values() -> Iterator[Finding]:
    """The value that a product or a variant has for an attribute is one of that attribute's."""
    for model, kind in ((ProductAttributeValue, "product"), (VariantAttributeValue, "variant")):
        wrong = model.objects.exclude(value__attribute=F("attribute")).order_by("pk")
        for pk, code in wrong.values_list(f"{kind}_id", "attribute__code").iterator():
            yield Finding(f"{kind} {pk}", f"has for {code} a value of another attribute")


@probe("catalog.numbers", remedy=DERIVED)
def numbers() -> Iterator[Finding]:
    """A value that is a number is found by it; other values are no numbers."""
    is_number = Q(attribute__type=Attribute.Type.NUMBER)
    rows = AttributeValue.objects.filter(is_number | Q(number__isnull=False)).order_by("pk")
    for pk, kind, text, number in rows.values_list(
        "pk", "attribute__type", "value", "number"
    ).iterator():
        try:
            right = scaled_number(kind, canonical_value(kind, text))
        except ValidationError:
            yield Finding(f"value {pk}", f"is {text!r}, which is no number")
            continue
        if number != right:
            fix = partial(_renumber, pk, right)
            yield Finding(f"value {pk}", f"is compared as {number}, should be {right}", fix=fix)


def _renumber(pk: int, number: int | None) -> None:
    AttributeValue.objects.filter(pk=pk).update(number=number)


@probe(
    "catalog.image_sizes",
    remedy="Run `manage.py shopkit_make_image_sizes`; it says what is wrong with the picture.",
)
def image_sizes() -> Iterator[Finding]:
    """Every picture has the sizes that the setting asks for, an hour after it came."""
    rows = unsized_images().filter(created_at__lt=Now() - timedelta(hours=1)).order_by("pk")
    for pk in rows.values_list("pk", flat=True).iterator():
        yield Finding(
            f"image {pk}", "lacks sizes, or has those of another setting", is_warning=True
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
