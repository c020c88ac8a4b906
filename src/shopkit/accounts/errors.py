"""What accounts refuse."""

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import NotSignedIn


class InvalidCredentials(NotSignedIn):
    """No such account, wrong password, or an account that is switched off: never told apart."""

    code = "invalid_credentials"
    message = _("The name or the password is wrong.")


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
