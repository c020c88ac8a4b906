"""Every probe is green on a shop that services made, and red on a breach of each kind."""

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import override_settings

from shopkit.accounts.models import PhoneNumber, Profile
from shopkit.core.doctor import PROBES, check, check_and_mend, chosen
from shopkit.core.models import Delivery
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.models import Movement, Reservation, StockItem
from shopkit.orders.models import Order, OrderEvent, OrderLine
from shopkit.payments.models import Payment

from .breaches import BREACHES
from .shop import make_shop, of, rolled_back, unguarded

pytestmark = pytest.mark.django_db

WRONG = {"PAYMENTS": {"PROVIDERS": {"card": {"BACKEND": "no.such.Gateway"}}}}
# What --fix must never touch.
UNTOUCHED = (StockItem, Movement, Reservation, Order, OrderLine, OrderEvent, Payment, Delivery)


def rows():
    return [list(model.objects.order_by("pk").values()) for model in UNTOUCHED]


def looked_at(code=""):
    """All probes; the slow look at the schema only where it is meant."""
    return [one for one in chosen() if one.name == code or one.name != "core.constraints"]


def found(probes):
    results = [check(one) for one in probes]
    red = {one.probe.name for one in results if one.errors}
    return red, {one.probe.name for one in results if one.warnings}


def test_a_busy_day_made_by_services_balances():
    make_shop()

    assert found(chosen()) == (set(), set())
    assert_books_balance()


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(one, marks=pytest.mark.postgres if one.needs_postgres else ())
        for one in BREACHES
    ],
    ids=str,
)
def test_a_breach_is_found_and_only_what_is_derived_is_mended(one):
    shop = make_shop()
    wrong = WRONG if one.code == "core.settings" else {}
    with rolled_back(), override_settings(SHOPKIT={**site.SHOPKIT, **wrong}):
        one.made_by(shop)
        before = rows()

        errors, warnings = found(looked_at(one.code))
        left = {probe.name: check_and_mend(probe) for probe in looked_at(one.code)}

        assert one.code in (warnings if one.is_warning else errors)
        assert errors | warnings == {one.code, *one.also}
        assert bool(left[one.code].found) != one.is_fixable
        assert bool(left[one.code].fixed) == one.is_fixable
        assert rows() == before
        if one.is_warning:
            assert_books_balance(one.code)
        elif not one.is_fixable:
            with pytest.raises(AssertionError, match=one.code):
                assert_books_balance(one.code)


def test_every_probe_was_seen_red():
    assert {one.code for one in BREACHES} == set(PROBES)


@pytest.mark.postgres
def test_two_users_of_one_phone_are_found_where_the_database_let_them_in():
    make_shop()
    other = get_user_model().objects.create_user("other")
    with rolled_back():
        with unguarded(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE contype = 'u' AND "
                "conrelid = 'shopkit_accounts_phonenumber'::regclass"
            )
            (name,) = cursor.fetchone()
            cursor.execute(f"ALTER TABLE shopkit_accounts_phonenumber DROP CONSTRAINT {name}")
        PhoneNumber.objects.create(user=other, number="+998901234567")

        contacts = check(PROBES["accounts.contacts"])
        schema = check(PROBES["core.constraints"])

        assert [(one.subject, one.message) for one in contacts.shown] == [
            ("phone number", "the same one identifies 2 users")
        ]
        assert "has no key on number" in [one.message for one in schema.shown]


@pytest.mark.postgres
def test_a_constraint_that_was_added_not_valid_is_unproven():
    with rolled_back():
        with unguarded(), connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE shopkit_orders_order ADD CONSTRAINT x CHECK (false) NOT VALID"
            )

        [finding] = check(PROBES["core.constraints"]).shown

        assert finding.message == "has never proven its constraint x (NOT VALID)"


def test_an_order_whose_variant_was_deleted_cannot_be_compared_with_its_quote():
    shop = make_shop()
    of(shop, "placed", OrderLine).filter(quantity=2).update(variant=None)
    of(shop, "paid", OrderLine).filter(quantity=2).update(unit_price=1, line_total=2)

    [finding] = check(PROBES["orders.agreement"]).shown

    assert finding.subject == f"order {shop.orders['paid'].number}"


def test_an_order_of_nothing_may_be_paid_without_a_payment():
    shop = make_shop()
    of(shop, "placed", OrderLine).update(unit_price=0, line_total=0)
    of(shop, "placed").update(subtotal=0, total=0, payment_status="paid")

    assert not check(PROBES["payments.order_status"]).found


def test_names_of_people_are_not_shown():
    shop = make_shop()
    get_user_model().objects.filter(pk=shop.user.pk).update(username="Berdaq")
    PhoneNumber.objects.update(number="901234567")

    said = [
        f"{one.subject} {one.message}"
        for probe in chosen(["accounts"])
        for one in check(probe).shown
    ]

    assert len(said) == 2
    assert not any(word in " ".join(said).lower() for word in ("anna", "berdaq", "1234567"))
    assert Profile.objects.count() == 1
