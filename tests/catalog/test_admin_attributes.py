"""Attributes, types and generated variants in the admin, as a shopkeeper uses them."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from shopkit.catalog.models import Attribute, Product, ProductType, ProductTypeAttribute, Variant
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.services.types import Member, create_product_type
from shopkit.catalog.testing import make_attribute, value_of
from shopkit.inventory.models import Movement

from .test_admin import ADMIN, complaints, fields_of, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def attributes(db):
    make_attribute(code="brand", name="Brand", values=["Zerafon", "Nukora"])
    make_attribute(code="screen", name="Screen", type="number", unit="inches")
    make_attribute(code="foldable", name="Foldable", type="boolean")
    make_attribute(code="fabric", name="Fabric", type="text")
    make_attribute(code="memory", name="Memory", type="number", unit="GB", is_variant=True)
    make_attribute(
        code="colour", name="Colour", type="colour", values=["Red", "Striped"], is_variant=True
    )
    make_attribute(code="size", name="Size", values=["S", "M"], is_variant=True)


@pytest.fixture
def phone(attributes):
    return create_product_type(
        code="phone",
        name="Phone",
        attributes=[
            Member("screen", is_required=True),
            Member("brand"),
            Member("foldable", is_required=True),
            Member("memory", is_required=True),
            Member("colour"),
        ],
    )


@pytest.fixture
def one(phone):
    return create_product(
        ProductData(
            name="One",
            type="phone",
            attributes={"screen": "6.1", "foldable": "false"},
            variants=[VariantData(price=Decimal(100), sku="ONE", attributes={"memory": "16"})],
        )
    )


def boxes(page):
    """Return the attributes that a product's page asks for, of itself and of its variants."""
    own = [name for name in page.context["adminform"].form.fields if ":" in name]
    formset = page.context["inline_admin_formsets"][0].formset
    of_variants = [name for name in formset.empty_form.fields if ":" in name]
    return [[name.partition(":")[2] for name in names] for names in (own, of_variants)]


class TestColours:
    URL = f"{ADMIN}attribute/add/"

    def save_colour(self, client, **changes):
        given = {"name": "Colour", "code": "hue", "type": "colour", "values-0-value": "Red"}
        return save(client, self.URL, **{**given, **changes})

    def test_one_is_picked_and_kept_in_lower_case(self, shopkeeper):
        answer = self.save_colour(shopkeeper, **{"values-0-colour": "#FF00aa"})

        assert answer.status_code == 302, complaints(answer)
        assert value_of(Attribute.objects.get(), "Red").colour == "#ff00aa"

    def test_the_tick_means_none_whatever_the_picker_says(self, shopkeeper):
        changes = {"values-0-colour": "#000000", "values-0-colour-none": "on"}
        answer = self.save_colour(shopkeeper, **changes)

        assert answer.status_code == 302, complaints(answer)
        assert value_of(Attribute.objects.get(), "Red").colour == ""

    def test_an_untouched_row_is_no_value(self, shopkeeper):
        changes = {
            "values-0-value": "",
            "values-0-colour": "#ffffff",
            "values-0-colour-none": "on",
        }
        answer = self.save_colour(shopkeeper, **changes)

        assert answer.status_code == 302, complaints(answer)
        assert not Attribute.objects.get().values.exists()

    def test_the_page_shows_pickers_of_colours_only(self, shopkeeper, attributes):
        def page(code):
            key = Attribute.objects.get(code=code).pk
            return shopkeeper.get(f"{ADMIN}attribute/{key}/change/").content.decode()

        assert 'type="color"' in page("colour")
        assert 'type="color"' not in page("size")


def test_what_tells_variants_apart_goes_on_doing_so(shopkeeper, one):
    memory = Attribute.objects.get(code="memory")
    url = f"{ADMIN}attribute/{memory.pk}/change/"

    assert save(shopkeeper, url, is_variant=None).status_code == 302

    assert "still use this attribute" in shopkeeper.get(url).content.decode()
    memory.refresh_from_db()
    assert memory.is_variant is True


