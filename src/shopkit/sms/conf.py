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

# What somebody is told about his account; the same letters, and no place for anything secret.
DEFAULT_NOTICES: Mapping[str, Mapping[str, str]] = {
    "known": {
        "en": "Somebody tried to register with your number. You already have an account: sign in. "
        "If it was not you, do nothing.",
        "uz": "Kimdir sizning raqamingiz bilan ro'yxatdan o'tmoqchi bo'ldi. Sizda hisob bor: "
        "kiring. Bu siz bo'lmasangiz, hech narsa qilmang.",
        "kaa": "Birew sizin nomeriniz benen dizimnen otpekshi boldi. Sizde akkaunt bar: kirin. "
        "Bul siz bolmasaniz, hesh narse islemen.",
        "ru": "Kto-to pytalsya zaregistrirovat'sya s vashim nomerom. U vas uzhe est' akkaunt: "
        "voydite. Esli eto ne vy, nichego ne delayte.",
    },
    "reset_refused": {
        "en": "A new password was asked for. Codes of your second factor come here, so set it by "
        "e-mail, or ask the shop. If it was not you, do nothing.",
        "uz": "Yangi parol so'raldi. Ikkinchi bosqich kodlari shu yerga keladi, shuning uchun uni "
        "e-pochta orqali o'rnating yoki do'konga murojaat qiling.",
        "kaa": "Jana parol soraldi. Ekinshi basqish kodlari usi jerge keledi, sonliqtan oni "
        "e-pochta arqali ornatin yamasa dukanga mirajat etin.",
        "ru": "Zaproshen novyy parol'. Syuda prikhodyat kody vtorogo faktora, poetomu smenite "
        "parol' cherez e-mail ili obratites' v magazin.",
    },
    "password": {
        "en": "The password of your account was changed. If it was not you, set a new one at once.",
        "uz": "Hisobingiz paroli o'zgartirildi. Bu siz bo'lmasangiz, darhol yangisini o'rnating.",
        "kaa": "Akkauntinizdin paroli ozgertildi. Bul siz bolmasaniz, darhal janasin ornatin.",
        "ru": "Parol' vashego akkaunta izmenyon. Esli eto ne vy, srazu ustanovite novyy.",
    },
    "changed": {
        "en": "The sign-in settings of your account were changed. If it was not you, tell the shop "
        "at once.",
        "uz": "Hisobingizga kirish sozlamalari o'zgartirildi. Bu siz bo'lmasangiz, darhol do'konga "
        "xabar bering.",
        "kaa": "Akkauntinizga kiriw sazlamalari ozgertildi. Bul siz bolmasaniz, darhal dukanga "
        "xabar berin.",
        "ru": "Izmeneny nastroyki vkhoda v vash akkaunt. Esli eto ne vy, srazu soobshchite "
        "magazinu.",
    },
}


@dataclass(frozen=True, kw_only=True)
class SmsSettings:
    """``SHOPKIT["SMS"]``: text messages.

    BACKEND -- dotted path of a ``shopkit.sms.backends.base.SmsBackend`` subclass
    OPTIONS -- its keyword arguments; the account, and the secret of its status callbacks
    TEMPLATES -- {purpose: {language: text}}, replaced as a whole; gateways moderate texts, so give
        yours to the letter. A text holds {code}; a purpose that is not listed uses "code"
    NOTICES -- {kind: {language: text}}, replaced as a whole: what people are told about their
        accounts, without any placeholder. The kinds are those of accounts: "known" (somebody
        registers with a known number), "reset_refused", "password", "phone" and so on; one that is
        not listed uses "changed", and where that is missing too, nothing is texted
    KEEP_FOR -- how long ``shopkit_forget_sms`` leaves the record of a message (never its text)
    """

    BACKEND: str = "shopkit.sms.backends.console.ConsoleBackend"
    OPTIONS: Mapping[str, Any] = field(default_factory=dict)
    TEMPLATES: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: DEFAULT_TEMPLATES)
    NOTICES: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: DEFAULT_NOTICES)
    KEEP_FOR: timedelta = timedelta(days=90)

    def __post_init__(self) -> None:
        if not self.TEMPLATES.get("code"):
            raise ValueError('TEMPLATES must have texts for the purpose "code".')
        for purpose, texts in self.TEMPLATES.items():
            for language, text in texts.items():
                _check_template(text, name=f"{purpose}/{language}")
        for kind, texts in self.NOTICES.items():
            if not texts or not all(texts.values()):
                raise ValueError(f"NOTICES {kind}: give a text for at least one language.")
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
