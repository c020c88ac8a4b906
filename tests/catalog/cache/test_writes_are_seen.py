"""Whoever changes the catalogue, and however: the next look shows it, memory or not."""

from decimal import Decimal
from io import StringIO
from tempfile import NamedTemporaryFile

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from shopkit.catalog.freshness import catalog_changed
from shopkit.catalog.models import (
    Attribute,
    AttributeValue,
    Category,
    Image,
    Listing,
    ListingCount,
    Product,
    ProductAttributeValue,
    ProductType,
    Variant,
    VariantAttributeValue,
)
from shopkit.catalog.services.attributes import update_attribute, update_value
from shopkit.catalog.services.products import delete_products, update_product
from shopkit.catalog.services.tree import rebuild_tree, update_category
from shopkit.catalog.services.types import Member, create_product_type, update_product_type
from shopkit.catalog.services.variants import VariantData, add_variant, update_variant
from shopkit.catalog.testing import make_category, make_variant
from shopkit.inventory.services import adjust, release, reserve

from .conftest import API, turn

PATHS = [
    "categories/",
    "categories/clothes/",
    "products/",
    "products/?category=clothes&ordering=price&cursor=",
    "products/?in_stock=true&attr=size:S",
    "products/?facets=1&category=clothes&attr=size:S",
    "products/shirt/",
]


def variant(sku="S"):
    return Variant.objects.get(sku=sku)


def product():
    return Product.objects.get(slug="shirt")


def value(text):
    return AttributeValue.objects.get(value=text)


def by_api(method, path, body):
    def write(staff):
        found = path.format(product=product().pk, variant=variant().pk)
        answer = getattr(staff, method)(API + found, body, format="json")
        assert answer.status_code < 300, answer.content

    return write


def by_admin(staff):
    """The one box of the list of products."""
    shopkeeper = Client()
    shopkeeper.force_login(staff.handler._force_user)
    answer = shopkeeper.post(
        "/admin/shopkit_catalog/product/",
        {
            "form-TOTAL_FORMS": 1,
            "form-INITIAL_FORMS": 1,
            "form-0-id": product().pk,
            "_save": "Save",
        },
    )
    assert answer.status_code == 302


def by_import(_staff):
    with NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("slug,name,sku,price\nshirt,Imported shirt,S,90\n")
        file.flush()
        call_command("shopkit_import_products", file.name, format="shopkit")


def reserve_all(_staff):
    with transaction.atomic():
        reserve({variant("S").pk: 3, variant("M").pk: 3}, owner="order:1")


def sell_out_and_release(staff):
    reserve_all(staff)
    adjust(variant=variant("S").pk, delta=5)
    with transaction.atomic():
        release(owner="order:1")


def in_the_end_of_a_transaction(_staff):
    with transaction.atomic():
        with transaction.atomic():
            Product.objects.update(popularity=3)
        Product.objects.update(name="Late")


def after_a_savepoint_that_was_rolled_back(_staff):
    with transaction.atomic():
        with transaction.atomic():
            Product.objects.update(name="Never")
            transaction.set_rollback(True)
        Product.objects.update(name="After all")


def give_type(_staff):
    create_product_type(
        code="garment", name="Garment", attributes=[Member("material"), Member("size")]
    )
    update_product(product(), changes={"type": "garment"})


def rename_type(staff):
    give_type(staff)
    update_product_type(ProductType.objects.get(), changes={"name": "Clothes"})


