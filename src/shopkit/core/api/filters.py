"""Query filters: django-filter's, but strict. A filter nobody knows is refused, never ignored."""

from datetime import datetime, timezone
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request

from shopkit.core.moments import LOOKUPS, by_moment, is_by_database

from .pagination import LIST_PARAMETERS


class Filters(django_filters.FilterSet):
    """Base of our filter sets: only what is asked, or must be, is built and applied.

    aliases -- {other spelling: filter name}, such as {"q": "search"}
    """

    aliases: dict[str, str] = {}  # noqa: RUF012 - a class constant of subclasses

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # Copying every filter and form field for each request costs as much as the query.
        declared: Any = type(self).base_filters  # type: ignore[misc, has-type]
        self.base_filters = {
            name: one
            for name, one in declared.items()
            if name in (data or ()) or one.extra.get("required")
        }
        super().__init__(data, *args, **kwargs)


class RepeatedWidget(forms.SelectMultiple):
    """Reads a parameter that may be given several times."""


class RepeatedField(forms.Field):
    """The list of texts of a repeatable parameter; blanks and NULs are refused."""

    widget = RepeatedWidget

    def clean(self, value: Any) -> list[str]:
        """Return the given texts."""
        texts = [str(one) for one in value or ()]
        if any(not one.strip() or "\x00" in one for one in texts):
            raise ValidationError(_("A value is missing."), code="invalid")
        return texts


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class RepeatedFilter(django_filters.Filter):
    """A parameter that may be given several times: ``attr=size:m&attr=size:l``."""

    field_class = RepeatedField


class MomentField(IsoDateTimeField):
    """A moment that every engine can compare with: one within the years 1 to 9999 of UTC."""

    def clean(self, value: Any) -> datetime | None:
        """Return the moment in UTC."""
        moment: datetime | None = super().clean(value)
        try:
            return moment and moment.astimezone(timezone.utc)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentFilter(django_filters.IsoDateTimeFilter):
    """Before or after a moment."""

    field_class = MomentField

    def filter(self, qs: QuerySet[Any], value: datetime | None) -> QuerySet[Any]:
        """Keep what is before or after it."""
        name, lookup = str(self.field_name), str(self.lookup_expr)
        if value is None or lookup not in LOOKUPS or not is_by_database(qs, name):
            found: QuerySet[Any] = super().filter(qs, value)
        else:
            found = self.get_method(qs)(by_moment(name, lookup, value))
        return found


class OrderingFilter(django_filters.ChoiceFilter):
    """``ordering=price`` or ``-price``; one of the names, and the primary key after it.

    columns -- {public name: column}
    """

    def __init__(self, *, columns: dict[str, str], **kwargs: Any) -> None:
        self.columns = columns
        names = [name for column in columns for name in (column, f"-{column}")]
        super().__init__(choices=[(name, name) for name in names], **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Order the rows."""
        if not value:
            return qs
        sign, column = (
            ("-", self.columns[value[1:]]) if value[0] == "-" else ("", self.columns[value])
        )
        return qs.order_by(f"{sign}{column}", f"{sign}pk")


class StrictFilterBackend(DjangoFilterBackend):
    """Applies a view's ``filterset_class``; unknown and invalid parameters are 400."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        """Return the filtered rows. Raises ValidationError naming each wrong parameter."""
        filters = getattr(view, "filterset_class", None)
        known = set(LIST_PARAMETERS)
        aliases: dict[str, str] = {}
        if filters is not None:
            aliases = getattr(filters, "aliases", {})
            known |= filters.base_filters.keys() | aliases.keys()
        if unknown := sorted(request.query_params.keys() - known):
            wrong = _("There is no such filter.")
            raise ValidationError(
                {name: ValidationError(wrong, code="unknown_filter") for name in unknown}
            )
        if filters is None or not request.query_params.keys() - LIST_PARAMETERS:
            return queryset
        given: Any = request.query_params
        for alias in aliases.keys() & given.keys():
            given = given.copy()
            given.setlist(aliases[alias], given.pop(alias))
        chosen = filters(data=given, queryset=queryset, request=request)
        if not chosen.is_valid():
            raise ValidationError({name: error.as_data() for name, error in chosen.errors.items()})
        found: QuerySet[Any] = chosen.qs
        return found
