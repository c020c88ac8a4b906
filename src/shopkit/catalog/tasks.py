"""Celery tasks of the catalogue."""

from celery import shared_task

from .imports import uploads
from .services import facets, orphans


@shared_task(ignore_result=True)
def forget_orphans() -> int:
    """Delete files of pictures that no row names."""
    return orphans.forget_orphans()


@shared_task(ignore_result=True)
def purge_facet_changes() -> int:
    """Forget the changes of facets that every process knows."""
    return facets.purge_changes()


@shared_task(ignore_result=True)
def forget_imports() -> int:
    """Delete what is over of imports."""
    return uploads.forget_imports()
