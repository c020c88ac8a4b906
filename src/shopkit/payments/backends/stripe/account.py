"""One Stripe account: what both ways to take money through it share."""

import json
import logging
import time
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shopkit.core.errors import BackendError
from shopkit.core.http import checked_base
from shopkit.payments.backends.base import (
    Answer,
    Callback,
    Event,
    PaymentBackend,
    Refunded,
    RefundRequest,
    Snapshot,
    Started,
    StartRequest,
)
from shopkit.payments.errors import CallbackRefused, StartRefused, Unsupported

from .amounts import Amounts
from .calls import API_BASE, API_VERSION, AccountRejected, Calls, Declined, KeyReused
from .events import (
    CHARGE_REFUNDED,
    FLOW,
    ORDER,
    PAYMENT,
    REFUND,
    REFUND_STATUSES,
    REFUND_UPDATED,
    Flow,
    Reader,
    metadata_of,
    name_in,
)
from .signature import is_signed

logger = logging.getLogger("shopkit.payments")

SHORTEST = timedelta(minutes=30)
LONGEST = timedelta(hours=24)

#: How far Stripe's clock and ours may be apart, the call between them included.
SLACK = timedelta(minutes=2)
REFUND_REASONS = {"duplicate", "requested_by_customer"}
MISSING = "resource_missing"


class StripeAccount(PaymentBackend):
    """What both ways share.

    api_key -- "sk_live_...", "sk_test_...", or a restricted key, which begins with "rk_"
    webhook_secret -- "whsec_..." of the endpoint; several while one is being replaced
    api_base -- "" for Stripe itself; a server on loopback in tests
    name -- what customers read; "" for "Bank card"
    window -- how long an attempt may take and the stock is held for it, from 30 minutes to 24 hours
    currencies -- ISO codes the account takes; empty leaves it to Stripe
    exponents -- {ISO code: digits} where Stripe counts a currency otherwise than we know
    timeout -- seconds for one try of a call; there are three at most
    """

    answers_late: ClassVar[bool] = True
    flow: ClassVar[Flow]

    def __init__(  # noqa: PLR0913 - options of one account
        self,
        *,
        api_key: str,
        webhook_secret: str | Sequence[str],
        api_base: str = "",
        name: str = "",
        window: timedelta = SHORTEST,
        currencies: Sequence[str] = (),
        exponents: Mapping[str, int] | None = None,
        timeout: float = 8,
    ) -> None:
        self._secrets = _checked_secrets(api_key, webhook_secret)
        if not SHORTEST <= window <= LONGEST:
            raise ValueError("window must be from 30 minutes to 24 hours.")
        amounts = Amounts(exponents or {})
        if unknown := [code for code in currencies if not amounts.knows(code)]:
            raise ValueError(f"currencies has unknown ISO codes: {', '.join(unknown)}.")
        base = checked_base(api_base) if api_base else API_BASE
        self._calls = Calls(key=api_key, base=base, timeout=timeout)
        self._amounts = amounts
        self._reader = Reader(amounts=amounts, flow=self.flow)
        self.name = name or _("Bank card")
        self.window = window
        self.currencies = tuple(currencies)
        self.is_live = _mode_of(api_key)

    @sensitive_variables()
    def begin(self, request: StartRequest) -> Started:
        """Begin under a key of the payment, so that nothing is ever begun for it twice."""
        params = self._wanted(request)
        options = {"idempotency_key": f"shopkit:{request.payment_id}:start"}
        try:
            begun = self._calls.ask(lambda v1: self._service(v1).create(params, options))
        except (Declined, AccountRejected):
            begun = None
        except KeyReused:
            # Somebody began it before, and came back to another page or in another language.
            since = (request.expires_at or _now()) - LONGEST
            begun = self._find(request.payment_id, since=since)
            units = self._amounts.to_units(request.amount, request.currency)
            if begun is None or begun[self._total] != units:
                raise
        if begun is None:
            raise StartRefused
        return self._started(begun)

    def read_callback(self, callback: Callback) -> Event:
        """Believe what is signed for this endpoint and was sent just now."""
        header = callback.headers.get("stripe-signature", "")
        if not is_signed(callback.body, header, secrets=self._secrets, now=time.time()):
            raise CallbackRefused(_bad("signature"))
        try:
            payload = json.loads(callback.body)
            if not isinstance(payload, dict):
                raise ValueError("This is not an object.")
            event = self._reader.of_webhook(payload)
        except (ValueError, RecursionError):
            event = None
        if event is None:
            raise CallbackRefused(_bad("event"))
        if payload.get("api_version") != API_VERSION:
            _warn_of_version(str(payload.get("api_version"))[:50])
        return event

    def refund(self, request: RefundRequest) -> Refunded:
        """Give back, unless a refund with this id stands at Stripe: its keys are kept for a day."""
        intent = self._intent_of(request.payment)
        try:
            units = self._amounts.to_units(request.amount, request.currency)
        except ValueError:
            raise Unsupported from None
        params: dict[str, Any] = {
            "payment_intent": intent,
            "amount": units,
            "metadata": {
                **self._metadata(request.payment.payment_id, request.payment.order_number),
                REFUND: request.refund_id,
            },
        }
        if request.reason in REFUND_REASONS:
            params["reason"] = request.reason
        options = {"idempotency_key": f"shopkit:{request.refund_id}:refund"}
        try:
            done = self._refunds_of(intent)
            same = (one for one in done if metadata_of(one).get(REFUND) == request.refund_id)
            made = next(same, None)
            if made is None:
                made = self._calls.ask(lambda v1: v1.refunds.create(params, options))
        except Declined as error:
            return Refunded(status="failed", reason=error.word)
        return _refunded(made)

    def look_up(self, payment: Snapshot) -> Sequence[Event]:
        """Ask for the attempt, and for what went back of it."""
        found = self._fetch(payment)
        return [] if found is None else [one for one in self._told(found) if one.kind != "note"]

    def close(self, payment: Snapshot) -> Sequence[Event]:
        """End the attempt at Stripe; of one that cannot be ended, say how it stands.

        One that waits for a slow bank is told by a note.
        """
        reference = payment.reference or str((self._fetch(payment) or {}).get("id", ""))
        if not reference:
            return []
        try:
            self._end(reference)
        except Declined as error:
            if error.word == MISSING:
                return []
        found = self._fetch(payment)
        told = [] if found is None else self._told(found)
        if found is not None and not told:
            raise BackendError  # Neither ended nor paid: it can still be paid.
        return told

    def _fetch(self, payment: Snapshot) -> dict[str, Any] | None:
        """Return Stripe's object of the attempt, its charge in it; None where there is none."""
        reference = payment.reference
        if not reference:
            since = payment.created_at or _now() - LONGEST
            found = self._find(payment.payment_id, since=since)
            if found is None:
                return None
            reference = found["id"]
        params = {"expand": [self._charge_path]}
        try:
            return self._calls.ask(lambda v1: self._service(v1).retrieve(reference, params))
        except Declined as error:
            if error.word != MISSING:
                raise
        return None

    def _find(self, payment_id: str, *, since: datetime) -> dict[str, Any] | None:
        """Return the attempt that was begun for the payment when nobody heard the answer."""
        created = {
            "gte": int((since - SLACK).timestamp()),
            "lte": int((since + LONGEST + SLACK).timestamp()),
        }
        listed = self._calls.walk(
            lambda v1, params: self._service(v1).list(params), created=created
        )
        ours = {PAYMENT: payment_id, FLOW: self.flow}.items()
        return next((one for one in listed if ours <= metadata_of(one).items()), None)

    def _refunds_of(self, intent: str) -> Sequence[dict[str, Any]]:
        listed = self._calls.walk(lambda v1, asked: v1.refunds.list(asked), payment_intent=intent)
        return list(listed)

    def _money_told(self, intent: Mapping[str, Any]) -> list[Event]:
        """Return what went back of a paid intent."""
        charge = intent.get("latest_charge")
        if not isinstance(charge, dict):
            return []
        told = [
            self._reader.of_answer(one, name=REFUND_UPDATED, state=str(one.get("status")))
            for one in reversed(self._refunds_of(intent["id"]))
        ]
        back = charge.get("amount_refunded")
        if back:
            told.append(self._reader.of_answer(charge, name=CHARGE_REFUNDED, state=str(back)))
        return told

    def _intent_of(self, payment: Snapshot) -> str:
        """Return the intent that holds the payment's money. Raises Unsupported for none."""
        names = (payment.other_reference, payment.reference)
        known = next((one for one in names if one.startswith("pi_")), "")
        if not known:
            found = self._fetch(payment)
            known = "" if found is None else name_in(found, "payment_intent")
        if not known:
            raise Unsupported
        return known

    def _metadata(self, payment_id: str, order_number: str) -> dict[str, str]:
        return {PAYMENT: payment_id, ORDER: order_number, FLOW: self.flow}

    #: Where the amount and the money's charge stand in the attempt's object.
    _total: ClassVar[str]
    _charge_path: ClassVar[str]

    @abstractmethod
    def _service(self, services: Any) -> Any:
        """Return the part of the API that the attempts are made by."""

    @abstractmethod
    def _wanted(self, request: StartRequest) -> dict[str, Any]:
        """Return the parameters of a new attempt; the same ones for the same request."""

    @abstractmethod
    def _started(self, begun: Mapping[str, Any]) -> Started:
        """Return what the front end needs."""

    @abstractmethod
    def _end(self, reference: str) -> None:
        """Let nobody pay it. Raises Declined when it is too late."""

    @abstractmethod
    def _told(self, found: Mapping[str, Any]) -> list[Event]:
        """Return what the attempt's object says; nothing while it can be paid."""


