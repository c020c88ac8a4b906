"""Many rows changed by one statement."""

from decimal import Decimal

import pytest
from django.db import connection

from shopkit.catalog.models import Category, Product, Variant
from shopkit.catalog.testing import make_category, make_variant
from shopkit.core import updates
from shopkit.core.updates import update_rows

pytestmark = pytest.mark.django_db
FIELDS = ("name", "price", "sale_price", "is_active", "weight", "updated_at")


@pytest.fixture(params=[True, False])
def _way(request, monkeypatch):
    """On engines that know UPDATE ... FROM, and on others."""
    if not request.param:
        monkeypatch.setattr(updates, "_knows_update_from", lambda _connection: False)


@pytest.mark.usefixtures("_way")
def test_each_row_gets_its_own_values_and_others_stay():
    cup, plate, other = (make_variant(sku=sku, price="10") for sku in ("CUP", "PLATE", "OTHER"))
    cup.name, cup.price, cup.sale_price, cup.is_active = "'; --", Decimal("20.5"), None, False
    plate.name, plate.sale_price, plate.weight = "Тарелка", Decimal("5.0001"), 7

    update_rows([cup, plate], FIELDS)

    for row in (cup, plate, other):
        stored = Variant.objects.get(pk=row.pk)
        assert [getattr(stored, one) for one in FIELDS] == [getattr(row, one) for one in FIELDS]
    assert Variant.objects.get(sku="OTHER").name == ""


@pytest.mark.usefixtures("_way")
def test_foreign_keys_and_their_absence_are_written():
    hats = make_category(name="Hats")
    first, second = make_variant().product, make_variant().product
    Product.objects.filter(pk=second.pk).update(category=hats)
    first.category, second.category = hats, None

    update_rows([first, second], ["category"])

    found = dict(Product.objects.values_list("pk", "category"))
    assert found == {first.pk: hats.pk, second.pk: None}


def test_many_rows_are_few_statements(statements):
    rows = [
        Category(name=f"C {n}", slug=f"c-{n}", lft=1, rght=2, tree_id=n, level=0)
        for n in range(300)
    ]
    Category.objects.bulk_create(rows)
    for number, row in enumerate(rows):
        row.position = number

    most = connection.features.max_query_params
    with statements(1 if most is None else 1 + 2 * 300 // most):
        update_rows(rows, ["position"])

    assert list(Category.objects.order_by("pk").values_list("position", flat=True)) == list(
        range(300)
    )


def test_no_rows_are_no_statement(statements):
    with statements(0):
        update_rows([], ["name"])
