"""Types of products: which attributes belong, and that products keep to it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from shopkit.catalog.errors import TypeAttributeInUse, TypeAttributeMissing, TypeInUse
from shopkit.catalog.models import Product, ProductType, ProductTypeAttribute
from shopkit.catalog.services.attributes import delete_attribute
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    add_variant,
    create_product,
    delete_product,
    delete_variant,
    update_product,
    update_variant,
)
from shopkit.catalog.services.types import (
    Member,
    create_product_type,
    delete_product_type,
    update_product_type,
)
from shopkit.catalog.testing import make_attribute

pytestmark = pytest.mark.django_db
URL = "/api/v1/product-types/"


@pytest.fixture
def attributes(db):
    return [
        make_attribute(code="brand", values=["Zerafon", "Nukora"]),
        make_attribute(code="screen", type="number", unit="inches"),
        make_attribute(code="memory", type="number", unit="GB", is_variant=True),
        make_attribute(code="fabric", values=["Wool", "Silk"]),
    ]


@pytest.fixture
def phone(attributes):
    """A brand and a memory must be given, a screen may be."""
    return create_product_type(
        code="phone",
        name="Phone",
        attributes=[
            Member("brand", is_required=True),
            Member("screen"),
            Member("memory", is_required=True),
        ],
    )


def make(*memories, type="phone", is_active=True, **attributes):
    variants = [
        VariantData(price=Decimal(100), attributes={"memory": one} if one else {})
        for one in memories or ["16"]
    ]
    return create_product(
        ProductData(
            name="One",
            type=type,
            attributes={"brand": "Zerafon", **attributes},
            variants=variants,
            is_active=is_active,
        )
    )


def wrong(refused):
    """Return {name: code} of what was refused."""
    return {name: one[0].code for name, one in refused.value.error_dict.items()}


def codes(kind):
    rows = ProductTypeAttribute.objects.filter(type=kind).order_by("position")
    return [(one.attribute.code, one.is_required) for one in rows]


class TestProductsKeepToTheirType:
    def test_one_that_fits_is_made(self, phone):
        product = make("16", "32", screen="6.1")

        assert product.type == phone

    @pytest.mark.parametrize(
        ("given", "refused"),
        [
            ({"fabric": "Wool"}, {"attributes.fabric": "not_of_type"}),
            ({"brand": ""}, {"attributes.brand": "invalid_value"}),
        ],
    )
    def test_a_value_that_does_not_belong_is_refused(self, phone, given, refused):
        with pytest.raises(ValidationError) as error:
            make(**given)

        assert wrong(error) == refused
        assert not Product.objects.exists()

    def test_a_variant_of_a_new_product_is_named(self, phone):
        variants = [
            VariantData(price=Decimal(1), attributes={"memory": "16"}),
            VariantData(price=Decimal(1), attributes={"fabric": "Wool"}),
        ]
        data = ProductData(
            name="One", type="phone", attributes={"brand": "Nukora"}, variants=variants
        )

        with pytest.raises(ValidationError) as error:
            create_product(data)

        assert wrong(error) == {
            "variants.1.attributes.fabric": "not_of_type",
            "variants.1.attributes.memory": "required",
        }

    def test_what_is_required_may_be_missing_until_the_product_is_active(self, phone):
        draft = make("", is_active=False)
        update_product(draft, changes={"attributes": {}})

        with pytest.raises(ValidationError) as error:
            update_product(draft, changes={"is_active": True})

        assert wrong(error) == {
            "attributes.brand": "required",
            "attributes.memory": "required",
        }
        draft.refresh_from_db()
        assert draft.is_active is False

    def test_the_product_may_give_what_its_variants_need(self, phone):
        product = make("", memory="16")

        assert product.is_active

    def test_a_new_variant_needs_it_too(self, phone):
        product = make("16")

        with pytest.raises(ValidationError) as error:
            add_variant(product, VariantData(price=Decimal(1)))

        assert wrong(error) == {"attributes.memory": "required"}
        assert product.variants.count() == 1

    def test_a_changed_variant_keeps_to_it(self, phone):
        variant = make("16").sole_variant

        with pytest.raises(ValidationError) as error:
            update_variant(variant, changes={"attributes": {"fabric": "Silk"}})

        assert wrong(error) == {
            "attributes.fabric": "not_of_type",
            "attributes.memory": "required",
        }

    def test_a_variant_that_is_switched_off_may_be_anything_until_it_is_switched_on(self, phone):
        product = make("16", "32")
        off = product.variants.last()
        delete_variant(off)
        update_variant(off, changes={"attributes": {}})

        with pytest.raises(ValidationError) as error:
            update_variant(off, changes={"is_active": True})

        assert wrong(error) == {"attributes.memory": "required"}

    def test_without_a_type_anything_goes(self, phone):
        assert make("", type=None, fabric="Wool").type is None

    def test_a_type_is_given_later_when_all_fits(self, phone):
        product = make("16", type=None)

        assert update_product(product, changes={"type": "phone"}).type == phone
        assert update_product(product, changes={"type": None}).type is None

    def test_a_type_that_does_not_fit_is_refused(self, phone, attributes):
        create_product_type(code="shirt", name="Shirt", attributes=[Member("fabric")])
        product = make("16")

        with pytest.raises(ValidationError) as error:
            update_product(product, changes={"type": "shirt", "attributes": {"fabric": "Wool"}})

        assert wrong(error) == {"type": "not_of_type"}
        product.refresh_from_db()
        assert product.type == phone

    def test_an_unknown_type_is_refused(self, attributes):
        with pytest.raises(ValidationError) as error:
            make(type="phone")

        assert wrong(error) == {"type": "does_not_exist"}

    @pytest.mark.parametrize("count", [2, 12])
    def test_the_check_costs_the_same_however_many_variants(
        self, phone, django_assert_max_num_queries, count
    ):
        product = make(*[str(number) for number in range(1, count + 1)])

        with django_assert_max_num_queries(28):
            update_product(product, changes={"attributes": {"brand": "Nukora"}})


class TestTypesChangeUnderTheirProducts:
    def test_an_attribute_in_use_stays(self, phone):
        make("16", "32", screen="6.1")

        with pytest.raises(TypeAttributeInUse) as refused:
            update_product_type(phone, changes={"attributes": [Member("brand")], "name": "X"})

        assert refused.value.details["attributes"] == {
            "memory": {"products": 0, "variants": 2},
            "screen": {"products": 1, "variants": 0},
        }
        phone.refresh_from_db()
        assert phone.name == "Phone"
        assert len(codes(phone)) == 3

    def test_what_is_off_sale_for_ever_or_switched_off_does_not_count(self, phone):
        delete_product(make("64", screen="6.1"))
        product = make("16", "32")
        delete_variant(product.variants.last())
        update_variant(product.variants.first(), changes={"attributes": {"memory": "8"}})
        update_product_type(phone, changes={"attributes": [Member("brand"), Member("memory")]})

        assert codes(phone) == [("brand", False), ("memory", False)]

    def test_an_attribute_is_required_when_every_active_product_has_it(self, phone):
        make("16", screen="6.1")
        make("16")
        make("16", is_active=False)
        members = [Member("brand"), Member("screen", is_required=True), Member("memory")]

        with pytest.raises(TypeAttributeMissing) as refused:
            update_product_type(phone, changes={"attributes": members})

        assert refused.value.details == {"attributes": {"screen": 1}}

    def test_an_attribute_of_all_variants_is_one_of_the_product(self, phone):
        update_product_type(phone, changes={"attributes": [Member("brand"), Member("memory")]})
        make("16", "32")
        make("16", "")
        make("", memory="8")
        members = [Member("brand"), Member("memory", is_required=True)]

        with pytest.raises(TypeAttributeMissing) as refused:
            update_product_type(phone, changes={"attributes": members})

        assert refused.value.details == {"attributes": {"memory": 1}}

    def test_order_and_new_attributes_are_free(self, phone):
        make("16")
        members = [
            Member("memory", is_required=True),
            Member("fabric"),
            Member("brand", is_required=True),
        ]

        update_product_type(phone, changes={"attributes": members})

        assert codes(phone) == [("memory", True), ("fabric", False), ("brand", True)]

    def test_a_type_in_use_is_not_deleted(self, phone):
        make("16", is_active=False)

        with pytest.raises(TypeInUse) as refused:
            delete_product_type(phone)

        assert refused.value.details == {"products": 1}

    def test_what_is_off_sale_for_ever_loses_a_type_that_goes(self, phone):
        product = make("16")
        delete_product(product)

        delete_product_type(phone)

        product.refresh_from_db()
        assert product.type is None
        assert not ProductType.objects.exists()

    def test_an_attribute_that_nothing_uses_leaves_its_types(self, phone):
        delete_attribute(ProductTypeAttribute.objects.get(attribute__code="screen").attribute)

        assert codes(phone) == [("brand", True), ("memory", True)]


class TestOverHttp:
    def test_a_type_is_made_shown_changed_and_deleted(self, as_staff, client, attributes):
        body = {
            "code": "phone",
            "name": "Phone",
            "attributes": [{"code": "memory", "is_required": True}, {"code": "brand"}],
            "translations": {"ru": {"name": "Телефон"}},
        }

        made = as_staff.post(URL, body, format="json")

        shown = {
            "code": "phone",
            "name": "Phone",
            "attributes": [
                {
                    "code": "memory",
                    "name": "Memory",
                    "type": "number",
                    "unit": "GB",
                    "is_variant": True,
                    "is_required": True,
                },
                {
                    "code": "brand",
                    "name": "Brand",
                    "type": "choice",
                    "unit": "",
                    "is_variant": False,
                    "is_required": False,
                },
            ],
        }
        assert (made.status_code, made.json()) == (201, shown)
        assert client.get(URL).json() == [shown]
        russian = client.get(f"{URL}phone/", headers={"Accept-Language": "ru"})
        assert russian.json()["name"] == "Телефон"
        changed = as_staff.patch(f"{URL}phone/", {"attributes": []}, format="json")
        assert (changed.status_code, changed.json()["attributes"]) == (200, [])
        assert as_staff.delete(f"{URL}phone/").status_code == 204
        assert client.get(f"{URL}phone/").status_code == 404

    @pytest.mark.parametrize(
        ("body", "attr", "code"),
        [
            ({"name": "X"}, "code", "required"),
            ({"code": "phone", "name": "X"}, "code", "unique"),
            ({"code": "a b", "name": "X"}, "code", "invalid"),
            ({"code": "x"}, "name", "required"),
            (
                {"code": "x", "name": "X", "attributes": [{"code": "none"}]},
                "attributes.0.code",
                "unknown_attribute",
            ),
            (
                {"code": "x", "name": "X", "attributes": [{"code": "brand"}, {"code": "brand"}]},
                "attributes.1.code",
                "duplicate",
            ),
            ({"code": "x", "name": "X", "attributes": [{}]}, "attributes.0.code", "required"),
            ({"code": "x", "name": "X", "translations": {"uz": 1}}, "translations", None),
        ],
    )
    def test_a_wrong_type_is_refused(self, as_staff, phone, body, attr, code):
        answer = as_staff.post(URL, body, format="json")

        assert answer.status_code == 400
        [error] = answer.json()["errors"]
        assert (error["attr"], error["code"]) == (attr, code or "invalid_translations")
        assert ProductType.objects.count() == 1

    def test_a_member_without_a_code_is_refused_in_a_patch_too(self, as_staff, phone):
        answer = as_staff.patch(
            f"{URL}phone/", {"attributes": [{"is_required": True}]}, format="json"
        )

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["attr"] == "attributes.0.code"

    def test_too_many_attributes_are_refused(self, as_staff, db):
        body = {"code": "x", "name": "X", "attributes": [{"code": f"a{n}"} for n in range(41)]}

        assert as_staff.post(URL, body, format="json").status_code == 400

    def test_what_is_in_use_is_told(self, as_staff, phone):
        make("16")

        refused = as_staff.patch(f"{URL}phone/", {"attributes": []}, format="json")
        kept = as_staff.delete(f"{URL}phone/")

        assert (refused.status_code, refused.json()["code"]) == (409, "type_attribute_in_use")
        assert refused.json()["attributes"]["brand"] == {"products": 1, "variants": 0}
        assert (kept.status_code, kept.json()["code"]) == (409, "product_type_in_use")

    @pytest.mark.parametrize("method", ["post", "patch", "delete"])
    def test_customers_may_not_write(self, as_user, phone, method):
        url = URL if method == "post" else f"{URL}phone/"

        assert getattr(as_user, method)(url, {}, format="json").status_code == 403

    def test_the_list_is_two_statements_however_many_types(self, client, phone, statements):
        for number in range(3):
            create_product_type(code=f"t{number}", name="T", attributes=[Member("brand")])

        with statements(2):
            assert len(client.get(URL).data) == 4

    def test_products_take_and_show_their_type(self, as_staff, client, phone):
        body = {
            "name": "One",
            "type": "phone",
            "attributes": {"brand": "Nukora"},
            "variants": [{"price": "100", "attributes": {"memory": 16}}],
        }

        made = as_staff.post("/api/v1/products/", body, format="json")

        assert made.status_code == 201, made.json()
        url = f"/api/v1/products/{made.json()['id']}/"
        assert client.get(url).json()["type"] == {"code": "phone", "name": "Phone"}
        without = as_staff.patch(url, {"type": None}, format="json")
        assert (without.status_code, without.json()["type"]) == (200, None)
        again = as_staff.patch(url, {"type": "phone"}, format="json")
        assert again.json()["type"]["code"] == "phone"
        emptied = as_staff.put(url, {"name": "One"}, format="json")
        assert (emptied.status_code, emptied.json()["type"]) == (200, None)

    @pytest.mark.parametrize(
        ("change", "attr", "code"),
        [
            ({"type": "shoe"}, "type", "does_not_exist"),
            ({"type": 7}, "type", "does_not_exist"),
            ({"type": "a b"}, "type", "invalid"),
            ({"attributes": {"fabric": "Wool"}}, "attributes.brand", "required"),
            ({"attributes": {"fabric": "Wool"}}, "attributes.fabric", "not_of_type"),
        ],
    )
    def test_a_product_that_would_not_fit_is_refused(self, as_staff, phone, change, attr, code):
        product = make("16")

        answer = as_staff.patch(f"/api/v1/products/{product.pk}/", change, format="json")

        assert answer.status_code == 400
        assert (attr, code) in [(one["attr"], one["code"]) for one in answer.json()["errors"]]

    def test_the_short_form_names_its_variant_by_the_products_fields(self, as_staff, phone):
        body = {"name": "One", "type": "phone", "price": "1", "attributes": {"brand": "Nukora"}}

        answer = as_staff.post("/api/v1/products/", body, format="json")

        assert answer.status_code == 400
        assert [one["attr"] for one in answer.json()["errors"]] == ["attributes.memory"]
