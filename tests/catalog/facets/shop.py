"""Catalogues made by dice."""

import random
from decimal import Decimal

from shopkit.catalog.models import Product, Variant, VariantAttributeValue
from shopkit.catalog.services.cached import refresh_products
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    create_product,
    delete_product,
)
from shopkit.catalog.services.tree import update_category
from shopkit.catalog.testing import make_attribute, make_category

from .naive import Shopper

COLOURS = ("Red", "Green", "Blue")
SIZES = ("S", "M", "L")
MATERIALS = ("Wool", "Silk")
WORDS = ("lamp", "chair", "bowl")
CHOICES = {"colour": COLOURS, "size": SIZES, "material": MATERIALS, "memory": ("8", "16")}


def make_shop(seed, *, products=25):
    """Return the dice after making a catalogue that has a bit of everything."""
    dice = random.Random(seed)
    roots = [make_category(name=f"Root {seed}-{number}") for number in range(3)]
    children = [make_category(parent=dice.choice(roots)) for _ in range(4)]
    leaves = [make_category(parent=dice.choice(children)) for _ in range(3)]
    update_category(dice.choice(children), changes={"is_active": False})
    make_attribute(code="colour", values=COLOURS, is_variant=True)
    make_attribute(code="size", values=SIZES, is_variant=True)
    make_attribute(code="material", values=MATERIALS)
    make_attribute(code="memory", type="number")
    make_attribute(code="secret", values=("x",), is_filterable=False)
    places = [one.pk for one in (*roots, *children, *leaves)]
    for number in range(products):
        _make_product(dice, number, places)
    _disturb(dice)
    return dice


def _make_product(dice, number, places):
    looks = dice.sample([(c, s) for c in COLOURS for s in SIZES], dice.randint(1, 4))
    own = {}
    if dice.random() < 0.7:
        own["material"] = dice.choice(MATERIALS)
    if dice.random() < 0.5:
        own["memory"] = str(dice.choice((8, 16)))
    if dice.random() < 0.5:
        own["secret"] = "x"
    variants = []
    for colour, size in looks:
        price = Decimal(dice.randint(1, 40) * 5)
        variants.append(
            VariantData(
                price=price,
                sale_price=price / 2 if dice.random() < 0.3 else None,
                stock=dice.choice((0, 3)),
                attributes={"colour": colour, "size": size},
            )
        )
    create_product(
        ProductData(
            name=f"{dice.choice(WORDS)} {number}",
            categories=dice.sample(places, dice.randint(0, 3)),
            attributes=own,
            variants=variants,
        )
    )


def _disturb(dice):
    """Hide and delete products, switch variants off, rate."""
    for product in Product.objects.order_by("pk"):
        Product.objects.filter(pk=product.pk).update(
            rating_avg=dice.choice((0, 150, 399, 400, 500))
        )
        roll = dice.random()
        if roll < 0.1:
            delete_product(product)
        elif roll < 0.2:
            Product.objects.filter(pk=product.pk).update(is_active=False)
        elif roll < 0.4 and product.variants.count() > 1:
            first = product.variants.order_by("pk").first()
            Variant.objects.filter(pk=first.pk).update(is_active=False)
    refresh_products(Product.objects.values_list("pk", flat=True))


def change_something(dice):
    """Change one product in one of the ways in which facets change."""
    product = dice.choice(list(Product.objects.order_by("pk")))
    variants = list(product.variants.order_by("pk"))
    kind = dice.randrange(7)
    if kind == 0 and product.deleted_at is None:
        Product.objects.filter(pk=product.pk).update(is_active=not product.is_active)
    elif kind == 1:
        Variant.objects.filter(pk=variants[0].pk).update(is_active=not variants[0].is_active)
    elif kind == 2:
        price = Decimal(dice.randint(1, 40) * 5)
        Variant.objects.filter(product=product).update(price=price, sale_price=None)
    elif kind == 3:
        VariantAttributeValue.objects.filter(variant=variants[-1]).delete()
    elif kind == 4:
        product.attribute_values.all().delete()
    elif kind == 5:
        product.categories.clear()
    else:
        Product.objects.filter(pk=product.pk).update(rating_avg=dice.choice((0, 450)))
    refresh_products([product.pk])


def choose(dice, places):
    """Return what somebody may choose."""

    def maybe(value, chance=0.3):
        return value if dice.random() < chance else None

    low, high = sorted(Decimal(dice.randint(0, 200)) for _ in range(2))
    values = {}
    for code, texts in CHOICES.items():
        if dice.random() < 0.25:
            values[code] = dice.sample(texts, dice.randint(1, 2))
    return Shopper(
        categories=set(dice.sample(places, dice.randint(1, 2))) if dice.random() < 0.4 else set(),
        values=values,
        min_price=maybe(low),
        max_price=maybe(high),
        min_rating=maybe(dice.choice((1, 2, 4))),
        in_stock=maybe(dice.random() < 0.7),
        on_sale=maybe(dice.random() < 0.5),
        search=maybe(dice.choice(WORDS), 0.2) or "",
    )
