"""Celery tasks of the bot."""

from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def forget_updates() -> int:
    """Delete updates that nobody needs any more."""
    return services.forget_updates()
