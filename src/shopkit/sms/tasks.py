"""Celery tasks of text messages."""

from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def forget_messages() -> int:
    """Delete old records of text messages."""
    return services.forget_messages()
