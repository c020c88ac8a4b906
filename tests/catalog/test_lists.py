"""Lists people expect: related products, recently viewed ones, new arrivals."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from shopkit.catalog.models import Product, RelatedProduct
from shopkit.catalog.testing import make_category, make_product, make_variant

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/"


@pytest.fixture
def staff(client, admin_user):
    api = APIClient()
    api.force_authenticate(admin_user)
    return api


def make(name, *categories, popularity=0, **fields):
    product = make_product(name=name, categories=categories, **fields)
    make_variant(product=product)
    Product.objects.filter(pk=product.pk).update(popularity=popularity, in_stock=True)
    return product


def beside(client, product):
    answer = client.get(f"{URL}{product.pk}/related/")
    assert answer.status_code == 200, answer.data
    return [card["name"] for card in answer.json()]


@pytest.fixture
def shelf():
    """A shop where three products and fewer are shown beside another one."""
    home = make_category(name="Home")
    return home, make_category(name="Cups", parent=home), make_category(name="Lamps", parent=home)


@pytest.fixture(autouse=True)
def three_at_most(settings):
    own = {**settings.SHOPKIT.get("CATALOG", {}), "RELATED": 3}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": own}


def test_the_best_sellers_of_the_same_category_stand_beside_a_product(client, shelf):
    _home, cups, lamps = shelf
    blue = make("Blue", cups, popularity=9)
    for name, popularity in (("Red", 5), ("Green", 7), ("White", 1), ("Black", 6)):
        make(name, cups, popularity=popularity)
    make("Lamp", lamps, popularity=100)

    assert beside(client, blue) == ["Green", "Black", "Red"]


def test_where_a_category_has_too_few_the_one_above_helps_out(client, shelf):
    _home, cups, lamps = shelf
    blue = make("Blue", cups)
    make("Red", cups, popularity=1)
    for number in range(3):
        make(f"Lamp {number}", lamps, popularity=10 + number)

    assert beside(client, blue) == ["Lamp 2", "Lamp 1", "Lamp 0"]


def test_where_no_category_has_enough_there_are_fewer(client, shelf):
    _home, cups, _lamps = shelf
    blue = make("Blue", cups)
    make("Red", cups)

    assert beside(client, blue) == ["Red"]
    assert beside(client, make("Alone")) == []


def test_what_is_sold_out_or_hidden_is_not_found_by_itself(client, shelf):
    _home, cups, _lamps = shelf
    blue = make("Blue", cups)
    gone = make("Gone", cups)
    Product.objects.filter(pk=gone.pk).update(in_stock=False)
    make("Hidden", cups, is_active=False)

    assert beside(client, blue) == []


def test_what_staff_chose_comes_first_in_their_order(client, staff, shelf):
    _home, cups, lamps = shelf
    blue = make("Blue", cups)
    make("Red", cups, popularity=50)
    shade, lamp = make("Shade", lamps), make("Lamp", lamps)
    url = f"{URL}{blue.pk}/related/"

    answer = staff.put(url, {"products": [lamp.pk, shade.pk, lamp.pk]}, format="json")

    assert answer.status_code == 200
    assert [card["name"] for card in answer.json()] == ["Lamp", "Shade", "Red"]
    assert beside(client, blue) == ["Lamp", "Shade", "Red"]
    staff.put(url, {"products": []}, format="json")
    assert not RelatedProduct.objects.exists()


def test_a_chosen_one_that_is_hidden_is_passed_over(client, staff, shelf):
    _home, cups, lamps = shelf
    blue, hidden = make("Blue", cups), make("Hidden", lamps, is_active=False)
    lamp = make("Lamp", lamps)

    staff.put(f"{URL}{blue.pk}/related/", {"products": [hidden.pk, lamp.pk]}, format="json")

    assert beside(client, blue)[0] == "Lamp"


@pytest.mark.parametrize("case", ["itself", "unknown", "too many", "no list", "member"])
def test_a_choice_that_makes_no_sense_is_refused_and_changes_nothing(staff, shelf, case):
    _home, cups, _lamps = shelf
    blue, red = make("Blue", cups), make("Red", cups)
    RelatedProduct.objects.create(product=blue, related=red)
    others = [make(f"Cup {number}", cups).pk for number in range(4)]
    body, code = {
        "itself": ({"products": [blue.pk]}, "related_to_itself"),
        "unknown": ({"products": [10**12]}, "unknown_product"),
        "too many": ({"products": others}, "too_many"),
        "no list": ({"products": "1"}, "not_a_list"),
        "member": ({"products": [], "other": 1}, "unknown_member"),
    }[case]

    answer = staff.put(f"{URL}{blue.pk}/related/", body, format="json")

    assert answer.status_code == 400
    assert code in {one["code"] for one in answer.json()["errors"]}
    assert RelatedProduct.objects.get().related == red


def test_only_staff_chooses(client, shelf):
    blue = make("Blue", shelf[1])
    answer = client.put(f"{URL}{blue.pk}/related/", {"products": []}, format="json")
    assert answer.status_code in {401, 403}
    assert client.get(f"{URL}{blue.pk}/related/?colour=red").status_code == 400
    assert client.get(f"{URL}{10**12}/related/").status_code == 404


def test_the_number_of_statements_does_not_grow(client, shelf, django_assert_num_queries, settings):
    home, cups, _lamps = shelf
    own = {**settings.SHOPKIT["CATALOG"], "RELATED": 50, "CACHE": None}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": own}
    blue = make("Blue", cups)
    for number in range(20):
        make(f"Cup {number}", cups if number % 2 else home)
    RelatedProduct.objects.create(product=blue, related=make("Chosen"))

    with django_assert_num_queries(5):
        APIClient().get(f"{URL}{blue.pk}/related/")


def test_what_a_visitor_remembers_comes_in_his_order(client):
    red, green, blue = (make(name) for name in ("Red", "Green", "Blue"))
    make("Other")
    Product.objects.filter(pk=green.pk).update(is_active=False)

    answer = client.get(URL, {"ids": f"{blue.pk},{green.pk},{red.pk},{10**15}"})

    assert [card["name"] for card in answer.json()["results"]] == ["Blue", "Red"]
    ordered = client.get(URL, {"ids": f"{red.pk},{blue.pk}", "ordering": "name"}).json()
    assert [card["name"] for card in ordered["results"]] == ["Blue", "Red"]
    walked = client.get(URL, {"ids": f"{red.pk},{blue.pk}", "cursor": "", "page_size": 1}).json()
    assert [card["name"] for card in walked["results"]] == ["Blue"]
    rest = client.get(walked["next"]).json()
    assert [card["name"] for card in rest["results"]] == ["Red"]


def test_relevance_that_is_asked_for_comes_before_the_order_of_a_visitor(client):
    keys = [make(name).pk for name in ("Old lamp", "Lamp", "Cup")]
    asked = {"ids": ",".join(map(str, keys)), "search": "lamp"}

    usual = client.get(URL, asked).json()["results"]
    ordered = client.get(URL, {**asked, "ordering": "relevance"}).json()["results"]

    assert [card["name"] for card in usual] == ["Old lamp", "Lamp"]
    assert [card["name"] for card in ordered] == ["Lamp", "Old lamp"]


@pytest.mark.parametrize("ids", ["a", "1,,2", "1;2", "-1", ",".join(map(str, range(1, 102)))])
def test_ids_that_are_none_are_refused(client, ids):
    answer = client.get(URL, {"ids": ids})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "ids"


def test_a_remembered_list_is_one_statement(django_assert_num_queries, settings):
    own = {**settings.SHOPKIT["CATALOG"], "CACHE": None}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": own}
    keys = [make(f"Cup {number}").pk for number in range(5)]
    with django_assert_num_queries(1):
        APIClient().get(URL, {"ids": ",".join(map(str, keys))})


def test_new_arrivals_are_those_since_a_day(client):
    old, new = make("Old"), make("New")
    Product.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))
    since = (timezone.now() - timedelta(days=30)).isoformat()

    answer = client.get(URL, {"created_after": since, "ordering": "-created_at"})

    assert [card["id"] for card in answer.json()["results"]] == [new.pk]
    assert client.get(URL, {"created_after": "yesterday"}).status_code == 400
