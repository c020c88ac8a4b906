"""A shop that remembers its answers."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.testing import make_attribute, make_category
from shopkit.core import quiet_cache

API = "/api/v1/"


@pytest.fixture
def remembering(settings, transactional_db):
    """Turn the memory on; renewals come after commits, so the test must really commit."""
    settings.CACHES = {
        **settings.CACHES,
        "shelf": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "shelf",
        },
    }
    quiet_cache._paused_until.clear()
    caches["shelf"].clear()
    turn(settings, CACHE="shelf")
    return caches["shelf"]


def turn(settings, **changes):
    """Change settings of the catalogue."""
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "CATALOG": {**settings.SHOPKIT.get("CATALOG", {}), **changes},
    }


@pytest.fixture
def shirt(remembering):
    """A shirt in two sizes, in a category below another one."""
    clothes = make_category(name="Clothes")
    shirts = make_category(name="Shirts", parent=clothes)
    make_attribute(code="size", name="Size", values=["S", "M", "L"], is_variant=True)
    make_attribute(code="material", name="Material", type="text")
    return create_product(
        ProductData(
            name="Shirt",
            categories=[shirts.pk],
            attributes={"material": "Cotton"},
            variants=[
                VariantData(price=100, sku="S", stock=3, attributes={"size": "S"}),
                VariantData(price=120, sku="M", stock=3, attributes={"size": "M"}),
            ],
        )
    )


class Asked:
    """What a GET answered, and how many statements that took."""

    def __init__(self, client, path, **headers):
        with CaptureQueriesContext(connection) as seen:
            self.response = client.get(API + path, **headers)
        self.statements = len(seen)
        self.body = self.response.content


@pytest.fixture
def client():
    """Nobody, who looks once."""
    return APIClient()


@pytest.fixture
def ask(client):
    """Ask as nobody in particular: ``ask("products/").statements``."""
    return lambda path, **headers: Asked(client, path, **headers)
