"""GET products/?facets=1: the shape, the questions that are refused, and what it costs."""

from decimal import Decimal

import pytest
from django.test import override_settings
from rest_framework.test import APIClient, APIRequestFactory

from shopkit.catalog.api.views import ProductListView
from shopkit.catalog.models import Product
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.services.tree import update_category
from shopkit.catalog.testing import make_attribute, make_category

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/"


def make(name="Cup", *, price=100, stock=5, of_variant=(), **fields):
    variants = [
        VariantData(price=Decimal(price), stock=stock, attributes=dict(own))
        for own in (of_variant or [{}])
    ]
    return create_product(ProductData(name=name, variants=variants, **fields))


def facets(client, query="", **more):
    answer = client.get(f"{URL}?facets=1{query}", **more)
    assert answer.status_code == 200, answer.content
    return answer.json()["facets"]


def shown(facets, code):
    [found] = [one for one in facets["attributes"] if one["code"] == code]
    return {one["value"]: one["count"] for one in found["values"]}


@pytest.fixture
def kitchen():
    root = make_category(name="Kitchen", translations={"uz": {"name": "Oshxona"}})
    make_category(name="Empty")
    cups = make_category(name="Cups", parent=root)
    make_attribute(
        code="colour",
        type="colour",
        values=["Red", "Blue"],
        translations={"uz": {"name": "Rang"}},
        is_variant=True,
    )
    red = {"colour": "Red"}
    make(price=100, categories=[cups.pk], of_variant=[red, {"colour": "Blue"}])
    make("Mug", price=300, stock=0, categories=[cups.pk, root.pk], of_variant=[red])
    make("Pan", price=900, categories=[root.pk])
    Product.objects.filter(name="Pan").update(rating_avg=450, rating_count=2)
    return root, cups


def test_all_that_can_be_counted(client, kitchen):
    root, _cups = kitchen
    colour = {"colour": "", "selected": False}

    assert facets(client) == {
        "categories": [
            {"id": root.pk, "slug": "kitchen", "name": "Kitchen", "count": 3, "selected": False}
        ],
        "attributes": [
            {
                "code": "colour",
                "name": "Colour",
                "type": "colour",
                "unit": "",
                "values": [
                    {"value": "Red", "label": "Red", "count": 2, **colour},
                    {"value": "Blue", "label": "Blue", "count": 1, **colour},
                ],
                "has_more": False,
            }
        ],
        "price": {
            "min": "100.00",
            "max": "900.00",
            "ranges": [
                {"min": "100.00", "max": "299.99", "count": 1},
                {"min": "300.00", "max": "899.99", "count": 1},
                {"min": "900.00", "max": "900.00", "count": 1},
            ],
        },
        "rating": [
            {"min_rating": 4, "count": 1},
            {"min_rating": 3, "count": 1},
            {"min_rating": 2, "count": 1},
            {"min_rating": 1, "count": 1},
        ],
        "in_stock": {"true": 2, "false": 1},
        "on_sale": {"true": 0, "false": 3},
    }


def test_an_empty_shop_has_nothing_to_choose(client):
    assert facets(client) == {
        "categories": [],
        "attributes": [],
        "price": {"min": None, "max": None, "ranges": []},
        "rating": [{"min_rating": stars, "count": 0} for stars in (4, 3, 2, 1)],
        "in_stock": {"true": 0, "false": 0},
        "on_sale": {"true": 0, "false": 0},
    }


def test_a_chosen_category_offers_itself_and_its_children(client, kitchen):
    _root, cups = kitchen

    found = facets(client, "&category=kitchen")["categories"]

    assert [(one["slug"], one["count"], one["selected"]) for one in found] == [
        ("kitchen", 3, True),
        ("cups", 2, False),
    ]
    assert facets(client, f"&category=00{cups.pk}")["categories"][0]["selected"] is True


