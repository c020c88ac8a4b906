"""Eskiz (eskiz.uz), numbers of Uzbekistan.

Eskiz moderates texts: what is sent must match a template approved in its cabinet. A login gives a
token for thirty days; each process keeps its own in memory, so that none lies in a cache in clear.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from threading import Lock
from urllib.parse import urlencode

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.core import http
from shopkit.sms.callbacks import StatusCallback, StatusUpdate
from shopkit.sms.errors import (
    AccountRejected,
    CallbackRefused,
    NoCredit,
    NumberRejected,
    SmsError,
    SmsNotAccepted,
    SmsUnavailable,
    TextRejected,
)
from shopkit.sms.statuses import DeliveryStatus

from .base import Sent, SmsBackend
from .gateway import call, refusal_of

TOKEN_LIFETIME = 29 * 24 * 3600

# Short words come in callbacks, long ones in queries.
STATUSES: Mapping[str, DeliveryStatus] = {
    **dict.fromkeys(("WAITING", "NEW", "STORED", "ACCEPTD", "ACCEPTED"), DeliveryStatus.QUEUED),
    **dict.fromkeys(("ENROUTE", "TRANSMTD"), DeliveryStatus.SENT),
    **dict.fromkeys(("DELIVRD", "DELIVERED"), DeliveryStatus.DELIVERED),
    **dict.fromkeys(("UNDELIV", "UNDELIVERABLE", "UNDELIVERED"), DeliveryStatus.UNDELIVERED),
    "EXPIRED": DeliveryStatus.EXPIRED,
    **dict.fromkeys(("REJECTD", "REJECTED", "DELETED", "FAILED"), DeliveryStatus.FAILED),
}

# Refusals come as prose in three languages; the first row that has a word of it decides.
REFUSALS: tuple[tuple[type[SmsNotAccepted], tuple[str, ...]], ...] = (
    (NoCredit, ("balance", "balans", "баланс", "средств", "limit")),
    (TextRejected, ("template", "shablon", "шаблон", "модерац", "moderat", "тест", "test", "text")),
    (NumberRejected, ("phone", "number", "telefon", "raqam", "номер", "телефон")),
    (AccountRejected, ("from", "nick", "sender", "отправител", "user", "account", "blocked")),
)


class EskizBackend(SmsBackend):
    """Eskiz.

    email, password -- of the account; the password of the API, from the cabinet
    sender -- the approved name that phones show; "4546" is the shared one
    callback_url -- public https URL of ``sms/status/eskiz/`` on your site, or "" for no news
    callback_secret -- at least 16 random characters; Eskiz signs nothing, so each message gets a
        URL of its own that only this secret can make
    base_url, timeout -- where, and for how many seconds
    name -- last part of ``callback_url``
    """

    def __init__(  # noqa: PLR0913 - options of one account
        self,
        *,
        email: str,
        password: str,
        sender: str = "4546",
        callback_url: str = "",
        callback_secret: str = "",
        base_url: str = "https://notify.eskiz.uz/api",
        timeout: float = 10,
        name: str = "eskiz",
    ) -> None:
        http.require_client()
        self.email = email
        self.password = password
        self.sender = sender
        self.callback_url = callback_url and http.checked_base(callback_url) + "/"
        self.callback_secret = callback_secret
        self.base_url = http.checked_base(base_url)
        self.timeout = timeout
        self.name = name
        if callback_url and len(callback_secret) < 16:
            raise ImproperlyConfigured("callback_secret must have at least 16 characters.")

    @sensitive_variables()
    def deliver(self, *, phone: str, text: str, reference: str) -> Sent:
        """Send with the token at hand; log in again, once, when Eskiz no longer takes it."""
        if not phone.startswith("+998"):
            raise NumberRejected(gateway_code="abroad")
        fields = {"mobile_phone": phone[1:], "message": text, "from": self.sender}
        if self.callback_url and reference:
            fields["callback_url"] = self.callback_for(reference)
        session = _session_of(self)
        token = session.token(self)
        answer = self._post("/message/sms/send", fields, token=token)
        if answer.status == 401:
            answer = self._post("/message/sms/send", fields, token=session.token(self, not_=token))
        return self._read(answer)

    @sensitive_variables()
    def log_in(self) -> str:
        """Return a new token.

        Raises AccountRejected for wrong credentials and SmsUnavailable for every other trouble: no
        message has been sent yet, whatever happened to the login.
        """
        failure: SmsNotAccepted = SmsUnavailable()
        try:
            answer = self._post("/auth/login", {"email": self.email, "password": self.password})
        except SmsError:
            answer = None
        if answer is not None:
            held = answer.json().get("data")
            token = held.get("token") if isinstance(held, dict) else None
            if answer.status == 200 and isinstance(token, str) and token:
                return token
            if 400 <= answer.status < 429:
                failure = AccountRejected(gateway_code=f"http_{answer.status}")
        raise failure

    def callback_for(self, reference: str) -> str:
        """Return the URL where Eskiz is to tell what became of the message ``reference``."""
        query = urlencode({"reference": reference, "token": self._token_of(reference)})
        return f"{self.callback_url}?{query}"

    def read_status(self, callback: StatusCallback) -> StatusUpdate:
        """Believe only who knows the message's own URL."""
        reference = callback.parameter("reference")
        given = callback.parameter("token").encode()
        known = bool(self.callback_secret and reference)
        if not known or not hmac.compare_digest(given, self._token_of(reference).encode()):
            raise CallbackRefused
        told = dict(callback.fields())
        if not told.get("status"):
            wrong = ValidationError(_("The status is missing."), code="required")
            raise ValidationError({"status": wrong})
        word = told["status"].strip().upper()
        return StatusUpdate(
            reference=reference,
            message_id=told.get("request_id", ""),
            status=STATUSES.get(word, DeliveryStatus.UNKNOWN),
            gateway_code=word,
        )

    def _token_of(self, reference: str) -> str:
        said = f"shopkit.sms:{self.name}:{reference}".encode()
        return hmac.new(self.callback_secret.encode(), said, hashlib.sha256).hexdigest()

    @sensitive_variables()
    def _post(self, path: str, fields: Mapping[str, str], *, token: str = "") -> http.Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.base_url + path
        return call(http.post_form, url, fields, headers=headers, timeout=self.timeout)

    def _read(self, answer: http.Answer) -> Sent:
        told = answer.json()
        if answer.status in {200, 201} and told.get("id"):
            status = STATUSES.get(str(told.get("status", "")).upper(), DeliveryStatus.QUEUED)
            return Sent(message_id=str(told["id"]), status=status, backend=self.name)
        if answer.status in {400, 422}:
            raise _refusal_in(told)(gateway_code=f"http_{answer.status}")
        if answer.status == 200 and str(told.get("status", "")).lower() == "error":
            raise _refusal_in(told)(gateway_code="error")
        raise refusal_of(answer, {401: AccountRejected, 403: AccountRejected})


