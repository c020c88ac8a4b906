"""The guides of the engine room: workers, periodic work, replicas."""

import importlib
from datetime import timedelta
from io import StringIO

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from shopkit.catalog.testing import make_variant
from shopkit.core.conf import facts_settings
from shopkit.core.schedule import jobs
from shopkit.inventory.testing import make_stock
from tests.docs.test_how_to import GUIDES, follow  # noqa: F401 - a fixture
from tests.orders.conftest import API

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _one_celery():
    """Give the process its own Celery application back."""
    before = current_app._get_current_object()
    yield
    before.set_current()
    before.set_default()


@pytest.fixture
def guide(follow, settings):  # noqa: F811
    """``guide(name)`` follows it, and its settings hold."""

    def follow_guide(name):
        given = follow(name)
        for key, value in given.items():
            if key.isupper() and key != "SHOPKIT":
                setattr(settings, key, value)

    return follow_guide


@pytest.mark.usefixtures("_one_celery")
def test_deliver_facts_by_celery(guide):
    guide("deliver-facts-by-celery.md")
    app = importlib.import_module("shop.celery").app

    app.finalize()
    conf = app.conf

    assert facts_settings().DELIVERY == "celery"
    assert conf.broker_url == "amqp://shop:secret@broker.example:5672/shop"
    assert (conf.task_acks_late, conf.worker_prefetch_multiplier) == (True, 1)
    assert conf.broker_connection_max_retries is None
    app.loader.import_default_modules()
    assert {entry["task"] for entry in conf.beat_schedule.values()} <= set(app.tasks)
    assert sorted(conf.beat_schedule) == sorted(jobs())


def test_run_periodic_work(guide, settings):
    guide("run-periodic-work.md")
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "shop.apps.ShopConfig"]
    out = StringIO()

    call_command("shopkit_periodic", "--once", stdout=out)

    assert out.getvalue() == "shop-forget-wishes: 3\n"
    task = importlib.import_module("shop.tasks").forget_wishes
    assert (task.name, task()) == (jobs()["shop-forget-wishes"].task, 3)
    schedule = settings.CELERY_BEAT_SCHEDULE
    assert schedule["report"] == {"task": "shop.tasks.report", "schedule": timedelta(days=1)}
    assert "shopkit-forget-updates" not in schedule
    assert "shop-forget-wishes" in schedule


def test_the_guide_names_every_job():
    text = (GUIDES / "run-periodic-work.md").read_text()

    assert [name for name in jobs() if f"| `{name}` |" not in text] == []


@pytest.fixture
def replica():
    """A second connection to the same database stands for a replica that does not lag."""
    connections["replica"] = connection.copy("replica")
    yield connections["replica"]
    connections["replica"].close()
    del connections["replica"]


def test_use_read_replicas(guide, settings, replica, client, as_user):
    guide("use-read-replicas.md")
    settings.MIDDLEWARE = [settings.FIRST_MIDDLEWARE, *settings.MIDDLEWARE]
    variant = make_variant(price="100")
    make_stock(variant, on_hand=5)
    product = variant.product
    page = f"{API}products/{product.pk}/"

    def asked(call):
        with CaptureQueriesContext(replica) as there, CaptureQueriesContext(connection) as here:
            assert call().status_code < 400
        stock = sum("shopkit_inventory_stockitem" in one["sql"] for one in here)
        return len(there), len(here) - stock

    there, here = asked(lambda: client.get(page))
    assert (there > 0, here) == (True, 0)
    there, here = asked(lambda: client.get(page, headers={"Authorization": ""}))
    assert (there, here > 0) == (0, True)
    there, here = asked(
        lambda: client.post(f"{API}cart/items/", {"product_id": product.pk}, format="json")
    )
    assert (there, here > 0) == (0, True)
    there, here = asked(lambda: as_user.get(f"{API}orders/"))
    assert (there, here > 0) == (0, True)
    with transaction.atomic():
        assert asked(lambda: client.get(page))[0] == 0