def test_a_group_ignores_what_is_chosen_in_it_and_heeds_all_others(client, kitchen):
    found = facets(client, "&attr=colour:Blue&in_stock=true")

    assert shown(found, "colour") == {"Red": 1, "Blue": 1}
    assert found["in_stock"] == {"true": 1, "false": 0}
    assert found["categories"][0]["count"] == 1
    [colour] = found["attributes"]
    assert [one["selected"] for one in colour["values"]] == [False, True]


def test_what_is_chosen_is_shown_though_nothing_has_it(client, kitchen):
    found = facets(client, "&attr=colour:Blue&max_price=1")

    assert shown(found, "colour") == {"Blue": 0}


def test_a_value_that_nobody_knows_leaves_nothing_but_its_own_group(client, kitchen):
    found = facets(client, "&attr=colour:Pink")

    assert shown(found, "colour") == {"Red": 2, "Blue": 1}
    assert found["categories"] == []


def test_a_product_in_several_categories_and_with_several_variants_counts_once(client, kitchen):
    make("Set", of_variant=[{"colour": "Red"}], categories=[one.pk for one in kitchen])

    found = facets(client)

    assert found["categories"][0]["count"] == 4
    assert shown(found, "colour")["Red"] == 3


def test_what_nobody_can_see_is_not_counted(client, kitchen):
    _root, cups = kitchen
    Product.objects.filter(name="Pan").update(is_active=False)
    Product.objects.get(name="Mug").variants.update(is_active=False)
    update_category(cups, changes={"is_active": False})

    found = facets(client)

    assert found["categories"][0]["count"] == 1  # the mug, in the kitchen itself
    assert shown(found, "colour") == {"Red": 1, "Blue": 1}
    assert found["on_sale"] == {"true": 0, "false": 2}


def test_names_come_in_the_language_of_the_reader(client, kitchen):
    found = facets(client, headers={"Accept-Language": "uz"})

    assert found["categories"][0]["name"] == "Oshxona"
    assert found["attributes"][0]["name"] == "Rang"


def test_numbers_come_by_size_and_with_their_unit(client):
    make_attribute(code="memory", type="number", unit="GB")
    for size in ("128", "16", "8"):
        make(size, attributes={"memory": size})

    [memory] = facets(client)["attributes"]

    assert memory["unit"] == "GB"
    assert [one["value"] for one in memory["values"]] == ["8", "16", "128"]


def test_many_values_are_cut_to_the_most_frequent_and_to_what_is_chosen(client, settings):
    catalog = {**settings.SHOPKIT["CATALOG"], "FACET_VALUES": 2}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": catalog}
    make_attribute(code="size", values=["S", "M", "L", "XL"])
    make_attribute(code="author", type="text")
    for number, size in enumerate(["S", "M", "M", "L", "L", "XL"]):
        make(f"Book {number}", attributes={"size": size, "author": f"Author {number}"})

    [size] = facets(client)["attributes"]  # of texts that differ nothing can be chosen

    assert [one["value"] for one in size["values"]] == ["M", "L"]
    assert size["has_more"] is True
    assert shown(facets(client, "&attr=size:S"), "size") == {"S": 1, "M": 2, "L": 2}


def test_texts_are_offered_when_they_are_few(client):
    make_attribute(code="author", type="text")
    make(attributes={"author": "Ulugbek"})

    assert shown(facets(client), "author") == {"Ulugbek": 1}


def test_what_no_list_can_be_filtered_by_is_not_offered(client):
    make_attribute(code="note", values=["x"], is_filterable=False)
    make(attributes={"note": "x"})

    assert facets(client)["attributes"] == []


def test_only_the_groups_that_were_asked_for(client, kitchen):
    answer = client.get(f"{URL}?facets=price,in_stock")

    assert answer.json()["facets"].keys() == {"price", "in_stock"}


@pytest.mark.parametrize("no", ["0", "false"])
def test_no_is_an_answer(client, kitchen, no):
    assert "facets" not in client.get(f"{URL}?facets={no}").json()


