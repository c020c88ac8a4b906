"""What Stripe's objects mean, whether they came in a webhook or were asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from shopkit.payments.backends.base import Event

from .amounts import Amounts

Flow = Literal["checkout", "intent"]
Told = Mapping[str, Any]

#: Our names in Stripe's metadata, which it echoes in what it says of sessions, intents, charges.
PAYMENT, ORDER, FLOW, REFUND = (
    "shopkit_payment", "shopkit_order", "shopkit_flow", "shopkit_refund",
)  # fmt: skip

#: What is kept of an object for people: no address, no card, no link that can be paid.
KEPT = (
    "id", "object", "status", "payment_status", "amount", "amount_total", "amount_received",
    "amount_capturable", "amount_refunded", "currency", "refunded", "cancellation_reason",
    "failure_reason", "reason", "created", "expires_at",
)  # fmt: skip
KEPT_NAMES = ("payment_intent", "charge", "latest_charge")
LONGEST = 100

PAID = {"paid", "no_payment_required"}
REFUND_STATUSES: Mapping[str, Literal["pending", "succeeded", "failed"]] = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}
RAN_OUT = {"automatic", "expired"}


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Turns Stripe's objects into events. Raises ValueError for one that lacks what it must have.

    flow -- which of Stripe's objects is our attempt: the session, or the intent itself
    """

    amounts: Amounts
    flow: Flow

    def of_webhook(self, payload: Told) -> Event:
        """Return what one message says; of a kind that means nothing to us, a note."""
        if payload.get("object") != "event":
            raise ValueError("This is not a snapshot event.")
        name = required(payload, "type")
        made_at = _whole(payload.get("created"))
        plain = Event(
            event_id=required(payload, "id"),
            kind="note",
            name=name[:LONGEST],
            is_live=_flag(payload.get("livemode")),
            at=None if made_at is None else made_at * 1000,
            data=_shown(payload),
        )
        read = READERS.get(name)
        return plain if read is None else read(self, plain, _object_in(payload))

    def of_answer(self, told: Told, *, name: str, state: str) -> Event:
        """Return what an object that we asked for says, as if it had been sent to us as ``name``.

        state -- what tells two pieces of news about the object apart
        """
        plain = Event(
            event_id=f"asked:{required(told, 'id')}:{state}",
            kind="note",
            name=name,
            is_live=_flag(told.get("livemode")),
            data={"object": _shown_object(told)},
        )
        return READERS[name](self, plain, told)

    def session(self, plain: Event, told: Told) -> Event:
        """A Checkout Session was completed, paid later on, or ended."""
        found = self._named(plain, told)
        if self.flow != "checkout" or not found.payment_id:
            return plain
        found = replace(
            found, reference=required(told, "id"), other_reference=name_in(told, "payment_intent")
        )
        if plain.name == SESSION_EXPIRED:
            return replace(found, kind="close", outcome="expired", reason="expired")
        if plain.name == SESSION_FAILED:
            return replace(found, kind="close", outcome="failed", reason="async_payment_failed")
        if told.get("payment_status") not in PAID:
            return replace(found, reason=str(told.get("payment_status"))[:LONGEST])
        return self._priced(replace(found, kind="settle"), told, "amount_total")

    def intent(self, plain: Event, told: Told) -> Event:
        """A PaymentIntent moved; only its last states move a payment."""
        found = self._of_intent(plain, told, required(told, "id"))
        if not found.payment_id:
            return plain
        if plain.name == INTENT_PAID:
            return self._priced(replace(found, kind="settle"), told, "amount_received")
        if plain.name == INTENT_HELD:
            return self._priced(replace(found, kind="authorize"), told, "amount_capturable")
        if plain.name == INTENT_ENDED:
            reason = str(told.get("cancellation_reason") or "canceled")[:LONGEST]
            outcome: Literal["expired", "cancelled"] = (
                "expired" if reason in RAN_OUT else "cancelled"
            )
            return replace(found, kind="close", outcome=outcome, reason=reason)
        return replace(found, reason=_error_in(told))

    def charge(self, plain: Event, told: Told) -> Event:
        """Money of a charge went back; it says how much in all."""
        found = self._of_intent(plain, told, name_in(told, "payment_intent"))
        if not found.payment_id:
            return plain
        return self._priced(replace(found, kind="reverse"), told, "amount_refunded")

    def refund(self, plain: Event, told: Told) -> Event:
        """One refund is in some state, whoever asked for it."""
        status = REFUND_STATUSES.get(str(told.get("status")))
        if status is None or self._is_foreign(told):
            return plain
        found = self._of_intent(plain, told, name_in(told, "payment_intent"))
        found = replace(
            found,
            kind="refund",
            refund_id=metadata_of(told).get(REFUND, ""),
            refund_reference=required(told, "id"),
            refund_status=status,
            reason=str(told.get("failure_reason") or "")[:LONGEST],
        )
        return self._priced(found, told, "amount")

    def dispute(self, plain: Event, told: Told) -> Event:
        """A dispute is in some state; several events that tell the same state are one."""
        found = self._of_intent(plain, told, name_in(told, "payment_intent"))
        status = required(told, "status")[:LONGEST]
        event_id = f"{required(told, 'id')}:{status}"
        found = replace(found, kind="dispute", event_id=event_id, reason=status)
        return self._priced(found, told, "amount")

    def _named(self, plain: Event, told: Told) -> Event:
        """Add our own names, where Stripe echoes them and this backend gave them."""
        ours = metadata_of(told)
        if self._is_foreign(told):
            return plain
        return replace(plain, payment_id=ours.get(PAYMENT, ""), order_number=ours.get(ORDER, ""))

    def _is_foreign(self, told: Told) -> bool:
        """Say whether the other backend of the same account gave the object its metadata."""
        return metadata_of(told).get(FLOW, self.flow) != self.flow

    def _of_intent(self, plain: Event, told: Told, intent: str) -> Event:
        found = self._named(plain, told)
        if self.flow == "intent":
            return replace(found, reference=intent)
        return replace(found, other_reference=intent)

    def _priced(self, found: Event, told: Told, name: str) -> Event:
        units, currency = _whole(told.get(name)), required(told, "currency").upper()
        if units is None:
            raise ValueError(f"{name} is missing.")
        return replace(found, amount=self.amounts.from_units(units, currency), currency=currency)


