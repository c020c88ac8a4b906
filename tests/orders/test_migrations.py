"""What migrations make of orders that were there before."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

APP = "shopkit_orders"


def migrate(name: str) -> Any:
    """Take the database to this state of orders; return the models of then."""
    executor = MigrationExecutor(connection)
    executor.migrate([(APP, name)])
    return MigrationExecutor(connection).loader.project_state([(APP, name)]).apps


@pytest.fixture
def before(transactional_db):
    """The models as 0001 left them; the newest state is there again afterwards."""
    yield migrate("0001_initial")
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_orders_of_each_cart_are_numbered_and_are_in_no_cart_any_more(before):
    old = before.get_model(APP, "Order")
    owners = ["user:1", "guest:a", "user:1", "user:2", "user:1"]
    for index, owner in enumerate(owners):
        old.objects.create(
            number=f"ORDER-{index}",
            currency="UZS",
            subtotal=0,
            total=0,
            contact_name="Anna",
            contact_phone="+998901234567",
            address={},
            quote_fingerprint="f",
            cart_owner=owner,
            cart_version=str(index),
        )

    new = migrate("0002_what_has_left_the_cart").get_model(APP, "Order")

    rows = new.objects.order_by("number").values_list("cart_owner", "cart_turn", "is_in_cart")
    assert list(rows) == [
        ("user:1", 1, False),
        ("guest:a", 1, False),
        ("user:1", 2, False),
        ("user:2", 1, False),
        ("user:1", 3, False),
    ]
    new.objects.all().delete()
