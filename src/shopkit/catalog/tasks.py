"""Celery tasks of the catalogue."""

from celery import shared_task

from .services import facets


@shared_task(ignore_result=True)
def purge_facet_changes() -> int:
    """Forget the changes of facets that every process knows."""
    return facets.purge_changes()
