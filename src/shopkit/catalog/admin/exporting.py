"""CSV files out of the admin, streamed: their size does not matter."""

# mypy: disable-error-code="type-arg"

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.exports import (
    PRODUCT_FORMATS,
    categories_rows,
    prices_rows,
    product_rows,
    stock_rows,
)
from shopkit.catalog.models import Product

# {(what, format): rows}; each is given a queryset of products or None.
EXPORTS: dict[tuple[str, str], Callable[[Any], Iterator[list[str]]]] = {
    **{("products", name): rows for name, rows in PRODUCT_FORMATS.items()},
    ("stock", "shopkit"): stock_rows,
    ("prices", "shopkit"): prices_rows,
    ("categories", "shopkit"): categories_rows,
}
# A spreadsheet takes a file for UTF-8 by this mark; our imports pass over it.
MARK = "\ufeff"


class _Echo:
    """Returns what it is given to write, which ``csv`` hands on."""

    def write(self, text: str) -> str:
        return text


def download(rows: Iterable[Iterable[str]], *, name: str) -> StreamingHttpResponse:
    """Answer with ``rows`` as a CSV file, while they are read.

    name -- of the file, without its date and ending
    """
    writer = csv.writer(_Echo(), lineterminator="\r\n")

    def lines() -> Iterator[str]:
        yield MARK
        for row in rows:
            yield writer.writerow(row)

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    today = timezone.localdate().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="{name}-{today}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@admin.action(description=_("Export chosen products as CSV"), permissions=["view"])
def export_chosen(
    _admin: Any, _request: HttpRequest, queryset: QuerySet[Product]
) -> StreamingHttpResponse:
    """Download the chosen products in our own format."""
    return download(product_rows(queryset), name="products")
