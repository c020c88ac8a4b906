"""A gateway for development: its page has buttons instead of a bank, and no money moves.

What a real gateway is, is here too: a page the customer is sent to, and events that are signed and
told to the shop by the same way as any gateway's. It remembers nothing. The link of the page holds
the attempt, and what came of it stands in the shop's books alone.
"""

import hashlib
import hmac
import json
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from shopkit.core.money import format_amount
from shopkit.payments.errors import CallbackRefused, StartRefused, Unsupported

from .base import (
    Answer,
    Callback,
    Event,
    Outcome,
    PaymentBackend,
    Refunded,
    RefundRequest,
    Started,
    StartRequest,
)

Button = Literal["pay", "fail", "expire", "pay_twice"]

SIGNATURE = "dummy-signature"
TOLERANCE = 300  # seconds a stamp may be off, either way
LONGEST_LINK = 2000  # characters, as many as a payment keeps
LOCAL = "http://127.0.0.1:8000"  # where runserver answers when it is told nothing
PAGE = "payment-dummy"

PAID, FAILED, EXPIRED = "payment.paid", "payment.failed", "payment.expired"
SAID_BY: Mapping[Button, str] = {"pay": PAID, "fail": FAILED, "expire": EXPIRED, "pay_twice": PAID}
MEANINGS: Mapping[str, Mapping[str, Any]] = {
    PAID: {"kind": "settle"},
    FAILED: {"kind": "close", "outcome": "failed", "reason": "declined"},
    EXPIRED: {"kind": "close", "outcome": "expired", "reason": "expired"},
}
STAMPED = re.compile(r"t=(?P<stamp>[0-9]{1,12}),v1=(?P<proof>[0-9a-f]{64})", re.ASCII)
AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?", re.ASCII)
TEXTS = ("id", "type", "payment_id", "order_number", "amount", "currency", "reference")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """An attempt as the link of its page holds it, signed.

    amount -- in ``currency``, with its digits: "150000.00"
    return_url, cancel_url -- where the page leads back to; "" for nowhere
    """

    payment_id: str
    order_number: str
    amount: str
    currency: str
    return_url: str = ""
    cancel_url: str = ""


