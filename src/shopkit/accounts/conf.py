"""Settings of accounts."""

from dataclasses import dataclass
from datetime import timedelta

from shopkit.core.conf import Section

# The languages people are written to in; the texts of the house exist in each.
LANGUAGES = ("uz", "kaa", "ru", "en")


@dataclass(frozen=True, kw_only=True)
class AccountsSettings:
    """``SHOPKIT["ACCOUNTS"]``: signing in.

    ACCESS_LIFETIME -- how long an access token works; at most 5 minutes, because until then a
        deleted permission may still be used by a cache in front of the site
    REFRESH_LIFETIME -- how long a session lasts without being used; at most 14 days
    """

    ACCESS_LIFETIME: timedelta = timedelta(minutes=5)
    REFRESH_LIFETIME: timedelta = timedelta(days=14)

    def __post_init__(self) -> None:
        if not timedelta(0) < self.ACCESS_LIFETIME <= timedelta(minutes=5):
            raise ValueError("ACCESS_LIFETIME must be at most 5 minutes.")
        if not self.ACCESS_LIFETIME < self.REFRESH_LIFETIME <= timedelta(days=14):
            raise ValueError("REFRESH_LIFETIME must be at most 14 days.")


accounts_settings = Section("ACCOUNTS", AccountsSettings)