SESSION_DONE = "checkout.session.completed"
SESSION_FAILED = "checkout.session.async_payment_failed"
SESSION_EXPIRED = "checkout.session.expired"
INTENT_PAID = "payment_intent.succeeded"
INTENT_HELD = "payment_intent.amount_capturable_updated"
INTENT_ENDED = "payment_intent.canceled"
INTENT_MOVED = "payment_intent.processing"
CHARGE_REFUNDED = "charge.refunded"
REFUND_UPDATED = "refund.updated"

READERS: Mapping[str, Callable[[Reader, Event, Told], Event]] = {
    SESSION_DONE: Reader.session,
    "checkout.session.async_payment_succeeded": Reader.session,
    SESSION_FAILED: Reader.session,
    SESSION_EXPIRED: Reader.session,
    INTENT_PAID: Reader.intent,
    INTENT_HELD: Reader.intent,
    INTENT_ENDED: Reader.intent,
    INTENT_MOVED: Reader.intent,
    "payment_intent.payment_failed": Reader.intent,
    "payment_intent.requires_action": Reader.intent,
    CHARGE_REFUNDED: Reader.charge,
    "refund.created": Reader.refund,
    REFUND_UPDATED: Reader.refund,
    "refund.failed": Reader.refund,
    "charge.refund.updated": Reader.refund,
    "charge.dispute.created": Reader.dispute,
    "charge.dispute.updated": Reader.dispute,
    "charge.dispute.closed": Reader.dispute,
    "charge.dispute.funds_withdrawn": Reader.dispute,
    "charge.dispute.funds_reinstated": Reader.dispute,
}


def required(told: Told, name: str) -> str:
    """Return a text that must be there. Raises ValueError."""
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is missing.")
    return value


def name_in(told: Told, name: str) -> str:
    """Return the id of another object, which may be there whole; "" for none."""
    value = told.get(name)
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def _object_in(payload: Told) -> Told:
    data = payload.get("data")
    found = data.get("object") if isinstance(data, Mapping) else None
    if not isinstance(found, Mapping):
        raise ValueError("The event has no object.")
    return found


def metadata_of(told: Told) -> Mapping[str, str]:
    """Return the metadata that Stripe echoes, texts only."""
    found = told.get("metadata")
    if not isinstance(found, Mapping):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _error_in(told: Told) -> str:
    """Return why the last try to pay failed, in Stripe's word."""
    error = told.get("last_payment_error")
    found = error if isinstance(error, Mapping) else {}
    return str(found.get("decline_code") or found.get("code") or "")[:LONGEST]


def _shown(payload: Told) -> Told:
    plain = {name: payload[name] for name in ("id", "type", "api_version") if name in payload}
    data = payload.get("data")
    found = data.get("object") if isinstance(data, Mapping) else None
    return {**plain, "object": _shown_object(found) if isinstance(found, Mapping) else {}}


def _shown_object(told: Told) -> Told:
    plain = {name: told[name] for name in KEPT if _is_plain(told.get(name))}
    names = {name: name_in(told, name) for name in KEPT_NAMES if name_in(told, name)}
    ours = {name: value for name, value in metadata_of(told).items() if name.startswith("shopkit_")}
    error = _error_in(told)
    return {**plain, **names, "metadata": ours, **({"error": error} if error else {})}


def _is_plain(value: Any) -> bool:
    return isinstance(value, (bool, int)) or (isinstance(value, str) and len(value) <= LONGEST)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
