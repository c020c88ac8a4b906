"""The catalogue's admin pages, as a shopkeeper uses them."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from shopkit.catalog.models import Attribute, Category, Listing, Product, Variant
from shopkit.catalog.services.attributes import update_value
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.services.types import create_product_type
from shopkit.catalog.testing import make_attribute, make_category, value_of
from shopkit.inventory.models import StockItem

pytestmark = pytest.mark.django_db
ADMIN = "/admin/shopkit_catalog/"


@pytest.fixture
def size(db):
    return make_attribute(code="size", name="Size", values=["S", "M", "L"], is_variant=True)


@pytest.fixture
def material(db):
    return make_attribute(code="material", name="Material", type="text")


@pytest.fixture
def shirt(size, material):
    return create_product(
        ProductData(
            name="Shirt",
            attributes={"material": "Cotton"},
            variants=[
                VariantData(price=Decimal(100), sku="S", stock=1, attributes={"size": "S"}),
                VariantData(price=Decimal(120), sku="M", attributes={"size": "M"}),
            ],
        )
    )


def fields_of(page):
    """Return what the forms of a page would send if nothing were changed."""
    forms = [page.context["adminform"].form]
    formsets = [one.formset for one in page.context["inline_admin_formsets"]]
    forms += [form for formset in formsets for form in [formset.management_form, *formset.forms]]
    sent = {}
    for form in forms:
        for box in form:
            value = box.value()
            if value is None or value is False:
                continue
            sent[box.html_name] = "on" if value is True else value
            if box.field.show_hidden_initial:
                sent[box.html_initial_name] = value
    return sent


def save(client, url, **changes):
    """Open a page, change some boxes (None empties one) and save it; return the answer."""
    sent = {**fields_of(client.get(url)), **changes}
    return client.post(url, {name: value for name, value in sent.items() if value is not None})


def complaints(answer):
    """Return the errors that a page shows again with its forms."""
    assert answer.status_code == 200
    found = dict(answer.context["adminform"].form.errors)
    for one in answer.context["inline_admin_formsets"]:
        for number, errors in enumerate(one.formset.errors):
            found |= {f"{number}.{name}": wrong for name, wrong in errors.items()}
        if one.formset.non_form_errors():
            found["formset"] = one.formset.non_form_errors()
    return found


def test_a_product_is_made_on_one_page(shopkeeper, size, material):
    category = make_category(name="Clothes")

    answer = save(
        shopkeeper,
        f"{ADMIN}product/add/",
        **{
            "name": "Shirt",
            "category": category.pk,
            "attribute:material": "Cotton",
            "variants-0-price": "100",
            "variants-0-stock": "7",
            "variants-0-attribute:size": "M",
        },
    )

    assert answer.status_code == 302, complaints(answer)
    product = Product.objects.get()
    variant = product.variants.get()
    assert (product.slug, product.category, product.sole_variant) == ("shirt", category, variant)
    assert (product.price_min, product.in_stock) == (Decimal(100), True)
    assert (variant.name, variant.sku[:4]) == ("M", "SKU-")
    assert StockItem.objects.get().on_hand == 7
    assert Listing.objects.get().category == category
    assert product.attribute_values.get().value.value == "Cotton"
    assert LogEntry.objects.get().object_id == str(product.pk)


def test_saving_an_untouched_page_changes_nothing(shopkeeper, shirt):
    before = [Product.objects.values().get(), list(Variant.objects.values())]

    assert save(shopkeeper, f"{ADMIN}product/{shirt.pk}/change/").status_code == 302

    assert [Product.objects.values().get(), list(Variant.objects.values())] == before


def test_product_prices_values_and_new_variants_are_changed_on_its_page(shopkeeper, shirt):
    answer = save(
        shopkeeper,
        f"{ADMIN}product/{shirt.pk}/change/",
        **{
            "name": "Blouse",
            "attribute:material": "Silk",
            "variants-0-sale_price": "80",
            "variants-1-is_active": None,
            "variants-TOTAL_FORMS": "3",
            "variants-2-price": "150",
            "variants-2-position": "0",
            "variants-2-is_active": "on",
            "variants-2-stock": "2",
            "variants-2-attribute:size": "L",
        },
    )

    assert answer.status_code == 302, complaints(answer)
    shirt.refresh_from_db()
    assert (shirt.name, shirt.price_min, shirt.price_max) == ("Blouse", Decimal(80), Decimal(150))
    assert " silk " in shirt.search_key
    assert shirt.search_key.endswith(" | blouse |")
    assert shirt.attribute_values.get().value.value == "Silk"
    assert [one.is_active for one in shirt.variants.order_by("pk")] == [True, False, True]
    assert shirt.variants.order_by("pk").last().name == "L"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": ""}, "name"),
        ({"slug": "12"}, "slug"),
        ({"metadata": '{"a": {}}'}, "metadata"),
        ({"metadata": "{"}, "metadata"),
        ({"variants-0-price": "-1"}, "0.price"),
        ({"variants-0-price": "0.001"}, "0.price"),
        ({"variants-0-price": "x"}, "0.price"),
        ({"variants-0-sale_price": "100"}, "0.__all__"),
        ({"variants-0-sku": "M"}, "0.sku"),
        ({"variants-0-attribute:size": "M"}, "1.__all__"),
        ({"variants-0-attribute:size": "XXL"}, "0.attribute:size"),
        ({"variants-0-is_active": None, "variants-1-is_active": None}, "formset"),
    ],
)
def test_what_is_wrong_is_said_on_the_page_and_nothing_changes(shopkeeper, shirt, changes, where):
    before = [Product.objects.values().get(), list(Variant.objects.values())]

    answer = save(shopkeeper, f"{ADMIN}product/{shirt.pk}/change/", **changes)

    assert where in complaints(answer)
    assert [Product.objects.values().get(), list(Variant.objects.values())] == before


def test_a_product_without_a_variant_is_not_made(shopkeeper, size):
    answer = save(shopkeeper, f"{ADMIN}product/add/", name="Shirt")

    assert complaints(answer)
    assert not Product.objects.exists()


def test_deleting_is_soft_from_the_page_and_from_the_list(shopkeeper, shirt):
    other = create_product(
        ProductData(name="Cup", variants=[VariantData(price=Decimal(1), stock=1)])
    )

    assert shopkeeper.get(f"{ADMIN}product/{shirt.pk}/delete/").status_code == 200
    shopkeeper.post(f"{ADMIN}product/{shirt.pk}/delete/", {"post": "yes"})
    shopkeeper.post(
        f"{ADMIN}product/",
        {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"},
    )

    rows = Product.objects.order_by("pk")
    assert [(one.is_active, one.deleted_at is None) for one in rows] == [(False, False)] * 2
    assert Variant.objects.count() == 3
    assert shopkeeper.get(f"{ADMIN}product/{shirt.pk}/change/").status_code == 302


def test_products_are_hidden_in_the_list(shopkeeper, shirt):
    page = shopkeeper.get(f"{ADMIN}product/")
    formset = page.context["cl"].formset
    sent = {box.html_name: box.value() for box in formset.management_form}
    sent |= {"form-0-id": shirt.pk, "_save": "Save"}

    answer = shopkeeper.post(f"{ADMIN}product/", sent)

    assert answer.status_code == 302
    shirt.refresh_from_db()
    assert shirt.is_active is False


@pytest.mark.parametrize(("text", "found"), [("SHIRT cotton", 1), ("koylak", 0), ("  ", 1)])
def test_the_list_searches_as_the_shop_does(shopkeeper, shirt, text, found):
    page = shopkeeper.get(f"{ADMIN}product/", {"q": text})

    assert page.context["cl"].result_count == found


@pytest.mark.parametrize("name", ["product", "variant", "attribute", "category"])
def test_lists_cost_as_much_with_many_rows(shopkeeper, size, django_assert_max_num_queries, name):
    def make(count):
        for _ in range(count):
            category = make_category()
            values = {"size": "S"}
            make_attribute()
            create_product(
                ProductData(
                    name="Shirt",
                    categories=[category.pk],
                    variants=[VariantData(price=Decimal(1), stock=1, attributes=values)],
                )
            )

    make(1)
    with django_assert_max_num_queries(20) as few:
        assert shopkeeper.get(f"{ADMIN}{name}/").status_code == 200
    make(6)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert shopkeeper.get(f"{ADMIN}{name}/").status_code == 200


def test_a_product_page_costs_as_much_with_many_variants(
    shopkeeper, size, django_assert_max_num_queries
):
    def make(count):
        sizes = ["S", "M", "L"][:count]
        return create_product(
            ProductData(
                name="Shirt",
                variants=[VariantData(price=Decimal(1), attributes={"size": s}) for s in sizes],
            )
        )

    one, three = make(1), make(3)
    with django_assert_max_num_queries(40) as few:
        shopkeeper.get(f"{ADMIN}product/{one.pk}/change/")
    with django_assert_max_num_queries(len(few.captured_queries)):
        shopkeeper.get(f"{ADMIN}product/{three.pk}/change/")


def test_a_variant_has_a_page_for_all_its_fields(shopkeeper, shirt):
    variant = shirt.variants.get(sku="S")

    answer = save(
        shopkeeper,
        f"{ADMIN}variant/{variant.pk}/change/",
        **{"price": "90", "weight": "200", "attribute:size": "L", "ikpu": "1" * 17},
    )

    assert answer.status_code == 302
    variant.refresh_from_db()
    assert (variant.price, variant.weight, variant.name) == (Decimal(90), 200, "L")
    shirt.refresh_from_db()
    assert shirt.price_min == Decimal(90)
    assert shopkeeper.get(f"{ADMIN}variant/add/").status_code == 403
    assert shopkeeper.get(f"{ADMIN}variant/{variant.pk}/delete/").status_code == 403


def test_switching_the_last_variant_off_is_refused_in_words(shopkeeper):
    cup = create_product(ProductData(name="Cup", variants=[VariantData(price=Decimal(1))]))
    url = f"{ADMIN}variant/{cup.sole_variant_id}/change/"

    answer = save(shopkeeper, url, is_active=None)

    assert answer.status_code == 302
    page = shopkeeper.get(url)
    assert "at least one variant" in page.content.decode()
    assert Variant.objects.get().is_active is True


def test_an_attribute_is_made_with_its_values(shopkeeper):
    answer = save(
        shopkeeper,
        f"{ADMIN}attribute/add/",
        **{
            "name": "Colour",
            "code": "colour",
            "type": "colour",
            "values-0-value": "Red",
            "values-0-colour": "#ff0000",
        },
    )

    assert answer.status_code == 302, complaints(answer)
    attribute = Attribute.objects.get()
    assert [(one.value, one.colour) for one in attribute.values.all()] == [("Red", "#ff0000")]


def test_values_are_renamed_and_unused_ones_deleted(shopkeeper, shirt, size):
    answer = save(
        shopkeeper,
        f"{ADMIN}attribute/{size.pk}/change/",
        **{"name": "Cut", "values-0-value": "Small", "values-2-DELETE": "on"},
    )

    assert answer.status_code == 302, complaints(answer)
    assert [one.value for one in size.values.all()] == ["Small", "M"]
    assert shirt.variants.order_by("pk")[0].name == "Small"
    size.refresh_from_db()
    assert size.name == "Cut"


def test_a_value_in_use_stays(shopkeeper, shirt, size):
    url = f"{ADMIN}attribute/{size.pk}/change/"

    save(shopkeeper, url, **{"values-0-DELETE": "on"})
    shopkeeper.post(f"{ADMIN}attribute/{size.pk}/delete/", {"post": "yes"})
    save(shopkeeper, url, type="text")

    size.refresh_from_db()
    assert size.type == "choice"
    assert value_of(size, "S").pk


def test_a_wrong_value_is_said_on_the_page(shopkeeper):
    answer = save(
        shopkeeper,
        f"{ADMIN}attribute/add/",
        **{"name": "GB", "code": "gb", "type": "number", "values-0-value": "many"},
    )

    assert "0.value" in complaints(answer)
    assert not Attribute.objects.exists()


def test_categories_are_made_and_moved(shopkeeper):
    top = make_category(name="Clothes")
    other = make_category(name="Kitchen")

    made = save(shopkeeper, f"{ADMIN}category/add/", name="Cups", parent=top.pk)
    assert made.status_code == 302, complaints(made)
    cups = Category.objects.get(slug="cups")
    moved = save(shopkeeper, f"{ADMIN}category/{cups.pk}/change/", parent=other.pk)
    assert moved.status_code == 302, complaints(moved)

    cups.refresh_from_db()
    assert [one.name for one in cups.get_ancestors()] == ["Kitchen"]
    below = save(shopkeeper, f"{ADMIN}category/{other.pk}/change/", parent=cups.pk)
    assert "parent" in complaints(below)


def test_only_empty_categories_are_deleted(shopkeeper):
    top = make_category(name="Clothes")
    below = make_category(name="Shirts", parent=top)
    product = ProductData(
        name="Shirt", categories=[top.pk, below.pk], variants=[VariantData(price=Decimal(1))]
    )
    create_product(product)

    shopkeeper.post(f"{ADMIN}category/{below.pk}/delete/", {"post": "yes"})
    shopkeeper.post(
        f"{ADMIN}category/",
        {"action": "delete_selected", "_selected_action": [below.pk], "post": "yes"},
    )
    assert Category.objects.count() == 2

    empty = make_category(name="Empty")
    shopkeeper.post(f"{ADMIN}category/{empty.pk}/delete/", {"post": "yes"})
    assert Category.objects.count() == 2


@pytest.mark.parametrize(
    ("stored", "shown"), [("100", "100.00"), ("99.9", "99.90"), ("1.0625",) * 2]
)
def test_a_box_shows_a_price_with_the_digits_of_the_currency(shopkeeper, shirt, stored, shown):
    variant = shirt.variants.order_by("pk").first()
    Variant.objects.filter(pk=variant.pk).update(price=Decimal(stored))
    page = f"{ADMIN}product/{shirt.pk}/change/"

    assert fields_of(shopkeeper.get(page))["variants-0-price"] == Decimal(shown)
    assert f'value="{shown}"' in shopkeeper.get(page).content.decode()


def test_a_wide_table_is_scrolled_by_itself(shopkeeper, shirt, size):
    for page in (f"product/{shirt.pk}/change/", f"attribute/{size.pk}/change/"):
        assert (
            "shopkit_catalog/admin/pages.css" in shopkeeper.get(f"{ADMIN}{page}").content.decode()
        )


def test_the_types_to_choose_from_do_not_cover_the_title(shopkeeper):
    create_product_type(code="cup", name="Cup")
    page = shopkeeper.get(f"{ADMIN}product/add/").content.decode()
    assert '<ul class="object-tools shopkit-types">' in page


def test_a_list_begins_with_what_is_changed_in_it(shopkeeper, shirt):
    columns = shopkeeper.get(f"{ADMIN}product/").context["cl"].list_display
    assert columns[1:4] == ["name", "is_active", "price_range"]


@pytest.fixture
def onlooker(user):
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


def test_who_may_only_look_is_shown_values_and_prices_in_place_of_boxes(onlooker, shirt):
    first = shirt.variants.order_by("pk").first()

    for page in (f"product/{shirt.pk}/change/", f"variant/{first.pk}/change/"):
        shown = onlooker.get(f"{ADMIN}{page}").content.decode()
        assert "<p>Size: S </p>" in shown
        assert "UZS\xa0100" in shown
        assert "ttribute:" not in shown
        assert "None" not in shown
    assert (
        "<p>Material: Cotton </p>"
        in onlooker.get(f"{ADMIN}product/{shirt.pk}/change/").content.decode()
    )


def test_who_may_only_look_is_shown_texts_and_pictures(onlooker, shirt, size, settings):
    settings.LANGUAGES = [("en", "English"), ("uz", "Uzbek")]
    value = size.values.first()
    update_value(value, changes={"translations": {"uz": {"value": "Kichik"}}})

    shown = onlooker.get(f"{ADMIN}attribute/{size.pk}/change/").content.decode()
    assert '<span lang="uz">Kichik</span>' in shown
    assert "ext:uz" not in shown


@pytest.mark.parametrize("may_add_variants", [False, True])
def test_a_product_is_made_by_who_may_make_its_first_variant_too(client, user, may_add_variants):
    user.is_staff = True
    user.save()
    names = ["add_product", *["add_variant"] * may_add_variants]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    tables = ("variants", "images", "related_products")
    counts = {f"{one}-{what}_FORMS": "0" for one in tables for what in ("TOTAL", "INITIAL")}
    variant = {"variants-TOTAL_FORMS": "1", "variants-0-price": "5", "variants-0-is_active": "on"}
    sent = {**counts, **variant, "variants-0-position": "0", "name": "Cup", "metadata": "{}"}

    answer = client.post(f"{ADMIN}product/add/", sent)

    assert answer.status_code == (302 if may_add_variants else 403)
    assert Product.objects.count() == may_add_variants
