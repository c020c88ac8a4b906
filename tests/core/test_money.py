"""Money: exact in every currency, in the database and out of it."""

from decimal import Decimal

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Sum
from django.db.transaction import atomic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopkit.catalog.models import Variant
from shopkit.catalog.testing import make_variant
from shopkit.core.money import (
    LARGEST,
    MINOR_DIGITS,
    MoneyField,
    format_amount,
    format_stored,
    from_minor,
    minor_digits,
    round_money,
    to_minor,
)

BIGGEST_UNITS = int(LARGEST) * 10**4


def amounts():
    """Currencies with an amount that their minor unit can express."""
    return st.sampled_from(["UZS", "JPY", "KWD", "CLF"]).flatmap(
        lambda code: st.tuples(
            st.just(code),
            st.integers(0, int(LARGEST) * 10 ** MINOR_DIGITS[code]),
        )
    )


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(amounts())
def test_an_amount_of_every_kind_of_currency_comes_back_from_the_database_exactly(drawn):
    currency, units = drawn
    amount = from_minor(units, currency)
    variant = Variant.objects.first() or make_variant()

    Variant.objects.filter(pk=variant.pk).update(price=amount)

    read = Variant.objects.get(pk=variant.pk).price
    assert (type(read), read) == (Decimal, amount)
    assert to_minor(read, currency) == units
    assert format_amount(read, currency) == f"{amount:f}"
    assert Variant.objects.filter(price=amount).exists()


@given(st.integers(-BIGGEST_UNITS, BIGGEST_UNITS))
def test_stored_units_and_amounts_translate_both_ways_without_loss(units):
    field = MoneyField()

    assert field.get_prep_value(field.from_db_value(units, None, None)) == units


@pytest.mark.django_db
def test_the_column_holds_whole_ten_thousandths():
    variant = make_variant(price="1500.0001")

    with connection.cursor() as cursor:
        cursor.execute("SELECT price FROM shopkit_catalog_variant WHERE id = %s", [variant.pk])
        assert cursor.fetchone() == (15_000_001,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad", ["0.00001", "1.23456", "NaN", "Infinity", "-Infinity", "900000000000000.0001", "1E+30"]
)
def test_what_cannot_be_stored_exactly_is_refused_and_not_rounded(bad):
    variant = make_variant(price="7")

    with pytest.raises(ValueError, match=r"cannot be stored as money|more money than"), atomic():
        Variant.objects.filter(pk=variant.pk).update(price=Decimal(bad))

    assert Variant.objects.get(pk=variant.pk).price == Decimal(7)


@pytest.mark.django_db
def test_sums_and_comparisons_are_exact_where_floats_are_not():
    for price in ("0.1", "0.2", "0.3"):
        make_variant(price=price)

    assert Variant.objects.aggregate(all=Sum("price"))["all"] == Decimal("0.6")
    assert Variant.objects.filter(price__lt=Decimal("0.3")).count() == 2
    assert Variant.objects.filter(price=Decimal("0.3")).count() == 1
    assert Variant.objects.filter(price__in=[Decimal("0.1"), Decimal("0.2000")]).count() == 2
    assert Variant.objects.filter(price__range=(Decimal("0.2"), Decimal("0.3"))).count() == 2


@pytest.mark.django_db
def test_columns_multiply_by_whole_numbers_and_add_to_each_other_in_the_database():
    variant = make_variant(price="1500.55")

    Variant.objects.filter(pk=variant.pk).update(price=F("price") * 3 + F("price"))

    assert Variant.objects.get(pk=variant.pk).price == Decimal("6002.20")


@pytest.mark.django_db
def test_a_number_added_to_a_column_in_the_database_counts_stored_units():
    variant = make_variant(price="1500")

    Variant.objects.filter(pk=variant.pk).update(price=F("price") + 1)

    assert Variant.objects.get(pk=variant.pk).price == Decimal("1500.0001")