def _checked_secrets(api_key: str, given: str | Sequence[str]) -> Sequence[str]:
    """Return the secrets of the webhook. Raises ValueError where one is missing, naming none."""
    if not api_key.startswith(("sk_", "rk_")):
        raise ValueError("api_key must be a secret key (sk_...) or a restricted one (rk_...).")
    secrets = (given,) if isinstance(given, str) else tuple(given)
    if not secrets or not all(isinstance(one, str) and one.strip() for one in secrets):
        raise ValueError("webhook_secret is missing: it stands beside the endpoint, whsec_...")
    return secrets


def _mode_of(api_key: str) -> bool | None:
    """Say whether the key moves real money; None where it does not tell."""
    if api_key.startswith(("sk_live_", "rk_live_")):
        return True
    return False if api_key.startswith(("sk_test_", "rk_test_")) else None


def _refunded(told: Mapping[str, Any]) -> Refunded:
    return Refunded(
        status=REFUND_STATUSES.get(str(told.get("status")), "pending"),
        reference=told["id"],
        reason=str(told.get("failure_reason") or ""),
    )


def _bad(what: str) -> Answer:
    return Answer(status=400, body=json.dumps({"error": f"bad {what}"}).encode())


@lru_cache(maxsize=100)
def _warn_of_version(version: str) -> None:
    """Warn once in a process."""
    logger.warning(
        "A Stripe endpoint speaks API version %s, and we read %s: create it anew with that one.",
        version,
        API_VERSION,
    )


def _now() -> datetime:
    return datetime.now(timezone.utc)
