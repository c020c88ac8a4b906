"""Attributes and values over HTTP."""

from decimal import Decimal

import pytest

from shopkit.catalog.models import Attribute, AttributeValue
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.testing import make_attribute, value_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/attributes/"


@pytest.fixture
def colour(db):
    return make_attribute(
        code="colour", name="Colour", type="colour", values=["Red", "Blue"], is_variant=True
    )


def use(value, *, code="colour"):
    variant = VariantData(price=Decimal(1), attributes={code: value})
    return create_product(ProductData(name="Cup", variants=[variant]))


def test_an_attribute_is_made_and_shown(as_staff, client):
    body = {
        "code": "memory",
        "name": "Memory",
        "type": "number",
        "unit": "GB",
        "is_variant": True,
        "is_filterable": False,
        "translations": {"ru": {"name": "Память"}},
    }

    made = as_staff.post(URL, body, format="json")

    assert made.status_code == 201
    shown = {
        "code": "memory",
        "name": "Memory",
        "type": "number",
        "unit": "GB",
        "is_variant": True,
        "is_filterable": False,
        "position": 0,
        "values": [],
    }
    assert made.json() == shown
    assert client.get(URL).json() == [shown]
    russian = client.get(f"{URL}memory/", headers={"Accept-Language": "ru"})
    assert russian.json()["name"] == "Память"


def test_the_list_is_two_statements_however_many_attributes(client, colour, statements):
    for number in range(4):
        make_attribute(code=f"a{number}", values=["x", "y"])

    with statements(2):
        assert len(client.get(URL).data) == 5


def test_a_value_is_added_changed_and_deleted(as_staff, client, colour):
    url = f"{URL}colour/values/"

    made = as_staff.post(url, {"value": " Green ", "colour": "#00ff00"}, format="json")

    assert made.status_code == 201
    key = made.data["id"]
    assert made.json() == {
        "id": key,
        "value": "Green",
        "label": "Green",
        "colour": "#00ff00",
        "position": 0,
    }
    changed = as_staff.patch(f"{url}{key}/", {"value": "Lime"}, format="json")
    assert (changed.status_code, changed.data["value"]) == (200, "Lime")
    assert [one["value"] for one in client.get(url).json()] == ["Red", "Blue", "Lime"]
    assert as_staff.delete(f"{url}{key}/").status_code == 204
    assert client.get(f"{url}{key}/").status_code == 404


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({"name": "X"}, "code", "required"),
        ({"code": "colour", "name": "X"}, "code", "unique"),
        ({"code": "a b", "name": "X"}, "code", "invalid"),
        ({"code": "x", "name": ""}, "name", "blank"),
        ({"code": "x", "name": "X", "type": "date"}, "type", "invalid_choice"),
        ({"code": "x", "name": "X", "position": 2**31}, "position", "max_value"),
        ({"code": "x", "name": "X", "unit": "u" * 21}, "unit", "max_length"),
    ],
)
def test_a_wrong_attribute_is_refused(as_staff, colour, body, attr, code):
    answer = as_staff.post(URL, body, format="json")

    assert answer.status_code == 400
    assert [(row["attr"], row["code"]) for row in answer.json()["errors"]] == [(attr, code)]
    assert Attribute.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "body", "attr"),
    [
        ("choice", {}, "value"),
        ("choice", {"value": "x" * 201}, "value"),
        ("choice", {"value": "Red", "colour": "#ff0000"}, "colour"),
        ("colour", {"value": "Red", "colour": "red"}, "colour"),
        ("number", {"value": "many"}, "value"),
        ("number", {"value": "0.00001"}, "value"),
        ("boolean", {"value": "perhaps"}, "value"),
        ("number", {"value": "7.0"}, "value"),
    ],
)
def test_a_wrong_value_is_refused(as_staff, kind, body, attr):
    make_attribute(code="some", type=kind, values=["7"] if kind == "number" else [])

    answer = as_staff.post(f"{URL}some/values/", body, format="json")

    assert answer.status_code == 400
    assert [row["attr"] for row in answer.json()["errors"]] == [attr]
    assert AttributeValue.objects.count() == (kind == "number")


def test_what_is_in_use_cannot_be_deleted(as_staff, colour):
    use("Red")
    red, blue = value_of(colour, "Red"), value_of(colour, "Blue")

    for url, code in (
        (f"{URL}colour/", "attribute_in_use"),
        (f"{URL}colour/values/{red.pk}/", "attribute_value_in_use"),
    ):
        answer = as_staff.delete(url)
        assert answer.status_code == 409
        assert (answer.json()["code"], answer.json()["variants"]) == (code, 1)
    assert as_staff.delete(f"{URL}colour/values/{blue.pk}/").status_code == 204
    assert [one.value for one in colour.values.all()] == ["Red"]


def test_the_type_of_a_used_attribute_is_fixed(as_staff, colour):
    use("Red")

    answer = as_staff.patch(f"{URL}colour/", {"type": "text"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "attribute_in_use")
    renamed = as_staff.patch(f"{URL}colour/", {"name": "Shade"}, format="json")
    assert (renamed.data["name"], renamed.data["type"]) == ("Shade", "colour")


def test_a_value_belongs_to_its_attribute(client, as_staff, colour):
    other = make_attribute(code="size", values=["S"])

    key = value_of(other, "S").pk
    assert client.get(f"{URL}colour/values/{key}/").status_code == 404
    assert as_staff.delete(f"{URL}colour/values/{key}/").status_code == 404
    assert client.get(f"{URL}nope/values/").status_code == 404
    assert client.get(f"{URL}colour/values/{'9' * 40}/").status_code == 404


def test_renaming_a_value_changes_what_lists_find(as_staff, client, colour):
    use("Red")
    key = value_of(colour, "Red").pk

    as_staff.patch(f"{URL}colour/values/{key}/", {"value": "Crimson"}, format="json")

    assert client.get("/api/v1/products/?search=crimson").json()["count"] == 1
    assert client.get("/api/v1/products/?attr=colour:Crimson").json()["count"] == 1
    assert client.get("/api/v1/products/?search=red").json()["count"] == 0


def test_an_attribute_that_is_not_filterable_is_no_filter(client, colour):
    Attribute.objects.update(is_filterable=False)

    assert client.get("/api/v1/products/?attr=colour:Red").status_code == 400


def test_customers_may_not_write(as_user, client, colour):
    for caller, status in ((client, 401), (as_user, 403)):
        assert caller.post(URL, {}, format="json").status_code == status
        assert caller.patch(f"{URL}colour/", {}, format="json").status_code == status
        assert caller.delete(f"{URL}colour/").status_code == status
        assert caller.post(f"{URL}colour/values/", {}, format="json").status_code == status
