"""The stores keep the contract that ships in the package."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from shopkit.cart.models import Cart, CartLine
from shopkit.cart.stores.base import CartStore, Limits
from shopkit.cart.stores.database import DatabaseCartStore
from shopkit.cart.stores.memory import MemoryCartStore
from shopkit.cart.testing import ANNA, BEN, PRICE, ROOMY, CartStoreContract


@pytest.mark.django_db(transaction=True)
class TestDatabaseStore(CartStoreContract):
    @pytest.fixture
    def store(self) -> CartStore:
        return DatabaseCartStore()


class TestMemoryStore(CartStoreContract):
    @pytest.fixture
    def store(self) -> Iterator[CartStore]:
        store = MemoryCartStore(name="contract")
        yield store
        store.drop()


def test_memory_stores_of_one_name_hold_the_same_carts():
    limits = Limits(5, 5)
    MemoryCartStore(name="a").add(ANNA, variant_id=1, quantity=1, price=PRICE, limits=limits)

    assert MemoryCartStore(name="a").read(ANNA).exists
    assert not MemoryCartStore(name="b").read(ANNA).exists
    MemoryCartStore(name="a").drop()
    assert not MemoryCartStore(name="a").read(ANNA).exists


@pytest.mark.django_db
def test_a_read_is_one_statement(statements):
    store = DatabaseCartStore()
    for variant in range(1, 21):
        store.add(ANNA, variant_id=variant, quantity=1, price=PRICE, limits=ROOMY)

    with statements(1):
        state = store.read(ANNA)

    assert len(state.lines) == 20


@pytest.mark.django_db
def test_the_statements_of_a_merge_do_not_grow_with_its_lines(statements):
    store = DatabaseCartStore()
    for variant in range(1, 21):
        store.add(BEN, variant_id=variant, quantity=1, price=PRICE, limits=ROOMY)
    store.add(ANNA, variant_id=1, quantity=1, price=PRICE, limits=ROOMY)

    with statements(10):  # savepoint and its release included
        store.merge(BEN, ANNA, ceilings={}, limits=ROOMY)

    assert len(store.read(ANNA).lines) == 20


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_by_its_caller_leaves_the_version():
    store = DatabaseCartStore()
    before = store.add(ANNA, variant_id=1, quantity=1, price=PRICE, limits=ROOMY)

    with transaction.atomic():
        store.add(ANNA, variant_id=1, quantity=1, price=PRICE, limits=ROOMY)
        transaction.set_rollback(True)

    assert store.read(ANNA) == before


@pytest.mark.django_db
def test_the_database_refuses_a_line_without_units():
    cart = Cart.objects.create(owner=ANNA, version="1")

    with pytest.raises(IntegrityError), transaction.atomic():
        CartLine.objects.create(cart=cart, variant_id=1, quantity=0, price_seen=Decimal(1))


@pytest.mark.django_db
def test_a_change_moves_the_time_of_the_last_one():
    store = DatabaseCartStore()
    store.add(ANNA, variant_id=1, quantity=1, price=PRICE, limits=ROOMY)
    Cart.objects.update(updated_at="2020-01-01T00:00:00Z")

    store.add(ANNA, variant_id=1, quantity=1, price=PRICE, limits=ROOMY)

    assert Cart.objects.get().updated_at.year > 2020


@pytest.mark.parametrize(("ceiling", "max_lines"), [(-1, 1), (1, 0)])
def test_limits_that_make_no_sense_are_refused(ceiling, max_lines):
    with pytest.raises(ValueError, match="ceiling must not be negative and max_lines"):
        Limits(ceiling, max_lines)
