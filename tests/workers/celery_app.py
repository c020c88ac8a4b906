"""Celery of the test suite's workers: ``celery -A tests.workers.celery_app worker``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.workers.settings")

app = Celery("shopkit-tests")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
