"""Filters of the inbox."""

import django_filters
from django.db.models import QuerySet

from shopkit.core.api.filters import Filters
from shopkit.notifications.models import Notification


class NotificationFilters(Filters):
    """What the inbox can be narrowed by."""

    is_read = django_filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")], method="keep_read"
    )

    class Meta:
        model = Notification
        fields = ()

    def keep_read(
        self, rows: QuerySet[Notification], name: str, value: str
    ) -> QuerySet[Notification]:
        """Return those that were looked at, or those that were not."""
        return rows.filter(read_at__isnull=value == "false")
