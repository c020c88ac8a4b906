"""Shapes of identity calls. Members we do not read are refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopkit.accounts.conf import LANGUAGES
from shopkit.accounts.models import AuthSession, Profile
from shopkit.core.api.fields import StrictInput

LONGEST_NAME = 254
LONGEST_PASSWORD = 1024
LONGEST_TOKEN = 2000


class PasswordInput(serializers.CharField):
    """A password, taken as typed."""

    def __init__(self, **kwargs: Any) -> None:
        fixed = {"max_length": LONGEST_PASSWORD, "trim_whitespace": False, "write_only": True}
        super().__init__(style={"input_type": "password"}, **{**fixed, **kwargs})


def check_repeated(given: dict[str, Any], *, first: str, second: str) -> None:
    """Drop ``second`` from ``given``. Raises ValidationError when it differs from ``first``."""
    if given.pop(second, given[first]) != given[first]:
        text = _("The two passwords differ.")
        raise serializers.ValidationError({second: [text]}, code="password_mismatch")


class RegisterInput(StrictInput):
    """A new account by username."""

    username = serializers.CharField(max_length=LONGEST_NAME)
    password = PasswordInput()
    password_confirm = PasswordInput(required=False)
    first_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    email = serializers.EmailField(
        max_length=LONGEST_NAME,
        required=False,
        allow_blank=True,
        help_text="A contact, not verified; one cannot sign in with it.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Compare the two passwords."""
        check_repeated(attrs, first="password", second="password_confirm")
        return attrs


class VerificationOutput(serializers.Serializer[Any]):
    """What still has to be proven."""

    challenge = serializers.UUIDField()
    channel = serializers.CharField()
    expires_at = serializers.DateTimeField()


class RegisteredOutput(serializers.Serializer[Any]):
    """A new account; ``verification`` is null when one can sign in at once."""

    detail = serializers.CharField()
    verification = VerificationOutput(allow_null=True)


class LoginInput(StrictInput):
    """A name, under one of its two spellings, and a password."""

    identifier = serializers.CharField(max_length=LONGEST_NAME, required=False)
    username = serializers.CharField(max_length=LONGEST_NAME, required=False)
    password = PasswordInput()

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "one_identifier": _("Give exactly one of identifier and username.")
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the name as ``identifier``, whichever it was."""
        names = [attrs[member] for member in ("identifier", "username") if member in attrs]
        if len(names) != 1:
            text = self.error_messages["one_identifier"]
            raise serializers.ValidationError(text, code="one_identifier")
        return {"identifier": names[0], "password": attrs["password"]}


class RefreshInput(StrictInput):
    """The refresh token to exchange."""

    refresh = serializers.CharField(max_length=LONGEST_TOKEN)


class TokensOutput(serializers.Serializer[Any]):
    """``expires_in`` is seconds until ``access`` expires."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    expires_in = serializers.IntegerField()


class LogoutInput(StrictInput):
    """Which session ends: that of ``refresh``, that of the access token, or all."""

    refresh = serializers.CharField(max_length=LONGEST_TOKEN, required=False)
    everywhere = serializers.BooleanField(required=False, default=False)


class SessionOutput(serializers.ModelSerializer[AuthSession]):
    """One of one's own devices."""

    ip = serializers.CharField(source="address", read_only=True)
    is_current = serializers.SerializerMethodField()

    class Meta:
        model = AuthSession
        fields = ("id", "created_at", "used_at", "agent", "ip", "is_current")

    def get_is_current(self, session: AuthSession) -> bool:
        """Say whether this is the session the list was asked with."""
        return bool(session == self.context["request"].auth)


class ChangePasswordInput(StrictInput):
    """The old password proves who asks."""

    old_password = PasswordInput()
    new_password = PasswordInput()
    new_password_confirm = PasswordInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Compare the two new passwords."""
        check_repeated(attrs, first="new_password", second="new_password_confirm")
        return attrs


class ChangeProfileInput(StrictInput):
    """What one may change about oneself."""

    username = serializers.CharField(max_length=LONGEST_NAME, required=False)
    first_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    language = serializers.ChoiceField(
        choices=LANGUAGES,
        required=False,
        allow_blank=True,
        help_text="Empty for the shop's default.",
    )


class ProfileOutput(serializers.ModelSerializer[Profile]):
    """Oneself. A member this site's user model lacks, or has nothing for, is empty or null."""

    id = serializers.SerializerMethodField()
    username = serializers.CharField(source="user.get_username", read_only=True)
    first_name = serializers.CharField(source="user.first_name", default="", read_only=True)
    last_name = serializers.CharField(source="user.last_name", default="", read_only=True)
    email = serializers.SerializerMethodField()
    email_verified = serializers.BooleanField(default=False, read_only=True)
    phone = serializers.CharField(default=None, allow_null=True, read_only=True)
    phone_verified = serializers.BooleanField(default=False, read_only=True)
    photo = serializers.URLField(default=None, allow_null=True, read_only=True)
    telegram_linked = serializers.BooleanField(default=False, read_only=True)
    two_factor = serializers.CharField(default=None, allow_null=True, read_only=True)
    date_joined = serializers.DateTimeField(
        source="user.date_joined", default=None, allow_null=True, read_only=True
    )
    default_address = serializers.JSONField(default=None, allow_null=True, read_only=True)

    class Meta:
        model = Profile
        fields = (
            "id",
            "username",
            "first_name",
            "last_name",
            "email",
            "email_verified",
            "phone",
            "phone_verified",
            "photo",
            "language",
            "telegram_linked",
            "two_factor",
            "date_joined",
            "default_address",
        )

    @extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
    def get_id(self, profile: Profile) -> Any:
        """Return the user's key: a number, or text where the site's users have another kind."""
        key = profile.user.pk
        return key if isinstance(key, int) else str(key)

    @extend_schema_field(serializers.EmailField(allow_null=True))
    def get_email(self, profile: Profile) -> str | None:
        """Return the address on the user, verified or not."""
        return getattr(profile.user, profile.user.get_email_field_name(), None) or None
