"""Celery tasks of orders."""

from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def expire_orders() -> int:
    """Cancel orders that nobody paid in time."""
    return services.expire_all()


@shared_task(ignore_result=True)
def recount_popularity() -> int:
    """Order the best sellers anew."""
    return services.recount_popularity()
