"""Celery tasks of one-time codes."""

from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def purge() -> int:
    """Delete challenges that are over, and counters that count nothing any more."""
    return services.purge()
