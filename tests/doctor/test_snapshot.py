"""One moment, held still: what the doctor sees does not move, and he cannot write."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from shopkit.catalog.models import Category, Product
from shopkit.catalog.testing import make_category, make_product
from shopkit.core.doctor import snapshot

pytestmark = pytest.mark.django_db(transaction=True)


def in_another_connection(call):
    """Run ``call`` in a thread with a connection of its own, and raise what it raised."""
    outcome = []

    def run():
        try:
            outcome.append(call())
        except Exception as error:  # noqa: BLE001 - raised again below
            outcome.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(15)
    assert not thread.is_alive(), "A writer waits for the reader."
    if isinstance(outcome[0], Exception):
        raise outcome[0]


def test_what_others_write_meanwhile_is_not_seen_and_they_do_not_wait():
    make_product()
    with snapshot():
        assert Product.objects.count() == 1
        in_another_connection(lambda: (make_category(), make_product()))
        assert Product.objects.count() == 1
        assert not Category.objects.exists()
    assert Product.objects.count() == 2


@pytest.mark.postgres
def test_without_a_snapshot_two_statements_see_two_moments():
    """The naive form, so that the test above is known to be able to fail."""
    make_product()
    with transaction.atomic():
        assert Product.objects.count() == 1
        in_another_connection(make_product)
        assert Product.objects.count() == 2


def test_a_probe_cannot_write():
    make_product()
    with pytest.raises(DatabaseError), snapshot():
        Product.objects.update(name="Written by a probe")
    assert not Product.objects.filter(name="Written by a probe").exists()


def test_services_write_as_ever_afterwards():
    with snapshot():
        pass
    with pytest.raises(RuntimeError, match="on purpose"), snapshot():
        raise RuntimeError("on purpose")

    assert make_product().pk
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.postgres
def test_a_long_look_is_not_cut_off_by_the_limits_of_requests():
    def limits():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('statement_timeout'), "
                "current_setting('transaction_isolation'), "
                "current_setting('transaction_read_only')"
            )
            return cursor.fetchone()

    before = limits()
    with snapshot():
        assert limits() == ("0", "repeatable read", "on")
    assert limits() == before == ("1min", "read committed", "off")


def test_inside_a_transaction_of_the_callers_its_own_rows_are_seen():
    with transaction.atomic():
        make_product()
        with snapshot():
            assert Product.objects.count() == 1
