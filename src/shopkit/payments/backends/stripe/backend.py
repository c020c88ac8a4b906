"""Two ways to take money through one Stripe account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import override

from shopkit.core.errors import BackendError
from shopkit.payments.backends.base import Event, Kind, Started, StartRequest
from shopkit.payments.errors import StartRefused

from .account import SHORTEST, SLACK, StripeAccount
from .events import (
    INTENT_ENDED,
    INTENT_HELD,
    INTENT_MOVED,
    INTENT_PAID,
    SESSION_DONE,
    SESSION_EXPIRED,
    Flow,
)
from .page import line_items, locale_of


class StripeBackend(StripeAccount):
    """Checkout: the customer pays on Stripe's page. The other arguments are StripeAccount's.

    return_url -- where customers come back to when the client names no page; Stripe wants one
    """

    flow: ClassVar[Flow] = "checkout"
    _total: ClassVar[str] = "amount_total"
    _charge_path: ClassVar[str] = "payment_intent.latest_charge"

    def __init__(self, *, return_url: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.return_url = return_url

    def _service(self, services: Any) -> Any:
        return services.checkout.sessions

    def _wanted(self, request: StartRequest) -> dict[str, Any]:
        success_url = request.return_url or self.return_url
        if not success_url:
            raise ValueError("return_url is missing, and Stripe's page wants one.")
        metadata = self._metadata(request.payment_id, request.order_number)
        with override(request.language or None):
            items = line_items(request, self._amounts)
        params: dict[str, Any] = {
            "mode": "payment",
            "line_items": items,
            "success_url": success_url,
            "client_reference_id": request.payment_id,
            "metadata": metadata,
            # Stripe does not hand a session's metadata on to what comes of it.
            "payment_intent_data": {"metadata": metadata},
            # The customer pays exactly our amount, in our currency.
            "adaptive_pricing": {"enabled": False},
            "locale": locale_of(request.language),
        }
        if request.cancel_url:
            params["cancel_url"] = request.cancel_url
        if request.expires_at is not None:
            params["expires_at"] = self._end_of(request.expires_at)
        return params

    def _end_of(self, expires_at: datetime) -> int:
        """Return when the page closes, in seconds since 1970.

        A little before our stock is given back; of the shortest window a little after it, because
        Stripe refuses one that closes within half an hour of being made.
        """
        is_shortest = (self.window or SHORTEST) < SHORTEST + 2 * SLACK
        slack = SLACK if is_shortest else -SLACK
        return int((expires_at + slack).timestamp())

    def _started(self, begun: Mapping[str, Any]) -> Started:
        if begun.get("status") == "expired":
            raise StartRefused  # It was begun before, and has ended since.
        url = begun.get("url")
        if not url:
            raise BackendError  # It was paid; the news of that is on its way.
        return Started(reference=begun["id"], redirect_url=url)

    def _end(self, reference: str) -> None:
        self._calls.ask(lambda v1: v1.checkout.sessions.expire(reference))

    def _told(self, found: Mapping[str, Any]) -> list[Event]:
        status = found.get("status")
        if status == "open":
            return []
        name = SESSION_EXPIRED if status == "expired" else SESSION_DONE
        state = f"{status}:{found.get('payment_status')}"
        told = [self._reader.of_answer(found, name=name, state=state)]
        intent = found.get("payment_intent")
        if told[0].kind == "settle" and isinstance(intent, dict):
            told += self._money_told(intent)
        return told


class StripeIntentBackend(StripeAccount):
    """PaymentIntents: the customer pays in the shop's own page, by Stripe's widget and a secret."""

    kind: ClassVar[Kind] = "client"
    flow: ClassVar[Flow] = "intent"
    _total: ClassVar[str] = "amount"
    _charge_path: ClassVar[str] = "latest_charge"

    def _service(self, services: Any) -> Any:
        return services.payment_intents

    def _wanted(self, request: StartRequest) -> dict[str, Any]:
        return {
            "amount": self._amounts.to_units(request.amount, request.currency),
            "currency": request.currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "metadata": self._metadata(request.payment_id, request.order_number),
        }

    def _started(self, begun: Mapping[str, Any]) -> Started:
        if begun.get("status") == "canceled":
            raise StartRefused  # It was begun before, and has ended since.
        if begun.get("status") in {"succeeded", "processing"}:
            raise BackendError  # It was paid; the news of that is on its way.
        return Started(reference=begun["id"], client_secret=begun["client_secret"])

    def _end(self, reference: str) -> None:
        params = {"cancellation_reason": "abandoned"}
        self._calls.ask(lambda v1: v1.payment_intents.cancel(reference, params))

    def _told(self, found: Mapping[str, Any]) -> list[Event]:
        status = str(found.get("status"))
        name = INTENT_STATES.get(status)
        if name is None:
            return []
        told = [self._reader.of_answer(found, name=name, state=status)]
        if name == INTENT_PAID:
            told += self._money_told(found)
        return told


INTENT_STATES = {
    "succeeded": INTENT_PAID,
    "canceled": INTENT_ENDED,
    "requires_capture": INTENT_HELD,
    "processing": INTENT_MOVED,
}