@pytest.mark.parametrize(
    "wrong", ["", "yes", "2", "price,weight", "price,", "PRICE", "1,price", "x" * 300, "%00"]
)
def test_what_cannot_be_counted_is_refused(client, kitchen, wrong):
    answer = client.get(f"{URL}?facets={wrong}")

    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["attr"] == "facets"
    if wrong != "%00":
        assert error["code"] in {"unknown_facet", "max_length"}


@pytest.mark.parametrize(
    ("query", "attr", "code"),
    [
        ("&category=nowhere", "category", "unknown_category"),
        ("&category=kitchen&category=nowhere", "category", "unknown_category"),
        ("&attr=weight:5", "attr", "unknown_attribute"),
        ("&attr=colour", "attr", "invalid"),
        ("&min_price=-1", "min_price", "min_value"),
        ("&in_stock=maybe", "in_stock", "invalid_choice"),
        ("&weight=5", "weight", "unknown_filter"),
    ],
)
def test_a_wrong_filter_is_refused_as_it_is_without_facets(client, kitchen, query, attr, code):
    for asked in ("1", "0"):
        answer = client.get(f"{URL}?facets={asked}{query}")

        assert answer.status_code == 400
        assert [(one["attr"], one["code"]) for one in answer.json()["errors"]] == [(attr, code)]


@pytest.mark.parametrize("word", ["search", "q"])
def test_a_search_narrows_the_counts(client, kitchen, word):
    found = facets(client, f"&{word}=mug")

    assert found["in_stock"] == {"true": 0, "false": 1}
    assert shown(found, "colour") == {"Red": 1}


def test_with_a_cursor_the_counts_are_the_same_and_no_page_changes_them(client, kitchen):
    whole = facets(client)
    first = client.get(f"{URL}?facets=1&cursor=&page_size=1").json()
    second = client.get(first["next"]).json()

    assert "count" not in first
    assert first["facets"] == second["facets"] == whole
    assert facets(client, "&page=2&page_size=1") == whole
    assert facets(client, "&ordering=-price") == whole


@override_settings(SHOPKIT={"API": {"EXACT_COUNT_UP_TO": 1}})
def test_beside_facets_the_count_of_the_list_is_exact(client, kitchen):
    assert client.get(f"{URL}?page_size=1").json()["count_capped"] is True

    answer = client.get(f"{URL}?page_size=1&facets=in_stock").json()

    assert answer["count"] == 3
    assert "count_capped" not in answer


@pytest.mark.parametrize(
    ("query", "most"),
    [("", 4), ("&category=kitchen&in_stock=true", 4), ("&attr=colour:Red", 5),
     ("&attr=colour:Red&search=c&category=kitchen", 6), ("&cursor=", 4)],
)  # fmt: skip
def test_the_number_of_statements_does_not_depend_on_the_catalogue(
    kitchen, statements, query, most
):
    for number in range(30):
        make(f"Cup {number}", of_variant=[{"colour": "Red"}], categories=[kitchen[1].pk])

    with statements(most):
        facets(APIClient(), f"{query}&page_size=5")


def test_staff_are_told_the_same(as_staff, client, kitchen):
    assert facets(as_staff) == facets(client)


class BargainsView(ProductListView):
    """A site's own: products on sale, in the other sense."""

    def counted_among(self):
        return Product.objects.on_sale().filter(on_sale=True)

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset.filter(on_sale=True))


def test_a_view_of_the_site_says_what_it_counts_among(kitchen):
    make("Lamp", price=50)
    Product.objects.filter(name="Lamp").update(on_sale=True)

    answer = BargainsView.as_view()(APIRequestFactory().get(f"{URL}?facets=1&page_size=1"))

    assert answer.data["count"] == 1
    assert answer.data["facets"]["on_sale"] == {"true": 1, "false": 0}
    assert answer.data["facets"]["price"]["max"] == "50.00"
