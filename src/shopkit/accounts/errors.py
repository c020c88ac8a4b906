"""What accounts refuse."""

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import Forbidden, NotSignedIn, Refusal


class InvalidCredentials(NotSignedIn):
    """No such account, wrong password, or an account that is switched off: never told apart."""

    code = "invalid_credentials"
    message = _("The name or the password is wrong.")


class NotVerified(Forbidden):
    """The password is right, but the address of the registration is not proven yet."""

    code = "not_verified"
    message = _("Confirm your e-mail address or phone first; ask for a new code if you need one.")


class EmailRequired(Refusal):
    """Users of this site are named by their e-mail address, so a phone makes no account here."""

    code = "email_required"
    message = _("Register with an e-mail address first; add the phone to your profile then.")


class TwoFactorInUse(Refusal):
    """The second factor goes there; it must be switched off before the address changes."""

    code = "two_factor_in_use"
    message = _("Switch the second factor off before you change where its codes go.")


class PasswordRequired(Forbidden):
    """The code came from where the second factor goes, so the password is the other thing."""

    code = "password_required"
    message = _("The codes of your second factor go there too. Sign in with your password.")


class SecondFactorLost(Refusal):
    """The account asks for a second factor that has nowhere to go any more. Staff can help."""

    code = "second_factor_lost"
    message = _("The second factor of this account cannot be reached. Ask the shop for help.")


class TokenInvalid(NotSignedIn):
    """Not a token of ours, or its session has ended.

    When a used refresh token came back, the session was ended, for good, before this was raised.
    """

    code = "token_invalid"
    message = _("This token is not valid. Sign in again.")


class TokenExpired(TokenInvalid):
    """A token of ours whose time is over."""

    code = "token_expired"
    message = _("This token has expired.")
