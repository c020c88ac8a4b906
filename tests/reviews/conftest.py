"""What tests of reviews need: a product on sale, other customers, settings."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_variant
from shopkit.reviews.testing import make_author

API = "/api/v1/"


@pytest.fixture
def product(db: None) -> Product:
    """A product on sale."""
    return make_variant(price="50000", sku="CUP").product


@pytest.fixture
def other(db: None) -> Any:
    """Another customer."""
    return make_author()


@pytest.fixture
def as_other(other: Any) -> APIClient:
    """The other customer, signed in."""
    return signed_in(other)


@pytest.fixture
def rules(settings: Any) -> Callable[..., None]:
    """``rules(MODERATION="all")`` changes the section's settings."""

    def change(**values: Any) -> None:
        given = {**settings.SHOPKIT.get("REVIEWS", {}), **values}
        settings.SHOPKIT = {**settings.SHOPKIT, "REVIEWS": given}

    return change


def signed_in(user: Any) -> APIClient:
    """Return a client of ``user``."""
    client = APIClient()
    client.force_authenticate(user)
    return client


def post(client: APIClient, about: Product, /, **body: Any) -> Any:
    """POST a review."""
    # Escaped, so that half a character can be sent too.
    return client.post(
        f"{API}products/{about.pk}/reviews/", json.dumps(body), content_type="application/json"
    )


def rating_of(product: Product) -> tuple[int, int, int]:
    """Return (number, sum, average in hundredths) as the product's row says."""
    columns = ("rating_count", "rating_sum", "rating_avg")
    return Product.objects.values_list(*columns).get(pk=product.pk)


def nobody(user: Any, product: Product) -> bool:
    """A policy that lets nobody rate."""
    return False


def everybody(user: Any, product: Product) -> bool:
    """A policy by which everybody is a buyer."""
    return True
