"""What order tests need: shelves with goods, carts over HTTP, the order body."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from shopkit.catalog.testing import make_variant
from shopkit.inventory.testing import make_stock

API = "/api/v1/"
BODY = {
    "contact": {"name": "Anna Kim", "phone": "+998901234567"},
    "address": {"city": "Nukus", "street": "Berdaq 1"},
}


@pytest.fixture
def cup(db: None) -> Any:
    """A variant for 50 000, ten of it."""
    variant = make_variant(price="50000", sku="CUP")
    make_stock(variant, on_hand=10)
    return variant


@pytest.fixture
def plate(db: None) -> Any:
    """A variant for 80 000 on sale at 70 000, three of it."""
    variant = make_variant(price="80000", sale_price="70000", sku="PLATE")
    make_stock(variant, on_hand=3)
    return variant


def fill(client: APIClient, *lines: tuple[Any, int]) -> None:
    """Put units of variants into the client's cart; a guest's token is kept on the client."""
    for variant, quantity in lines:
        answer = client.post(
            f"{API}cart/items/", {"variant_id": variant.pk, "quantity": quantity}, format="json"
        )
        assert answer.status_code == 201, answer.content
        if token := answer.headers.get("X-Cart-Token"):
            client.credentials(HTTP_X_CART_TOKEN=token)


def place(client: APIClient, *, key: str = "", **changes: Any) -> Any:
    """POST the order."""
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"{API}orders/", {**BODY, **changes}, format="json", headers=headers)
