"""Lists: numbered pages that stay affordable, and keyset pages of constant cost.

``?page=2&page_size=20`` answers with a count, exact as far as it is cheap. ``?cursor=`` (empty to
begin) switches to keyset paging: no count, the same cost at any depth, no row twice or lost while
others are inserted.
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from shopkit.core.conf import api_settings
from shopkit.core.moments import Moment, by_moment, is_by_database

LARGEST_PAGE = 100


class UseCursor(exceptions.APIException):
    """A page so deep that counting up to it would hurt everybody."""

    status_code = 400
    default_code = "use_cursor"
    default_detail = gettext_lazy("This page is too deep. Walk the list with ?cursor= instead.")


class ListPagination(BasePagination):
    """The one pagination of the house; ``cursor`` in the query chooses the kind.

    known_total -- how many rows there are, where the view knows: nothing is counted then
    beside -- {name: schema} of what a view's answers may have beside the page, for OpenAPI
    """

    known_total: int | None = None

    beside: Mapping[str, Any] = MappingProxyType({})

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the asked page. ``queryset`` must be ordered by a plain column."""
        self.request = request
        self.size = _page_size(request)
        if "cursor" in request.query_params:
            self.body = _KeysetPage(queryset, request, self.size).answer()
        else:
            self.body = _NumberedPage(queryset, request, self.size).answer(self.known_total)
        rows: list[Any] = self.body["results"]
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        """Return the list answer with the shown rows in place of the found ones."""
        return Response({**self.body, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the list answer for OpenAPI."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Absent in keyset paging."},
                "count_capped": {
                    "type": "boolean",
                    "description": "True when there are more rows than count says.",
                },
                "next": link,
                "previous": link,
                "results": schema,
                **self.beside,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the query parameters for OpenAPI."""
        whole = {"type": "integer", "minimum": 1}
        return [
            {"name": "page", "in": "query", "schema": whole, "description": "From 1."},
            {
                "name": "page_size",
                "in": "query",
                "schema": whole,
                "description": "20 by default; above 100 means 100.",
            },
            {
                "name": "cursor",
                "in": "query",
                "allowEmptyValue": True,
                "schema": {"type": "string"},
                "description": "Keyset paging; empty to begin, then as next and previous say.",
            },
        ]


LIST_PARAMETERS = frozenset({"page", "page_size", "cursor"})


def _page_size(request: Request) -> int:
    given = request.query_params.get("page_size")
    if given is None:
        return api_settings().PAGE_SIZE
    return min(_whole_number(given, "page_size"), LARGEST_PAGE)


def _whole_number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        raise ValidationError({name: ValidationError(_("A whole number above 0."), code="invalid")})
    return int(text[:20])


class _NumberedPage:
    """Page n with a count that is exact as far as it is cheap."""

    def __init__(self, queryset: QuerySet[Any], request: Request, size: int) -> None:
        self.queryset, self.request, self.size = queryset, request, size

    def answer(self, total: int | None) -> dict[str, Any]:
        settings = api_settings()
        number = _whole_number(self.request.query_params.get("page", "1"), "page")
        first = (number - 1) * self.size
        if first >= settings.DEEPEST_ROW:
            raise UseCursor
        rows = list(self.queryset[first : first + self.size + 1])
        has_next = len(rows) > self.size
        rows = rows[: self.size]
        if not rows and number > 1:
            raise exceptions.NotFound(_("There is no such page."))
        if total is None or not has_next:
            count, is_capped = self._count(first, len(rows), has_next=has_next)
        else:
            count, is_capped = max(total, first + len(rows)), False
        return {
            "count": count,
            **({"count_capped": True} if is_capped else {}),
            "next": self._link(number + 1) if has_next else None,
            "previous": self._link(number - 1) if number > 1 else None,
            "results": rows,
        }

    def _count(self, first: int, shown: int, *, has_next: bool) -> tuple[int, bool]:
        """The last page needs no COUNT; beyond the limit nobody is served by an exact one."""
        if not has_next:
            return first + shown, False
        limit = api_settings().EXACT_COUNT_UP_TO
        if first + shown >= limit:
            return first + shown, True
        counted = self.queryset.order_by()[: limit + 1].count()
        return max(min(counted, limit), first + shown), counted > limit

    def _link(self, number: int) -> str:
        url = self.request.build_absolute_uri()
        if number == 1:
            return remove_query_param(url, "page")
        return replace_query_param(url, "page", number)


class _KeysetPage:
    """The rows after (or before) a place, found through the index of the ordering.

    A cursor packs [is backwards, ordering, value, primary key], both values as texts.
    """

    def __init__(self, queryset: QuerySet[Any], request: Request, size: int) -> None:
        self.queryset, self.request, self.size = queryset, request, size
        self.column, self.descending = _leading_column(queryset)
        self.ordering = f"{'-' if self.descending else ''}{self.column}"
        self.is_by_database = is_by_database(queryset, self.column)

    def answer(self) -> dict[str, Any]:
        place = self._read(self.request.query_params["cursor"])
        backwards = place is not None and place["backwards"]
        rows = self._rows(place, descending=self.descending != backwards)
        has_more = len(rows) > self.size
        rows = rows[: self.size]
        if backwards:
            rows.reverse()
        has_next, has_previous = (True, has_more) if backwards else (has_more, place is not None)
        return {
            "next": self._link(rows[-1], backwards=False) if rows and has_next else None,
            "previous": self._link(rows[0], backwards=True) if rows and has_previous else None,
            "results": rows,
        }

    def _rows(self, place: dict[str, Any] | None, *, descending: bool) -> list[Any]:
        rows = self.queryset
        if place is not None:
            rows = rows.filter(self._beyond(place, "lt" if descending else "gt"))
        columns = dict.fromkeys((self.column, "pk"))
        order: list[Any] = [f"{'-' if descending else ''}{column}" for column in columns]
        if self.is_by_database:
            moment = Moment(F(self.column))
            order[0] = moment.desc() if descending else moment.asc()
        return list(rows.order_by(*order)[: self.size + 1])

    def _beyond(self, place: dict[str, Any], than: str) -> Q:
        """Written so that the index of the ordering gives one range (no OR at the top)."""
        if self.column == "pk":
            return Q(**{f"pk__{than}": place["pk"]})
        same_or_beyond = self._compared(f"{than}e", place["value"])
        beyond = self._compared(than, place["value"]) | Q(**{f"pk__{than}": place["pk"]})
        return same_or_beyond & beyond

    def _compared(self, lookup: str, value: Any) -> Q:
        if self.is_by_database:
            return by_moment(self.column, lookup, value)
        return Q(**{f"{self.column}__{lookup}": value})

    def _link(self, row: Model, *, backwards: bool) -> str:
        place = [int(backwards), self.ordering, _text_of(getattr(row, self.column)), str(row.pk)]
        packed = json.dumps(place, separators=(",", ":")).encode()
        cursor = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def _read(self, cursor: str) -> dict[str, Any] | None:
        if not cursor:
            return None
        meta = self.queryset.model._meta
        column = _field_of(self.queryset, self.column)
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            backwards, ordering, value, pk = json.loads(base64.urlsafe_b64decode(padded))
            if ordering != self.ordering:
                raise ValueError("This cursor belongs to another ordering.")
            return {
                "backwards": bool(backwards),
                "value": _value_of(column, value),
                "pk": _value_of(meta.pk, pk),
            }
        except (ValueError, TypeError, ArithmeticError, RecursionError, ValidationError) as error:
            wrong = ValidationError(_("This cursor is not one of ours."), code="invalid_cursor")
            raise ValidationError({"cursor": wrong}) from error


def _text_of(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _value_of(column: "Field[Any, Any]", text: Any) -> Any:
    """Return a cursor's text as the column's type; refuse what the column cannot hold."""
    if not isinstance(text, str) or b"\x00" in text.encode():
        raise ValueError("No column of ours holds that.")
    value = column.to_python(text)
    if isinstance(value, datetime):
        # A naive time is refused, one beyond the calendar overflows here and not in the database.
        return _aware(value).astimezone(timezone.utc)
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError("No column holds such a number.")
    if value is None:
        raise ValueError("Nothing is no place in a list.")
    column.get_prep_value(value)
    return value


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("A time without a zone.")
    return value


def _field_of(queryset: QuerySet[Any], column: str) -> Any:
    annotation = queryset.query.annotations.get(column)
    if annotation is not None:
        return annotation.output_field
    meta = queryset.model._meta
    return meta.pk if column == "pk" else meta.get_field(column)


def _leading_column(queryset: QuerySet[Any]) -> tuple[str, bool]:
    ordering = queryset.query.order_by or queryset.model._meta.ordering or ("pk",)
    leading = str(ordering[0])
    name = leading.lstrip("-")
    is_key = name in {"pk", queryset.model._meta.pk.name}
    return ("pk" if is_key else name), leading.startswith("-")
