"""The guide to filters beside a list: its example makes links that lead where they say."""

import importlib
import json

import pytest

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_attribute, make_category, make_product, value_of

from .test_how_to import GUIDES, follow  # noqa: F401

GUIDE = "show-filters-beside-a-list.md"
URL = "/api/v1/products/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shirts():
    category = make_category(name="Shirts")
    colour = make_attribute(code="colour", type="colour", values=["Red", "Blue"])
    for text in ("Red", "Red", "Blue"):
        product = make_product(categories=[category])
        product.attribute_values.create(attribute=colour, value=value_of(colour, text))


def test_every_link_leads_to_as_many_products_as_it_says(client, follow, shirts):  # noqa: F811
    follow(GUIDE)
    sidebar = importlib.import_module("shop.sidebar").sidebar
    query = "category=shirts&attr=colour:Red"
    body = client.get(f"{URL}?{query}&facets=1").json()

    shown = sidebar(body["facets"], query)

    assert [one[0::2] for one in shown["Category"]] == [("Shirts (2)", True)]
    assert [one[0::2] for one in shown["Colour"]] == [("Red (2)", True), ("Blue (1)", False)]
    (_red, less, _), (_blue, more, _) = shown["Colour"]
    assert client.get(f"{URL}?{less}").json()["count"] == Product.objects.count() == 3
    assert client.get(f"{URL}?{more}").json()["count"] == 3


def test_the_answer_shown_has_the_shape_of_real_ones(client, shirts):
    page = (GUIDES / GUIDE).read_text()
    told = json.loads(page.partition("```json\n")[2].partition("```")[0])
    real = client.get(f"{URL}?facets=1&category=shirts").json()

    assert shape(told["facets"]) == shape(real["facets"])


def shape(part):
    """Return the names of members, of the first of each list."""
    if isinstance(part, dict):
        return {name: shape(value) for name, value in part.items()}
    return [shape(part[0])] if isinstance(part, list) else None
