"""Tokens, own sessions, own password, own profile."""

# ruff: noqa: RUF012 - the base class declares these constants ClassVar

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.accounts import services
from shopkit.accounts.errors import TokenInvalid
from shopkit.accounts.models import AuthSession, EndReason
from shopkit.accounts.services.codes import CHANGE_EMAIL, CHANGE_PHONE
from shopkit.core.api.permissions import IsAuthenticated
from shopkit.core.api.views import ShopkitView

from . import serializers
from .signing_in import CredentialsSchema, IdentityView

MOST_SESSIONS = 100


class RefreshView(IdentityView):
    """POST a refresh token; a new pair comes back. It works once; its reuse ends the session."""

    schema = CredentialsSchema()
    input_classes = {"POST": serializers.RefreshInput}
    output_classes = {"POST": serializers.TokensOutput}
    success_statuses = {"POST": 200}

    def post(self, request: Request) -> Response:
        """Exchange the refresh token."""
        return self.write(services.refresh(self.read(request)["refresh"]))


class LogoutView(ShopkitView):
    """POST to end a session (204): that of ``refresh``, or of the access token, or all."""

    permission_classes = (IsAuthenticated,)
    input_classes = {"POST": serializers.LogoutInput}
    success_statuses = {"POST": 204}
    tags = ("Accounts",)

    def post(self, request: Request) -> Response:
        """Sign out."""
        given = self.read(request)
        session = self._named(request, given.get("refresh"))
        services.sign_out(session=session, everywhere=given["everywhere"])
        return Response(status=204)

    def _named(self, request: Request, token: str | None) -> AuthSession:
        if token is None and isinstance(request.auth, AuthSession):
            return request.auth
        try:
            return services.own_session(token or "", user=request.user)
        except TokenInvalid as error:
            wrong = ValidationError(str(error), code=TokenInvalid.code)
            raise ValidationError({"refresh": wrong}) from error


class SessionListView(ShopkitView):
    """GET own devices that are signed in, the newest first, at most 100."""

    permission_classes = (IsAuthenticated,)
    queryset = AuthSession.objects.none()  # whose rows these are, for the documentation
    output_classes = {"GET": serializers.SessionOutput}
    is_list = True
    pagination_class = None
    tags = ("Accounts",)

    def get(self, request: Request) -> Response:
        """List own sessions."""
        own = AuthSession.objects.alive().of_user(request.user)
        return self.write(self.filter_queryset(own)[:MOST_SESSIONS], many=True)


class SessionView(ShopkitView):
    """DELETE one of one's own sessions (204)."""

    permission_classes = (IsAuthenticated,)
    tags = ("Accounts",)

    def delete(self, request: Request, pk: UUID) -> Response:
        """Sign a device out."""
        chosen = AuthSession.objects.all().of_user(request.user).filter(pk=pk)
        if not services.end_sessions(chosen, reason=EndReason.SIGNED_OUT):
            raise Http404
        return Response(status=204)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChangePasswordView(ShopkitView):
    """POST the old and a new password; all sessions end, a new one begins."""

    permission_classes = (IsAuthenticated,)
    input_classes = {"POST": serializers.ChangePasswordInput}
    output_classes = {"POST": serializers.TokensOutput}
    success_statuses = {"POST": 200}
    tags = ("Accounts",)

    def post(self, request: Request) -> Response:
        """Change one's password."""
        given = self.read(request)
        session = request.auth if isinstance(request.auth, AuthSession) else None
        return self.write(
            services.change_password(request._request, user=request.user, session=session, **given)
        )


class ProfileView(ShopkitView):
    """GET or PATCH oneself."""

    permission_classes = (IsAuthenticated,)
    input_classes = {"PATCH": serializers.ChangeProfileInput}
    output_classes = {"GET": serializers.ProfileOutput, "PATCH": serializers.ProfileOutput}
    tags = ("Accounts",)

    def get(self, request: Request) -> Response:
        """Show one's profile."""
        return self.write(services.card_of(request.user))

    def patch(self, request: Request) -> Response:
        """Change one's profile."""
        changes: dict[str, Any] = self.read(request)
        services.change_profile(request.user, **changes)
        return self.write(services.card_of(request.user))


class ContactView(ShopkitView):
    """POST the new value; a code goes there (202)."""

    permission_classes = (IsAuthenticated,)
    output_classes = {"POST": serializers.IssuedOutput}
    success_statuses = {"POST": 202}
    tags = ("Accounts",)
    member = ""

    def post(self, request: Request) -> Response:
        """Ask for the proof of a phone or address."""
        destination = self.read(request)[self.member]
        issued = services.change_contact(
            request._request, user=request.user, destination=destination, purpose=self.member
        )
        return self.write(issued)


class PhoneView(ContactView):
    """POST the number one wants to have; a code goes there (202)."""

    input_classes = {"POST": serializers.NewPhoneInput}
    member = CHANGE_PHONE


class EmailView(ContactView):
    """POST the address one wants to have; a code goes there (202)."""

    input_classes = {"POST": serializers.NewEmailInput}
    member = CHANGE_EMAIL


class ContactVerifyView(ShopkitView):
    """POST the code; the new value takes effect."""

    permission_classes = (IsAuthenticated,)
    input_classes = {"POST": serializers.CodeInput}
    output_classes = {"POST": serializers.ProfileOutput}
    success_statuses = {"POST": 200}
    tags = ("Accounts",)
    member = ""

    def post(self, request: Request) -> Response:
        """Prove a phone or address."""
        services.finish_change(user=request.user, purpose=self.member, **self.read(request))
        return self.write(services.card_of(request.user))


class PhoneVerifyView(ContactVerifyView):
    """POST the code that was sent to the new number; it takes effect."""

    member = CHANGE_PHONE


class EmailVerifyView(ContactVerifyView):
    """POST the code that was sent to the new address; it takes effect."""

    member = CHANGE_EMAIL


@method_decorator(sensitive_post_parameters(), name="dispatch")
class TwoFactorView(ShopkitView):
    """PUT the channel of the second factor, or null for none."""

    permission_classes = (IsAuthenticated,)
    input_classes = {"PUT": serializers.SetTwoFactorInput}
    output_classes = {"PUT": serializers.ChosenTwoFactorOutput}
    tags = ("Accounts",)

    def put(self, request: Request) -> Response:
        """Switch the second factor."""
        given = self.read(request)
        chosen = services.set_two_factor(request._request, user=request.user, **given)
        return self.write({"two_factor": chosen})
