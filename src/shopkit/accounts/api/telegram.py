"""Signing in by Telegram over HTTP."""

# ruff: noqa: RUF012 - the base class declares these constants ClassVar

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.accounts.services import telegram
from shopkit.core.api.fields import StrictInput
from shopkit.telegram.mini_app import LONGEST

from .signing_in import SignInView


class BotCodeInput(StrictInput):
    """What the bot showed. Blanks, hyphens and digits of any script are understood."""

    code = serializers.CharField(max_length=64)


class InitDataInput(StrictInput):
    """``Telegram.WebApp.initData``, as it came."""

    init_data = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class MiniAppOutput(serializers.Serializer[Any]):
    """Tokens, and whether the account was made just now."""

    access = serializers.CharField(source="tokens.access")
    refresh = serializers.CharField(source="tokens.refresh")
    expires_in = serializers.IntegerField(source="tokens.expires_in")
    is_new_user = serializers.BooleanField()


class BotCodeOutput(MiniAppOutput):
    """``phone`` is the proven number of the account."""

    phone = serializers.CharField(allow_null=True)


class BotCodeView(SignInView):
    """POST the code that the bot showed; tokens come back, or the second factor is asked (202)."""

    input_classes = {"POST": BotCodeInput}
    output_classes = {"POST": BotCodeOutput}

    def post(self, request: Request) -> Response:
        """Sign in."""
        return self.let_in(telegram.sign_in_by_bot(request._request, **self.read(request)))


class MiniAppView(SignInView):
    """POST what Telegram signed for the Mini App; tokens come back. It works once.

    202 with a challenge when the account has a second factor.
    """

    input_classes = {"POST": InitDataInput}
    output_classes = {"POST": MiniAppOutput}

    def post(self, request: Request) -> Response:
        """Sign in."""
        return self.let_in(telegram.sign_in_by_mini_app(request._request, **self.read(request)))