class TestTypes:
    def test_one_is_made_with_its_attributes(self, shopkeeper, attributes):
        keys = dict(Attribute.objects.values_list("code", "pk"))
        answer = save(
            shopkeeper,
            f"{ADMIN}producttype/add/",
            **{
                "name": "Phone",
                "code": "phone",
                "members-TOTAL_FORMS": "3",
                "members-0-attribute": keys["memory"],
                "members-0-position": "2",
                "members-1-attribute": keys["brand"],
                "members-1-position": "1",
                "members-1-is_required": "on",
                "members-2-attribute": keys["size"],
                "members-2-position": "0",
            },
        )

        assert answer.status_code == 302, complaints(answer)
        kind = ProductType.objects.get()
        rows = ProductTypeAttribute.objects.filter(type=kind).order_by("position")
        assert [(row.attribute.code, row.is_required) for row in rows] == [
            ("brand", True),
            ("memory", False),
            ("size", False),
        ]
        assert LogEntry.objects.get().object_id == str(kind.pk)

    def test_a_new_row_without_a_place_comes_last(self, shopkeeper, phone):
        answer = save(
            shopkeeper,
            f"{ADMIN}producttype/{phone.pk}/change/",
            **{"members-5-attribute": Attribute.objects.get(code="fabric").pk},
        )

        assert answer.status_code == 302, complaints(answer)
        last = ProductTypeAttribute.objects.order_by("position").last()
        assert last.attribute.code == "fabric"

    def test_an_attribute_twice_is_said_on_the_page(self, shopkeeper, phone):
        answer = save(
            shopkeeper,
            f"{ADMIN}producttype/{phone.pk}/change/",
            **{"members-5-attribute": Attribute.objects.get(code="brand").pk},
        )

        assert complaints(answer)

    def test_what_products_have_stays_and_is_counted(self, shopkeeper, phone, one):
        url = f"{ADMIN}producttype/{phone.pk}/change/"

        assert save(shopkeeper, url, **{"members-3-DELETE": "on"}).status_code == 302

        page = shopkeeper.get(url).content.decode()
        assert "Memory: 0 products and 1 variants have it." in page.replace("memory", "Memory")
        assert ProductTypeAttribute.objects.filter(type=phone).count() == 5

    def test_one_in_use_is_not_deleted(self, shopkeeper, phone, one):
        shopkeeper.post(f"{ADMIN}producttype/{phone.pk}/delete/", {"post": "yes"})

        assert ProductType.objects.get() == phone

    def test_the_list_names_attributes_and_counts_products(self, shopkeeper, phone, one):
        page = shopkeeper.get(f"{ADMIN}producttype/").content.decode()

        assert "Screen*, Brand, Foldable*, Memory*, Colour" in page

    def test_lists_and_pages_cost_the_same_with_many(
        self,
        shopkeeper,
        phone,
        django_assert_max_num_queries,
    ):
        url = f"{ADMIN}producttype/"
        with django_assert_max_num_queries(20) as few:
            shopkeeper.get(url)
        for number in range(5):
            create_product_type(code=f"t{number}", name="T", attributes=[Member("brand")])
        with django_assert_max_num_queries(len(few.captured_queries)):
            shopkeeper.get(url)


