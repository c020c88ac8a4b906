"""Shapes of identity calls. Members we do not read are refused."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopkit.accounts.conf import IDENTIFIERS, LANGUAGES
from shopkit.accounts.models import AuthSession
from shopkit.accounts.services import Card
from shopkit.core.api.fields import StrictInput
from shopkit.core.phones import normalise_phone

from .addresses import AddressInput, AddressOutput

LONGEST_NAME = 254
LONGEST_PASSWORD = 1024
LONGEST_PHONE = 50
LONGEST_CODE = 64
LONGEST_TOKEN = 2000


class PasswordInput(serializers.CharField):
    """A password, taken as typed."""

    def __init__(self, **kwargs: Any) -> None:
        fixed = {"max_length": LONGEST_PASSWORD, "trim_whitespace": False, "write_only": True}
        super().__init__(style={"input_type": "password"}, **{**fixed, **kwargs})


class PhoneInput(serializers.CharField):
    """A phone number in any usual spelling; answers E.164."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST_PHONE, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        """Return the number as E.164, "" for "" where that is allowed."""
        text = super().to_internal_value(data)
        try:
            return normalise_phone(text) if text else ""
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages, code="invalid_phone") from error


class NullableText(serializers.CharField):
    """Text of ours that is null in the answer where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_null": True, **kwargs})

    def to_representation(self, value: Any) -> Any:
        """Return the text, None for an empty one."""
        return super().to_representation(value) or None


def check_repeated(given: dict[str, Any], *, first: str, second: str) -> None:
    """Drop ``second`` from ``given``. Raises ValidationError when it differs from ``first``."""
    if given.pop(second, given[first]) != given[first]:
        text = _("The two passwords differ.")
        raise serializers.ValidationError({second: [text]}, code="password_mismatch")


class RegisterInput(StrictInput):
    """A new account, by any of ``username``, ``email`` and ``phone``."""

    username = serializers.CharField(max_length=LONGEST_NAME, required=False)
    email = serializers.EmailField(
        max_length=LONGEST_NAME,
        required=False,
        allow_blank=True,
        help_text="To be proven before the account exists.",
    )
    phone = PhoneInput(required=False, allow_blank=True)
    password = PasswordInput()
    password_confirm = PasswordInput(required=False)
    first_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    address = AddressInput(required=False)

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "no_name": _("Give a username, an e-mail address or a phone.")
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Compare the two passwords, and see that there is a name."""
        check_repeated(attrs, first="password", second="password_confirm")
        if not any(attrs.get(member) for member in ("username", "email", "phone")):
            text = self.error_messages["no_name"]
            raise serializers.ValidationError({"username": [text]}, code="required")
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
    """One name of any kind, and a password."""

    identifier = serializers.CharField(max_length=LONGEST_NAME, required=False)
    username = serializers.CharField(max_length=LONGEST_NAME, required=False)
    email = serializers.CharField(max_length=LONGEST_NAME, required=False)
    phone = serializers.CharField(max_length=LONGEST_NAME, required=False)
    password = PasswordInput()

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "one_identifier": _("Give exactly one of identifier, username, email and phone.")
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the name as ``identifier``, with the kinds it may be of."""
        given = [member for member in ("identifier", *IDENTIFIERS) if member in attrs]
        if len(given) != 1:
            text = self.error_messages["one_identifier"]
            raise serializers.ValidationError(text, code="one_identifier")
        kinds = IDENTIFIERS if given == ["identifier"] else (given[0],)
        name = attrs[given[0]]
        return {"identifier": name, "kinds": kinds, "password": attrs["password"]}


class CodeInput(StrictInput):
    """The answer to a challenge; blanks and hyphens in the code do not matter."""

    challenge = serializers.CharField(max_length=LONGEST_CODE)
    code = serializers.CharField(max_length=LONGEST_CODE)


class AnswerInput(CodeInput):
    """The answer to a challenge that signs in; the names are for a new account."""

    first_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=150, required=False, allow_blank=True)


class ConfirmInput(StrictInput):
    """Either ``token`` from the mailed link, or ``challenge`` and ``code``."""

    token = serializers.CharField(max_length=LONGEST_TOKEN, required=False)
    challenge = serializers.CharField(max_length=LONGEST_CODE, required=False)
    code = serializers.CharField(max_length=LONGEST_CODE, required=False)

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "one_proof": _("Give either token, or challenge and code.")
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """See that exactly one proof was given."""
        if set(attrs) not in ({"token"}, {"challenge", "code"}):
            raise serializers.ValidationError(self.error_messages["one_proof"], code="one_proof")
        return attrs


