"""The columns and listings that repeat other rows are right after every write."""

from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from shopkit.catalog.models import Attribute, Image, Listing, ListingCount, Product
from shopkit.catalog.services import cached
from shopkit.catalog.services.attributes import update_value
from shopkit.catalog.services.cached import refresh_products, refresh_stock_flags
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    create_product,
    delete_product,
    delete_variant,
    update_product,
    update_variant,
)
from shopkit.catalog.services.tree import update_category
from shopkit.catalog.testing import (
    make_attribute,
    make_category,
    make_product,
    make_variant,
    value_of,
)

pytestmark = pytest.mark.django_db


def listed(product: Product) -> dict[str, Decimal]:
    """What lists it, at which price; the numbers of listings are right at every look."""
    counts = ListingCount.objects.values_list("category").annotate(Sum("products"))
    found = Listing.objects.order_by().values_list("category").annotate(Count("pk"))
    assert dict(counts) == dict(found)
    rows = Listing.objects.filter(product=product)
    return dict(rows.values_list("category__name", "price"))


def two_sizes(**fields: object) -> Product:
    make_attribute(code="size", values=["S", "M"])
    return create_product(
        ProductData(
            name="Shirt",
            variants=[
                VariantData(
                    price=Decimal(100), sku="S-1", stock=0, attributes={"size": "S"}, position=0
                ),
                VariantData(
                    price=Decimal(300),
                    sale_price=Decimal(90),
                    sku="M-1",
                    stock=4,
                    attributes={"size": "M"},
                    position=1,
                ),
            ],
            **fields,
        )
    )


def test_the_card_shows_the_variant_one_would_pay_least_for():
    product = two_sizes()

    assert (product.price, product.sale_price) == (Decimal(300), Decimal(90))
    assert (product.price_min, product.price_max) == (Decimal(90), Decimal(100))
    assert product.on_sale is True
    assert product.in_stock is True
    assert product.sole_variant is None


def test_a_product_with_one_active_variant_names_it():
    product = two_sizes()
    small, medium = product.variants.order_by("pk")

    delete_variant(medium)

    product.refresh_from_db()
    assert product.sole_variant == small
    assert (product.price, product.sale_price, product.on_sale) == (Decimal(100), None, False)
    assert product.in_stock is False


def test_prices_stay_when_every_variant_is_off():
    product = two_sizes()
    product.variants.update(is_active=False)

    refresh_products([product.pk])

    product.refresh_from_db()
    assert (product.price_min, product.price_max) == (Decimal(90), Decimal(100))
    assert (product.sole_variant, product.in_stock, product.on_sale) == (None, False, False)


def test_a_visible_product_is_listed_in_its_categories_and_all_above():
    top = make_category(name="Clothes")
    middle = make_category(name="Shirts", parent=top)
    other = make_category(name="Gifts")

    product = two_sizes(categories=[middle.pk, other.pk])

    price = Decimal(90)
    assert listed(product) == {"Clothes": price, "Shirts": price, "Gifts": price}
    assert product.category == middle


def test_listings_follow_price_visibility_and_deletion():
    product = two_sizes(categories=[make_category(name="Shirts").pk])
    medium = product.variants.get(sku="M-1")

    update_variant(medium, changes={"sale_price": Decimal(80)})
    assert listed(product) == {"Shirts": Decimal(80)}
    update_product(product, changes={"is_active": False})
    assert listed(product) == {}
    update_product(product, changes={"is_active": True})
    assert listed(product) == {"Shirts": Decimal(80)}
    delete_product(product)
    assert listed(product) == {}


def test_the_number_of_listings_stays_one_row_however_many_come_and_go():
    shirts = make_category(name="Shirts")
    first, *others = [
        create_product(
            ProductData(
                name=f"Shirt {number}",
                categories=[shirts.pk],
                variants=[VariantData(price=Decimal(1))],
            )
        )
        for number in range(4)
    ]
    assert ListingCount.objects.get().products == 4

    update_product(first, changes={"price": Decimal(2)})
    for product in others:
        delete_product(product)
    assert ListingCount.objects.get().products == 1
    delete_product(first)
    assert not ListingCount.objects.exists()
    assert listed(first) == {}


