"""Celery tasks of the catalogue."""

from celery import shared_task

from .imports import uploads


@shared_task(ignore_result=True)
def forget_imports() -> int:
    """Delete what is over of imports."""
    return uploads.forget_imports()
