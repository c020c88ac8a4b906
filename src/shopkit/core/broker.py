"""Waking a Celery worker by one small message, in bounded time and without a word of data.

Whether the message arrives decides about seconds and never about whether a fact is delivered:
the rows wait in the database, and the sweep on beat finds them.
"""

import logging
from typing import Any

from .tasks import deliver_facts

logger = logging.getLogger("shopkit.facts")

PATIENCE = 2.0
# A wake-up is news for a moment only: a worker that was away must not work off a thousand of them.
GOOD_FOR = 60


def wake_worker() -> bool:
    """Publish one ``deliver_facts`` and say whether the broker took it.

    A broker that is refused, frozen or full costs a few seconds, and its error is logged. The
    connection is closed again, which makes RabbitMQ confirm that it has read what was sent, and
    leaves none to be found dead after a quiet night.
    """
    try:
        with _connection() as connection:
            deliver_facts.apply_async(
                producer=deliver_facts.app.amqp.Producer(connection, auto_declare=False),
                retry=False,
                expires=GOOD_FOR,
            )
    except Exception as error:  # noqa: BLE001 - every client library has errors of its own
        # The error's text may quote the broker's URL, and with it a password.
        logger.warning("No worker could be woken: %s.", type(error).__name__)
        return False
    return True


def _connection() -> Any:
    """Return a connection like the site's, but one that gives up at once."""
    usual = deliver_facts.app.connection_for_write()
    return usual.clone(
        connect_timeout=PATIENCE,
        transport_options={**usual.transport_options, **_impatient(usual.transport.driver_type)},
    )


def _impatient(driver: str) -> dict[str, Any]:
    once = {"max_retries": 0}
    if driver == "redis":
        return {**once, "socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    if driver == "amqp":
        return {**once, "read_timeout": PATIENCE, "write_timeout": PATIENCE}
    return once
