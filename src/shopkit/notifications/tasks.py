"""Celery tasks of notifications."""

from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def forget_events() -> int:
    """Delete what people were told long ago."""
    return services.forget_events()
