"""Rows of lists and pages: what the ORM would say, in fewer statements and without its work."""

from decimal import Decimal

import pytest
from django.db.models import BigIntegerField, ExpressionWrapper, F
from django.db.models.functions import Lower

from shopkit.catalog.models import Image, Listing, Product
from shopkit.catalog.models.cards import DETAIL_COLUMNS, Card
from shopkit.catalog.services.detail import read_detail, read_variant
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.testing import make_attribute, make_category

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    """Five products that differ in everything a card shows."""
    kitchen = make_category(name="Kitchen", translations={"uz": {"name": "Oshxona"}})
    make_attribute(code="size", values=["S", "M"], is_variant=True, position=2)
    make_attribute(code="colour", values=["red"], position=1)
    for number in range(5):
        product = create_product(
            ProductData(
                name=f"Cup {number % 2}",
                description="For tea",
                categories=[kitchen.pk] * (number % 2),
                attributes={"colour": "red"},
                translations={"uz": {"name": "Piyola"}} if number == 3 else {},
                metadata={"box": number},
                variants=[
                    VariantData(
                        price=Decimal(f"{number + 1}00.5"),
                        sale_price=Decimal(50) if number == 2 else None,
                        sku=f"CUP-{number}-{size}",
                        attributes={"size": size},
                        metadata={"shelf": number},
                        weight=number,
                    )
                    for size in ("S", "M")
                ],
            )
        )
        if number > 2:
            picture = Image.objects.create(
                product=product, file=f"{number}.png", width=1, height=1, sizes={"card": "/c"}
            )
            Product.objects.filter(pk=product.pk).update(primary_image=picture)
    return kitchen


ORDERINGS = {
    "as it comes": Product.objects.all(),
    "by key": Product.objects.order_by("pk"),
    "by key, downwards": Product.objects.order_by("-id"),
    "backwards": Product.objects.order_by("pk").reverse(),
    "by two columns": Product.objects.order_by("name", "-price_min"),
    "by a column of another table": Product.objects.order_by("category__name", "pk"),
    "by a link": Product.objects.order_by("category", "pk"),
    "by an expression": Product.objects.order_by(Lower("name").desc(), "pk"),
    "by an annotation": Product.objects.annotate(half=F("price_min") / 2).order_by("-half", "pk"),
    "distinct": Product.objects.filter(listings__isnull=False).distinct().order_by("pk"),
    "joined": Product.objects.filter(listings__price__gte=1).order_by("pk"),
    "grouped": Product.objects.filter(variants__weight__gt=1).distinct(),
    "a page": Product.objects.order_by("pk")[1:3],
    "beyond the end": Product.objects.order_by("pk")[10:],
    "none": Product.objects.none(),
    "impossible": Product.objects.filter(pk__in=[]),
    "two sets": Product.objects.filter(name="Cup 0")
    .order_by()
    .union(Product.objects.filter(name="Cup 1").order_by()),
}


@pytest.mark.parametrize("rows", ORDERINGS.values(), ids=ORDERINGS)
def test_cards_are_what_the_orm_says(shop, rows):
    by_orm = rows.all().values_list(*Card._fields)

    found = list(rows.all().cards())

    expected = list(by_orm)
    if rows.query.combinator:  # two sets have no order
        found, expected = sorted(found), sorted(expected)
    assert found == expected
    assert all(type(one) is Card for one in found)
    assert [list(map(type, one)) for one in found] == [list(map(type, one)) for one in expected]


def test_a_page_of_cards_is_one_statement(shop, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(Product.objects.on_sale().cards()[2:4])
    # What cannot be said in one is said in two.
    with django_assert_num_queries(2):
        list(Product.objects.distinct().cards())


def test_a_page_is_what_the_orm_says(shop, django_assert_num_queries):
    product = Product.objects.get(metadata__box=3)
    with django_assert_num_queries(1):
        found = Product.objects.by_ref(product.slug).details().get()

    assert found[: len(DETAIL_COLUMNS)] == Product.objects.values_list(*DETAIL_COLUMNS).get(
        pk=product.pk
    )
    with django_assert_num_queries(1):  # what is left
        detail = read_detail(found)
    assert [one.name for one in detail.categories] == ["Kitchen"]
    assert [(one.pk, one.file, one.sizes) for one in detail.images] == [
        (product.primary_image_id, "3.png", {"card": "/c"})
    ]
    assert [(one.code, one.value) for one in detail.values] == [("colour", "red")]
    for shown, row in zip(detail.variants, product.variants.all(), strict=True):
        assert shown == read_variant(row).__class__(
            row=shown.row,
            available=0,
            values=read_variant(row).values,
            images=read_variant(row).images,
        )
        assert shown.row._asdict() == {name: getattr(row, name) for name in shown.row._fields}


def test_a_product_without_anything_has_a_page(shop):
    bare = Product.objects.create(name="Bare", slug="bare")

    detail = read_detail(Product.objects.details().get(pk=bare.pk))

    assert (detail.categories, detail.values, detail.variants, detail.images) == ([], [], [], [])


def test_one_category_by_price_reads_its_listing(shop, client):
    """The listing's price decides, so that one index range is all there is to read."""
    dearest = Product.objects.order_by("-price_min").filter(category=shop).first()
    Listing.objects.filter(product=dearest).update(price=Decimal(1))

    answer = client.get("/api/v1/products/?category=kitchen&ordering=price&cursor=&max_price=5")

    assert [one["id"] for one in answer.json()["results"]] == [dearest.pk]


@pytest.mark.parametrize("is_distinct", [False, True])
def test_cards_by_relevance_say_how_good_they_are(shop, is_distinct, django_assert_num_queries):
    number = ExpressionWrapper(F("price_min"), BigIntegerField())
    rows = Product.objects.on_sale().cards().by_relevance(number)
    if is_distinct:  # more than what filters leave, which takes a statement more
        rows = rows.distinct()

    with django_assert_num_queries(1 + is_distinct):
        found = list(rows[:3])

    best = list(Product.objects.order_by("-price_min").values_list("pk", flat=True)[:3])
    assert [one.pk for one in found] == best
    numbers = [one.relevance for one in found]
    assert numbers == sorted(numbers, reverse=True)
    assert found[0]._fields == (*Card._fields, "relevance")


def test_another_order_afterwards_is_another_order(shop):
    rows = Product.objects.on_sale().cards().by_relevance(F("popularity"))

    for ordering in (("pk",), ("name", "pk"), ("-created_at",)):
        expected = list(Product.objects.order_by(*ordering, "pk").values_list("pk", flat=True))
        assert [one.pk for one in rows.order_by(*ordering, "pk")] == expected
