"""Twilio Messages (twilio.com), spoken directly: one call, no SDK."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.core import http
from shopkit.sms.callbacks import StatusCallback, StatusUpdate
from shopkit.sms.errors import (
    AccountRejected,
    CallbackRefused,
    NumberRejected,
    SmsNotAccepted,
    SmsUnavailable,
    TextRejected,
)
from shopkit.sms.statuses import DeliveryStatus

from .base import Sent, SmsBackend
from .gateway import call, refusal_of

STATUSES: Mapping[str, DeliveryStatus] = {
    **dict.fromkeys(("accepted", "scheduled", "queued"), DeliveryStatus.QUEUED),
    **dict.fromkeys(("sending", "sent", "partially_delivered"), DeliveryStatus.SENT),
    **dict.fromkeys(("delivered", "read"), DeliveryStatus.DELIVERED),
    "undelivered": DeliveryStatus.UNDELIVERED,
    **dict.fromkeys(("failed", "canceled"), DeliveryStatus.FAILED),
}

REFUSALS: Mapping[str, type[SmsNotAccepted]] = {
    # To: not a number, no route, region switched off, trial account, opted out, not a mobile
    **dict.fromkeys(("21211", "21612", "21408", "21608", "21610", "21614"), NumberRejected),
    # Body: missing, too long
    **dict.fromkeys(("21602", "21617"), TextRejected),
    # credentials, account, From, messaging service
    **dict.fromkeys(("20003", "20404", "21212", "21603", "21606"), AccountRejected),
    # too many requests, a full queue
    **dict.fromkeys(("20429", "21611"), SmsUnavailable),
}
DIGESTS = {"": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}


class TwilioBackend(SmsBackend):
    """Twilio.

    account_sid, auth_token -- from the console; the token also verifies status callbacks
    api_key, api_secret -- sign in with these instead of the token, where given
    sender -- a number of yours or a registered name; or else messaging_service_sid
    status_callback -- public https URL of ``sms/status/twilio/`` on your site, or "" for no news
    validity -- seconds after which an undelivered message is dropped; 0 for Twilio's default
    base_url, timeout -- where, and for how many seconds
    name -- last part of ``status_callback``
    """

    def __init__(  # noqa: PLR0913 - options of one account
        self,
        *,
        account_sid: str,
        auth_token: str = "",
        api_key: str = "",
        api_secret: str = "",
        sender: str = "",
        messaging_service_sid: str = "",
        status_callback: str = "",
        validity: int = 0,
        base_url: str = "https://api.twilio.com",
        timeout: float = 10,
        name: str = "twilio",
    ) -> None:
        http.require_client()
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.user, self.password = (api_key, api_secret) if api_key else (account_sid, auth_token)
        self.origin = {"From": sender} if sender else {"MessagingServiceSid": messaging_service_sid}
        self.status_callback = status_callback
        self.validity = validity
        self.base_url = http.checked_base(base_url)
        self.timeout = timeout
        self.name = name
        if bool(sender) == bool(messaging_service_sid):
            raise ImproperlyConfigured("Give either sender or messaging_service_sid.")
        if not self.password:
            raise ImproperlyConfigured("Give auth_token, or api_key with api_secret.")
        self._check_callback()

    def _check_callback(self) -> None:
        if not self.status_callback:
            return
        http.checked_base(self.status_callback)
        if not self.auth_token:
            raise ImproperlyConfigured("status_callback needs auth_token, which signs callbacks.")

    @sensitive_variables()
    def deliver(self, *, phone: str, text: str, reference: str) -> Sent:
        """Post the message once; Twilio has no idempotency key."""
        fields = {"To": phone, "Body": text, **self.origin}
        if self.validity:
            fields["ValidityPeriod"] = str(self.validity)
        if self.status_callback and reference:
            fields["StatusCallback"] = self.callback_for(reference)
        answer = call(
            http.post_form,
            f"{self.base_url}/2010-04-01/Accounts/{self.account_sid}/Messages.json",
            fields,
            headers=http.basic_auth(self.user, self.password),
            timeout=self.timeout,
        )
        return self._read(answer)

    def callback_for(self, reference: str) -> str:
        """Return the URL where Twilio is to tell what became of the message ``reference``."""
        return f"{self.status_callback}?{urlencode({'reference': reference})}"

    def read_status(self, callback: StatusCallback) -> StatusUpdate:
        """Verify the signature over the URL as we gave it, then read the form."""
        fields = callback.fields()
        self._verify(callback, fields)
        told = dict(fields)
        if not told.get("MessageStatus"):
            wrong = ValidationError(_("The status is missing."), code="required")
            raise ValidationError({"MessageStatus": wrong})
        return StatusUpdate(
            reference=callback.parameter("reference"),
            message_id=told.get("MessageSid", ""),
            status=STATUSES.get(told["MessageStatus"], DeliveryStatus.UNKNOWN),
            gateway_code=told.get("ErrorCode", ""),
        )

    def _verify(self, callback: StatusCallback, fields: Iterable[tuple[str, str]]) -> None:
        """Compare in constant time. Raises CallbackRefused.

        The URL is rebuilt from the setting: behind a proxy the request does not know its own.
        """
        settings = callback.headers.get("x-twilio-webhooks-signature-settings", "")
        given = callback.headers.get("x-twilio-signature", "")
        algorithm = _settings_of(settings).get("algorithm", "")
        url = self.status_callback + (f"?{callback.query}" if callback.query else "")
        if not self.status_callback or algorithm not in DIGESTS:
            raise CallbackRefused
        right = signature(url, fields, key=self.auth_token, algorithm=algorithm)
        if not hmac.compare_digest(given.encode(), right.encode()):
            raise CallbackRefused

    def _read(self, answer: http.Answer) -> Sent:
        told = answer.json()
        if 200 <= answer.status < 300 and told.get("sid"):
            status = STATUSES.get(str(told.get("status", "")), DeliveryStatus.QUEUED)
            return Sent(message_id=str(told["sid"]), status=status, backend=self.name)
        code = str(told.get("code", ""))
        if 400 <= answer.status < 500 and code in REFUSALS:
            raise REFUSALS[code](gateway_code=code, retry_after=answer.retry_after)
        raise refusal_of(answer, {401: AccountRejected, 403: AccountRejected})


def signature(url: str, fields: Iterable[tuple[str, str]], *, key: str, algorithm: str = "") -> str:
    """Return Twilio's signature of a callback.

    url -- exactly as Twilio was given it, query included
    algorithm -- "" for the classic HMAC-SHA1, or "HMAC_SHA256"
    """
    said = url + "".join(name + value for name, value in sorted(set(fields)))
    made = hmac.new(key.encode(), said.encode(), DIGESTS[algorithm])
    return base64.b64encode(made.digest()).decode()


def _settings_of(header: str) -> dict[str, str]:
    """Read ``key=...,algorithm=HMAC_SHA256``."""
    pairs = (one.strip().partition("=") for one in header.split(","))
    return {name: value for name, _equals, value in pairs if name}
