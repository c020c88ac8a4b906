"""The made-up catalogue: what it says of itself is what the shop's own services would write."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import catalogue
from benchmarks.loading import copy_frame, copy_products, count_listings
from shopkit.catalog.models import Category, Listing, Product, Variant
from shopkit.catalog.services.attribution import combination_of
from shopkit.catalog.services.cached import refresh_products
from shopkit.inventory.models import Movement, StockItem

SIZE = 50


def test_a_product_is_the_same_whenever_it_is_made():
    assert catalogue.product(7) == catalogue.product(7) != catalogue.product(8)


def test_the_tree_has_four_hundred_nodes_in_four_levels():
    made = catalogue.categories()

    assert len(made) == 400
    assert {one.level for one in made} == {0, 1, 2, 3}
    assert len({one.slug for one in made}) == 400


@pytest.fixture
def loaded(transactional_db):
    """The catalogue of 50 products in the test database, by COPY."""
    with transaction.atomic():
        copy_frame(connection.connection)
        copy_products(connection.connection, catalogue.products(1, SIZE))
        count_listings(connection.connection)


@pytest.mark.postgres
def test_cached_columns_and_listings_are_what_the_services_would_write(loaded):
    before, listed = _cached(), set(Listing.objects.values_list("product", "category", "price"))

    refresh_products(Product.objects.values_list("pk", flat=True))

    assert _cached() == before
    assert set(Listing.objects.values_list("product", "category", "price")) == listed


def _cached():
    """Return every column by product."""
    return {row["id"]: row for row in Product.objects.values()}


@pytest.mark.postgres
def test_the_tree_is_one_that_the_tree_service_accepts(loaded, capsys):
    call_command("shopkit_check_categories")

    assert "no problem" in capsys.readouterr().out
    assert Category.objects.count() == 400


@pytest.mark.postgres
def test_variants_have_the_combination_of_their_values(loaded):
    for variant in Variant.objects.prefetch_related("attribute_values__value"):
        values = [one.value for one in variant.attribute_values.all()]
        assert variant.combination == combination_of(values)


@pytest.mark.postgres
def test_the_ledger_of_stock_balances(loaded):
    on_hand = dict(StockItem.objects.values_list("pk", "on_hand"))
    moved = dict(Movement.objects.values_list("item", "delta"))

    assert {pk: units for pk, units in on_hand.items() if units} == moved


@pytest.mark.postgres
def test_the_doctor_finds_nothing_wrong(loaded, capsys):
    call_command("shopkit_doctor")  # would raise CommandError
