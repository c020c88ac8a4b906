"""POST, PUT, PATCH, DELETE of products and variants, and the product's own page."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError

from shopkit.catalog.models import AttributeValue, Listing, Product, Variant
from shopkit.catalog.services.products import update_product
from shopkit.catalog.testing import make_attribute, make_category, make_product
from shopkit.inventory.models import StockItem

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/"
SHIRT = {
    "name": "Shirt",
    "description": "Cotton.",
    "variants": [
        {"sku": "S", "price": "100.00", "stock": 3, "attributes": {"size": "S"}, "barcode": "478"},
        {"sku": "M", "price": "120", "sale_price": "90", "stock": 0, "attributes": {"size": "M"}},
    ],
}


@pytest.fixture
def sizes(db):
    return make_attribute(code="size", name="Size", values=["S", "M", "L"], is_variant=True)


@pytest.fixture
def shirt(as_staff, sizes):
    return Product.objects.get(pk=as_staff.post(URL, SHIRT, format="json").data["id"])


@pytest.fixture
def cup(as_staff):
    body = {"name": "Cup", "price": "50.00", "stock": 2, "sku": "CUP"}
    return Product.objects.get(pk=as_staff.post(URL, body, format="json").data["id"])


def refused(answer, attr, code=None, status=400):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    rows = {row["attr"]: row["code"] for row in answer.json()["errors"]}
    assert attr in rows, rows
    assert code is None or rows[attr] == code


def nothing_made():
    return not (Product.objects.exists() or Variant.objects.exists() or StockItem.objects.exists())


def test_a_product_is_made_with_its_variants_and_their_stock(as_staff, client, sizes):
    top = make_category(name="Clothes")
    shirts = make_category(name="Shirts", parent=top)
    make_attribute(code="material", name="Material", type="text")
    body = {
        **SHIRT,
        "categories": [shirts.pk, top.pk],
        "attributes": {"material": "Cotton"},
        "metadata": {"season": "summer", "_cost": 40, "n": None, "b": True},
    }

    made = as_staff.post(URL, body, format="json")

    assert made.status_code == 201
    detail = client.get(f"{URL}shirt/").json()
    small, medium = Variant.objects.order_by("pk")
    assert detail == {
        "id": made.data["id"],
        "slug": "shirt",
        "name": "Shirt",
        "category": {"id": shirts.pk, "slug": "shirts", "name": "Shirts"},
        "price": "120.00",
        "sale_price": "90.00",
        "price_min": "90.00",
        "price_max": "100.00",
        "currency": "UZS",
        "in_stock": True,
        "rating": {"average": 0, "count": 0},
        "likes_count": 0,
        "image": None,
        "variant_id": None,
        "description": "Cotton.",
        "categories": [
            {"id": shirts.pk, "slug": "shirts", "name": "Shirts"},
            {"id": top.pk, "slug": "clothes", "name": "Clothes"},
        ],
        "type": None,
        "attributes": [
            {
                "code": "material",
                "name": "Material",
                "type": "text",
                "value": "Cotton",
                "unit": "",
                "colour": "",
            }
        ],
        "options": [
            {
                "code": "size",
                "name": "Size",
                "type": "choice",
                "unit": "",
                "values": [
                    {"value": "S", "label": "S", "colour": ""},
                    {"value": "M", "label": "M", "colour": ""},
                ],
            }
        ],
        "variants": [
            {
                "id": small.pk,
                "sku": "S",
                "name": "S",
                "price": "100.00",
                "sale_price": None,
                "currency": "UZS",
                "in_stock": True,
                "available": 3,
                "attributes": {"size": "S"},
                "barcode": "478",
                "images": [],
            },
            {
                "id": medium.pk,
                "sku": "M",
                "name": "M",
                "price": "120.00",
                "sale_price": "90.00",
                "currency": "UZS",
                "in_stock": False,
                "available": 0,
                "attributes": {"size": "M"},
                "barcode": "",
                "images": [],
            },
        ],
        "images": [],
        "metadata": {"season": "summer", "n": None, "b": True},
        "created_at": detail["created_at"],
    }
    assert detail["created_at"].endswith("Z")


def test_the_short_form_makes_one_variant_with_a_sku_of_its_own(as_staff):
    body = {"name": "Cup", "price": "50", "sale_price": "40.5", "stock": 7}

    one = as_staff.post(URL, body, format="json")
    two = as_staff.post(URL, body, format="json")

    assert (one.status_code, two.status_code) == (201, 201)
    assert one.data["variant_id"] == one.data["variants"][0]["id"]
    assert one.data["variants"][0]["available"] == 7
    assert one.data["variants"][0]["sku"] != two.data["variants"][0]["sku"]
    assert one.data["slug"] != two.data["slug"]


def test_strangers_and_customers_may_not_write(client, as_user, cup):
    for caller, status in ((client, 401), (as_user, 403)):
        for method, url in (
            (caller.post, URL),
            (caller.put, f"{URL}{cup.pk}/"),
            (caller.patch, f"{URL}{cup.pk}/"),
            (caller.delete, f"{URL}{cup.pk}/"),
            (caller.post, f"{URL}{cup.pk}/variants/"),
            (caller.patch, f"/api/v1/variants/{cup.sole_variant_id}/"),
            (caller.delete, f"/api/v1/variants/{cup.sole_variant_id}/"),
        ):
            assert method(url, {"name": "X", "price": "1"}, format="json").status_code == status
    cup.refresh_from_db()
    assert (cup.name, cup.is_active) == ("Cup", True)


def test_staff_need_djangos_permission_of_the_model(as_user, user, cup):
    user.is_staff = True
    user.save()
    assert as_user.patch(f"{URL}{cup.pk}/", {"name": "Mug"}, format="json").status_code == 403

    user.user_permissions.add(Permission.objects.get(codename="change_product"))
    as_user.force_authenticate(type(user).objects.get(pk=user.pk))

    assert as_user.patch(f"{URL}{cup.pk}/", {"name": "Mug"}, format="json").status_code == 200
    assert as_user.delete(f"{URL}{cup.pk}/").status_code == 403


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({"name": "X"}, "price", "required"),
        ({"price": "1"}, "name", "required"),
        ({"name": " ", "price": "1"}, "name", "blank"),
        ({"name": "X", "price": "-1"}, "price", "min_value"),
        ({"name": "X", "price": "abc"}, "price", "invalid"),
        ({"name": "X", "price": "0.001"}, "price", "too_fine"),
        ({"name": "X", "price": "9" * 30}, "price", None),
        ({"name": "X", "price": "NaN"}, "price", None),
        ({"name": "X", "price": "10", "sale_price": "10"}, "sale_price", "sale_price_not_lower"),
        ({"name": "X", "price": "10", "sale_price": "11"}, "sale_price", "sale_price_not_lower"),
        ({"name": "X", "price": "10", "stock": -1}, "stock", None),
        ({"name": "X", "price": "10", "stock": 2**31}, "stock", None),
        ({"name": "X", "price": "10", "stock": 10**400}, "stock", None),
        ({"name": "X", "price": "10", "categories": [999]}, "categories", "does_not_exist"),
        ({"name": "X", "price": "10", "categories": [2**63]}, "categories.0", None),
        ({"name": "X", "price": "10", "categories": ["x"]}, "categories.0", None),
        ({"name": "X", "price": "10", "categories": 5}, "categories", None),
        ({"name": "X", "price": "10", "slug": "123"}, "slug", "all_digits"),
        ({"name": "X", "price": "10", "slug": "a b"}, "slug", None),
        ({"name": "X", "price": "10", "sku": "TAKEN"}, "sku", "unique"),
        ({"name": "X", "price": "10", "slug": "taken"}, "slug", "unique"),
        ({"name": "X", "price": "10", "attributes": {"no": "x"}}, "attributes.no", None),
        ({"name": "X", "price": "10", "attributes": {"size": "XXL"}}, "attributes.size", None),
        ({"name": "X", "price": "10", "attributes": {"size": {}}}, "attributes.size", None),
        ({"name": "X", "price": "10", "attributes": {"gb": "many"}}, "attributes.gb", None),
        ({"name": "X", "price": "10", "attributes": {"gb": "1e30"}}, "attributes.gb", None),
        ({"name": "X", "price": "10", "attributes": {"gb": "1e9999999"}}, "attributes.gb", None),
        ({"name": "X", "price": "1e9999999"}, "price", None),
        ({"name": "X", "price": "10", "attributes": {"gb": "Infinity"}}, "attributes.gb", None),
        ({"name": "X", "price": "10", "attributes": {"new": "perhaps"}}, "attributes.new", None),
        ({"name": "X", "price": "10", "attributes": []}, "attributes", None),
        ({"name": "X", "price": "10", "metadata": {"a": {}}}, "metadata", "invalid_metadata"),
        ({"name": "X", "price": "10", "metadata": {"a": 2**60}}, "metadata", "invalid_metadata"),
        ({"name": "X", "price": "10", "metadata": {"": 1}}, "metadata", "invalid_metadata"),
        (
            {"name": "X", "price": "10", "metadata": {str(n): n for n in range(51)}},
            "metadata",
            "invalid_metadata",
        ),
        (
            {"name": "X", "price": "10", "translations": {"uz": {"price": "1"}}},
            "translations",
            "invalid_translations",
        ),
        ({"name": "X" * 201, "price": "10"}, "name", "max_length"),
        ({"name": "X", "price": "10", "description": "x" * 20_001}, "description", "max_length"),
        ({"name": "X", "variants": []}, "variants", None),
        ({"name": "X", "variants": "x"}, "variants", None),
        ({"name": "X", "price": "1", "variants": [{"price": "1"}]}, "variants", "either"),
        ({"name": "X", "variants": [{"price": "1", "is_active": False}]}, "variants", "required"),
        ({"name": "X", "variants": [{"price": "1"}, {}]}, "variants.1.price", "required"),
        (
            {"name": "X", "variants": [{"price": "1"}, {"price": "2"}]},
            "variants.1.attributes",
            "duplicate_combination",
        ),
        (
            {
                "name": "X",
                "variants": [
                    {"price": "1", "sku": "A", "attributes": {"gb": 16}},
                    {"price": "2", "sku": "A", "attributes": {"gb": 32}},
                ],
            },
            "variants.1.sku",
            "unique",
        ),
        (
            {
                "name": "X",
                "variants": [
                    {"price": "1", "attributes": {"gb": 16}},
                    {"price": "2", "attributes": {"gb": "16.0"}},
                ],
            },
            "variants.1.attributes",
            "duplicate_combination",
        ),
        (
            {"name": "X", "variants": [{"price": "1", "attributes": {"size": "XXL"}}]},
            "variants.0.attributes.size",
            "unknown_value",
        ),
        ({"name": "X", "variants": [{"price": "1", "ikpu": "12"}]}, "variants.0.ikpu", None),
        (
            {"name": "X", "variants": [{"price": "1", "vat_percent": 101}]},
            "variants.0.vat_percent",
            None,
        ),
    ],
)
def test_a_wrong_product_is_refused_by_field_and_nothing_is_made(as_staff, body, attr, code, sizes):
    make_attribute(code="gb", type="number", unit="GB")
    make_attribute(code="new", type="boolean")
    taken = {"name": "Taken", "slug": "taken", "sku": "TAKEN", "price": "1"}
    as_staff.post(URL, taken, format="json")

    answer = as_staff.post(URL, body, format="json")

    refused(answer, attr, code)
    assert Product.objects.count() == Variant.objects.count() == StockItem.objects.count() == 1


@pytest.mark.parametrize(
    "raw", [b'{"name": ', b'{"name": "a\\u0000b", "price": "1"}', b'"x"', b"[]", b"null", b"\xff"]
)
def test_a_broken_body_is_400(as_staff, raw):
    answer = as_staff.post(URL, raw, content_type="application/json")

    assert answer.status_code == 400
    assert nothing_made()


def test_values_of_open_types_are_made_on_the_fly_in_canonical_form(as_staff):
    make_attribute(code="gb", type="number", unit="GB")
    make_attribute(code="new", type="boolean")
    make_attribute(code="note", type="text")
    values = {"gb": 16.50, "new": True, "note": "  hand made "}

    answer = as_staff.post(
        URL, {"name": "X", "price": "1", "attributes": values}, format="json"
    ).json()

    shown = {one["code"]: one["value"] for one in answer["attributes"]}
    assert shown == {"gb": "16.5", "new": "true", "note": "hand made"}
    assert AttributeValue.objects.get(value="16.5").number == 165_000


def test_put_and_patch_change_a_product_by_id_or_slug(as_staff, cup):
    category = make_category(name="Kitchen")

    patched = as_staff.patch(f"{URL}cup/", {"categories": [category.pk]}, format="json")
    assert patched.status_code == 200
    assert patched.data["category"]["id"] == category.pk
    assert Listing.objects.get().price == Decimal(50)

    body = {"name": "Mug", "price": "70", "sale_price": "60", "sku": "MUG"}
    put = as_staff.put(f"{URL}{cup.pk}/", body, format="json")
    assert put.status_code == 200
    assert (put.data["name"], put.data["slug"], put.data["categories"]) == ("Mug", "cup", [])
    assert (put.data["price"], put.data["sale_price"]) == ("70.00", "60.00")
    assert put.data["variants"][0]["sku"] == "MUG"
    assert not Listing.objects.exists()


def test_private_metadata_survives_a_writer_that_cannot_see_it(as_staff, cup):
    Product.objects.update(metadata={"_cost": 5, "old": 1})

    answer = as_staff.patch(f"{URL}{cup.pk}/", {"metadata": {"new": 2}}, format="json")

    assert answer.data["metadata"] == {"new": 2}
    cup.refresh_from_db()
    assert cup.metadata == {"_cost": 5, "new": 2}


@pytest.mark.parametrize("method", ["put", "patch"])
@pytest.mark.parametrize(
    ("body", "code"),
    [({"stock": 5}, "use_stock_endpoint"), ({"variants": []}, "use_variant_endpoints")],
)
def test_what_has_its_own_endpoint_is_refused_not_ignored(as_staff, cup, method, body, code):
    call = getattr(as_staff, method)
    refused(call(f"{URL}{cup.pk}/", {"name": "Mug", **body}, format="json"), next(iter(body)), code)
    cup.refresh_from_db()
    assert cup.name == "Cup"


def test_a_price_of_several_variants_is_changed_at_the_variant(as_staff, shirt):
    answer = as_staff.patch(f"{URL}{shirt.pk}/", {"price": "5", "name": "Y"}, format="json")

    refused(answer, "price", "several_variants")
    shirt.refresh_from_db()
    assert (shirt.name, shirt.price_max) == ("Shirt", Decimal(100))


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"name": ""}, "name"),
        ({"slug": "shirt-2"}, "slug"),
        ({"sale_price": "50"}, "sale_price"),
        ({"sale_price": "51"}, "sale_price"),
        ({"sku": "S"}, "sku"),
        ({"is_active": "perhaps"}, "is_active"),
        ({"categories": [0]}, "categories.0"),
    ],
)
def test_a_wrong_change_changes_nothing(as_staff, cup, shirt, body, attr):
    Product.objects.filter(pk=shirt.pk).update(slug="shirt-2")

    refused(as_staff.patch(f"{URL}{cup.pk}/", {"name": "Mug", **body}, format="json"), attr)

    cup.refresh_from_db()
    assert (cup.name, cup.slug, cup.price, cup.sale_price) == ("Cup", "cup", Decimal(50), None)


def test_inactive_products_are_there_for_staff_only(as_staff, client, as_user, cup):
    as_staff.patch(f"{URL}{cup.pk}/", {"is_active": False}, format="json")

    assert client.get(f"{URL}cup/").status_code == 404
    assert as_user.get(f"{URL}{cup.pk}/").status_code == 404
    assert as_staff.get(f"{URL}cup/").status_code == 200


def test_a_deleted_product_is_gone_for_everybody_and_keeps_its_slug(as_staff, cup):
    assert as_staff.delete(f"{URL}{cup.pk}/").status_code == 204

    for call in (as_staff.get, as_staff.delete, as_staff.patch):
        assert call(f"{URL}cup/").status_code == 404
    assert as_staff.patch(f"/api/v1/variants/{cup.sole_variant_id}/", {}).status_code == 404
    again = as_staff.post(URL, {"name": "Cup", "price": "1"}, format="json")
    assert again.data["slug"].startswith("cup-")
    cup.refresh_from_db()
    assert (cup.slug, cup.is_active, cup.deleted_at is None) == ("cup", False, False)


@pytest.mark.parametrize("ref", ["nope", "999999", "9" * 30, "9" * 5000, "a%00b", "0", "-1"])
def test_an_unknown_product_is_404(client, as_staff, ref):
    assert client.get(f"{URL}{ref}/").status_code == 404
    assert as_staff.patch(f"{URL}{ref}/", {"name": "X"}, format="json").status_code == 404
    assert as_staff.delete(f"/api/v1/variants/{ref}/").status_code == 404


def test_a_variant_is_added_with_its_stock(as_staff, shirt):
    body = {"price": "150", "stock": 4, "attributes": {"size": "L"}}

    answer = as_staff.post(f"{URL}{shirt.pk}/variants/", body, format="json")

    assert answer.status_code == 201
    assert answer.data["name"] == "L"
    assert answer.data["available"] == 4
    shirt.refresh_from_db()
    assert shirt.price_max == Decimal(150)


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({"price": "1", "attributes": {"size": "M"}}, "attributes", "duplicate_combination"),
        ({"price": "1", "attributes": {"size": "L"}, "sku": "S"}, "sku", "unique"),
        ({"price": "1", "sale_price": "2", "attributes": {"size": "L"}}, "sale_price", None),
        ({"attributes": {"size": "L"}}, "price", "required"),
        ({"price": "1", "attributes": {"no": "L"}}, "attributes.no", "unknown_attribute"),
    ],
)
def test_a_wrong_variant_is_not_added(as_staff, shirt, body, attr, code):
    refused(as_staff.post(f"{URL}{shirt.pk}/variants/", body, format="json"), attr, code)
    assert shirt.variants.count() == 2


def test_a_variant_is_changed_and_its_name_follows_its_values(as_staff, shirt):
    small = shirt.variants.get(sku="S")
    url = f"/api/v1/variants/{small.pk}/"

    answer = as_staff.patch(
        url, {"price": "10", "attributes": {"size": "L"}, "position": 5}, format="json"
    )

    assert answer.status_code == 200
    assert (answer.data["price"], answer.data["name"]) == ("10.00", "L")
    assert answer.data["attributes"] == {"size": "L"}
    shirt.refresh_from_db()
    assert shirt.price_min == Decimal(10)
    refused(as_staff.patch(url, {"attributes": {"size": "M"}}, format="json"), "attributes")
    refused(as_staff.patch(url, {"stock": 3}, format="json"), "stock", "use_stock_endpoint")


def test_the_last_variant_cannot_be_switched_off(as_staff, shirt):
    small, medium = shirt.variants.order_by("pk")

    assert as_staff.delete(f"/api/v1/variants/{small.pk}/").status_code == 204
    for call in (
        as_staff.delete(f"/api/v1/variants/{medium.pk}/"),
        as_staff.patch(f"/api/v1/variants/{medium.pk}/", {"is_active": False}, format="json"),
    ):
        assert (call.status_code, call.json()["code"]) == (409, "last_variant")
    assert [one.is_active for one in shirt.variants.order_by("pk")] == [False, True]
    shirt.refresh_from_db()
    assert shirt.sole_variant == medium


def test_a_variant_that_is_off_frees_its_combination_until_it_returns(as_staff, shirt):
    small = shirt.variants.get(sku="S")
    as_staff.delete(f"/api/v1/variants/{small.pk}/")
    body = {"price": "1", "attributes": {"size": "S"}}
    assert as_staff.post(f"{URL}{shirt.pk}/variants/", body, format="json").status_code == 201

    back = as_staff.patch(f"/api/v1/variants/{small.pk}/", {"is_active": True}, format="json")

    refused(back, "attributes", "duplicate_combination")


def test_a_detail_is_six_statements_however_many_variants(client, as_staff, statements, sizes):
    body = {**SHIRT, "categories": [make_category().pk]}
    as_staff.post(URL, body, format="json")

    with statements(6):
        assert len(client.get(f"{URL}shirt/").data["variants"]) == 2


def test_an_unchanged_detail_is_304(client, as_staff, cup):
    tag = client.get(f"{URL}cup/")["ETag"]

    assert client.get(f"{URL}cup/", headers={"If-None-Match": tag}).status_code == 304
    as_staff.patch(f"{URL}cup/", {"name": "Mug"}, format="json")
    assert client.get(f"{URL}cup/", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("half", ["\ud800", "a\udfffb", "\x00"])
@pytest.mark.parametrize("member", ["name", "description"])
def test_half_a_character_in_a_translation_is_refused_by_the_service_too(half, member):
    """The admin reads JSON of its own; what it lets in would end every list that shows it."""
    product = make_product(name="Cup")

    with pytest.raises(ValidationError) as refusal:
        update_product(product, changes={"translations": {"uz": {member: half}}})

    assert [one.code for one in refusal.value.error_dict["translations"]] == [
        "invalid_translations"
    ]
    product.refresh_from_db()
    assert product.translations == {}
