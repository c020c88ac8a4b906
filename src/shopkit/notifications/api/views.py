"""Views of the inbox."""

# ruff: noqa: RUF012 - the base class declares these constants ClassVar

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.core.api.fields import LARGEST_KEY
from shopkit.core.api.permissions import IsAuthenticated
from shopkit.core.api.views import ShopkitView
from shopkit.notifications import services
from shopkit.notifications.models import Notification
from shopkit.notifications.services import Choice

from .filters import NotificationFilters
from .serializers import (
    NotificationOutput,
    PreferencesInput,
    PreferencesOutput,
    ReadAllOutput,
)


class InboxView(ShopkitView):
    """What all calls of the inbox share: one's own, and nobody else's."""

    permission_classes = (IsAuthenticated,)
    tags = ("Notifications",)


class NotificationListView(InboxView):
    """GET what one was told, newest first; is_read narrows it."""

    output_classes = {"GET": NotificationOutput}
    filterset_class = NotificationFilters
    queryset = Notification.objects.all()
    is_list = True

    def get(self, request: Request) -> Response:
        """Return a page of the inbox."""
        own = Notification.objects.of_user(request.user).select_related("event")
        return self.write_page(own.order_by("-pk"))


class ReadNotificationView(InboxView):
    """POST nothing; the notification is read from now on (200)."""

    output_classes = {"POST": NotificationOutput}
    success_statuses = {"POST": 200}

    def post(self, request: Request, pk: int) -> Response:
        """Mark it as read."""
        try:
            if pk > LARGEST_KEY:
                raise Http404
            return self.write(services.read_one(request.user, pk=pk))
        except Notification.DoesNotExist:
            raise Http404 from None


class ReadAllView(InboxView):
    """POST nothing; the whole inbox is read from now on (200)."""

    output_classes = {"POST": ReadAllOutput}
    success_statuses = {"POST": 200}

    def post(self, request: Request) -> Response:
        """Mark everything as read and say how many were not."""
        return self.write({"count": services.read_all(request.user)})


class PreferencesView(InboxView):
    """GET what one is told and how; PATCH some of it."""

    input_classes = {"PATCH": PreferencesInput}
    output_classes = {"GET": PreferencesOutput, "PATCH": PreferencesOutput}

    def get(self, request: Request) -> Response:
        """Return every choice."""
        return self.write({"preferences": services.preferences_of(request.user)})

    def patch(self, request: Request) -> Response:
        """Change some choices and return all of them."""
        given: Any = self.read(request).get("preferences", [])
        choices = [Choice(**one) for one in given]
        return self.write({"preferences": services.change_preferences(request.user, choices)})