class TestProductsOfAType:
    def test_the_page_asks_for_what_the_type_has(self, shopkeeper, one):
        page = shopkeeper.get(f"{ADMIN}product/{one.pk}/change/")

        assert boxes(page) == [["screen", "brand", "foldable"], ["memory", "colour"]]
        html = page.content.decode()
        assert "inches</span>" in html
        assert 'type="checkbox" name="attribute:foldable"' in html

    def test_a_new_one_is_asked_for_by_its_type(self, shopkeeper, phone):
        page = shopkeeper.get(f"{ADMIN}product/add/", {"type": phone.pk})

        assert boxes(page) == [["screen", "brand", "foldable"], ["memory", "colour"]]
        assert page.context["adminform"].form["type"].value() == str(phone.pk)
        everything = shopkeeper.get(f"{ADMIN}product/add/", {"type": "x' OR 1"})
        assert len(boxes(everything)[0]) == 4

    def make(self, client, phone, **changes):
        url = f"{ADMIN}product/add/?type={phone.pk}"
        given = {
            "name": "Two",
            "attribute:screen": "6.10",
            "variants-0-price": "100",
            "variants-0-attribute:memory": "16",
        }
        return save(client, url, **{**given, **changes})

    def test_one_is_made(self, shopkeeper, phone):
        answer = self.make(shopkeeper, phone)

        assert answer.status_code == 302, complaints(answer)
        product = Product.objects.get()
        values = product.attribute_values.values_list("attribute__code", "value__value")
        assert product.type == phone
        assert set(values) == {("screen", "6.1"), ("foldable", "false")}

    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"attribute:screen": None}, "attribute:screen"),
            ({"attribute:screen": "wide"}, "attribute:screen"),
            ({"variants-0-attribute:memory": None}, "0.attribute:memory"),
            ({"attribute:fabric": "Wool"}, "attribute:fabric"),
            ({"variants-0-attribute:size": "S"}, "0.attribute:size"),
        ],
    )
    def test_what_does_not_fit_is_said_at_its_box(self, shopkeeper, phone, changes, where):
        answer = self.make(shopkeeper, phone, **changes)

        assert list(complaints(answer)) == [where]
        assert not Product.objects.exists()

    def test_a_draft_may_lack_what_is_required(self, shopkeeper, phone):
        changes = {"attribute:screen": None, "variants-0-attribute:memory": None}

        assert self.make(shopkeeper, phone, is_active=None, **changes).status_code == 302

    def test_an_untouched_page_changes_nothing(self, shopkeeper, one):
        before = [Product.objects.values().get(), list(Variant.objects.values())]

        assert save(shopkeeper, f"{ADMIN}product/{one.pk}/change/").status_code == 302

        assert [Product.objects.values().get(), list(Variant.objects.values())] == before
        assert one.attribute_values.count() == 2

    def test_product_and_variants_may_fit_a_new_type_together(self, shopkeeper, one, attributes):
        members = [Member("fabric", is_required=True), Member("size", is_required=True)]
        shirt = create_product_type(code="shirt", name="Shirt", attributes=members)
        url = f"{ADMIN}product/{one.pk}/change/"

        refused = save(shopkeeper, url, type=shirt.pk)

        assert set(complaints(refused)) == {
            "attribute:screen",
            "attribute:fabric",
            "0.attribute:memory",
            "0.attribute:size",
        }
        changes = {
            "type": shirt.pk,
            "attribute:screen": None,
            "attribute:foldable": "",
            "attribute:fabric": "Wool",
            "variants-0-attribute:memory": None,
            "variants-0-attribute:size": "M",
        }
        sent = {**fields_of(refused), **changes}
        done = shopkeeper.post(url, {name: one for name, one in sent.items() if one is not None})
        assert done.status_code == 302, complaints(done)
        one.refresh_from_db()
        assert one.type == shirt
        assert one.attribute_values.get().value.value == "Wool"
        assert one.sole_variant.name == "M"

    def test_a_variants_own_page_keeps_to_the_type(self, shopkeeper, one):
        url = f"{ADMIN}variant/{one.sole_variant_id}/change/"

        refused = save(shopkeeper, url, **{"attribute:memory": None})

        assert list(complaints(refused)) == ["attribute:memory"]
        assert save(shopkeeper, url, **{"attribute:memory": "32"}).status_code == 302
        assert Variant.objects.get().name == "32 GB"

    def test_values_of_attributes_that_changed_sides_keep_their_box(self, shopkeeper, attributes):
        variant = VariantData(price=Decimal(1), attributes={"fabric": "Wool"})
        product = create_product(
            ProductData(name="Rug", attributes={"size": "M"}, variants=[variant])
        )

        page = shopkeeper.get(f"{ADMIN}product/{product.pk}/change/")

        own, of_variants = boxes(page)
        assert "size" in own
        assert "fabric" in of_variants


