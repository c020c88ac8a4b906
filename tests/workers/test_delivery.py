"""Facts by Celery: real brokers, real workers, and what happens when they are away."""

import logging
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction

from shopkit.core import facts
from shopkit.core.broker import wake_worker
from shopkit.core.facts import Fact, deliver_all
from shopkit.core.models import Delivery
from tests.orders.conftest import fill, place

from .team import wait_until

# With a refused, frozen or restarted broker a request may take this long, in seconds.
AT_MOST = 1.0
HEARD = []


def hear(number):
    HEARD.append((threading.current_thread().name, number))


def write_down(number):
    """Note in which process we run; the file is the effect that others can see."""
    with Path(os.environ["TEST_NOTES"]).open("a") as notes:
        notes.write(f"{number} {os.getpid()}\n")


def write_down_and_hang(number):
    """Begin, and never come to an end in the first process that tries."""
    is_first = not Path(os.environ["TEST_NOTES"]).exists()
    write_down(number)
    if is_first:
        time.sleep(600)


happened = Fact("test.happened")
happened.subscribe(hear)
noted = Fact("test.noted")
noted.subscribe(write_down)
hung = Fact("test.hung")
hung.subscribe(write_down_and_hang)


@pytest.fixture
def relay(monkeypatch):
    """A relay of our own, whose thread ends with the test."""
    ours = _Mortal()
    monkeypatch.setattr(facts, "_relay", ours)
    HEARD.clear()
    yield ours
    woken, ours._woken = ours._woken, _End()
    woken.set()
    if ours._thread is not None:
        ours._thread.join(20)
        assert not ours._thread.is_alive()


class _Mortal(facts._Relay):
    def _run(self):
        with suppress(SystemExit):
            super()._run()


class _End:
    def wait(self, _):
        raise SystemExit

    def clear(self):
        pass

    def is_set(self):
        return False


@pytest.fixture
def by_celery(settings):
    """Facts go to workers; the thread looks around often, so that it ends soon after the test."""
    values = {"DELIVERY": "celery", "SWEEP_EVERY": timedelta(milliseconds=100)}
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": values}


def waiting(server):
    """Return how many messages wait on a Redis of the test's own."""
    return server.call("LLEN", current_app.conf.task_default_queue)