def _refusal_in(told: Mapping[str, object]) -> type[SmsNotAccepted]:
    prose = json.dumps(told, ensure_ascii=False).casefold()
    for kind, words in REFUSALS:
        if any(word in prose for word in words):
            return kind
    return SmsNotAccepted


class _Session:
    """One account's token in this process; however many threads need one, one of them logs in."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._token = ""
        self._until = 0.0
        self._failure: type[SmsNotAccepted] = SmsUnavailable
        self._failed_at = 0.0

    @sensitive_variables()
    def token(self, backend: EskizBackend, *, not_: str = "") -> str:
        """Return a token that is not ``not_``, the one Eskiz has just refused."""
        asked_at = time.monotonic()
        with self._lock:
            if self._token and self._token != not_ and time.monotonic() < self._until:
                return self._token
            if self._failed_at > asked_at:
                raise self._failure  # While we waited somebody tried; do not queue up to fail.
            return self._log_in(backend)

    def _log_in(self, backend: EskizBackend) -> str:
        self._token = ""
        try:
            token = backend.log_in()
        except SmsNotAccepted as error:
            self._failure, self._failed_at = type(error), time.monotonic()
            raise
        self._token, self._until = token, time.monotonic() + TOKEN_LIFETIME
        return token


_sessions: dict[tuple[str, str, str], _Session] = {}


def _session_of(backend: EskizBackend) -> _Session:
    """Backends are built anew for every message; the account's session outlives them."""
    secret = hashlib.sha256(backend.password.encode()).hexdigest()
    return _sessions.setdefault((backend.base_url, backend.email, secret), _Session())


def forget_tokens() -> None:
    """Make every account log in again; for tests."""
    _sessions.clear()
