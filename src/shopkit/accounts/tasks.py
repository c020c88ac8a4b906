"""Celery tasks of accounts."""

from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def forget_registrations() -> int:
    """Delete registrations that nobody finished in time."""
    return services.forget_registrations()


@shared_task(ignore_result=True)
def forget_sessions() -> int:
    """Delete sessions that ended long ago."""
    return services.forget_sessions()
