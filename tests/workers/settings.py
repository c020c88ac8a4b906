"""The test suite's site in a worker or a beat beside it.

DATABASE_URL -- the database that the test is in, not the one it was made from
TEST_BROKER, TEST_QUEUE -- a broker, and a queue on it that nobody else listens to
"""

import os
from datetime import timedelta

from shopkit.core.schedule import beat_schedule
from tests.settings import *  # noqa: F403
from tests.settings import SHOPKIT

SHOPKIT["FACTS"] = {
    "DELIVERY": "celery",
    "LEASE": timedelta(seconds=10),
    "PAUSES": (1, 1),
    "SWEEP_EVERY": timedelta(seconds=1),
}
CELERY_BROKER_URL = os.environ["TEST_BROKER"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = os.environ["TEST_QUEUE"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE = beat_schedule()