class DummyBackend(PaymentBackend):
    """A page with the buttons pay, fail, expire and pay_twice. It works with DEBUG on only.

    secret -- signs events and the page's links
    name -- what customers read: "Test payment"
    window -- how long an attempt may take; None leaves the order's own window alone
    base_url -- what absolute links begin with; "" for http://127.0.0.1:8000
    """

    kind = "redirect"
    for_development = True

    def __init__(
        self,
        *,
        secret: str,
        name: str = "",
        window: timedelta | None = timedelta(minutes=30),
        base_url: str = "",
    ) -> None:
        if not secret:
            raise ValueError("secret must not be empty.")
        self._secret = secret
        self.name = name or _("Test payment")
        self.window = window
        self.base_url = (base_url or LOCAL).rstrip("/")

    def begin(self, request: StartRequest) -> Started:
        """Return the link of the page. Raises StartRefused where it is too long to be kept."""
        if not is_allowed():
            raise StartRefused
        sheet = Sheet(
            payment_id=request.payment_id,
            order_number=request.order_number,
            amount=format_amount(request.amount, request.currency),
            currency=request.currency,
            return_url=_of_the_web(request.return_url),
            cancel_url=_of_the_web(request.cancel_url),
        )
        query = urlencode(
            {"sheet": self._signer().sign_object(asdict(sheet), compress=True)}, safe=":"
        )
        link = f"{self.base_url}{_path_of(sheet)}?{query}"
        if len(link) > LONGEST_LINK:
            raise StartRefused
        return Started(reference=reference_of(sheet), redirect_url=link)

    def read_callback(self, callback: Callback) -> Event:
        """Believe what was signed with the secret within the last five minutes."""
        if not is_allowed():
            raise CallbackRefused
        self._verify(callback)
        try:
            told = json.loads(callback.body)
            return _event_of(told)
        except (ValueError, TypeError, LookupError, RecursionError):
            raise CallbackRefused(Answer(status=400)) from None

    def answer_callback(self, event: Event, outcome: Outcome) -> Answer:
        """Say what the books made of it; the page shows that."""
        said = {"accepted": not outcome.refusal, "repeat": outcome.is_repeat}
        return Answer(body=json.dumps({**said, "refusal": outcome.refusal}).encode())

    def refund(self, request: RefundRequest) -> Refunded:
        """Give back whatever is asked for; the same id has the same reference."""
        if not is_allowed():
            raise Unsupported
        return Refunded(reference=f"dummy_refund_{request.refund_id}")

    def open_sheet(self, signed: str) -> Sheet | None:
        """Return the attempt of a page's link, or None for a link that is not of this gateway."""
        try:
            return Sheet(**self._signer().unsign_object(signed))
        except BadSignature:
            return None

    def press(self, sheet: Sheet, button: Button) -> Sequence[Callback]:
        """Return what the gateway tells the shop when a button of the page is pressed.

        "pay_twice" tells the same event twice, and then another one that says the same: both
        happen with real gateways, and neither may pay twice.
        """
        first = self.sign(say(sheet, SAID_BY[button]))
        if button != "pay_twice":
            return (first,)
        return (first, first, self.sign(say(sheet, SAID_BY[button])))

    def sign(self, told: Mapping[str, Any] | bytes, *, at: float | None = None) -> Callback:
        """Return ``told`` as a call of this gateway.

        at -- when it is signed, seconds since 1970; None for now
        """
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        stamp = str(int(time.time() if at is None else at))
        headers = {
            "content-type": "application/json",
            SIGNATURE: f"t={stamp},v1={self._proof_of(stamp, body)}",
        }
        return Callback(headers=headers, body=body)

    def _verify(self, callback: Callback) -> None:
        found = STAMPED.fullmatch(callback.headers.get(SIGNATURE, ""))
        if found is None:
            raise CallbackRefused
        right = self._proof_of(found["stamp"], callback.body)
        if not hmac.compare_digest(found["proof"].encode(), right.encode()):
            raise CallbackRefused
        if abs(time.time() - int(found["stamp"])) > TOLERANCE:
            raise CallbackRefused

    def _proof_of(self, stamp: str, body: bytes) -> str:
        signed = stamp.encode() + b"." + body
        return hmac.new(self._secret.encode(), signed, hashlib.sha256).hexdigest()

    def _signer(self) -> Signer:
        return Signer(key=self._secret, fallback_keys=[], salt="shopkit.payments.dummy")


def is_allowed() -> bool:
    """Say whether buttons may pay for orders here: with DEBUG on only."""
    return settings.DEBUG


def reference_of(sheet: Sheet) -> str:
    """Return the gateway's own id of an attempt."""
    return f"dummy_{sheet.payment_id}"


def say(sheet: Sheet, kind: str) -> dict[str, str]:
    """Return a new event about an attempt, as the gateway words it.

    kind -- "payment.paid", "payment.failed" or "payment.expired"
    """
    return {
        "id": f"evt_{uuid.uuid4().hex}",
        "type": kind,
        "payment_id": sheet.payment_id,
        "order_number": sheet.order_number,
        "amount": sheet.amount,
        "currency": sheet.currency,
        "reference": reference_of(sheet),
    }


def _event_of(told: Mapping[str, Any]) -> Event:
    """Raises ValueError or LookupError where the words are not this gateway's."""
    given = {name: told[name] for name in TEXTS}
    if not all(isinstance(value, str) and 0 < len(value) <= 200 for value in given.values()):
        raise ValueError
    if not AMOUNT.fullmatch(given["amount"]):
        raise ValueError
    return Event(
        event_id=given["id"],
        name=given["type"],
        payment_id=given["payment_id"],
        order_number=given["order_number"],
        amount=Decimal(given["amount"]),
        currency=given["currency"],
        reference=given["reference"],
        data=given,
        **MEANINGS[given["type"]],
    )


def _path_of(sheet: Sheet) -> str:
    """Return the path of the page, by whichever of our URLs the site includes."""
    where = {"payment_id": sheet.payment_id}
    try:
        return reverse(f"shopkit:{PAGE}", kwargs=where)
    except NoReverseMatch:
        return reverse(PAGE, kwargs=where)


def _of_the_web(url: str) -> str:
    """Return ``url``, or "" for one that a page must not link to."""
    return url if re.match(r"https?://", url) else ""