def test_validation_reads_amounts_and_refuses_what_is_none():
    field = MoneyField(blank=True, null=True)

    assert field.to_python("1500.50") == Decimal("1500.50")
    assert field.to_python(7) == Decimal(7)
    assert field.to_python("") is None
    for bad in ("", None):
        assert field.clean(bad, None) is None
    for bad in ("abc", "NaN", "Infinity", float("nan"), [1]):
        with pytest.raises(ValidationError) as refusal:
            field.to_python(bad)
        assert refusal.value.code == "invalid"


def test_bounds_are_counted_in_money_and_not_in_stored_units():
    field = MoneyField()

    assert field.clean(LARGEST, None) == LARGEST
    with pytest.raises(ValidationError) as refusal:
        field.clean(LARGEST + 1, None)
    assert refusal.value.error_list[0].code == "max_value"


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "UZS", "0.01"),
        ("-0.005", "UZS", "-0.01"),
        ("0.015", "UZS", "0.02"),
        ("0.025", "UZS", "0.03"),
        ("0.0249", "UZS", "0.02"),
        ("0.5", "JPY", "1"),
        ("2.5", "JPY", "3"),
        ("-2.5", "JPY", "-3"),
        ("1.0005", "KWD", "1.001"),
        ("1.00005", "CLF", "1.0001"),
    ],
)
def test_halves_are_rounded_away_from_zero(amount, currency, rounded):
    assert str(round_money(Decimal(amount), currency)) == rounded


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("1500.00", "UZS", 150_000),
        ("1500", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("1.2345", "CLF", 12_345),
        ("-0.01", "UZS", -1),
    ],
)
def test_minor_units_are_those_of_the_currency(amount, currency, units):
    assert to_minor(Decimal(amount), currency) == units
    assert str(from_minor(units, currency)) == amount


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.001", "UZS"), ("1.5", "JPY"), ("1.0001", "KWD"), ("1.00001", "CLF")],
)
def test_an_amount_finer_than_the_minor_unit_has_no_minor_units(amount, currency):
    with pytest.raises(ValueError, match=f"finer than the minor unit of {currency}"):
        to_minor(Decimal(amount), currency)


@pytest.mark.parametrize("code", ["XXX", "uzs", "", "ZZZ"])
def test_a_currency_that_iso_does_not_know_is_refused_everywhere(code):
    for call in (
        lambda: minor_digits(code),
        lambda: round_money(Decimal(1), code),
        lambda: to_minor(Decimal(1), code),
        lambda: from_minor(1, code),
        lambda: format_amount(Decimal(1), code),
    ):
        with pytest.raises(ValueError, match="is not an ISO 4217 currency"):
            call()


def test_amounts_are_written_with_exactly_the_digits_of_their_currency():
    assert format_amount(Decimal(150_000), "UZS") == "150000.00"
    assert format_amount(Decimal("1E+3"), "JPY") == "1000"
    assert format_amount(Decimal("0.5"), "KWD") == "0.500"
    assert format_amount(LARGEST, "CLF") == "900000000000000.0000"
    assert format_stored(15_000_000, "UZS") == "1500.00"


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_fixture_reads_as_money_and_loads_to_the_same_amount(form):
    variant = make_variant(price="1500.25")

    text = serializers.serialize(form, [variant])
    assert "1500.25" in text
    Variant.objects.filter(pk=variant.pk).update(price=1)
    next(serializers.deserialize(form, text)).save()

    assert Variant.objects.get(pk=variant.pk).price == Decimal("1500.25")


def test_the_field_can_be_written_into_a_migration():
    field = MoneyField("price", default=7, null=True)
    field.set_attributes_from_name("price")

    _, path, args, kwargs = field.deconstruct()

    assert (path, args, kwargs) == (
        "shopkit.core.money.MoneyField",
        [],
        {"verbose_name": "price", "default": 7, "null": True},
    )
    assert MoneyField(*args, **kwargs).get_default() == Decimal(7)


def test_forms_take_four_digits_after_the_point_and_no_more():
    box = MoneyField().formfield()

    assert box.clean("1500.1234") == Decimal("1500.1234")
    with pytest.raises(ValidationError):
        box.clean("1500.12345")