class AskCodeInput(StrictInput):
    """Where a code goes: one of ``phone`` and ``email``, as the channel asks for."""

    channel = serializers.ChoiceField(choices=("sms", "telegram", "email"))
    phone = PhoneInput(required=False)
    email = serializers.EmailField(max_length=LONGEST_NAME, required=False)
    challenge = serializers.UUIDField(
        required=False,
        help_text="Of a registration that is to be sent again; it goes on with its password.",
    )

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "missing": _("This channel needs it."),
        "wrong_channel": _("This channel does not go there."),
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the one destination."""
        wanted, other = ("email", "phone") if attrs["channel"] == "email" else ("phone", "email")
        if wanted not in attrs:
            missing = serializers.ErrorDetail(str(self.error_messages["missing"]), "required")
            raise serializers.ValidationError({wanted: [missing]})
        if other in attrs:
            text = self.error_messages["wrong_channel"]
            raise serializers.ValidationError({other: [text]}, code="wrong_channel")
        registration = str(attrs.get("challenge", ""))
        channel, destination = attrs["channel"], attrs[wanted]
        return {"channel": channel, "destination": destination, "registration": registration}


class IssuedOutput(serializers.Serializer[Any]):
    """A code is on its way. It is the same whether we know the destination or not."""

    challenge = serializers.UUIDField()
    channel = serializers.CharField()
    expires_at = serializers.DateTimeField()
    resend_at = serializers.DateTimeField()


class AskedOutput(IssuedOutput):
    """``telegram_url`` opens the bot, for the channel "telegram"."""

    telegram_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField(required=False))
    def get_telegram_url(self, issued: Any) -> str | None:
        """Return the deep link."""
        url = self.context.get("telegram_url")
        return None if url is None else str(url)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Leave the link out where there is none."""
        shown = super().to_representation(instance)
        return {name: value for name, value in shown.items() if value is not None}


class TwoFactorOutput(serializers.Serializer[Any]):
    """The password was right; the code of ``two_factor`` is still to come."""

    two_factor = VerificationOutput()


class ForgotInput(StrictInput):
    """Whose password was forgotten: an e-mail address, a phone or a username."""

    identifier = serializers.CharField(max_length=LONGEST_NAME)


class ResetInput(CodeInput):
    """The code that was sent, and the new password."""

    new_password = PasswordInput()


class NewPhoneInput(StrictInput):
    """The number one wants to have."""

    phone = PhoneInput()


class NewEmailInput(StrictInput):
    """The address one wants to have."""

    email = serializers.EmailField(max_length=LONGEST_NAME)


class SetTwoFactorInput(StrictInput):
    """The channel, or null for none; and who asks: ``password``, or a code sent to oneself."""

    channel = serializers.ChoiceField(choices=("sms", "telegram", "email"), allow_null=True)
    password = PasswordInput(required=False)
    challenge = serializers.CharField(max_length=LONGEST_CODE, required=False)
    code = serializers.CharField(max_length=LONGEST_CODE, required=False)

    default_error_messages = {  # noqa: RUF012 - DRF's form
        "one_proof": _("Give either password, or challenge and code.")
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """See that exactly one proof was given."""
        if set(attrs) - {"channel"} not in ({"password"}, {"challenge", "code"}):
            raise serializers.ValidationError(self.error_messages["one_proof"], code="one_proof")
        return attrs


class ChosenTwoFactorOutput(serializers.Serializer[Any]):
    """The channel of the second factor, null for none."""

    two_factor = serializers.CharField(allow_null=True)


class RefreshInput(StrictInput):
    """The refresh token to exchange."""

    refresh = serializers.CharField(max_length=LONGEST_TOKEN)


class TokensOutput(serializers.Serializer[Any]):
    """``expires_in`` is seconds until ``access`` expires."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    expires_in = serializers.IntegerField()


class SignedInOutput(serializers.Serializer[Any]):
    """The tokens of who proved to own an address, and whether the account is new."""

    access = serializers.CharField(source="tokens.access")
    refresh = serializers.CharField(source="tokens.refresh")
    expires_in = serializers.IntegerField(source="tokens.expires_in")
    is_new_user = serializers.BooleanField()


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
    """The old password proves who asks; an account that has none needs a fresh code instead."""

    old_password = PasswordInput(required=False)
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


class ProfileOutput(serializers.Serializer[Any]):
    """Oneself. A member this site's user model lacks, or has nothing for, is empty or null."""

    id = serializers.SerializerMethodField()
    username = serializers.CharField(source="user.get_username")
    first_name = serializers.CharField(source="user.first_name", default="")
    last_name = serializers.CharField(source="user.last_name", default="")
    email = NullableText()
    email_verified = serializers.BooleanField()
    phone = NullableText()
    phone_verified = serializers.BooleanField(source="phone")
    photo = serializers.SerializerMethodField()
    language = serializers.CharField(source="profile.language")
    telegram_linked = serializers.BooleanField()
    two_factor = NullableText(source="profile.two_factor")
    date_joined = serializers.DateTimeField(source="user.date_joined", default=None)
    default_address = AddressOutput(allow_null=True)

    @extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
    def get_id(self, card: Card) -> Any:
        """Return the user's key: a number, or text where the site's users have another kind."""
        key = card.user.pk
        return key if isinstance(key, int) else str(key)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_photo(self, card: Card) -> str | None:
        """Return the photo's URL."""
        if not card.profile.photo:
            return None
        return str(self.context["request"].build_absolute_uri(card.profile.photo.url))
