"""Variants made of every combination of chosen values."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from shopkit.catalog.models import AttributeValue, Product, Variant
from shopkit.catalog.services.generation import (
    Generation,
    generate_variants,
    preview_variants,
)
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    create_product,
    delete_product,
    delete_variant,
)
from shopkit.catalog.services.types import Member, create_product_type
from shopkit.catalog.testing import make_attribute, make_variant
from shopkit.inventory.models import Movement, StockItem

pytestmark = pytest.mark.django_db
RED_S = {"colour": ["Red"], "size": ["S"]}


@pytest.fixture
def attributes(db):
    """The size stands before the colour."""
    return [
        make_attribute(
            code="colour",
            type="colour",
            values=["Red", "Dark blue"],
            is_variant=True,
            position=2,
        ),
        make_attribute(code="size", values=["S", "M", "L"], is_variant=True, position=1),
        make_attribute(code="memory", type="number", unit="GB", is_variant=True, position=3),
        make_attribute(code="brand", values=["Nukora"]),
    ]


@pytest.fixture
def shirt(attributes):
    variant = VariantData(price=Decimal(90), sku="OLD", attributes={"colour": "Red", "size": "S"})
    return create_product(ProductData(name="Shirt", slug="shirt", variants=[variant]))


def generate(product, choices=None, **fields):
    given = {"price": Decimal(100), **fields}
    return generate_variants(product, Generation(choices=choices or RED_S, **given))


def wrong(refused):
    return {name: one[0].code for name, one in refused.value.error_dict.items()}


def test_the_missing_combinations_are_made(shirt):
    choices = {"colour": ["Red", "Dark blue"], "size": ["M", "S"]}

    generated = generate(
        shirt,
        choices,
        price=Decimal(120),
        sale_price=Decimal(110),
        stock=3,
        sku_pattern="{product}-{colour}-{size}-{number}",
    )

    assert generated.kept == 1
    made = Variant.objects.exclude(sku="OLD").order_by("position")
    assert [(one.sku, one.name, one.position) for one in made] == [
        ("SHIRT-RED-M-2", "M, Red", 1),
        ("SHIRT-DARK-BLUE-M-3", "M, Dark blue", 2),
        ("SHIRT-DARK-BLUE-S-4", "S, Dark blue", 3),
    ]
    assert {(one.price, one.sale_price) for one in made} == {(Decimal(120), Decimal(110))}
    assert set(StockItem.objects.filter(variant__in=made).values_list("on_hand", flat=True)) == {3}
    assert {one.attribute_values.count() for one in made} == {2}
    shirt.refresh_from_db()
    assert (shirt.price_max, shirt.sole_variant) == (Decimal(110), None)
    assert Variant.objects.get(sku="OLD").price == Decimal(90)
    assert "dark" in shirt.search_key


def test_a_second_time_makes_nothing(shirt):
    choices = {"colour": ["Red", "Dark blue"], "size": ["S", "M", "L"]}
    assert len(generate(shirt, choices).made) == 5

    again = generate(shirt, choices, price=Decimal(1))

    assert (again.made, again.kept) == ([], 6)
    assert shirt.variants.count() == 6


def test_what_is_switched_off_stays_off_and_gets_no_twin(shirt):
    generate(shirt, {"size": ["M"], "colour": ["Red"]})
    delete_variant(Variant.objects.get(sku="OLD"))

    again = generate(shirt)

    assert (again.made, again.kept) == ([], 1)
    assert Variant.objects.get(sku="OLD").is_active is False


def test_numbers_are_one_value_however_they_are_written(shirt):
    generated = generate(shirt, {"memory": ["16", "16.0", " 16", "32.50"]})

    assert [one.name for one in generated.made] == ["16 GB", "32.5 GB"]
    assert set(AttributeValue.objects.filter(attribute__code="memory").values_list("value")) == {
        ("16",),
        ("32.5",),
    }


def test_without_a_pattern_skus_are_unique(shirt):
    generated = generate(shirt, {"size": ["S", "M", "L"]})

    assert len({one.sku for one in generated.made}) == 3


def test_the_values_of_other_scripts_are_written_over(shirt):
    make_attribute(code="rang", values=["Қизил", "O‘q"], is_variant=True)

    generated = generate(shirt, {"rang": ["Қизил", "O‘q"]}, sku_pattern="K-{rang}")

    assert [one.sku for one in generated.made] == ["K-QIZIL", "K-OQ"]


@pytest.mark.parametrize(
    ("choices", "fields", "refused"),
    [
        ({"brand": ["Nukora"]}, {}, {"choices.brand": "not_variant"}),
        ({"none": ["x"]}, {}, {"choices.none": "unknown_attribute"}),
        ({"size": ["XXXL"]}, {}, {"choices.size": "unknown_value"}),
        ({"memory": ["much"]}, {}, {"choices.memory": "invalid_value"}),
        ({"size": []}, {}, {"choices.size": "required"}),
        ({f"a{n}": ["x"] for n in range(21)}, {}, {"choices": "too_many"}),
        ({f"a{n}": ["x", "y"] for n in range(20)}, {}, {"choices": "too_many"}),
        ({"memory": [str(n) for n in range(251)]}, {}, {"choices": "too_many"}),
        ({"memory": [str(n) for n in range(250)]}, {}, {"variants": "too_many"}),
        ({"size": ["S"]}, {"price": Decimal(-1)}, {"price": "min_value"}),
        ({"size": ["S"]}, {"price": Decimal("0.001")}, {"price": "too_fine"}),
        ({"size": ["S"]}, {"sale_price": Decimal(100)}, {"sale_price": "sale_price_not_lower"}),
        ({"size": ["S"]}, {"stock": -1}, {"stock": "invalid"}),
        ({"size": ["S", "M"]}, {"sku_pattern": "SAME"}, {"sku_pattern": "unique"}),
        ({"size": ["S"]}, {"sku_pattern": "OLD"}, {"sku_pattern": "unique"}),
        ({"size": ["S"]}, {"sku_pattern": "{memory}"}, {"sku_pattern": "unknown_placeholder"}),
        ({"size": ["S"]}, {"sku_pattern": "{}"}, {"sku_pattern": "unknown_placeholder"}),
        ({"size": ["S"]}, {"sku_pattern": "{size.pk}"}, {"sku_pattern": "unknown_placeholder"}),
        ({"size": ["S"]}, {"sku_pattern": "x" * 65}, {"sku_pattern": "max_length"}),
        ({"size": ["S"]}, {"sku_pattern": "x" * 101}, {"sku_pattern": "max_length"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(shirt, choices, fields, refused):
    values = AttributeValue.objects.count()

    with pytest.raises(ValidationError) as error:
        generate(shirt, choices, **fields)

    assert wrong(error) == refused
    assert (shirt.variants.count(), AttributeValue.objects.count()) == (1, values)


def test_nothing_chosen_is_refused(shirt):
    with pytest.raises(ValidationError) as error:
        generate_variants(shirt, Generation(choices={}, price=Decimal(1)))

    assert wrong(error) == {"choices": "required"}


def test_what_is_off_sale_for_ever_gets_no_variants(shirt):
    delete_product(shirt)

    with pytest.raises(Product.DoesNotExist):
        generate(shirt, {"size": ["M"]})


def test_the_type_says_which_attributes_there_are(shirt):
    members = [Member("size", is_required=True), Member("colour")]
    create_product_type(code="shirt", name="Shirt", attributes=members)
    product = create_product(
        ProductData(
            name="Blouse",
            type="shirt",
            variants=[VariantData(price=Decimal(1), attributes={"size": "S"})],
        )
    )

    with pytest.raises(ValidationError) as foreign:
        generate(product, {"size": ["M"], "memory": ["16"]})
    with pytest.raises(ValidationError) as bare:
        generate(product, {"colour": ["Red"]})

    assert wrong(foreign) == {"choices.memory": "not_of_type"}
    assert wrong(bare) == {"choices.size": "required"}
    assert product.variants.count() == 1


def test_a_preview_leaves_nothing_behind(shirt):
    wanted = Generation(choices={"memory": ["8", "16"]}, price=Decimal(1), sku_pattern="M{memory}")

    seen = preview_variants(shirt, wanted)

    assert [(one.sku, one.name) for one in seen.made] == [("M8", "8 GB"), ("M16", "16 GB")]
    assert shirt.variants.count() == 1
    assert not AttributeValue.objects.filter(attribute__code="memory").exists()
    assert Movement.objects.count() == Movement.objects.filter(item__variant__sku="OLD").count()


@pytest.mark.parametrize("count", [2, 24])
def test_statements_do_not_grow_with_the_variants(shirt, django_assert_max_num_queries, count):
    values = [str(number) for number in range(count)]

    with django_assert_max_num_queries(31):
        generate(shirt, {"memory": values, "size": ["S", "M"]})


class TestOverHttp:
    @pytest.fixture
    def url(self, shirt):
        return f"/api/v1/products/{shirt.pk}/variants/generate/"

    def test_staff_makes_them(self, as_staff, url, shirt, staff):
        body = {
            "choices": {"size": ["S", "M"], "memory": [16], "colour": ["Red"]},
            "price": "120",
            "stock": 2,
            "sku_pattern": "SH-{size}-{memory}",
        }

        made = as_staff.post(url, body, format="json")
        again = as_staff.post(url, body, format="json")

        assert made.status_code == 201, made.json()
        assert made.json()["kept"] == 0
        [small, medium] = made.json()["made"]
        assert small["sku"] == "SH-S-16"
        assert medium["attributes"] == {"size": "M", "colour": "Red", "memory": "16"}
        assert medium["available"] == 2
        assert (again.status_code, again.json()) == (201, {"made": [], "kept": 2})
        assert Movement.objects.filter(actor=staff).count() == 2

    @pytest.mark.parametrize(
        ("change", "attr"),
        [
            ({"choices": {"size": ["XXXL"]}}, "choices.size"),
            ({"choices": {"size": []}}, "choices.size"),
            ({"choices": {}}, "choices"),
            ({"choices": []}, "choices"),
            ({"choices": {"size": "S"}}, "choices.size"),
            ({"choices": {"size": [{"a": 1}]}}, "choices.size.0"),
            ({"choices": {"memory": ["1"] * 251}}, "choices.memory"),
            ({"price": None}, "price"),
            ({"stock": -1}, "stock"),
            ({"sku_pattern": "{nothing}"}, "sku_pattern"),
            ({"sale_price": "120"}, "sale_price"),
        ],
    )
    def test_a_wrong_body_is_refused(self, as_staff, url, change, attr):
        body = {"choices": {"size": ["M"]}, "price": "120", **change}

        answer = as_staff.post(url, body, format="json")

        assert answer.status_code == 400
        assert [one["attr"] for one in answer.json()["errors"]] == [attr]
        assert Variant.objects.count() == 1

    def test_customers_and_nobody_may_not(self, as_user, client, url):
        assert as_user.post(url, {}, format="json").status_code == 403
        assert client.post(url, {}, format="json").status_code == 401

    def test_an_unknown_product_is_404(self, as_staff, db):
        answer = as_staff.post("/api/v1/products/77/variants/generate/", {}, format="json")

        assert answer.status_code == 404


def test_existing_variants_with_other_attributes_stay(shirt):
    make_variant(product=shirt, sku="PLAIN")

    assert len(generate(shirt, {"size": ["S", "M"]}).made) == 2
    assert shirt.variants.filter(is_active=True).count() == 4
