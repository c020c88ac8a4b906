"""Celery tasks of the engine room."""

from celery import shared_task

from . import facts, idempotency

# Seconds. A round ends after the first and leaves the rest to the next wake-up or sweep; a
# subscriber that hangs is interrupted after the second and its process replaced after the third.
ROUND, LONGEST, HARD_LIMIT = 60, 300, 330


@shared_task(
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    soft_time_limit=LONGEST,
    time_limit=HARD_LIMIT,
)
def deliver_facts() -> int:
    """Deliver what is due: after a commit, and every ``FACTS["SWEEP_EVERY"]``."""
    return facts.deliver_all(within=ROUND)


@shared_task(ignore_result=True)
def forget_delivered() -> int:
    """Delete the records of facts that were delivered long ago."""
    return facts.forget_delivered()


@shared_task(ignore_result=True)
def forget_answers() -> int:
    """Delete answers to idempotency keys that are over."""
    return idempotency.forget_expired()
