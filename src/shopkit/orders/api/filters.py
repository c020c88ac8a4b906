"""Filters of the order list."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shopkit.core.api.filters import Filters, MomentFilter
from shopkit.core.api.permissions import is_staff
from shopkit.orders.models import Order


class OrderFilters(Filters):
    """What a list of orders can be narrowed by."""

    status = django_filters.ChoiceFilter(choices=Order.Status.choices)
    payment_status = django_filters.ChoiceFilter(choices=Order.PaymentStatus.choices)
    placed_after = MomentFilter(field_name="placed_at", lookup_expr="gte")
    placed_before = MomentFilter(field_name="placed_at", lookup_expr="lt")
    search = django_filters.CharFilter(method="find", help_text="Staff: number, name or phone.")

    def find(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """Return the orders of a number, a name or a phone; for staff only."""
        if not is_staff(getattr(self.request, "user", None)):
            wrong: Any = ValidationError(_("There is no such filter."), code="unknown_filter")
            raise ValidationError({name: wrong})
        text = value.strip()
        return rows.filter(
            Q(number__istartswith=text)
            | Q(contact_name__icontains=text)
            | Q(contact_phone__contains=text)
        )
