"""Celery tasks of the catalogue."""

from celery import shared_task

from .services import orphans


@shared_task(ignore_result=True)
def forget_orphans() -> int:
    """Delete files of pictures that no row names."""
    return orphans.forget_orphans()
