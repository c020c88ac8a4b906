"""Who may post updates."""

from typing import Any

from django.utils.crypto import constant_time_compare
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from shopkit.telegram.conf import telegram_settings

HEADER = "X-Telegram-Bot-Api-Secret-Token"


class HasWebhookSecret(BasePermission):
    """Telegram, which knows the secret of ``WEBHOOK_SECRET``; nobody while that is empty."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Compare in constant time; REST framework asks before a body is read."""
        secret = telegram_settings().WEBHOOK_SECRET
        return bool(secret) and constant_time_compare(request.headers.get(HEADER, ""), secret)
