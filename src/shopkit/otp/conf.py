"""Settings of one-time codes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta

from shopkit.core.conf import Section
from shopkit.core.rates import Rate, rates

__all__ = ["OtpSettings", "Rate", "otp_settings", "rates"]

HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*")
# ASVS 5, 6.5.5: no code lives longer. Our own promise is shorter; see shopkit.otp.E001.
LONGEST_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class OtpSettings:
    """``SHOPKIT["OTP"]``: one-time codes.

    A budget is a list of "number/minute", "number/hour" or "number/day"; an empty list lifts it.
    All of them are counted in the database.

    KEYS -- {id: secret} of the server keys that codes are derived from, at least 32 bytes each. New
        codes use the first, so rotate by putting a new one in front and leave the old one for the
        length of LIFETIME. Empty: derived from SECRET_KEY and SECRET_KEY_FALLBACKS
    CODE_LENGTH -- digits, 6 to 8
    LIFETIME -- how long a code stays good; at most 5 minutes
    MAX_ATTEMPTS -- guesses that are evaluated before the code is dead, at most 10
    RESEND_AFTER -- pause before another code for the same purpose goes to the same destination
    PER_DESTINATION -- budget of codes to one number or e-mail address, all purposes together
    PER_PREFIX -- budget of codes to all numbers that begin with the same PREFIX_DIGITS; for
        channels whose messages cost money. Pumping fraud works through blocks of numbers
    PREFIX_DIGITS -- digits of such a block, the country code included
    PER_ADDRESS -- budget of codes that one network address asks for (an IPv6 /64 is one). Whole
        mobile networks can share one address: raise it where customers are refused
    PER_CHANNEL -- budget of codes through one channel in all: the most that fraud can cost
    GUESSES_PER_ADDRESS -- budget of codes that one network address types in without naming a
        challenge (``verify_by_handle``)
    COUNTRIES -- ISO 3166 countries whose mobile numbers are sent codes through channels that cost
        money; None for every country
    CHANNELS -- {name: dotted path of an ``OtpChannel`` subclass}; None for those of shopkit whose
        app is installed: "sms", "telegram" and "email"
    CHAT_OF -- dotted path of ``(phone: str) -> int | None``: the Telegram chat of who proved to own
        that number; empty sends codes only to destinations that name the chat
    WEBOTP_DOMAIN -- host whose pages a phone may fill the code into (WebOTP); adds a last line to
        text messages, which some gateways must approve; empty for none
    KEEP -- how long ``shopkit_otp_purge`` leaves challenges that are over
    """

    KEYS: Mapping[str, str] = field(default_factory=dict, repr=False)
    CODE_LENGTH: int = 6
    LIFETIME: timedelta = timedelta(minutes=5)
    MAX_ATTEMPTS: int = 5
    RESEND_AFTER: timedelta = timedelta(seconds=60)
    PER_DESTINATION: Sequence[str] = ("2/minute", "5/hour", "10/day")
    PER_PREFIX: Sequence[str] = ("60/hour",)
    PREFIX_DIGITS: int = 8
    PER_ADDRESS: Sequence[str] = ("10/hour", "30/day")
    PER_CHANNEL: Sequence[str] = ("1000/hour",)
    GUESSES_PER_ADDRESS: Sequence[str] = ("60/hour",)
    COUNTRIES: Sequence[str] | None = ("UZ",)
    CHANNELS: Mapping[str, str] | None = None
    CHAT_OF: str = ""
    WEBOTP_DOMAIN: str = ""
    KEEP: timedelta = timedelta(days=30)

    def __post_init__(self) -> None:
        self._check_code()
        for one in fields(self):
            if "PER_" in one.name:
                rates(getattr(self, one.name), name=one.name)
        if not all(1 <= len(name) <= 50 for name in self.KEYS):
            raise ValueError("KEYS must be {id: secret}, each id 1 to 50 characters.")
        if isinstance(self.COUNTRIES, str):
            raise ValueError("COUNTRIES must be a list of countries, or None.")
        if self.WEBOTP_DOMAIN and not HOST.fullmatch(self.WEBOTP_DOMAIN):
            raise ValueError("WEBOTP_DOMAIN must be a bare host in lower case, such as shop.uz.")
        if self.KEEP < timedelta(days=1):
            # The longest budget looks back one day.
            raise ValueError("KEEP must be at least one day.")

    def _check_code(self) -> None:
        if not 6 <= self.CODE_LENGTH <= 8:
            raise ValueError("CODE_LENGTH must be from 6 to 8.")
        if not timedelta(seconds=1) <= self.LIFETIME <= LONGEST_LIFETIME:
            raise ValueError("LIFETIME must be at least a second and at most 10 minutes.")
        if not 1 <= self.MAX_ATTEMPTS <= 10:
            raise ValueError("MAX_ATTEMPTS must be from 1 to 10.")
        if not timedelta(0) <= self.RESEND_AFTER <= self.LIFETIME:
            raise ValueError("RESEND_AFTER must not be longer than LIFETIME.")
        if not 4 <= self.PREFIX_DIGITS <= 15:
            raise ValueError("PREFIX_DIGITS must be from 4 to 15.")


otp_settings = Section("OTP", OtpSettings)
