"""Celery tasks of the stock."""

from celery import shared_task

from . import wishes


@shared_task(ignore_result=True)
def grant_wishes() -> int:
    """Have those told who wait for what can be had."""
    return wishes.grant_due()
