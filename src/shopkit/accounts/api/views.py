"""Registering, signing in and out, own sessions, own profile."""

# ruff: noqa: RUF012 - the base class declares these constants ClassVar

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.accounts import services
from shopkit.accounts.errors import TokenInvalid
from shopkit.accounts.models import AuthSession, EndReason
from shopkit.core.api.permissions import AllowAny, IsAuthenticated
from shopkit.core.api.schema import ShopkitSchema
from shopkit.core.api.views import ShopkitView

from . import serializers

MOST_SESSIONS = 100


class CredentialsSchema(ShopkitSchema):
    """Documents 401 on a call that needs no token: what it was given instead may be wrong."""

    def _problems(self) -> set[int]:
        return super()._problems() | {401}


class IdentityView(ShopkitView):
    """Calls that prove who one is: whatever was proven before does not count."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    tags = ("Accounts",)


class RegisterView(IdentityView):
    """POST a username and a password; an account is made (201)."""

    input_classes = {"POST": serializers.RegisterInput}
    output_classes = {"POST": serializers.RegisteredOutput}

    def post(self, request: Request) -> Response:
        """Make an account."""
        services.register(**self.read(request))
        detail = _("Your account is ready. You can sign in now.")
        return self.write({"detail": detail, "verification": None})


class LoginView(IdentityView):
    """POST a name and a password; tokens come back."""

    schema = CredentialsSchema()
    input_classes = {"POST": serializers.LoginInput}
    output_classes = {"POST": serializers.TokensOutput}
    success_statuses = {"POST": 200}

    def post(self, request: Request) -> Response:
        """Sign in."""
        return self.write(services.sign_in(request._request, **self.read(request)))


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
        return self.write(services.change_password(request._request, user=request.user, **given))


class ProfileView(ShopkitView):
    """GET or PATCH oneself."""

    permission_classes = (IsAuthenticated,)
    input_classes = {"PATCH": serializers.ChangeProfileInput}
    output_classes = {"GET": serializers.ProfileOutput, "PATCH": serializers.ProfileOutput}
    tags = ("Accounts",)

    def get(self, request: Request) -> Response:
        """Show one's profile."""
        return self.write(services.profile_of(request.user))

    def patch(self, request: Request) -> Response:
        """Change one's profile."""
        changes: dict[str, Any] = self.read(request)
        return self.write(services.change_profile(request.user, **changes))
