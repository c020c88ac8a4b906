"""A guest's cart comes along when its owner signs in, and never stands in the way."""

import logging

import pytest
from django.contrib.auth import authenticate, user_logged_in
from django.db import transaction
from django.test import Client, RequestFactory

from shopkit.cart.models import Cart
from shopkit.cart.owners import new_token, owner_of_token, owner_of_user
from shopkit.cart.services import add_to_cart, read_cart
from shopkit.cart.stores.database import DatabaseCartStore
from shopkit.catalog.testing import make_variant
from shopkit.inventory.testing import make_stock

pytestmark = pytest.mark.django_db
PASSWORD = "demo-anna-1234"


class BrokenStore(DatabaseCartStore):
    """Breaks in the middle of a merge, after a statement that the database refuses."""

    def move(self, source, target, *, ceilings, limits):
        Cart.objects.create(owner=source, version="twice")
        raise AssertionError


class AwayStore(DatabaseCartStore):
    """Cannot be reached."""

    def fetch(self, owner):
        raise OSError("away")


@pytest.fixture
def cup():
    variant = make_variant()
    make_stock(variant, on_hand=5)
    return variant


@pytest.fixture
def token(cup):
    token = new_token()
    add_to_cart(owner_of_token(token), variant_id=cup.pk, quantity=2)
    return token


def units(owner):
    return {pk: line.quantity for pk, line in read_cart(owner).lines.items()}


def sign_in(token):
    """Sign in the way every form of Django does, with the header on the request."""
    request = RequestFactory().post("/", headers={"x-cart-token": token})
    user = authenticate(request, username="anna", password=PASSWORD)
    user_logged_in.send(sender=type(user), request=request, user=user)


def test_signing_in_takes_the_guests_cart_along(user, cup, token):
    sign_in(token)

    assert units(owner_of_user(user)) == {cup.pk: 2}
    assert not read_cart(owner_of_token(token)).exists


def test_the_admin_sign_in_takes_it_along_too(staff, cup, token):
    browser = Client(headers={"x-cart-token": token})

    answer = browser.post("/admin/login/", {"username": "boss", "password": "demo-boss-1234"})

    assert answer.status_code == 302
    assert units(owner_of_user(staff)) == {cup.pk: 2}


def test_signing_in_twice_adds_once(user, cup, token):
    sign_in(token)
    sign_in(token)

    assert units(owner_of_user(user)) == {cup.pk: 2}


@pytest.mark.parametrize("wrong", ["", "unknown", "a:b"])
def test_signing_in_without_a_genuine_token_changes_no_cart(user, cup, token, wrong):
    sign_in(wrong)

    assert units(owner_of_token(token)) == {cup.pk: 2}
    assert not read_cart(owner_of_user(user)).exists


def test_signing_in_without_a_request_is_fine(user):
    assert Client().login(username="anna", password=PASSWORD)
    user_logged_in.send(sender=type(user), request=None, user=user)

    assert not read_cart(owner_of_user(user)).exists


@pytest.mark.parametrize("broken", ["BrokenStore", "AwayStore"])
def test_a_store_that_fails_does_not_fail_the_sign_in(user, cup, token, settings, caplog, broken):
    ours = settings.SHOPKIT
    settings.SHOPKIT = {**ours, "CART": {"BACKEND": f"tests.cart.test_sign_in.{broken}"}}

    with transaction.atomic(), caplog.at_level(logging.ERROR, "shopkit.cart"):
        sign_in(token)
        # The sign-in's own transaction goes on.
        user.refresh_from_db()

    assert user.last_login is not None
    assert "could not be merged" in caplog.text
    assert token not in caplog.text
    settings.SHOPKIT = ours
    assert units(owner_of_token(token)) == {cup.pk: 2}
    assert not read_cart(owner_of_user(user)).exists
