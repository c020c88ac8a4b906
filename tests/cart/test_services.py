"""The rules of the cart, without HTTP."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models.functions import Now
from django.utils import timezone

from shopkit.cart.errors import CartFull, QuantityLimit, VariantRequired
from shopkit.cart.models import Cart, CartRemoval
from shopkit.cart.owners import new_token, owner_of_token, owner_of_user
from shopkit.cart.services import (
    MergedLine,
    add_to_cart,
    change_quantity,
    clear_cart,
    forget_guests,
    merge_carts,
    read_cart,
    remove_line,
    remove_ordered,
    show_cart,
    tidy_carts,
)
from shopkit.cart.stores.base import LineMissing
from shopkit.cart.stores.memory import MemoryCartStore
from shopkit.catalog.models import Product, Variant
from shopkit.catalog.testing import make_product, make_variant
from shopkit.inventory.errors import OutOfStock
from shopkit.inventory.services import adjust
from shopkit.inventory.testing import make_stock

pytestmark = pytest.mark.django_db
ANNA = "user:1"


def make_stocked(on_hand: int = 5, **fields: Any) -> Variant:
    variant = make_variant(**fields)
    make_stock(variant, on_hand=on_hand)
    return variant


def units(owner: str = ANNA) -> dict[int, int]:
    return {pk: line.quantity for pk, line in read_cart(owner).lines.items()}


def problems(owner: str = ANNA) -> list[str | None]:
    return [line.problem for line in show_cart(read_cart(owner)).lines]


# Putting in


def test_adding_twice_adds_up():
    cup = make_stocked()

    add_to_cart(ANNA, variant_id=cup.pk, quantity=2)
    state = add_to_cart(ANNA, variant_id=cup.pk, quantity=3)

    assert {pk: line.quantity for pk, line in state.lines.items()} == {cup.pk: 5}
    assert state == read_cart(ANNA)


def test_the_sum_may_not_exceed_what_is_available():
    cup = make_stocked(5)
    add_to_cart(ANNA, variant_id=cup.pk, quantity=4)
    before = read_cart(ANNA)

    with pytest.raises(OutOfStock) as refusal:
        add_to_cart(ANNA, variant_id=cup.pk, quantity=2)

    assert refusal.value.details == {
        "items": [{"variant_id": cup.pk, "available": 5}],
        "available": 5,
    }
    assert read_cart(ANNA) == before


def test_a_variant_that_nobody_stocked_is_out_of_stock():
    cup = make_variant()

    with pytest.raises(OutOfStock) as refusal:
        add_to_cart(ANNA, variant_id=cup.pk, quantity=1)

    assert refusal.value.details["available"] == 0
    assert not read_cart(ANNA).exists


def test_a_shop_that_does_not_count_has_no_limit_but_the_general_one(settings):
    settings.SHOPKIT = {}
    cup = make_variant()

    add_to_cart(ANNA, variant_id=cup.pk, quantity=99)

    with pytest.raises(QuantityLimit) as refusal:
        add_to_cart(ANNA, variant_id=cup.pk, quantity=1)
    assert refusal.value.details == {"limit": 99}
    assert units() == {cup.pk: 99}
    assert show_cart(read_cart(ANNA)).lines[0].available is None


def test_the_general_limit_is_named_when_there_is_stock_for_more():
    cup = make_stocked(500)

    with pytest.raises(QuantityLimit) as refusal:
        add_to_cart(ANNA, variant_id=cup.pk, quantity=100)

    assert refusal.value.details == {"limit": 99}
    assert units() == {}


def test_a_full_cart_takes_no_other_thing(settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "CART": {"MAX_LINES": 2}}
    cup, plate, spoon = make_stocked(), make_stocked(), make_stocked()
    add_to_cart(ANNA, variant_id=cup.pk, quantity=1)
    add_to_cart(ANNA, variant_id=plate.pk, quantity=1)

    with pytest.raises(CartFull) as refusal:
        add_to_cart(ANNA, variant_id=spoon.pk, quantity=1)

    assert refusal.value.details == {"limit": 2}
    add_to_cart(ANNA, variant_id=plate.pk, quantity=1)
    assert units() == {cup.pk: 1, plate.pk: 2}


def _off(variant: Variant) -> None:
    Variant.objects.filter(pk=variant.pk).update(is_active=False)


def _hide(variant: Variant) -> None:
    Product.objects.filter(pk=variant.product_id).update(is_active=False)


def _delete(variant: Variant) -> None:
    now = timezone.now()
    Product.objects.filter(pk=variant.product_id).update(is_active=False, deleted_at=now)


def _vanish(variant: Variant) -> None:
    Variant.objects.filter(pk=variant.pk).delete()


GONE = pytest.mark.parametrize("go", [_off, _hide, _delete, _vanish])


@GONE
def test_what_is_not_sold_cannot_be_put_in(go):
    cup = make_stocked()
    go(cup)

    with pytest.raises(Variant.DoesNotExist):
        add_to_cart(ANNA, variant_id=cup.pk, quantity=1)
    with pytest.raises(Variant.DoesNotExist):
        add_to_cart(ANNA, product_id=cup.product_id, quantity=1)

    assert not read_cart(ANNA).exists


def test_a_product_stands_for_its_only_sellable_variant():
    cup = make_stocked()
    make_variant(product=cup.product, is_active=False)

    add_to_cart(ANNA, product_id=cup.product_id, quantity=2)

    assert units() == {cup.pk: 2}


def test_a_product_of_several_variants_leaves_open_which():
    product = make_product()
    small = make_stocked(product=product, sku="S", name="Small")
    large = make_stocked(product=product, sku="L", name="Large", position=1)

    with pytest.raises(VariantRequired) as refusal:
        add_to_cart(ANNA, product_id=product.pk, quantity=1)

    assert refusal.value.details == {
        "variants": [
            {"id": small.pk, "sku": "S", "name": "Small"},
            {"id": large.pk, "sku": "L", "name": "Large"},
        ]
    }
    assert not read_cart(ANNA).exists


def test_variant_and_product_must_belong_together_when_both_are_named():
    cup, plate = make_stocked(), make_stocked()

    add_to_cart(ANNA, variant_id=cup.pk, product_id=cup.product_id, quantity=1)

    with pytest.raises(Variant.DoesNotExist):
        add_to_cart(ANNA, variant_id=cup.pk, product_id=plate.product_id, quantity=1)
    assert units() == {cup.pk: 1}


def test_nothing_named_is_invalid_input():
    with pytest.raises(ValidationError) as refusal:
        add_to_cart(ANNA, quantity=1)

    assert refusal.value.error_dict["variant_id"][0].code == "required"


# Changing


def test_a_quantity_is_absolute():
    cup = make_stocked(5)
    add_to_cart(ANNA, variant_id=cup.pk, quantity=4)

    change_quantity(ANNA, variant_id=cup.pk, quantity=2)

    assert units() == {cup.pk: 2}


def test_more_than_available_is_refused_and_the_line_stays():
    cup = make_stocked(5)
    add_to_cart(ANNA, variant_id=cup.pk, quantity=4)

    with pytest.raises(OutOfStock) as refusal:
        change_quantity(ANNA, variant_id=cup.pk, quantity=6)

    assert refusal.value.details["available"] == 5
    assert units() == {cup.pk: 4}


@GONE
def test_a_line_that_is_not_sold_any_more_can_only_be_removed(go):
    cup = make_stocked()
    add_to_cart(ANNA, variant_id=cup.pk, quantity=2)
    go(cup)

    with pytest.raises(OutOfStock) as refusal:
        change_quantity(ANNA, variant_id=cup.pk, quantity=1)

    assert refusal.value.details["items"] == [{"variant_id": cup.pk, "available": 0}]
    assert units() == {cup.pk: 2}
    change_quantity(ANNA, variant_id=cup.pk, quantity=0)
    assert units() == {}


def test_a_line_that_is_not_there_cannot_be_changed_or_removed():
    cup, plate = make_stocked(), make_stocked()
    add_to_cart(ANNA, variant_id=cup.pk, quantity=1)

    for quantity in (0, 1):
        with pytest.raises(LineMissing):
            change_quantity(ANNA, variant_id=plate.pk, quantity=quantity)
    with pytest.raises(LineMissing):
        remove_line(ANNA, variant_id=plate.pk)

    assert units() == {cup.pk: 1}


def test_nobody_has_an_empty_cart_and_clearing_it_stores_nothing():
    clear_cart("")

    assert not read_cart("").exists
    assert not Cart.objects.exists()


def test_exactly_what_was_ordered_leaves_once():
    cup, plate = make_stocked(), make_stocked()
    add_to_cart(ANNA, variant_id=cup.pk, quantity=3)
    add_to_cart(ANNA, variant_id=plate.pk, quantity=1)

    for _ in range(2):
        remove_ordered(ANNA, {cup.pk: 2}, reference="order:7K3M9-QX2TD")

    assert units() == {cup.pk: 1, plate.pk: 1}


# Showing


def test_prices_are_todays_and_a_change_is_pointed_out_until_the_line_is_touched():
    cup = make_stocked(price="100")
    add_to_cart(ANNA, variant_id=cup.pk, quantity=2)
    Variant.objects.filter(pk=cup.pk).update(sale_price=Decimal(80))

    (line,) = show_cart(read_cart(ANNA)).lines
    assert (line.unit_price, line.line_total, line.problem) == (80, 160, "price_changed")
    assert show_cart(read_cart(ANNA)).quote.totals.total == 160

    change_quantity(ANNA, variant_id=cup.pk, quantity=2)
    assert problems() == [None]
    Variant.objects.filter(pk=cup.pk).update(sale_price=None)
    assert problems() == ["price_changed"]
    add_to_cart(ANNA, variant_id=cup.pk, quantity=1)
    assert problems() == [None]


def test_a_line_above_the_stock_is_pointed_out_and_still_counted():
    cup = make_stocked(5, price="100")
    add_to_cart(ANNA, variant_id=cup.pk, quantity=4)
    adjust(variant=cup.pk, delta=-3)

    cart = show_cart(read_cart(ANNA))

    assert (cart.lines[0].problem, cart.lines[0].available) == ("out_of_stock", 2)
    assert cart.quote.totals.total == 400


@GONE
def test_what_is_not_sold_any_more_stays_visible_and_costs_nothing(go):
    cup, plate = make_stocked(price="100"), make_stocked(price="30")
    add_to_cart(ANNA, variant_id=cup.pk, quantity=2)
    add_to_cart(ANNA, variant_id=plate.pk, quantity=1)
    go(cup)

    cart = show_cart(read_cart(ANNA))

    gone, there = cart.lines
    assert (gone.variant_id, gone.quantity, gone.problem) == (cup.pk, 2, "unavailable")
    assert (gone.available, gone.unit_price, gone.line_total) == (0, 100, 200)
    assert there.problem is None
    assert cart.quote.totals.subtotal == 30
    assert cart.count == 3


def test_the_gravest_problem_is_shown():
    cup = make_stocked(5, price="100")
    add_to_cart(ANNA, variant_id=cup.pk, quantity=5)

    Variant.objects.filter(pk=cup.pk).update(price=Decimal(200))
    assert problems() == ["price_changed"]
    adjust(variant=cup.pk, delta=-1)
    assert problems() == ["out_of_stock"]
    _off(cup)
    assert problems() == ["unavailable"]


def test_totals_come_from_the_calculator(settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "PRICING": {
            "STEPS": [
                "tests.pricing.steps.ten_percent_off",
                "shopkit.pricing.steps.flat_shipping",
            ],
            "SHIPPING_FEE": Decimal(15),
        },
    }
    cup = make_stocked(price="100")
    add_to_cart(ANNA, variant_id=cup.pk, quantity=2)

    quote = show_cart(read_cart(ANNA)).quote

    assert [(one.kind, one.amount) for one in quote.adjustments] == [
        ("discount", -20),
        ("shipping", 15),
    ]
    assert quote.totals.total == 195


def test_a_cart_of_nothing_sellable_costs_no_delivery(settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "PRICING": {"SHIPPING_FEE": Decimal(15)}}
    cup = make_stocked()
    add_to_cart(ANNA, variant_id=cup.pk, quantity=1)
    _off(cup)

    assert show_cart(read_cart(ANNA)).quote.totals.total == 0


def test_showing_any_number_of_lines_takes_one_statement(statements):
    for _ in range(20):
        add_to_cart(ANNA, variant_id=make_stocked().pk, quantity=1)
    state = read_cart(ANNA)

    with statements(1):
        cart = show_cart(state)
        names = {line.variant.product.name for line in cart.lines if line.variant}

    assert len(names) == 20


# Merging


def test_a_guests_cart_is_poured_into_the_users_once(user):
    cup, plate = make_stocked(9), make_stocked(9)
    token, mine = new_token(), owner_of_user(user)
    add_to_cart(mine, variant_id=cup.pk, quantity=1)
    add_to_cart(owner_of_token(token), variant_id=plate.pk, quantity=2)
    add_to_cart(owner_of_token(token), variant_id=cup.pk, quantity=3)

    first = merge_carts(token=token, user=user)
    second = merge_carts(token=token, user=user)

    assert first.merged == (MergedLine(plate.pk, 2, 0, None), MergedLine(cup.pk, 3, 0, None))
    assert second.merged == ()
    assert first.state == second.state == read_cart(mine)
    assert units(mine) == {cup.pk: 4, plate.pk: 2}
    assert not read_cart(owner_of_token(token)).exists


def test_a_merge_reports_what_it_had_no_room_for(user, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "CART": {"MAX_QUANTITY": 5}}
    token = new_token()
    guest, mine = owner_of_token(token), owner_of_user(user)
    short, many, sold_out, dead = (make_stocked(n) for n in (4, 50, 3, 9))
    for variant, quantity in ((short, 3), (many, 4), (sold_out, 3), (dead, 2)):
        add_to_cart(guest, variant_id=variant.pk, quantity=quantity)
    add_to_cart(mine, variant_id=short.pk, quantity=2)
    add_to_cart(mine, variant_id=many.pk, quantity=2)
    adjust(variant=sold_out.pk, delta=-3)
    _off(dead)

    report = merge_carts(token=token, user=user)

    assert report.merged == (
        MergedLine(short.pk, 2, 1, "capped"),
        MergedLine(many.pk, 3, 1, "capped"),
        MergedLine(sold_out.pk, 0, 3, "out_of_stock"),
        MergedLine(dead.pk, 0, 2, "unavailable"),
    )
    assert units(mine) == {short.pk: 4, many.pk: 5}


def test_a_merge_never_takes_away_what_the_user_had(user):
    cup, token = make_stocked(5), new_token()
    add_to_cart(owner_of_user(user), variant_id=cup.pk, quantity=5)
    add_to_cart(owner_of_token(token), variant_id=cup.pk, quantity=1)
    adjust(variant=cup.pk, delta=-3)

    report = merge_carts(token=token, user=user)

    assert report.merged == (MergedLine(cup.pk, 0, 1, "capped"),)
    assert units(owner_of_user(user)) == {cup.pk: 5}


def test_lines_beyond_the_most_are_capped(user, settings):
    token, cup, plate = new_token(), make_stocked(), make_stocked()
    add_to_cart(owner_of_token(token), variant_id=cup.pk, quantity=1)
    add_to_cart(owner_of_token(token), variant_id=plate.pk, quantity=1)
    settings.SHOPKIT = {**settings.SHOPKIT, "CART": {"MAX_LINES": 1}}

    report = merge_carts(token=token, user=user)

    assert report.merged == (
        MergedLine(cup.pk, 1, 0, None),
        MergedLine(plate.pk, 0, 1, "capped"),
    )


def test_a_forged_token_merges_nothing(user):
    cup = make_stocked()
    victim = owner_of_token("forged")
    add_to_cart(victim, variant_id=cup.pk, quantity=1)

    report = merge_carts(token="forged", user=user)

    assert report.merged == ()
    assert units(victim) == {cup.pk: 1}
    assert units(owner_of_user(user)) == {}


# Forgetting


def test_only_guests_carts_that_nobody_touched_for_long_are_thrown_away(settings, capsys):
    settings.SHOPKIT = {**settings.SHOPKIT, "CART": {"GUEST_LIFETIME": timedelta(days=10)}}
    cup, old, fresh = make_stocked(), owner_of_token(new_token()), owner_of_token(new_token())
    for owner in (ANNA, old, fresh):
        add_to_cart(owner, variant_id=cup.pk, quantity=1)
    Cart.objects.exclude(owner=fresh).update(updated_at=Now() - timedelta(days=11))
    Cart.objects.filter(owner=fresh).update(updated_at=Now() - timedelta(days=9))

    call_command("shopkit_forget_carts")

    assert capsys.readouterr().out == "thrown away 1, old records 0\n"
    assert not read_cart(old).exists
    assert units(ANNA) == units(fresh) == {cup.pk: 1}


def test_more_stale_carts_than_a_batch_are_all_thrown_away(monkeypatch):
    monkeypatch.setattr("shopkit.cart.stores.database.BATCH", 2)
    Cart.objects.bulk_create(
        Cart(owner=f"guest:{n}", version=str(n), updated_at=timezone.now() - timedelta(days=99))
        for n in range(5)
    )

    assert forget_guests() == 5
    assert not Cart.objects.exists()


def test_old_records_of_removals_are_deleted_and_new_ones_kept(monkeypatch, capsys):
    monkeypatch.setattr("shopkit.cart.stores.database.BATCH", 2)
    for days in (0, 89, 91, 92, 93, 94, 400):
        CartRemoval.objects.create(
            owner=ANNA, reference=f"order:{days}", at=timezone.now() - timedelta(days=days)
        )

    call_command("shopkit_forget_carts")

    assert capsys.readouterr().out == "thrown away 0, old records 5\n"
    left = set(CartRemoval.objects.values_list("reference", flat=True))
    assert left == {"order:0", "order:89"}
    assert tidy_carts() == 0


# Another store


def test_a_site_may_keep_its_carts_elsewhere(settings, user):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "CART": {
            "BACKEND": "shopkit.cart.stores.memory.MemoryCartStore",
            "OPTIONS": {"name": "services"},
        },
    }
    cup, token = make_stocked(), new_token()

    add_to_cart(owner_of_token(token), variant_id=cup.pk, quantity=2)
    merge_carts(token=token, user=user)

    assert units(owner_of_user(user)) == {cup.pk: 2}
    assert not Cart.objects.exists()
    assert forget_guests() == 0
    MemoryCartStore(name="services").drop()
