"""Settings of text messages."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shopkit.core.conf import Section

# Letters outside of GSM-7 would halve what fits into one SMS, so these are plain ASCII: no
# Cyrillic, no accents of Karakalpak, a straight apostrophe in Uzbek.
DEFAULT_TEMPLATES: Mapping[str, Mapping[str, str]] = {
    "code": {
        "en": "Your code: {code}. Do not tell it to anyone.",
        "uz": "Tasdiqlash kodi: {code}. Uni hech kimga aytmang.",
        "kaa": "Tastiyiqlaw kodi: {code}. Oni hesh kimge aytpan.",
        "ru": "Kod podtverzhdeniya: {code}. Nikomu ego ne soobshchayte.",
    }
}


@dataclass(frozen=True, kw_only=True)
class SmsSettings:
    """``SHOPKIT["SMS"]``: text messages.

    BACKEND -- dotted path of a ``shopkit.sms.backends.base.SmsBackend`` subclass
    OPTIONS -- its keyword arguments; the account, and the secret of its status callbacks
    TEMPLATES -- {purpose: {language: text}}, replaced as a whole; gateways moderate texts, so give
        yours to the letter. A text holds {code}; a purpose that is not listed uses "code"
    KEEP_FOR -- how long ``shopkit_forget_sms`` leaves the record of a message (never its text)
    """

    BACKEND: str = "shopkit.sms.backends.console.ConsoleBackend"
    OPTIONS: Mapping[str, Any] = field(default_factory=dict)
    TEMPLATES: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: DEFAULT_TEMPLATES)
    KEEP_FOR: timedelta = timedelta(days=90)

    def __post_init__(self) -> None:
        if not self.TEMPLATES.get("code"):
            raise ValueError('TEMPLATES must have texts for the purpose "code".')
        for purpose, texts in self.TEMPLATES.items():
            for language, text in texts.items():
                _check_template(text, name=f"{purpose}/{language}")
        if self.KEEP_FOR < timedelta(days=1):
            raise ValueError("KEEP_FOR must be at least one day.")


def _check_template(text: str, *, name: str) -> None:
    """Refuse a text whose braces do not hold a plain name, or that has no place for the code."""
    names = [one for _, one, _, _ in string.Formatter().parse(text) if one is not None]
    if not all(one.isidentifier() for one in names):
        raise ValueError(f"TEMPLATES {name}: braces hold a name, such as {{code}}.")
    if "code" not in names:
        raise ValueError(f"TEMPLATES {name}: {{code}} is missing.")


sms_settings = Section("SMS", SmsSettings)