WRITES = {
    "API: a category is renamed": by_api("patch", "categories/shirts/", {"name": "Tops"}),
    "API: a category is hidden": by_api("patch", "categories/shirts/", {"is_active": False}),
    "API: a category is moved": by_api("patch", "categories/shirts/", {"parent": None}),
    "API: a category is added": by_api("post", "categories/", {"name": "Shoes"}),
    "API: a product is renamed": by_api("patch", "products/shirt/", {"name": "Blouse"}),
    "API: a product is hidden": by_api("patch", "products/shirt/", {"is_active": False}),
    "API: a product is deleted": by_api("delete", "products/shirt/", None),
    "API: a product is added": by_api(
        "post", "products/", {"name": "Cup", "price": "5", "stock": 1}
    ),
    "API: categories of a product": by_api("patch", "products/shirt/", {"categories": []}),
    "API: metadata": by_api("patch", "products/shirt/", {"metadata": {"season": "summer"}}),
    "API: attributes of a product": by_api(
        "patch", "products/shirt/", {"attributes": {"material": "Linen"}}
    ),
    "API: a price": by_api("patch", "variants/{variant}/", {"price": "77"}),
    "API: a sale price": by_api("patch", "variants/{variant}/", {"sale_price": "66"}),
    "API: a variant is added": by_api(
        "post", "products/shirt/variants/", {"price": "150", "attributes": {"size": "L"}}
    ),
    "API: a variant is switched off": by_api("delete", "variants/{variant}/", None),
    "API: an attribute is renamed": by_api("patch", "attributes/material/", {"name": "Stuff"}),
    "API: units": by_api("patch", "variants/{variant}/stock/", {"delta": 4, "reason": "x"}),
    "admin: a product is hidden in the list": by_admin,
    "import: a price and a name": by_import,
    "service: a category's translation": lambda _: update_category(
        Category.objects.get(slug="shirts"),
        changes={"translations": {"uz": {"name": "Futbolkalar"}}},
    ),
    "service: a product": lambda _: update_product(product(), changes={"description": "Soft"}),
    "service: a variant": lambda _: update_variant(variant(), changes={"barcode": "4006381333931"}),
    "service: another variant": lambda _: add_variant(
        product(), VariantData(price=Decimal(3), attributes={"size": "L"})
    ),
    "service: products are deleted": lambda _: delete_products([product().pk]),
    "service: a value is renamed": lambda _: update_value(
        value("Cotton"), changes={"value": "Wool"}
    ),
    "service: an attribute's place": lambda _: update_attribute(
        Attribute.objects.get(code="material"), changes={"unit": "kind"}
    ),
    "service: a type is given": give_type,
    "service: a type is renamed": rename_type,
    "stock: some units go": lambda _: adjust(variant=variant().pk, delta=-1),
    "stock: the last units go": reserve_all,
    "stock: units come back": sell_out_and_release,
    "rows: a rating": lambda _: Product.objects.update(rating_avg=450, rating_count=2),
    "rows: a save": lambda _: Product(pk=product().pk, likes_count=9).save(
        update_fields=["likes_count"]
    ),
    "rows: a picture is added": lambda _: Image.objects.create(
        product=product(), file="a.png", width=1, height=1
    ),
    "rows: pictures are added": lambda _: Image.objects.bulk_create(
        [Image(product=product(), file="a.png", width=1, height=1)]
    ),
    "rows: many variants": lambda _: Variant.objects.bulk_update(
        [Variant(pk=variant().pk, name="Small")], ["name"]
    ),
    "rows: a value is deleted": lambda _: ProductAttributeValue.objects.get().delete(),
    "rows: values are deleted": lambda _: VariantAttributeValue.objects.all().delete(),
    "rows: listings are deleted": lambda _: Listing.objects.all().delete(),
    "rows: a category by itself": lambda _: Category.objects.filter(slug="shirts").update(name="T"),
    "rows: links to categories": lambda _: product().categories.clear(),
    "factory: a variant": lambda _: make_variant(product=product(), price="1"),
    "factory: a category": lambda _: make_category(name="Hats"),
    "transaction: two changes": in_the_end_of_a_transaction,
    "transaction: a savepoint": after_a_savepoint_that_was_rolled_back,
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_the_next_look_shows_it(shirt, ask, as_staff, settings, write):
    def look():
        return {path: ask(path, HTTP_ACCEPT_LANGUAGE="uz").body for path in PATHS}

    before = look()
    assert look() == before

    write(as_staff)

    after, again = look(), look()
    turn(settings, CACHE=None)
    assert after == again == look()
    assert after != before


def test_a_picture_that_is_deleted_is_gone(shirt, ask):
    picture = Image.objects.create(product=shirt, file="a.png", width=1, height=1)
    assert b"a.png" in ask("products/shirt/").body

    picture.delete()

    assert b"a.png" not in ask("products/shirt/").body


def test_a_wrong_tree_that_is_mended_is_seen(shirt, ask):
    Category.objects.filter(slug="shirts").update(lft=90, rght=91)
    ask("categories/clothes/")
    rebuild_tree()
    Category.objects.filter(slug="shirts").update(name="Tops")

    assert b"Tops" in ask("categories/clothes/").body


def test_numbers_of_listings_that_the_doctor_mends_are_seen(shirt, ask):
    ListingCount.objects.update(products=77)
    assert b'"product_count":77' in ask("categories/").body

    call_command("shopkit_doctor", "--fix", "--only", "catalog.counts", stdout=StringIO())

    assert b'"product_count":77' not in ask("categories/").body


def test_plain_sql_is_seen_when_it_says_so(shirt, ask):
    before = ask("products/").body
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shopkit_catalog_product SET name = 'By hand'")
    assert ask("products/").body == before  # so the tests above can fail

    catalog_changed()

    assert b"By hand" in ask("products/").body
