"""The webhook in the API documentation; Telegram's body is read by the service."""

from typing import Any

from rest_framework import serializers


class UpdateInput(serializers.Serializer[Any]):
    """A Bot API update; the member beside ``update_id`` says its kind."""

    update_id = serializers.IntegerField()
    message = serializers.DictField(required=False)
    callback_query = serializers.DictField(required=False)
    my_chat_member = serializers.DictField(required=False)
