"""Catalogue reads go where the site's router sends reads, and write nothing there."""

import pytest
from django.core.cache import caches
from django.db import connections

from shopkit.catalog.testing import make_attribute, make_category, make_product, make_variant

from .cache.conftest import turn

pytestmark = pytest.mark.django_db(transaction=True)
READS = [
    "categories/",
    "categories/cups/",
    "products/",
    "products/?page=1",
    "products/?cursor=&ordering=name",
    "products/?category=cups&ordering=price&min_price=1",
    "products/?search=cup",
    "products/cup/",
    "attributes/",
    "attributes/colour/values/",
]


class ReadsElsewhere:
    """Reads go to the replica, writes to the default database."""

    def db_for_read(self, model, **hints):
        return "replica"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True


@pytest.fixture
def seen(settings, db):
    """The statements of each database; the replica is another connection to the same rows."""
    category = make_category(name="Cups", slug="cups")
    make_attribute(code="colour", values=["red"])
    make_variant(product=make_product(name="Cup", slug="cup", categories=[category]), price="10")
    connections.settings["replica"] = {**connections["default"].settings_dict}
    replica = connections["replica"]
    replica.connect()  # the test's own guard lets nobody else open it
    said = {"default": [], "replica": []}

    def listener(alias):
        def note(execute, sql, *rest):
            said[alias].append(sql)
            return execute(sql, *rest)

        return note

    settings.DATABASE_ROUTERS = [f"{__name__}.ReadsElsewhere"]
    default = connections["default"]
    with replica.execute_wrapper(listener("replica")), default.execute_wrapper(listener("default")):
        yield said
    settings.DATABASE_ROUTERS = []
    replica.close()
    del connections["replica"]
    del connections.settings["replica"]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("cache", [None, "default"])
def test_a_read_asks_the_replica_alone_and_changes_nothing(client, seen, settings, path, cache):
    caches["default"].clear()
    turn(settings, CACHE=cache)

    answer = client.get(f"/api/v1/{path}")

    assert answer.status_code == 200
    assert seen["default"] == []
    assert seen["replica"]
    for sql in seen["replica"]:
        assert sql.lstrip().startswith(("SELECT", "WITH")), sql
        assert "FOR UPDATE" not in sql
