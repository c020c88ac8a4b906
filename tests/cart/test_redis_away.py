"""A Redis that is lost, stopped, frozen, full or read-only never makes an empty cart look true."""

import logging
import os
import time
from typing import Any

import pytest
from django.contrib.auth import authenticate, user_logged_in
from django.test import RequestFactory
from rest_framework.test import APIClient

from shopkit.cart.owners import owner_of_user
from shopkit.cart.services import read_cart
from shopkit.cart.stores.redis import RedisCartStore
from shopkit.cart.testing import PRICE, ROOMY, in_threads
from shopkit.catalog.testing import make_variant
from shopkit.core.errors import BackendError
from shopkit.inventory.testing import make_stock

pytestmark = pytest.mark.django_db
CART, ITEMS, MERGE = "/api/v1/cart/", "/api/v1/cart/items/", "/api/v1/cart/merge/"
GUEST = "guest:1"
TIMEOUT = 0.3  # seconds


@pytest.fixture
def options(redis_server):
    return {"url": redis_server.url, "timeout": TIMEOUT, "connect_timeout": TIMEOUT}


@pytest.fixture
def site(settings, options):
    """The site keeps its carts on the server that is about to break."""
    store = {"BACKEND": "shopkit.cart.stores.redis.RedisCartStore", "OPTIONS": options}
    settings.SHOPKIT = {**settings.SHOPKIT, "CART": store}


@pytest.fixture
def cup():
    variant = make_variant()
    make_stock(variant, on_hand=50)
    return variant


@pytest.fixture
def guest(site, cup):
    """A guest who has a cup in the cart and sends the token along."""
    client = APIClient()
    answer = client.post(ITEMS, {"variant_id": cup.pk}, format="json")
    client.credentials(HTTP_X_CART_TOKEN=answer["X-Cart-Token"])
    return client


@pytest.fixture
def customer(site, as_user, cup):
    """A signed-in user who has a cup in the cart."""
    assert as_user.post(ITEMS, {"variant_id": cup.pk}, format="json").status_code == 201
    return as_user


def put(store: Any, owner: str = GUEST) -> Any:
    return store.add(owner, variant_id=1, quantity=1, price=PRICE, limits=ROOMY)


def every_call(client: APIClient, cup: Any) -> list[Any]:
    """Call everything that touches a cart."""
    line = f"{ITEMS}{cup.pk}/"
    return [
        client.get(CART),
        client.post(ITEMS, {"variant_id": cup.pk}, format="json"),
        client.patch(line, {"quantity": 2}, format="json"),
        client.delete(line),
        client.delete(CART),
    ]


def assert_unavailable(answers: list[Any]) -> None:
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
        assert answer["Content-Type"] == "application/problem+json"
        assert int(answer["Retry-After"]) > 0
        assert not {"redis", "127.0.0.1", "lua"} & set(answer.content.decode().lower().split())


def stop(server):
    server.stop()


def freeze(server):
    server.freeze()


AWAY = pytest.mark.parametrize("go_away", [stop, freeze])


@AWAY
def test_every_call_to_a_cart_is_503(redis_server, guest, customer, cup, go_away):
    go_away(redis_server)

    assert_unavailable(every_call(guest, cup))
    assert_unavailable(every_call(customer, cup))
    assert_unavailable([customer.post(MERGE, {"token": "x"}, format="json")])


def test_after_a_freeze_everything_is_as_it_was(redis_server, guest, customer, cup):
    before = [client.get(CART).json() for client in (guest, customer)]
    redis_server.freeze()
    assert_unavailable([guest.get(CART), customer.get(CART)])

    redis_server.thaw()

    assert [client.get(CART).json() for client in (guest, customer)] == before


@AWAY
def test_a_server_that_is_away_costs_one_timeout(redis_server, options, go_away):
    second = {**options, "timeout": 1.0, "connect_timeout": 1.0}  # a busy machine is slow as well
    store = RedisCartStore(**second)
    put(store)
    go_away(redis_server)

    for call in (lambda: store.read(GUEST), lambda: put(store)):
        began = time.monotonic()
        with pytest.raises(BackendError):
            call()
        assert time.monotonic() - began < 1.9


def test_a_frozen_server_that_was_never_reached_before_costs_little_more(redis_server, options):
    redis_server.freeze()
    began = time.monotonic()

    with pytest.raises(BackendError):
        RedisCartStore(**options).read(GUEST)

    assert time.monotonic() - began < 2 * TIMEOUT + 1


def test_a_flushed_server_says_lost_to_who_had_a_cart_and_to_nobody_else(
    redis_server, guest, customer, staff, cup
):
    redis_server.call("FLUSHALL")

    for client in (guest, customer):
        body = client.get(CART).json()
        assert (body["lost"], body["items"], body["version"]) == (True, [], "")
    stranger = APIClient()
    assert stranger.get(CART).json()["lost"] is False
    stranger.force_authenticate(staff)
    assert stranger.get(CART).json()["lost"] is False


def test_a_server_that_was_restarted_empty_goes_on_with_new_carts(
    redis_server, guest, customer, cup
):
    versions = {client.get(CART).json()["version"] for client in (guest, customer)}
    redis_server.stop()
    assert_unavailable([guest.get(CART)])

    redis_server.start()

    for client in (guest, customer):
        assert client.get(CART).json()["lost"] is True
        again = client.post(ITEMS, {"variant_id": cup.pk}, format="json")
        assert (again.status_code, again.json()["lost"], again.json()["count"]) == (201, False, 1)
        versions.add(again.json()["version"])
    assert len(versions) == 4


