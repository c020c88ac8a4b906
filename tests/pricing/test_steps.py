"""The delivery step, its settings and their check."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from shopkit.pricing.calculator import Adjustment, Context, Line, Quote, price
from shopkit.pricing.checks import check_steps
from shopkit.pricing.conf import pricing_settings

FLAT = "shopkit.pricing.steps.flat_shipping"


def quote_of(amount: str) -> Quote:
    return price([Line(1, 1, Decimal(amount))], Context("UZS"))


def test_delivery_costs_the_fee_once_per_order(settings):
    settings.SHOPKIT = {"PRICING": {"SHIPPING_FEE": Decimal(15000)}}

    quote = price([Line(1, 3, Decimal(10)), Line(2, 3, Decimal(10))], Context("UZS"))

    assert quote.adjustments == (Adjustment("shipping", "flat", "Delivery", Decimal("15000.00")),)
    assert quote.totals.total == Decimal("15060.00")


def test_a_fee_of_zero_adds_nothing(settings):
    settings.SHOPKIT = {}

    assert quote_of("10").adjustments == ()


@pytest.mark.parametrize(("goods", "fee"), [("99.99", 15), ("100.00", 0), ("100.01", 0)])
def test_goods_from_the_threshold_on_are_sent_for_nothing(settings, goods, fee):
    settings.SHOPKIT = {
        "PRICING": {"SHIPPING_FEE": Decimal(15), "SHIPPING_FREE_FROM": Decimal(100)}
    }

    assert quote_of(goods).totals.shipping == fee


def test_the_threshold_is_judged_after_discounts(settings):
    settings.SHOPKIT = {
        "PRICING": {
            "STEPS": ["tests.pricing.steps.ten_percent_off", FLAT],
            "SHIPPING_FEE": Decimal(15),
            "SHIPPING_FREE_FROM": Decimal(100),
        }
    }

    assert quote_of("111").totals.shipping == 15
    assert quote_of("112").totals.shipping == 0


def test_the_label_is_in_the_language_of_the_moment(settings):
    settings.SHOPKIT = {"PRICING": {"SHIPPING_FEE": Decimal(15)}}

    with translation.override("en"):
        assert quote_of("10").adjustments[0].label == "Delivery"


@pytest.mark.parametrize(
    "wrong",
    [
        {"SHIPPING_FEE": Decimal(-1)},
        {"SHIPPING_FEE": Decimal("NaN")},
        {"SHIPPING_FEE": 1.5},
        {"SHIPPING_FEE": "15"},
        {"SHIPPING_FREE_FROM": Decimal(-1)},
        {"SHIPPING_FREE_FROM": 0.1},
        {"STEPS": FLAT},
    ],
)
def test_a_wrong_setting_is_refused(settings, wrong: dict[str, Any]):
    settings.SHOPKIT = {"PRICING": wrong}

    with pytest.raises(ImproperlyConfigured, match=next(iter(wrong))):
        pricing_settings()


@pytest.mark.parametrize(
    "path",
    ["tests.pricing.steps.no_such_step", "nowhere.at.all", "tests.pricing.steps.NOT_CALLABLE"],
)
def test_the_check_names_a_step_that_cannot_run(settings, path):
    settings.SHOPKIT = {"PRICING": {"STEPS": [FLAT, path]}}

    (found,) = check_steps()

    assert found.id == "shopkit.pricing.E001"
    assert path in found.msg


def test_the_check_is_content_with_the_default(settings):
    settings.SHOPKIT = {}

    assert check_steps() == []


def test_the_check_leaves_an_unreadable_section_to_the_core_check(settings):
    settings.SHOPKIT = {"PRICING": {"STEPS": FLAT}}

    assert check_steps() == []
