"""The first floor: a bare Django site that answers constant bytes, or the rows of one statement.

Nothing of Django can be left out below this: its request, its URL resolver, CommonMiddleware.
"""

import os
from typing import Any

import django
import orjson
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from .sql import FIRST_PAGE, card
from .url import django_database


def constant(_request: HttpRequest, size: int) -> HttpResponse:
    """Answer ``size`` bytes that were there before."""
    return HttpResponse(_bytes(size), content_type="application/json")


def one_statement(_request: HttpRequest) -> HttpResponse:
    """Answer the first page of the product list: a cursor, twenty dicts, orjson."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_PAGE)
        rows = cursor.fetchall()
    body = {"next": None, "previous": None, "results": [card(row) for row in rows]}
    return HttpResponse(orjson.dumps(body), content_type="application/json")


_made: dict[int, bytes] = {}


def _bytes(size: int) -> bytes:
    if size not in _made:
        _made[size] = b'"' + b"x" * (size - 2) + b'"'
    return _made[size]


urlpatterns = [path("constant/<int:size>/", constant), path("one-statement/", one_statement)]


def application() -> Any:
    """Return the WSGI application; gunicorn calls it once per worker."""
    settings.configure(
        DATABASES={"default": django_database(os.environ["SHOPKIT_BENCH_DATABASE_URL"])},
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1"],
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        USE_TZ=True,
    )
    django.setup()
    return WSGIHandler()
