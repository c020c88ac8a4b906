"""Registering and signing in: by password, by code, by mailed link."""

# ruff: noqa: RUF012 - the base class declares these constants ClassVar

from datetime import timezone as offset
from typing import Any

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.accounts import services
from shopkit.core.api.permissions import AllowAny
from shopkit.core.api.schema import ShopkitSchema
from shopkit.core.api.views import ShopkitView
from shopkit.otp.services import Issued
from shopkit.telegram.links import deep_link

from . import serializers


class CredentialsSchema(ShopkitSchema):
    """Documents 401 on a call that needs no token: what it was given instead may be wrong."""

    def _problems(self) -> set[int]:
        return super()._problems() | {401}


class SignInSchema(ShopkitSchema):
    """Documents the second factor (202), and that the password is asked for instead (403)."""

    def get_response_serializers(self) -> Any:
        """Add the challenge of the second factor."""
        return {**super().get_response_serializers(), 202: serializers.TwoFactorOutput}

    def _problems(self) -> set[int]:
        return super()._problems() | {403}


class LoginSchema(SignInSchema, CredentialsSchema):
    """Documents a wrong password, and the registration that is still to be confirmed (403)."""


@method_decorator(sensitive_post_parameters(), name="dispatch")
class IdentityView(ShopkitView):
    """Calls that prove who one is: whatever was proven before does not count."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    tags = ("Accounts",)


class SignInView(IdentityView):
    """Signs somebody in: 200, or 202 with the challenge of his second factor."""

    schema = SignInSchema()
    success_statuses = {"POST": 200}

    def let_in(self, result: Any) -> Response:
        """Answer tokens, or what is still to be shown."""
        if not isinstance(result, Issued):
            return self.write(result)
        with timezone.override(offset.utc):
            shown = serializers.TwoFactorOutput({"two_factor": result}).data
        return Response(shown, status=202)


class RegisterView(IdentityView):
    """POST any of username, e-mail and phone, and a password (201).

    With an e-mail address or a phone the account is made when that is proven.
    """

    input_classes = {"POST": serializers.RegisterInput}
    output_classes = {"POST": serializers.RegisteredOutput}

    def post(self, request: Request) -> Response:
        """Make an account, or begin to."""
        given = self.read(request)
        password = given.pop("password")
        issued = services.begin_registration(
            request._request, password=password, newcomer=services.Newcomer(**given)
        )
        detail = _("Your account is ready. You can sign in now.")
        if issued is not None:
            detail = _("We have sent you a message. Confirm your address to finish.")
        return self.write({"detail": detail, "verification": issued})


class ConfirmEmailView(SignInView):
    """POST the token of the mailed link, or challenge and code; tokens come back.

    202 with another challenge when the account has a second factor.
    """

    input_classes = {"POST": serializers.ConfirmInput}
    output_classes = {"POST": serializers.SignedInOutput}

    def post(self, request: Request) -> Response:
        """Confirm an address."""
        given = self.read(request)
        answer: Any = services.answer_link if "token" in given else services.answer_code
        return self.let_in(answer(request._request, **given))


class LoginView(SignInView):
    """POST a name and a password; tokens come back, or the challenge of the second factor (202)."""

    schema = LoginSchema()
    input_classes = {"POST": serializers.LoginInput}
    output_classes = {"POST": serializers.TokensOutput}

    def post(self, request: Request) -> Response:
        """Sign in."""
        return self.let_in(services.sign_in(request._request, **self.read(request)))


class LoginVerifyView(IdentityView):
    """POST the code of the second factor; tokens come back."""

    input_classes = {"POST": serializers.CodeInput}
    output_classes = {"POST": serializers.TokensOutput}
    success_statuses = {"POST": 200}

    def post(self, request: Request) -> Response:
        """Finish signing in."""
        return self.write(services.finish_sign_in(request._request, **self.read(request)))


class AskCodeView(IdentityView):
    """POST a phone or an e-mail address; a code goes there (202)."""

    input_classes = {"POST": serializers.AskCodeInput}
    output_classes = {"POST": serializers.AskedOutput}
    success_statuses = {"POST": 202}

    def post(self, request: Request) -> Response:
        """Ask for a code."""
        issued = services.ask_code(request._request, **self.read(request))
        link = deep_link(issued.challenge.hex) if issued.channel == "telegram" else None
        return self.write(issued, telegram_url=link)


class AnswerCodeView(SignInView):
    """POST the code; tokens come back, of a new account where there was none.

    202 with another challenge when the account has a second factor.
    """

    input_classes = {"POST": serializers.AnswerInput}
    output_classes = {"POST": serializers.SignedInOutput}

    def post(self, request: Request) -> Response:
        """Sign in by code."""
        return self.let_in(services.answer_code(request._request, **self.read(request)))


class ForgotPasswordView(IdentityView):
    """POST who forgot; a code goes to the account's own address (202)."""

    input_classes = {"POST": serializers.ForgotInput}
    output_classes = {"POST": serializers.IssuedOutput}
    success_statuses = {"POST": 202}

    def post(self, request: Request) -> Response:
        """Ask for a code that sets a new password."""
        return self.write(services.forget_password(request._request, **self.read(request)))


class ResetPasswordView(IdentityView):
    """POST the code and a new password (204); all sessions end."""

    input_classes = {"POST": serializers.ResetInput}
    success_statuses = {"POST": 204}

    def post(self, request: Request) -> Response:
        """Set a new password."""
        services.reset_password(**self.read(request))
        return Response(status=204)
