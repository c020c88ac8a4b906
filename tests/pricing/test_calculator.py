"""The calculator: sums that always agree, rounded once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkit.core.money import format_amount, from_minor, minor_digits
from shopkit.pricing.calculator import Adjustment, Context, Line, Quote, Totals, price

UZS = Context("UZS")


def steps(*names: str, **more: Any) -> dict[str, Any]:
    return {"PRICING": {"STEPS": [f"tests.pricing.steps.{name}" for name in names], **more}}


def line(variant: int, quantity: int, unit_price: str) -> Line:
    return Line(variant, quantity, Decimal(unit_price))


def test_the_total_is_goods_less_discount_plus_shipping_plus_tax(settings):
    settings.SHOPKIT = steps("ten_percent_off", "shipping_by_city", "twelve_percent_tax")

    quote = price([line(1, 2, "100000"), line(2, 1, "50000")], UZS)

    assert quote.totals == Totals(
        subtotal=Decimal("250000.00"),
        discount=Decimal("25000.00"),
        shipping=Decimal("20000.00"),
        tax=Decimal("29400.00"),
        total=Decimal("274400.00"),
    )
    assert [(a.kind, a.code, a.amount) for a in quote.adjustments] == [
        ("discount", "ten", Decimal("-25000.00")),
        ("shipping", "city", Decimal("20000.00")),
        ("tax", "vat", Decimal("29400.00")),
    ]


def test_a_step_sees_what_the_steps_before_it_made(settings):
    settings.SHOPKIT = steps("shipping_by_city", "everything_off", "twelve_percent_tax")

    totals = price([line(1, 1, "100000")], UZS).totals

    assert (totals.discount, totals.tax, totals.total) == (120000, 0, 0)


def test_a_step_sees_the_address(settings):
    settings.SHOPKIT = steps("shipping_by_city")

    near = price([line(1, 1, "1000")], Context("UZS", address={"city": "Nukus"}))

    assert near.totals.shipping == Decimal("5000.00")


def test_without_lines_no_step_runs_and_everything_is_zero(settings):
    settings.SHOPKIT = steps("shipping_by_city", "no_such_step")

    quote = price([], UZS)

    assert quote.adjustments == ()
    assert quote.totals == Totals(*[Decimal("0.00")] * 5)


@pytest.mark.parametrize(
    ("currency", "tax"), [("JPY", "12"), ("UZS", "11.88"), ("KWD", "11.880"), ("CLF", "11.8800")]
)
def test_an_amount_is_rounded_to_the_minor_unit_of_the_currency(settings, currency, tax):
    settings.SHOPKIT = steps("twelve_percent_tax")

    quote = price([line(1, 1, "99")], Context(currency))

    assert str(quote.adjustments[0].amount) == tax
    assert format_amount(quote.totals.total, currency) == format_amount(99 + Decimal(tax), currency)


def test_halves_are_rounded_away_from_zero(settings):
    settings.SHOPKIT = steps("ten_percent_off")

    assert price([line(1, 1, "0.05")], UZS).adjustments[0].amount == Decimal("-0.01")
    assert price([line(1, 1, "0.04")], UZS).adjustments[0].amount == Decimal("0.00")


def test_an_amount_of_nothing_has_no_minus_sign(settings):
    settings.SHOPKIT = steps("hair_off")

    quote = price([line(1, 1, "10")], UZS)

    assert str(quote.adjustments[0].amount) == "0.00"
    assert str(quote.totals.discount) == "0.00"


@pytest.mark.parametrize(
    ("currency", "unit_price"), [("JPY", "10.5"), ("UZS", "0.001"), ("KWD", "0.0001")]
)
def test_a_price_finer_than_the_minor_unit_is_refused(currency, unit_price):
    with pytest.raises(ValueError, match=f"Variant 7: {unit_price} is finer"):
        price([line(7, 1, unit_price)], Context(currency))


def test_a_price_as_it_comes_from_the_database_is_taken():
    assert price([line(7, 1, "10.5000")], UZS).totals.total == Decimal("10.50")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (line(7, 0, "10"), "0 units"),
        (line(7, -1, "10"), "-1 units"),
        (line(7, 1, "-0.01"), "not a price"),
        (line(7, 1, "NaN"), "not a price"),
        (line(7, 1, "Infinity"), "not a price"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(wrong, why):
    with pytest.raises(ValueError, match=f"Variant 7: .*{why}"):
        price([line(1, 1, "10"), wrong], UZS)


def test_an_unknown_currency_is_refused():
    with pytest.raises(ValueError, match="'XXX' is not an ISO 4217 currency"):
        price([line(1, 1, "10")], Context("XXX"))


@pytest.mark.parametrize(
    "name",
    [
        "too_much_off",
        "positive_discount",
        "negative_shipping",
        "negative_tax",
        "endless",
        "unknown_kind",
    ],
)
def test_a_step_that_answers_nonsense_is_named(settings, name):
    settings.SHOPKIT = steps("ten_percent_off", name)

    with pytest.raises(ValueError, match=rf"tests\.pricing\.steps\.{name}"):
        price([line(1, 1, "10")], UZS)


def test_a_discount_down_to_zero_is_allowed(settings):
    settings.SHOPKIT = steps("everything_off")

    assert price([line(1, 1, "10")], UZS).totals.total == 0


# The properties below run the calculator on many baskets; the steps are the site's own.

amounts = st.integers(0, 10**15)
kinds = st.sampled_from(["ten_percent_off", "shipping_by_city", "twelve_percent_tax", "hair_off"])
currencies = st.sampled_from(["UZS", "JPY", "KWD", "CLF"])


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    currency = draw(currencies)
    chosen = draw(st.lists(kinds, max_size=4))
    lines = draw(
        st.lists(
            st.builds(
                Line,
                variant_id=st.integers(1, 2**63 - 1),
                quantity=st.integers(1, 999),
                unit_price=amounts.map(lambda units: from_minor(units, currency)),
            ),
            max_size=5,
        )
    )
    from django.test import override_settings

    with override_settings(SHOPKIT=steps(*chosen)):
        return price(lines, Context(currency))


@given(quotes())
@settings(max_examples=150, deadline=None)
def test_the_sums_always_agree(quote):
    totals = quote.totals
    subtotal = sum(one.quantity * one.unit_price for one in quote.lines)

    assert totals.subtotal == subtotal
    assert totals.total == subtotal - totals.discount + totals.shipping + totals.tax
    assert totals.total == subtotal + sum(one.amount for one in quote.adjustments)
    assert min(vars(totals).values()) >= 0
    for amount in vars(totals).values():
        assert Decimal(format_amount(amount, quote.currency)) == amount


@given(quotes(), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_fingerprint_does_not_depend_on_the_order_of_lines(quote, random):
    shuffled = random.sample(quote.lines, len(quote.lines))

    assert replace(quote, lines=tuple(shuffled)).fingerprint == quote.fingerprint


@given(quotes(), st.data())
@settings(max_examples=100, deadline=None)
def test_the_fingerprint_changes_with_any_amount(quote, data):
    cent = Decimal(1).scaleb(-minor_digits(quote.currency))
    changed = [replace(quote, totals=replace(quote.totals, total=quote.totals.total + cent))]
    for place, one in enumerate(quote.lines):
        for other in (
            replace(one, unit_price=one.unit_price + cent),
            replace(one, quantity=one.quantity + 1),
            replace(one, variant_id=one.variant_id + 1),
        ):
            lines = (*quote.lines[:place], other, *quote.lines[place + 1 :])
            changed.append(replace(quote, lines=lines))
    for place, step in enumerate(quote.adjustments):
        more = replace(step, amount=step.amount + cent)
        adjustments = (*quote.adjustments[:place], more, *quote.adjustments[place + 1 :])
        changed.append(replace(quote, adjustments=adjustments))

    assert quote.fingerprint not in {one.fingerprint for one in changed}


def test_the_fingerprint_does_not_depend_on_the_language_or_the_spelling_of_amounts():
    totals = Totals(*[Decimal(10)] * 5)
    shipping = Adjustment("shipping", "flat", "Delivery", Decimal(5))
    plain = Quote((line(1, 1, "10"),), (shipping,), "UZS", totals)
    other = Quote(
        (line(1, 1, "10.0000"),),
        (replace(shipping, label="Доставка", amount=Decimal("5.00")),),
        "UZS",
        totals,
    )

    assert plain.fingerprint == other.fingerprint
    assert len(plain.fingerprint) == 64
    assert replace(plain, currency="USD").fingerprint != plain.fingerprint
