"""Every job that comes round: as a task, by the command, and by two schedulers at once."""

import os
import signal
import time
from datetime import timedelta
from io import StringIO

import pytest
from celery import Task
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F
from django.utils.module_loading import import_string

from shopkit.core.schedule import Job, jobs
from shopkit.inventory.models import Reservation, StockItem
from shopkit.orders.models import Order
from shopkit.orders.services import expire_all
from tests.periodic import MANY, WORK
from tests.threads import at_once, kinds

NAMES = sorted(WORK)


@pytest.fixture(autouse=True)
def _manual(settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}


def test_every_job_of_every_app_is_tried_here():
    assert sorted(jobs()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_task_of_a_job_is_a_celery_task_of_that_name(name):
    job = jobs()[name]
    task = import_string(job.task)

    assert isinstance(task, Task)
    assert task.name == job.task
    # Nothing of it may stay in a result store, where nobody would fetch it.
    assert task.ignore_result


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", ["run", "task"])
def test_a_job_does_its_work_and_no_more_when_it_is_run_again(name, way):
    work, call = WORK[name], import_string(getattr(jobs()[name], way))
    work.make()
    assert work.look() != work.done

    assert call() >= MANY
    assert work.look() == work.done
    assert call() == 0
    assert work.look() == work.done


@pytest.mark.django_db
def test_the_command_does_all_of_it_once():
    for work in WORK.values():
        work.make()
    out = StringIO()

    call_command("shopkit_periodic", stdout=out)

    # Expiring announces; what it announced is delivered by the next run.
    told = dict(line.split(": ") for line in out.getvalue().splitlines())
    assert sorted(told) == NAMES
    for name in ("shopkit-expire-orders", "shopkit-forget-guest-carts", "shopkit-forget-sessions"):
        assert told[name] == str(MANY)
        assert WORK[name].look() == WORK[name].done


def test_the_command_lists_what_there_is():
    out = StringIO()

    call_command("shopkit_periodic", "--list", stdout=out)

    assert out.getvalue().splitlines()[0] == "shopkit-deliver-facts: every 0:00:30"
    assert len(out.getvalue().splitlines()) == len(NAMES)


def break_down():
    raise RuntimeError("no")


@pytest.mark.django_db
def test_a_job_that_fails_stops_no_other_and_is_told(monkeypatch):
    config = apps.get_app_config("shopkit_sms")
    bad = Job("bad", run=f"{__name__}.break_down", task="x.y", every=timedelta(hours=1))
    monkeypatch.setattr(config, "shopkit_jobs", (bad, *config.shopkit_jobs), raising=False)
    WORK["shopkit-forget-text-messages"].make()

    with pytest.raises(CommandError, match=r"Failed: bad\. The log says why\."):
        call_command("shopkit_periodic", "--once", stdout=StringIO())

    assert WORK["shopkit-forget-text-messages"].look() == [1]


@pytest.mark.django_db
def test_an_order_that_cannot_be_expired_stops_no_other(monkeypatch, caplog):
    monkeypatch.setattr("shopkit.orders.services.expire.BATCH", 5)
    WORK["shopkit-expire-orders"].make()
    # The books of one are wrong: giving back what it claims to hold is refused by the database.
    first = Order.objects.due().order_by("pk").first()
    Reservation.objects.filter(owner=first.stock_owner).update(quantity=1000)

    assert expire_all() == MANY - 1

    assert list(Order.objects.due()) == [first]
    assert StockItem.objects.get().reserved == 2
    assert f"Order {first.pk} cannot be expired." in caplog.text


class Stopping(StringIO):
    """Stops the process at the first line that it says."""

    def write(self, text):
        os.kill(os.getpid(), signal.SIGTERM)
        return super().write(text)


@pytest.mark.django_db(transaction=True)
def test_the_loop_runs_what_is_due_until_it_is_told_to_stop():
    WORK["shopkit-forget-text-messages"].make()
    out = Stopping()
    began = time.monotonic()

    call_command("shopkit_periodic", "--loop", stdout=out)

    assert time.monotonic() - began < 10
    assert f"shopkit-forget-text-messages: {MANY}\n" in out.getvalue()
    assert WORK["shopkit-forget-text-messages"].look() == [1]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", NAMES)
def test_two_schedulers_at_once_do_what_one_would(name):
    work, call = WORK[name], import_string(jobs()[name].run)
    work.make()

    outcomes = at_once([call] * 4)

    assert kinds(outcomes) == {"ok": 4}
    assert sum(outcomes) >= MANY
    assert work.look() == work.done


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_schedulers_that_look_and_then_cancel_would_release_twice():
    work = WORK["shopkit-expire-orders"]
    work.make()

    at_once([expire_naively] * 4)

    assert work.look() != work.done


def expire_naively():
    """What ``expire_all`` would be without the lock and the second look under it."""
    for order in list(Order.objects.due().order_by("pk")):
        Order.objects.filter(pk=order.pk).update(status="cancelled", expires_at=None)
        StockItem.objects.filter(reserved__gt=0).update(reserved=F("reserved") - 1)
        order.events.create(from_status="placed", to_status="cancelled", reason="expired")
