"""Settings of accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

from shopkit.core.conf import Section
from shopkit.otp.conf import rates

# The languages people are written to in; the texts of the house exist in each.
LANGUAGES = ("uz", "kaa", "ru", "en")
IDENTIFIERS = ("username", "email", "phone")


@dataclass(frozen=True, kw_only=True)
class AccountsSettings:
    """``SHOPKIT["ACCOUNTS"]``: signing in.

    A budget is a list such as ("10/minute", "100/day"), counted in the database; an empty list
    lifts it.

    ACCESS_LIFETIME -- how long an access token works; at most 5 minutes, because until then a
        deleted permission may still be used by a cache in front of the site
    REFRESH_LIFETIME -- how long a session lasts without being used; at most 14 days
    LOGIN_BY -- what a password is accepted with: any of "username", "email", "phone"
    CONFIRM_URL -- page of the site that mailed links open, ``?token=<token>`` added; it posts the
        token to auth/email/confirm/. Empty: mails carry the code alone
    PENDING_LIFETIME -- how long a registration waits for the proof of its address, and keeps its
        username from others
    FRESH_CODE -- how long after signing in by code an account without a password may set one
    KEEP_SESSIONS -- how long after its time a session is remembered: from its network address the
        account has LOGINS_PER_PAIR as long
    LOGINS_PER_ADDRESS -- budget of passwords tried from one network address, whosever
    LOGINS_PER_NAME -- budget of passwords tried for one name, wherever from. When it is used up,
        addresses from which that account was signed in before still have LOGINS_PER_PAIR, and codes
        work as ever: so nobody can lock somebody out
    LOGINS_PER_PAIR -- budget of passwords tried for one name from one such address
    NOTICES_PER_PHONE -- budget of text messages about changes of an account to one number; mails
        and Telegram messages go on when it is used up
    """

    ACCESS_LIFETIME: timedelta = timedelta(minutes=5)
    REFRESH_LIFETIME: timedelta = timedelta(days=14)
    LOGIN_BY: Sequence[str] = IDENTIFIERS
    CONFIRM_URL: str = ""
    PENDING_LIFETIME: timedelta = timedelta(hours=1)
    FRESH_CODE: timedelta = timedelta(minutes=10)
    KEEP_SESSIONS: timedelta = timedelta(days=90)
    LOGINS_PER_ADDRESS: Sequence[str] = ("60/minute", "600/day")
    LOGINS_PER_NAME: Sequence[str] = ("10/minute", "100/day")
    LOGINS_PER_PAIR: Sequence[str] = ("10/minute", "50/day")
    NOTICES_PER_PHONE: Sequence[str] = ("5/hour", "10/day")

    def __post_init__(self) -> None:
        if not timedelta(0) < self.ACCESS_LIFETIME <= timedelta(minutes=5):
            raise ValueError("ACCESS_LIFETIME must be at most 5 minutes.")
        if not self.ACCESS_LIFETIME < self.REFRESH_LIFETIME <= timedelta(days=14):
            raise ValueError("REFRESH_LIFETIME must be at most 14 days.")
        if isinstance(self.LOGIN_BY, str) or not set(self.LOGIN_BY) <= set(IDENTIFIERS):
            raise ValueError('LOGIN_BY must be a list of "username", "email", "phone".')
        if not timedelta(0) < self.FRESH_CODE <= timedelta(minutes=10):
            raise ValueError("FRESH_CODE must be at most 10 minutes.")
        if self.KEEP_SESSIONS < timedelta(0):
            raise ValueError("KEEP_SESSIONS must not be negative.")
        if not timedelta(minutes=5) <= self.PENDING_LIFETIME <= timedelta(days=7):
            raise ValueError("PENDING_LIFETIME must be from 5 minutes to 7 days.")
        for name in (one.name for one in fields(self) if "_PER_" in one.name):
            rates(getattr(self, name), name=name)


accounts_settings = Section("ACCOUNTS", AccountsSettings)