class TestGenerating:
    @pytest.fixture
    def url(self, one):
        return f"{ADMIN}product/{one.pk}/generate/"

    def look(self, client, url, **changes):
        given = {
            "attribute:memory": "16, 32,",
            "attribute:colour": ["Red", "Striped"],
            "price": "120",
            "stock": "2",
            "sku_pattern": "P-{memory}-{colour}",
        }
        return client.post(url, {**given, "_preview": "1", **changes})

    def test_the_page_offers_what_makes_variants_of_the_type(self, shopkeeper, url, one):
        Attribute.objects.get(code="colour").values.filter(value="Red").update(colour="#ff0000")

        page = shopkeeper.get(url)

        assert list(page.context["form"].codes.values()) == ["memory", "colour"]
        assert 'fill="#ff0000"' in page.content.decode()
        button = shopkeeper.get(f"{ADMIN}product/{one.pk}/change/").content.decode()
        assert url in button

    def test_a_look_lists_and_makes_nothing(self, shopkeeper, url):
        page = self.look(shopkeeper, url)

        assert "4 variants will be made" in page.content.decode()
        assert "P-32-STRIPED" in page.content.decode()
        assert Variant.objects.count() == 1

    def test_then_they_are_made(self, shopkeeper, url, one, staff):
        seen = self.look(shopkeeper, url).context["form"].fingerprint

        answer = self.look(shopkeeper, url, _make="1", seen=seen)

        assert answer.status_code == 302
        assert sorted(one.variants.values_list("sku", flat=True)) == [
            "ONE",
            "P-16-RED",
            "P-16-STRIPED",
            "P-32-RED",
            "P-32-STRIPED",
        ]
        assert Movement.objects.filter(actor=staff).count() == 4
        assert "4 variants were made." in LogEntry.objects.get().change_message
        again = self.look(shopkeeper, url)
        assert "0 variants will be made, 4 are there already" in again.content.decode()
        assert "_make" not in again.content.decode()

    def test_what_was_not_looked_at_is_not_made(self, shopkeeper, url):
        seen = self.look(shopkeeper, url).context["form"].fingerprint

        page = self.look(shopkeeper, url, _make="1", seen=seen, price="1")

        assert page.status_code == 200
        assert page.context["generated"].made
        assert Variant.objects.count() == 1

    def test_a_plain_variant_that_stays_is_told_of(self, shopkeeper, phone):
        product = create_product(
            ProductData(name="Shirt", variants=[VariantData(price=Decimal(1))])
        )
        url = f"{ADMIN}product/{product.pk}/generate/"
        given = {"attribute:size": ["S", "M"], "price": "1"}
        seen = shopkeeper.post(url, given).context["form"].fingerprint

        page = shopkeeper.post(url, {**given, "_make": "1", "seen": seen}, follow=True)

        assert "1 variant has none of these attributes." in page.content.decode()

    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"attribute:memory": "much"}, "attribute:memory"),
            ({"attribute:colour": ["Green"]}, "attribute:colour"),
            ({"price": ""}, "price"),
            ({"price": "-1"}, "price"),
            ({"price": "0.001"}, "price"),
            ({"price": "1e999"}, "price"),
            ({"sale_price": "120"}, "sale_price"),
            ({"stock": "-1"}, "stock"),
            ({"sku_pattern": "SAME"}, "sku_pattern"),
            ({"sku_pattern": "{secret}"}, "sku_pattern"),
            ({"attribute:memory": "", "attribute:colour": []}, "__all__"),
            ({"attribute:memory": ", ".join(map(str, range(300)))}, "__all__"),
        ],
    )
    def test_what_is_wrong_is_said_on_the_page(self, shopkeeper, url, changes, where):
        page = self.look(shopkeeper, url, **changes)

        assert page.status_code == 200
        assert list(page.context["form"].errors) == [where]
        assert Variant.objects.count() == 1

    def test_it_needs_both_permissions(self, url, user):
        user.is_staff = True
        user.save()
        client = Client()
        client.force_login(user)
        assert client.get(url).status_code == 403
        for codename in ("change_product", "add_variant"):
            assert client.get(url).status_code == 403
            user.user_permissions.add(Permission.objects.get(codename=codename))
        assert client.get(url).status_code == 200
        assert Client().get(url).status_code == 302

    def test_an_unknown_product_is_404(self, shopkeeper, phone):
        assert shopkeeper.get(f"{ADMIN}product/777/generate/").status_code == 404
