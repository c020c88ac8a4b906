"""Celery tasks of reviews."""

from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def forget_withdrawals() -> int:
    """Delete what is known of reviews that were withdrawn long ago."""
    return services.forget_withdrawals()
