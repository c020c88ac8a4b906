"""Attributes and values over HTTP."""

from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, transaction

from shopkit.catalog.models import Attribute, AttributeValue, Variant
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


def test_colours_are_kept_in_one_form_and_may_be_missing(as_staff, colour):
    url = f"{URL}colour/values/"

    made = as_staff.post(url, {"value": "Lime", "colour": "#00FF0a", "position": 3}, format="json")
    plain = as_staff.patch(f"{url}{made.data['id']}/", {"colour": ""}, format="json")

    assert (made.status_code, made.data["colour"], made.data["position"]) == (201, "#00ff0a", 3)
    assert (plain.status_code, plain.data["colour"]) == (200, "")


@pytest.mark.parametrize("text", ["#12345", "#1234567", "#gggggg", "red", "#00FF0A"])
def test_the_database_refuses_what_is_no_colour(colour, text):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        AttributeValue.objects.update(colour=text)


def test_numbers_are_listed_by_size_and_translations_are_read(as_staff, client, db):
    make_attribute(code="memory", type="number", values=["128", "16.5", "-2"])
    body = {"value": "1000", "translations": {"uz": {"value": "ming"}}}
    as_staff.post(f"{URL}memory/values/", body, format="json")

    rows = client.get(f"{URL}memory/values/", headers={"Accept-Language": "uz"}).json()

    assert [one["value"] for one in rows] == ["-2", "16.5", "128", "1000"]
    assert rows[-1]["label"] == "ming"


def test_what_tells_variants_apart_goes_on_doing_so(as_staff, colour):
    product = use("Red")
    body = {"is_variant": False}

    answer = as_staff.patch(f"{URL}colour/", body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "attribute_in_use")
    assert answer.json()["variants"] == 1
    Variant.objects.filter(product=product).update(is_active=False)
    assert as_staff.patch(f"{URL}colour/", body, format="json").data["is_variant"] is False


def test_names_made_from_values_follow_the_unit(as_staff, db):
    make_attribute(code="memory", type="number", unit="MB", is_variant=True)
    made = use("16", code="memory").sole_variant
    named = use("16", code="memory").sole_variant
    Variant.objects.filter(pk=named.pk).update(name="The big one")

    assert as_staff.patch(f"{URL}memory/", {"unit": "GB"}, format="json").status_code == 200

    made.refresh_from_db()
    named.refresh_from_db()
    assert (made.name, named.name) == ("16 GB", "The big one")


def test_a_page_shows_what_there_is_to_choose_from(client, as_staff, colour):
    make_attribute(code="memory", type="number", unit="GB", is_variant=True, position=1)
    AttributeValue.objects.filter(value="Red").update(
        colour="#ff0000", position=5, translations={"uz": {"value": "Qizil"}}
    )
    pairs = [("Red", "128"), ("Blue", "16"), ("Red", "16")]
    variants = [
        VariantData(price=Decimal(1), attributes={"colour": one, "memory": other})
        for one, other in pairs
    ]
    product = create_product(ProductData(name="Cup", variants=variants))

    page = client.get(f"/api/v1/products/{product.pk}/", headers={"Accept-Language": "uz"})

    assert page.json()["options"] == [
        {
            "code": "colour",
            "name": "Colour",
            "type": "colour",
            "unit": "",
            "values": [
                {"value": "Blue", "label": "Blue", "colour": ""},
                {"value": "Red", "label": "Qizil", "colour": "#ff0000"},
            ],
        },
        {
            "code": "memory",
            "name": "Memory",
            "type": "number",
            "unit": "GB",
            "values": [
                {"value": "16", "label": "16", "colour": ""},
                {"value": "128", "label": "128", "colour": ""},
            ],
        },
    ]