def test_a_hidden_category_lists_nothing_and_takes_its_products_from_those_above():
    top = make_category(name="Clothes")
    middle = make_category(name="Shirts", parent=top)
    product = two_sizes(categories=[middle.pk])

    update_category(middle, changes={"is_active": False})

    assert listed(product) == {}


def test_the_search_key_has_names_in_all_languages_skus_barcodes_and_values():
    product = two_sizes(translations={"ru": {"name": "Рубашка"}, "uz": {"name": "Koʻylak"}})
    update_variant(product.variants.first(), changes={"barcode": "4780000000017"})

    product.refresh_from_db()
    assert product.search_key == " 1 4780000000017 m m1 s s1 | shirt | rubashka | koylak |"


def test_the_search_key_of_a_category_follows_its_names():
    category = make_category(name="Рўзғор", translations={"ru": {"name": "Щётки"}})
    assert category.search_key == " | rozgor | shyotki | shetki |"

    category = update_category(category, changes={"name": "Uy"})
    assert category.search_key == " | uy | shyotki | shetki |"

    category.translations = {}
    category.save(update_fields=["translations"])
    category.refresh_from_db()
    assert category.search_key == " | uy |"


def test_the_words_do_not_depend_on_the_order_in_which_the_database_gives_the_values(monkeypatch):
    product = two_sizes()
    for value, word in (("S", "Small"), ("M", "Medium")):
        update_value(value_of(Attribute.objects.get(), value), changes={"value": word})
    product.refresh_from_db()
    before = product.search_key
    ask = cached._values

    monkeypatch.setattr(cached, "_values", lambda products: [*reversed(ask(products))])
    refresh_products([product.pk])

    product.refresh_from_db()
    assert product.search_key == before


def test_renaming_a_value_renames_variants_and_search_words():
    product = two_sizes()
    size = Attribute.objects.get(code="size")

    update_value(value_of(size, "M"), changes={"value": "Medium"})

    product.refresh_from_db()
    assert "medium" in product.search_key.split()
    assert [one.name for one in product.variants.order_by("pk")] == ["S", "Medium"]


def test_the_first_picture_is_the_primary_one():
    product = make_product()
    late = Image.objects.create(product=product, file="late.jpg", width=1, height=1, position=2)
    first = Image.objects.create(product=product, file="first.jpg", width=1, height=1, position=1)

    refresh_products([product.pk])

    product.refresh_from_db()
    assert product.primary_image == first != late


def test_stock_flags_alone_are_refreshed():
    product = two_sizes()
    Product.objects.update(in_stock=False, price_min=1, price_max=1)

    refresh_stock_flags([product.pk])

    product.refresh_from_db()
    assert product.in_stock is True
    assert product.price_min == Decimal(1)


def test_refreshing_many_costs_as_many_statements_as_refreshing_one(
    django_assert_num_queries, django_assert_max_num_queries
):
    category = make_category(name="Shirts")
    products = [make_variant(product=make_product(categories=[category])).product for _ in range(9)]
    keys = [one.pk for one in products]
    Listing.objects.all().delete()
    Product.objects.update(search_key="", price_min=1, price_max=1)

    with django_assert_max_num_queries(15) as few:
        refresh_products(keys[:1])
    with django_assert_max_num_queries(len(few.captured_queries)):
        refresh_products(keys[1:])
    assert Listing.objects.count() == 9
    assert set(Product.objects.values_list("price_min", flat=True)) == {Decimal(100_000)}


def test_refreshing_what_is_right_writes_nothing(django_assert_max_num_queries):
    product = two_sizes(categories=[make_category().pk])

    with django_assert_max_num_queries(12) as done:
        refresh_products([product.pk])

    written = [one["sql"] for one in done.captured_queries]
    assert not [sql for sql in written if sql.startswith(("UPDATE", "INSERT", "DELETE"))]
