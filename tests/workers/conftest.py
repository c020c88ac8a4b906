"""Brokers, and a place on them where nobody else listens."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery, current_app
from kombu import Connection, Queue

from tests.orders.conftest import cup  # noqa: F401 - a fixture
from tests.servers import missing

from .team import Workers

RABBITMQ = os.environ.get("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")


@pytest.fixture
def publishes_to(queue: str) -> Iterator[Callable[[str], Celery]]:
    """``publishes_to(url)`` makes this process publish its tasks there, to ``queue``."""
    before = current_app._get_current_object()

    def choose(url: str) -> Celery:
        app = Celery("shopkit-tests", broker=url, set_as_current=True)
        app.set_default()
        app.conf.task_default_queue = queue
        return app

    yield choose
    before.set_current()
    before.set_default()


@pytest.fixture
def queue() -> str:
    """The name of a queue that nobody else listens to."""
    return f"shopkit-tests-{secrets.token_hex(6)}"


@pytest.fixture
def rabbitmq(queue: str) -> Iterator[str]:
    """The URL of the shared RabbitMQ; ``queue`` is removed afterwards.

    Redis is the broker that CI must have; a run that names RABBITMQ_URL must have that too.
    """
    try:
        with Connection(RABBITMQ, connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
    except Exception:  # noqa: BLE001 - whatever keeps us from it
        if "RABBITMQ_URL" in os.environ:
            missing("the RabbitMQ of RABBITMQ_URL does not answer")
        pytest.skip("skipped: no RabbitMQ (set RABBITMQ_URL)")
    yield RABBITMQ
    with Connection(RABBITMQ) as connection:
        Queue(queue).bind(connection.channel()).delete()


@pytest.fixture
def workers(tmp_path: Path, queue: str) -> Iterator[Callable[[str], Workers]]:
    """``workers(url)`` gives a team on that broker; it is killed afterwards."""
    teams: list[Workers] = []

    def gather(broker: str) -> Workers:
        teams.append(Workers(tmp_path, broker=broker, queue=queue))
        return teams[-1]

    yield gather
    for team in teams:
        team.stop()
