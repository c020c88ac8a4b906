"""The guides' examples, taken from the pages and run."""

import importlib
import inspect
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import redis
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import clear_url_caches

from shopkit.cart.owners import owner_of_user
from shopkit.cart.stores.redis import RedisCartStore
from shopkit.catalog.imports.products import import_products
from shopkit.catalog.testing import make_variant
from shopkit.core.facts import deliver_due
from shopkit.core.models import Delivery
from shopkit.inventory.models import StockItem
from shopkit.inventory.testing import make_stock
from shopkit.orders import facts
from shopkit.orders.models import Order
from tests.accounts.pictures import picture
from tests.orders.conftest import API, fill, place
from tests.servers import RedisServer

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def follow(tmp_path, monkeypatch, settings):
    """Do what a guide says: write its modules, apply its settings."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))

    def follow_guide(name):
        given = {}
        blocks = re.findall(r"```python\n# (\S+)\n(.*?)```", (GUIDES / name).read_text(), re.S)
        assert blocks, f"{name} has no examples"
        for path, code in blocks:
            if path == "settings.py":
                exec(code, given)  # noqa: S102 - our own pages
            else:
                (tmp_path / path).write_text(code)
        importlib.invalidate_caches()
        settings.CACHES = {**settings.CACHES, **given.get("CACHES", {})}
        settings.SHOPKIT = {**settings.SHOPKIT, **given.get("SHOPKIT", {})}
        assert [one for one in run_checks(tags=["shopkit"]) if one.level >= 40] == []
        return given

    yield follow_guide
    for module in [name for name in sys.modules if name.split(".")[0] == "shop"]:
        del sys.modules[module]


def reload_urls():
    for name in ("shopkit.catalog.api.urls", "shopkit.urls", "tests.urls"):
        importlib.reload(importlib.import_module(name))
    clear_url_caches()


def test_change_an_endpoint(client, follow, settings):
    before = settings.SHOPKIT
    make_variant(price="100", sale_price="80")
    follow("change-an-endpoint.md")
    try:
        reload_urls()
        [card] = client.get(f"{API}products/").json()["results"]
        assert (card["badge"], card["price"]) == ("SALE", "100.00")
    finally:
        settings.SHOPKIT = before
        reload_urls()
    assert "badge" not in client.get(f"{API}products/").json()["results"][0]


def test_add_a_price_step(as_user, follow):
    follow("add-a-price-step.md")
    cup = make_variant(price="10000")
    make_stock(cup, on_hand=5)
    fill(as_user, (cup, 3))

    totals = as_user.get(f"{API}cart/").json()["totals"]

    assert totals == {
        "subtotal": "30000.00",
        "discount": "3000.00",
        "shipping": "25000.00",
        "tax": "0.00",
        "total": "52000.00",
    }
    placed = place(as_user, expected_total=totals["total"]).json()
    assert placed["totals"] == totals
    assert Order.objects.get().discount == Decimal(3000)


def test_change_how_orders_move(as_user, as_staff, follow):
    follow("change-how-orders-move.md")
    cup = make_variant(price="10000")
    make_stock(cup, on_hand=5)
    fill(as_user, (cup, 3))
    number = place(as_user).json()["number"]

    moved = as_staff.patch(f"{API}orders/{number}/status/", {}, format="json")

    assert re.fullmatch(r"C-[0-9A-F]{12}", number)
    assert moved.json()["status"] == "delivered"
    item = StockItem.objects.get()
    assert (item.on_hand, item.reserved) == (2, 0)


def test_react_to_an_order(as_user, follow, settings, monkeypatch):
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    subscribers = dict(facts.order_placed._subscribers)
    monkeypatch.setattr(facts.order_placed, "_subscribers", subscribers)
    follow("react-to-an-order.md")
    importlib.import_module("shop.receivers")
    cup = make_variant(price="10000")
    make_stock(cup, on_hand=5)
    fill(as_user, (cup, 1))

    place(as_user)
    assert Order.objects.get().metadata == {}
    assert deliver_due() == len(subscribers)  # the cart, notifications and ours

    assert Order.objects.get().metadata == {"_told_warehouse": True}
    assert not Delivery.objects.pending().exists()


def test_keep_carts_in_redis(as_user, follow, redis_server, monkeypatch):
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    follow("keep-carts-in-redis.md")
    cup = make_variant(price="10000")
    make_stock(cup, on_hand=5)
    fill(as_user, (cup, 3))

    owner = owner_of_user(get_user_model().objects.get(username="anna"))
    assert redis_server.call("EXISTS", f"{{bazaar}}:cart:{owner}") == 1
    assert as_user.get(f"{API}cart/").json()["count"] == 3


def clients_of_the_guide(follow, settings, name, **more):
    """Follow the guide, then let the store have this client of it.

    more -- options; a process keeps one client for the same
    """
    follow("keep-carts-in-redis.md")
    options = re.search(
        r'"OPTIONS": (\{"client".*\})', (GUIDES / "keep-carts-in-redis.md").read_text()
    )
    cart = {**settings.SHOPKIT["CART"], "OPTIONS": eval(options[1])}  # noqa: S307 - our own page
    cart["OPTIONS"] |= {"client": f"shop.redis_clients.{name}", **more}
    settings.SHOPKIT = {**settings.SHOPKIT, "CART": cart}


def test_keep_carts_in_a_redis_cluster(as_user, follow, redis_cluster, monkeypatch, settings):
    monkeypatch.setenv("REDIS_URL", redis_cluster.url)
    clients_of_the_guide(follow, settings, "cluster")
    cup = make_variant(price="10000")
    make_stock(cup, on_hand=5)

    fill(as_user, (cup, 3))

    assert as_user.get(f"{API}cart/").json()["count"] == 3
    assert sorted(redis_cluster.sizes()) == [0, 1]


@pytest.mark.skipif(redis.VERSION < (6,), reason="The guide names another option for it.")
def test_a_change_that_the_cluster_is_slow_to_make_is_not_sent_twice(
    as_user, follow, redis_cluster, monkeypatch, settings
):
    monkeypatch.setenv("REDIS_URL", redis_cluster.url)
    clients_of_the_guide(follow, settings, "cluster", pool_timeout=2)
    cup = make_variant(price="10000")
    make_stock(cup, on_hand=5)
    fill(as_user, (cup, 1))
    for node in redis_cluster.nodes:  # a second attempt would find them ready again
        node.call("CLIENT", "PAUSE", "1500", "WRITE")

    answer = as_user.post(f"{API}cart/items/", {"variant_id": cup.pk}, format="json")

    assert answer.status_code == 503


def test_keep_carts_in_a_redis_watched_by_sentinel(
    as_user, follow, redis_server, tmp_path, monkeypatch, settings
):
    sentinel = RedisServer(tmp_path / "sentinel")
    sentinel.folder.mkdir()
    watched = f"sentinel monitor shop 127.0.0.1 {redis_server.port} 1\n"
    (sentinel.folder / "sentinel.conf").write_text(watched)
    sentinel.start_sentinel()
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("SENTINEL", f"127.0.0.1:{sentinel.port}")
    clients_of_the_guide(follow, settings, "master")
    cup = make_variant(price="10000")
    make_stock(cup, on_hand=5)
    try:
        fill(as_user, (cup, 3))
        assert as_user.get(f"{API}cart/").json()["count"] == 3
    finally:
        sentinel.stop()
    assert redis_server.call("DBSIZE") == 1


def test_the_table_of_redis_options_is_complete():
    page = (GUIDES / "keep-carts-in-redis.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \|", page, re.M)

    assert listed == list(inspect.signature(RedisCartStore).parameters)


def test_the_table_of_facts_is_complete():
    page = (GUIDES / "react-to-an-order.md").read_text()
    listed = set(re.findall(r"^\| `(\w+)` \| `([\w.]+)` \|", page, re.M))
    apps = ("catalog", "orders", "payments", "inventory", "reviews")
    modules = [f"shopkit.{app}.facts" for app in apps]
    known = {
        (name, module)
        for module in modules
        for name, value in vars(importlib.import_module(module)).items()
        if type(value).__name__ == "Fact"
    }
    assert listed == known


def test_keep_pictures(client, follow):
    follow("keep-pictures.md")
    cup = make_variant(price="100")
    add_picture = importlib.import_module("shop.pictures").add_picture

    add_picture(cup.product, picture("PNG", size=(600, 400)))

    [card] = client.get(f"{API}products/").json()["results"]
    assert card["image"]["alt"] == cup.product.name
    assert sorted(card["image"]["sizes"]) == ["card", "page", "thumb"]


def test_cache_the_catalogue(client, follow, settings, django_assert_num_queries):
    make_variant(price="100")
    follow("cache-the-catalogue.md")
    # The same without a server.
    locmem = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {**settings.CACHES, "answers": {"BACKEND": locmem, "LOCATION": "guide"}}

    assert client.get(f"{API}products/").json()["results"][0]["price"] == "100.00"
    with django_assert_num_queries(0):
        client.get(f"{API}products/")
    importlib.import_module("shop.prices").raise_prices(10)
    assert client.get(f"{API}products/").json()["results"][0]["price"] == "110.00"

    serve = importlib.import_module("shop.api").Window.as_view(route_name="product-list")
    look = RequestFactory().get(f"{API}products/")
    serve(look)
    with django_assert_num_queries(0):
        assert serve(look).status_code == 200


def test_write_an_importer(follow, tmp_path):
    follow("write-an-importer.md")
    goods = tmp_path / "goods.json"
    goods.write_text(
        '[{"code": "HAT", "name": "Hat", "group": "Hats", "price": "20.50", "left": 4},'
        ' {"code": "CAP", "name": "Cap", "group": "Hats", "price": null, "left": 4}]'
    )

    report = import_products(goods, format="supplier")

    assert (report.created, report.failed) == (1, 1)
    item = StockItem.objects.get()
    assert (item.variant.sku, item.variant.price, item.on_hand) == ("HAT", Decimal("20.50"), 4)
    assert item.variant.product.category.name == "Hats"


def test_import_stock_and_prices(tmp_path):
    for sku, on_hand in (("HAT-G-M", 7), ("HAT-G-L", 3)):
        make_stock(make_variant(sku=sku), on_hand=on_hand)
    page = (GUIDES / "import-stock-and-prices.md").read_text(encoding="utf-8")
    path = tmp_path / "stock.csv"
    path.write_text(page.split("```text\n")[1].split("```")[0])

    call_command("shopkit_import_stock", str(path))

    assert sorted(StockItem.objects.values_list("on_hand", flat=True)) == [0, 12]
