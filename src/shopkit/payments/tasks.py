"""Celery tasks of payments."""

from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def expire_payments() -> int:
    """End the attempts whose time is over."""
    return services.expire_payments()


@shared_task(ignore_result=True)
def send_due_refunds() -> int:
    """Have the gateways give back what is due."""
    return services.send_due_refunds()


@shared_task(ignore_result=True)
def reconcile() -> int:
    """Ask the gateways about attempts of which nothing was heard."""
    return services.reconcile()
