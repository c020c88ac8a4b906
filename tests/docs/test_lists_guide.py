"""The guide to the lists that people expect: its calls answer, its module works."""

import re
from pathlib import Path

import pytest

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_category, make_variant

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "show-lists-people-expect.md"
pytestmark = pytest.mark.django_db


def test_every_call_of_the_guide_answers_with_cards(client):
    make_category(name="Shoes", slug="shoes")
    product = make_variant().product
    calls = re.findall(r"\| `GET (\S+)`", GUIDE.read_text())
    assert len(calls) >= 6
    for call in calls:
        path = re.sub(r"\{.*?\}", str(product.pk), call)
        assert client.get(f"/api/v1/{path}").status_code == 200, call
    since = re.search(r"`(created_after=\S+)`", GUIDE.read_text())[1]
    assert client.get(f"/api/v1/products/?{since}").status_code == 200


def test_a_site_without_orders_says_itself_what_sells():
    product = make_variant().product
    [code] = re.findall(r"```python\n# shop/sales.py\n(.*?)```", GUIDE.read_text(), re.S)
    given = {}
    exec(code, given)  # noqa: S102 - our own page

    assert given["count_sales"]({product.pk: 7}) == 1
    assert Product.objects.get(pk=product.pk).popularity == 7
