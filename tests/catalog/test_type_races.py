"""Types that change while products of them do, and variants generated twice at once."""

import time
from decimal import Decimal

import pytest

from shopkit.catalog.models import Product, ProductType, ProductTypeAttribute, Variant
from shopkit.catalog.services import fitting, generation
from shopkit.catalog.services.attributes import delete_attribute
from shopkit.catalog.services.bulk import create_products
from shopkit.catalog.services.generation import Generation, generate_variants
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    create_product,
    update_product,
)
from shopkit.catalog.services.types import (
    Member,
    create_product_type,
    delete_product_type,
    update_product_type,
)
from shopkit.catalog.testing import make_attribute
from tests.threads import at_once, kinds

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
CUP = [VariantData(price=Decimal(1))]


def misfits():
    """Return how many products have a value that does not belong to their type."""
    return sum(
        not ProductTypeAttribute.objects.filter(type=one.type_id, attribute=row.attribute_id)
        for one in Product.objects.exclude(type=None)
        for row in one.attribute_values.all()
    )


def hold_nothing(_kind):
    """The naive form: the type is read as it was, and has changed before we are through."""


def slowly(members):
    """Read what belongs, then take one's time."""

    def foreign(*args):
        found = members(*args)
        time.sleep(0.15)
        return found

    return foreign


@pytest.mark.parametrize("hold", [fitting._hold, hold_nothing])
def test_an_attribute_leaves_a_type_or_products_get_it(hold, monkeypatch):
    make_attribute(code="brand", values=["A"])
    kind = create_product_type(code="cup", name="Cup", attributes=[Member("brand")])
    products = [
        create_product(ProductData(name=f"Cup {number}", type="cup", variants=CUP))
        for number in range(4)
    ]
    monkeypatch.setattr(fitting, "_hold", hold)
    monkeypatch.setattr(fitting, "_foreign", slowly(fitting._foreign))

    def describe(product):
        time.sleep(0.02 * products.index(product))
        update_product(product, changes={"attributes": {"brand": "A"}})

    def empty():
        time.sleep(0.1)
        update_product_type(kind, changes={"attributes": []})

    outcomes = at_once([empty, *(lambda one=one: describe(one) for one in products)])

    assert set(kinds(outcomes)) <= {"ok", "TypeAttributeInUse", "ValidationError"}
    assert (misfits() == 0) is (hold is not hold_nothing)


@pytest.mark.parametrize("hold", [fitting._hold, hold_nothing])
def test_an_attribute_leaves_a_type_or_many_products_are_made_with_it(hold, monkeypatch):
    make_attribute(code="brand", values=["A"])
    kind = create_product_type(code="cup", name="Cup", attributes=[Member("brand")])
    monkeypatch.setattr(fitting, "_hold", hold)
    monkeypatch.setattr(fitting, "_foreign", slowly(fitting._foreign))

    def make(number):
        given = {"type": "cup", "variants": CUP, "attributes": {"brand": "A"}}
        time.sleep(0.02 * number)
        create_products([ProductData(name="Cup", slug=f"cup-{number}", **given)])

    def empty():
        time.sleep(0.1)
        update_product_type(kind, changes={"attributes": []})

    outcomes = at_once([empty, *(lambda one=one: make(one) for one in range(4))])

    assert set(kinds(outcomes)) <= {"ok", "TypeAttributeInUse", "ValidationError"}
    assert (misfits() == 0) is (hold is not hold_nothing)


@pytest.mark.parametrize("make", [create_product, lambda data: create_products([data])])
def test_a_type_goes_or_gets_a_product(make):
    for number in range(5):
        kind = create_product_type(code=f"t{number}", name="T")
        fields = {"slug": f"cup-{number}", "type": kind.code, "variants": CUP}
        data = ProductData(name=f"Cup {number}", **fields)

        outcomes = at_once(
            [lambda kind=kind: delete_product_type(kind), lambda data=data: make(data)]
        )

        assert kinds(outcomes) in (
            {"ok": 1, "TypeInUse": 1},
            {"ok": 1, "ValidationError": 1},
        )
    assert Product.objects.filter(type=None).count() == 0
    assert Product.objects.count() == ProductType.objects.count()


def test_an_attribute_goes_while_types_take_it():
    make_attribute(code="other")
    for number in range(5):
        attribute = make_attribute(code=f"a{number}")
        kind = create_product_type(code=f"t{number}", name="T")
        members = [Member(attribute.code), Member("other")]

        outcomes = at_once(
            [
                lambda attribute=attribute: delete_attribute(attribute),
                lambda kind=kind, members=members: update_product_type(
                    kind, changes={"attributes": members}
                ),
            ]
        )

        assert kinds(outcomes) in ({"ok": 2}, {"ok": 1, "ValidationError": 1})


def look_without_the_lock(product):
    """The naive form: everybody finds the same combinations missing."""
    found = Product.objects.get(pk=product.pk)
    time.sleep(0.1)
    return found


@pytest.mark.parametrize("lock", [generation.lock_product, look_without_the_lock])
def test_variants_generated_at_once_are_made_once(lock, monkeypatch):
    make_attribute(code="size", values=["S", "M", "L"], is_variant=True)
    make_attribute(code="colour", values=["Red", "Blue"], is_variant=True)
    product = create_product(ProductData(name="Cup", variants=CUP))
    monkeypatch.setattr(generation, "lock_product", lock)
    choices = {"size": ["S", "M", "L"], "colour": ["Red", "Blue"]}
    wanted = Generation(choices=choices, price=Decimal(5), sku_pattern="C-{size}-{colour}")

    outcomes = at_once([lambda: generate_variants(product, wanted)] * 6)

    assert (kinds(outcomes) == {"ok": 6}) is (lock is not look_without_the_lock)
    assert Variant.objects.filter(product=product).count() == 7
    if kinds(outcomes) == {"ok": 6}:
        assert sorted(len(one.made) for one in outcomes) == [0, 0, 0, 0, 0, 6]
