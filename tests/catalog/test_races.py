"""Many writers of one product at once, with real commits."""

import time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Sum
from rest_framework.test import APIClient

from shopkit.catalog.availability import availability
from shopkit.catalog.errors import LastVariant
from shopkit.catalog.models import AttributeValue, Listing, ListingCount, Product, Variant
from shopkit.catalog.services import cached
from shopkit.catalog.services.cached import refresh_stock_flags
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    add_variant,
    create_product,
    delete_variant,
    update_product,
    update_variant,
)
from shopkit.catalog.services.tree import update_category
from shopkit.catalog.testing import make_attribute, make_category
from shopkit.inventory.models import StockItem
from tests.threads import at_once, kinds

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


def make(count=1, *, stock=1, name="Cup", **fields):
    make_attribute(code=f"n{name}", type="number")
    variants = [
        VariantData(price=Decimal(100), stock=stock, attributes={f"n{name}": str(number)})
        for number in range(count)
    ]
    return create_product(ProductData(name=name, variants=variants, **fields))


def ask_without_the_lock(products):
    """The naive form: ask, then write, each transaction seeing only itself."""
    [product] = products
    keys = Variant.objects.filter(product=product).values_list("pk", flat=True)
    left = availability().available(list(keys))
    time.sleep(0.1)
    Product.objects.filter(pk=product).update(in_stock=any(left.values()))


def sell_out(variant, refresh):
    with transaction.atomic():
        StockItem.objects.filter(variant=variant).update(on_hand=0)
        refresh([variant.product_id])


@pytest.mark.parametrize(
    ("refresh", "is_right"), [(refresh_stock_flags, True), (ask_without_the_lock, False)]
)
def test_selling_out_every_variant_at_once_leaves_the_product_sold_out(refresh, is_right):
    product = make(6)
    variants = list(product.variants.all())

    outcomes = at_once([lambda one=one: sell_out(one, refresh) for one in variants])

    assert kinds(outcomes) == {"ok": 6}
    product.refresh_from_db()
    assert (product.in_stock is False) is is_right


def test_prices_changed_at_once_leave_the_lowest_in_the_card_and_the_listing():
    product = make(6, categories=[make_category().pk])
    variants = list(product.variants.order_by("pk"))

    outcomes = at_once(
        [
            lambda one=one, price=price: update_variant(one, changes={"price": Decimal(price)})
            for price, one in enumerate(variants, 10)
        ]
    )

    assert kinds(outcomes) == {"ok": 6}
    product.refresh_from_db()
    assert (product.price_min, product.price_max) == (Decimal(10), Decimal(15))
    assert Listing.objects.get().price == Decimal(10)


def count_by_reading_and_writing(more):
    """The naive form: what another one adds between the two statements is lost."""
    for category, number in more.items():
        row = ListingCount.objects.filter(category=category).first()
        time.sleep(0.02)
        ListingCount.objects.filter(category=category).delete()
        before = row.products if row else 0
        ListingCount.objects.create(category_id=category, products=before + number)


@pytest.mark.parametrize("count", [cached._count, count_by_reading_and_writing])
def test_products_that_come_and_go_at_once_are_counted_one_by_one(count, monkeypatch):
    is_ours = count is cached._count
    monkeypatch.setattr(cached, "_count", count)
    top = make_category()
    below = [make_category(parent=top) for _ in range(2)]

    def come_and_go(number):
        data = ProductData(
            name=f"Cup {number}",
            categories=[below[number % 2].pk],
            variants=[VariantData(price=Decimal(1))],
        )
        product = create_product(data)
        if number % 3 == 0:
            update_product(product, changes={"is_active": False})

    outcomes = at_once([lambda number=number: come_and_go(number) for number in range(12)])

    counts = dict(ListingCount.objects.values_list("category").annotate(Sum("products")))
    found = dict(Listing.objects.order_by().values_list("category").annotate(Count("pk")))
    assert found[top.pk] == 8 or not is_ours
    assert (counts == found) is is_ours
    assert kinds(outcomes) == {"ok": 12} or not is_ours


def test_switching_all_variants_off_at_once_leaves_one():
    product = make(5)
    variants = list(product.variants.all())

    outcomes = at_once([lambda one=one: delete_variant(one) for one in variants])

    assert sum(isinstance(one, LastVariant) for one in outcomes) == 1
    assert product.variants.filter(is_active=True).count() == 1


def test_of_twins_with_one_sku_one_is_made_and_the_rest_is_invalid_input():
    def twin():
        variant = VariantData(price=Decimal(1), sku="TWIN", stock=1)
        return create_product(ProductData(name="Cup", variants=[variant]))

    outcomes = at_once([twin] * 8)

    assert kinds(outcomes) == {"ok": 1, "ValidationError": 7}
    wrong = [one for one in outcomes if isinstance(one, ValidationError)]
    assert {name for one in wrong for name in one.error_dict} <= {"sku", "variants.0.sku", "slug"}
    assert Product.objects.count() == Variant.objects.count() == StockItem.objects.count() == 1


def test_of_variants_with_one_combination_one_is_added():
    product = make(1)
    data = VariantData(price=Decimal(1), attributes={"nCup": "7"})

    outcomes = at_once([lambda: add_variant(product, data)] * 6)

    assert kinds(outcomes) == {"ok": 1, "ValidationError": 5}
    assert product.variants.count() == 2


def test_deleting_one_product_twice_at_once_is_204_and_404(staff):
    product = make(1)

    def delete():
        client = APIClient()
        client.force_authenticate(staff)
        return client.delete(f"/api/v1/products/{product.pk}/").status_code

    assert sorted(at_once([delete] * 6)) == [204, *[404] * 5]


def test_new_values_of_one_attribute_are_made_once():
    make_attribute(code="note", type="text")

    def made(number):
        values = {"note": f"note {number % 2}"}
        variant = VariantData(price=Decimal(1))
        return create_product(
            ProductData(name=f"Cup {number}", variants=[variant], attributes=values)
        )

    outcomes = at_once([lambda number=number: made(number) for number in range(8)])

    assert kinds(outcomes) == {"ok": 8}
    assert AttributeValue.objects.count() == 2


def test_products_that_enter_a_branch_while_it_moves_are_listed_where_it_went():
    tops = [make_category(name=f"Top {number}") for number in range(2)]
    branch = make_category(name="Branch", parent=tops[0])
    leaf = make_category(name="Leaf", parent=branch)
    products = [make(1, name=f"C{number}") for number in range(6)]

    def enter(product):
        update_product(product, changes={"categories": [leaf.pk]})

    def move(number):
        update_category(branch, changes={"parent": tops[number % 2]})

    calls = [lambda one=one: enter(one) for one in products]
    calls += [lambda number=number: move(number) for number in (1, 2, 3)]
    assert kinds(at_once(calls)) == {"ok": 9}

    branch.refresh_from_db()
    right = {leaf.pk, branch.pk, branch.parent_id}
    for product in products:
        assert set(product.listings.values_list("category_id", flat=True)) == right