def test_scripts_that_the_server_forgot_are_sent_again(redis_server, options):
    store = RedisCartStore(**options)
    put(store)

    redis_server.call("SCRIPT", "FLUSH")

    assert put(store).lines[1].quantity == 2


def test_a_full_server_refuses_and_changes_nothing(redis_server, guest, customer, cup):
    before = [client.get(CART).json() for client in (guest, customer)]
    redis_server.call("CONFIG", "SET", "maxmemory", "1mb")
    line = f"{ITEMS}{cup.pk}/"

    for client in (guest, customer):
        assert_unavailable([client.post(ITEMS, {"variant_id": cup.pk}, format="json")])
        assert_unavailable([client.patch(line, {"quantity": 2}, format="json")])
    assert_unavailable([APIClient().post(ITEMS, {"variant_id": cup.pk}, format="json")])

    assert [client.get(CART).json() for client in (guest, customer)] == before
    redis_server.call("CONFIG", "SET", "maxmemory", "0")
    assert guest.post(ITEMS, {"variant_id": cup.pk}, format="json").status_code == 201


def test_a_replica_that_takes_no_writes_refuses_and_changes_nothing(redis_server, guest, cup):
    before = guest.get(CART).json()
    redis_server.call("REPLICAOF", "127.0.0.1", "1")

    assert_unavailable([guest.post(ITEMS, {"variant_id": cup.pk}, format="json")])

    assert guest.get(CART).json() == before


def test_a_server_that_wants_a_password_is_503_and_no_traceback(redis_server, guest, cup):
    redis_server.call("CONFIG", "SET", "requirepass", "secret")
    redis_server.call("CLIENT", "KILL", "TYPE", "normal", password="secret")

    assert_unavailable([guest.get(CART)])
    assert_unavailable([guest.post(ITEMS, {"variant_id": cup.pk}, format="json")])


@AWAY
def test_signing_in_goes_on_without_the_guests_cart(
    redis_server, guest, user, cup, caplog, go_away
):
    token = guest.get(CART).json()["token"]
    go_away(redis_server)
    request = RequestFactory().post("/", headers={"x-cart-token": token})
    began = time.monotonic()

    with caplog.at_level(logging.ERROR, "shopkit.cart"):
        anna = authenticate(request, username="anna", password="demo-anna-1234")
        user_logged_in.send(sender=type(anna), request=request, user=anna)

    assert time.monotonic() - began < TIMEOUT + 1
    assert "could not be merged" in caplog.text
    assert token not in caplog.text


def test_a_sign_in_merges_again_when_redis_is_back(redis_server, guest, user, cup):
    token = guest.get(CART).json()["token"]
    request = RequestFactory().post("/", headers={"x-cart-token": token})
    redis_server.freeze()
    user_logged_in.send(sender=type(user), request=request, user=user)
    redis_server.thaw()

    user_logged_in.send(sender=type(user), request=request, user=user)

    assert read_cart(owner_of_user(user)).lines[cup.pk].quantity == 1


def test_a_pool_without_a_free_connection_is_a_backend_that_is_away(redis_server, options):
    store = RedisCartStore(**options, pool_size=1, pool_timeout=0.05)
    put(store)
    redis_server.freeze()

    raised = in_threads(4, lambda _: store.read(GUEST))

    assert [type(error) for error in raised] == [BackendError] * 4
    redis_server.thaw()
    assert store.read(GUEST).lines[1].quantity == 1


def test_a_client_that_cannot_even_be_made_is_a_backend_that_is_away(redis_server, monkeypatch):
    store = RedisCartStore(client="tests.cart.redis_clients.cluster", prefix="{away}:")
    monkeypatch.setenv("TEST_REDIS_CLUSTER", redis_server.url)  # which is no cluster

    raised = in_threads(4, lambda _: store.read(GUEST))

    assert [type(error) for error in raised] == [BackendError] * 4


def test_who_waits_for_anothers_attempt_waits_no_longer_than_for_a_connection(
    redis_server, monkeypatch
):
    store = RedisCartStore(
        client="tests.cart.redis_clients.cluster", prefix="{wait}:", pool_timeout=0.2
    )
    monkeypatch.setenv("TEST_REDIS_CLUSTER", redis_server.url)
    redis_server.freeze()
    began = time.monotonic()

    raised = in_threads(8, lambda _: store.read(GUEST))

    assert [type(error) for error in raised] == [BackendError] * 8
    assert time.monotonic() - began < 3  # eight attempts in turn would take a second each


def test_more_threads_than_connections_wait_their_turn(redis_server, options):
    store = RedisCartStore(**options, pool_size=2, pool_timeout=60.0)
    before = redis_server.call("INFO", "stats")["total_connections_received"]

    assert in_threads(30, lambda _: put(store)) == []

    assert store.read(GUEST).lines[1].quantity == 30
    after = redis_server.call("INFO", "stats")["total_connections_received"]
    assert after - before <= 2 + 1  # and one to ask for this number


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # that is the point
def test_a_forked_child_makes_connections_of_its_own(redis_server, options):
    store = RedisCartStore(**options)
    put(store)
    children = []
    for _ in range(4):
        if (child := os.fork()) == 0:
            try:
                for _again in range(25):
                    put(store)
                os._exit(0)
            except BaseException:  # noqa: BLE001 - the child must not go on as a test
                os._exit(1)
        children.append(child)
    for _ in range(25):
        put(store)

    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert store.read(GUEST).lines[1].quantity == 1 + 5 * 25
