"""Celery tasks of carts."""

from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def forget_guests() -> int:
    """Throw away guests' carts that have been left behind."""
    return services.forget_guests()


@shared_task(ignore_result=True)
def tidy_carts() -> int:
    """Delete what the store keeps beside the carts and needs no more."""
    return services.tidy_carts()