def refused():
    """Return a URL where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{probe.getsockname()[1]}/0"


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_worker_on_redis_delivers_within_seconds_of_the_commit(
    by_celery, relay, workers, redis_server, publishes_to
):
    delivers_within_seconds(relay, workers(redis_server.url), publishes_to)
    # Nothing is left behind on the broker, neither the message nor a result.
    wait_until(lambda: waiting(redis_server) == 0)
    assert redis_server.call("KEYS", "celery-task-meta*") == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_on_rabbitmq_delivers_within_seconds_of_the_commit(
    by_celery, relay, workers, rabbitmq, publishes_to
):
    delivers_within_seconds(relay, workers(rabbitmq), publishes_to)


def delivers_within_seconds(relay, team, publishes_to):
    publishes_to(team.broker)
    worker = team.start_worker()

    began = time.monotonic()
    with transaction.atomic():
        for number in range(20):
            noted.announce(number=number)
    wait_until(lambda: not Delivery.objects.pending().exists(), within=5)

    assert time.monotonic() - began < 5
    lines = team.notes.read_text().splitlines()
    assert sorted(lines) == sorted(f"{number} {worker.pid}" for number in range(20))


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_its_row_to_the_next_after_the_lease(
    by_celery, relay, workers, redis_server, publishes_to
):
    team = workers(redis_server.url)
    publishes_to(team.broker)
    first = team.start_worker()
    began = time.monotonic()
    hung.announce(number=1)
    wait_until(team.notes.exists)

    first.send_signal(signal.SIGKILL)
    first.wait(10)
    second = team.start_worker()
    team.start_beat()
    wait_until(lambda: not Delivery.objects.pending().exists(), within=40)

    assert time.monotonic() - began > 10  # the lease in settings.py
    assert team.notes.read_text().splitlines() == [f"1 {first.pid}", f"1 {second.pid}"]
    assert Delivery.objects.get().attempts == 2


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_many_commits_are_one_wake_up(by_celery, relay, redis_server, publishes_to):
    publishes_to(redis_server.url)

    for number in range(200):
        happened.announce(number=number)
    wait_until(lambda: not relay._woken.is_set() and not relay._is_busy)

    assert 1 <= waiting(redis_server) <= 20
    assert Delivery.objects.due().count() == 200
    assert HEARD == []


@pytest.mark.django_db(transaction=True)
def test_a_refused_broker_costs_the_buyer_nothing_and_loses_nothing(
    by_celery,
    relay,
    publishes_to,
    client,
    cup,
    caplog,
):
    publishes_to(refused())
    fill(client, (cup, 1))

    began = time.monotonic()
    assert place(client).status_code == 201
    assert time.monotonic() - began < AT_MOST

    happened.announce(number=5)
    # A process that answers requests stands in for the workers that nobody can reach.
    relay.serves = True
    relay.wake()
    wait_until(lambda: HEARD == [("shopkit-facts", 5)], within=10)
    wait_until(lambda: not Delivery.objects.pending().exists())
    assert "No worker could be woken: OperationalError." in caplog.text


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_frozen_broker_costs_the_buyer_nothing_and_a_fact_a_few_seconds(
    by_celery,
    relay,
    redis_server,
    publishes_to,
    client,
    cup,
):
    publishes_to(redis_server.url)
    fill(client, (cup, 1))
    relay.serves = True
    redis_server.freeze()
    try:
        began = time.monotonic()
        assert place(client).status_code == 201
        happened.announce(number=5)
        assert time.monotonic() - began < AT_MOST

        wait_until(lambda: ("shopkit-facts", 5) in HEARD, within=8)
    finally:
        redis_server.thaw()


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_restarted_broker_is_found_again(
    by_celery, relay, redis_server, publishes_to, monkeypatch
):
    monkeypatch.setattr(facts, "BROKER_PAUSE", 0.2)
    publishes_to(redis_server.url)
    happened.announce(number=1)
    wait_until(lambda: waiting(redis_server) == 1)

    redis_server.stop()
    happened.announce(number=2)
    wait_until(lambda: relay._is_standing_in)
    redis_server.start()

    # The next round of the thread wakes the workers for what was announced meanwhile.
    wait_until(lambda: waiting(redis_server) == 1)
    assert Delivery.objects.due().count() == 2


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_nobody_reads_is_no_reason_to_wait_for_ever(
    by_celery, relay, redis_server, publishes_to
):
    publishes_to(redis_server.url)
    relay.serves = True

    began = time.monotonic()
    happened.announce(number=6)
    wait_until(lambda: waiting(redis_server) >= 1)
    wait_until(lambda: HEARD == [("shopkit-facts", 6)], within=10)

    assert time.monotonic() - began > 0.2  # two sweeps: the workers' time comes first


@pytest.mark.django_db(transaction=True)
def test_a_command_without_a_broker_leaves_its_facts_to_the_sweep(by_celery, relay, publishes_to):
    publishes_to(refused())

    happened.announce(number=7)
    wait_until(lambda: relay._is_standing_in)

    assert HEARD == []
    assert deliver_all() == 1
    assert [number for _, number in HEARD] == [7]


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_a_command_waits_for_its_wake_up_before_it_ends(
    by_celery, relay, redis_server, publishes_to
):
    publishes_to(redis_server.url)

    happened.announce(number=1)
    relay.finish()

    assert waiting(redis_server) == 1


@pytest.mark.django_db(transaction=True)
def test_a_command_does_not_wait_for_ever_for_a_broker_that_is_silent(
    by_celery, relay, publishes_to
):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        publishes_to(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        began = time.monotonic()

        happened.announce(number=1)
        relay.finish(within=0.5)

        assert time.monotonic() - began < 1.5
        wait_until(lambda: relay._is_standing_in)


@pytest.mark.parametrize("scheme", ["redis://127.0.0.1:{}/0", "amqp://guest:pa55@127.0.0.1:{}//"])
def test_a_silent_broker_is_given_up_after_two_seconds_and_its_password_kept(
    publishes_to, caplog, scheme
):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        publishes_to(scheme.format(silent.getsockname()[1]))
        began = time.monotonic()

        with caplog.at_level(logging.INFO, logger="shopkit"):
            assert not wake_worker()

        assert 1.5 < time.monotonic() - began < 4
    assert "No worker could be woken" in caplog.text
    assert "pa55" not in caplog.text
