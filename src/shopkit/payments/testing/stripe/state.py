"""One account at the Stripe on loopback: what stands there, and what people do to it."""

import copy
import time
from collections.abc import Mapping
from typing import Any

from shopkit.core.testing.gateway import Reply
from shopkit.payments.backends.stripe.calls import API_VERSION

from . import objects
from .objects import Told


class Refusal(Exception):
    """What Stripe answers instead of doing it."""

    def __init__(self, status: int, code: str, message: str, param: str = "") -> None:
        super().__init__(message)
        self.reply = Reply(status, objects.error("invalid_request_error", code, message, param))


class Account:
    """sessions, intents, charges, refunds, disputes -- by id, as they stand

    inner_metadata -- {session: what its intent is to be given}
    events -- what Stripe would tell, oldest first
    refund_status -- in which state a refund begins: "succeeded", "pending", "failed"
    seconds_ahead -- how far its clock has run on
    """

    def __init__(self, *, is_live: bool) -> None:
        self.is_live = is_live
        self.sessions: dict[str, Told] = {}
        self.intents: dict[str, Told] = {}
        self.charges: dict[str, Told] = {}
        self.refunds: dict[str, Told] = {}
        self.disputes: dict[str, Told] = {}
        self.inner_metadata: dict[str, Mapping[str, str]] = {}
        self.events: list[Told] = []
        self.refund_status = "succeeded"
        self.seconds_ahead = 0

    def now(self) -> int:
        """Seconds since 1970 by its clock."""
        return int(time.time()) + self.seconds_ahead

    # --- what customers, banks and the dashboard do ---

    def pay(self, reference: str, outcome: str = "paid") -> None:
        """Let the customer of a session or an intent pay.

        outcome -- "paid", "declined", or "delayed": the bank takes days
        """
        self.run_out()
        paid = self._intent_of(reference)
        session = self.sessions.get(reference)
        if paid["status"] in {"succeeded", "canceled", "processing"} or (
            session and session["status"] != "open"
        ):
            raise ValueError("It cannot be paid any more.")
        if session:
            session["payment_intent"] = paid["id"]
        if outcome == "declined":
            return self._decline(paid)
        if session:
            session.update(
                status="complete",
                payment_status="paid" if outcome == "paid" else "unpaid",
                url=None,
                customer_details={"email": "anna@example.com", "phone": "+998901234567"},
            )
        if outcome == "delayed":
            paid["status"] = "processing"
            self.tell("payment_intent.processing", paid)
        else:
            self._capture(paid)
        if session:
            self.tell("checkout.session.completed", session)
        return None

    def settle_delayed(self, reference: str, *, is_paid: bool = True) -> None:
        """Let the slow bank decide."""
        paid, session = self._intent_of(reference), self.sessions.get(reference)
        if is_paid:
            self._capture(paid)
        else:
            self._decline(paid)
        if session and is_paid:
            session["payment_status"] = "paid"
            self.tell("checkout.session.async_payment_succeeded", session)
        elif session:
            self.tell("checkout.session.async_payment_failed", session)

    def run_out(self) -> None:
        """Close the sessions whose time is over."""
        for session in self.sessions.values():
            if session["status"] == "open" and session["expires_at"] <= self.now():
                self.expire(session)

    def expire(self, session: Told) -> None:
        """Close a session."""
        session.update(status="expired", url=None)
        self.tell("checkout.session.expired", session)

    def cancel(self, intent: Told, reason: str) -> None:
        """End an intent."""
        intent.update(status="canceled", canceled_at=self.now(), cancellation_reason=reason)
        self.tell("payment_intent.canceled", intent)

    def give_back(self, intent: str, amount: int | None = None, **params: Any) -> Told:
        """Refund money of an intent, as the API or somebody in the dashboard does."""
        charge = self.charges.get(self.intents[intent]["latest_charge"] or "")
        if charge is None:
            raise Refusal(400, "charge_not_found", "This PaymentIntent has no charge.")
        left = charge["amount"] - charge["amount_refunded"]
        if not left:
            raise Refusal(400, "charge_already_refunded", "It has been refunded.")
        if (wanted := left if amount is None else amount) > left or wanted < 1:
            raise Refusal(400, "", "This is more than is left.", "amount")
        params = {**params, "amount": wanted}
        made = objects.refund(charge, params, status=self.refund_status, now=self.now())
        self.refunds[made["id"]] = made
        self.tell("refund.created", made)
        if made["status"] != "failed":
            self._count(charge, wanted)
            self.tell("charge.refunded", charge)
        return made

    def finish_refund(self, reference: str, status: str = "succeeded") -> None:
        """Let the bank take a refund, or send it back."""
        refund = self.refunds[reference]
        refund["status"] = status
        if status in {"failed", "canceled"}:
            refund["failure_reason"] = "expired_or_canceled_card"
            self._count(self.charges[refund["charge"]], -refund["amount"])
            self.tell("refund.failed", refund)
        self.tell("refund.updated", refund)

    def contest(self, intent: str, status: str = "needs_response") -> Told:
        """Let the customer's bank contest the money."""
        charge = self.charges[self.intents[intent]["latest_charge"]]
        charge["disputed"] = True
        made = objects.dispute(charge, status=status, now=self.now())
        self.disputes[made["id"]] = made
        self.tell("charge.dispute.created", made)
        return made

    # --- the ledger ---

    def ledger(self, payment_id: str = "") -> dict[str, int]:
        """Return what was captured less what went back, in units by currency.

        payment_id -- ours; "" for all
        """
        found: dict[str, int] = {}
        for charge in self.charges.values():
            if not payment_id or charge["metadata"].get("shopkit_payment") == payment_id:
                kept = charge["amount_captured"] - charge["amount_refunded"]
                found[charge["currency"]] = found.get(charge["currency"], 0) + kept
        return found

    # --- events ---

    def tell(self, name: str, about: Told) -> Told:
        """Write down an event about an object as it stands now."""
        event = {
            "id": objects.new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": {"object": copy.deepcopy(about)},
            "livemode": self.is_live,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": name,
        }
        self.events.append(event)
        return event

    def named(self, name: str) -> Told:
        """Return the latest event of that name."""
        return next(one for one in reversed(self.events) if one["type"] == name)

    # --- money ---

    def _intent_of(self, reference: str) -> Told:
        """Return the intent, or the one of a session, made when it is first needed."""
        session = self.sessions.get(reference)
        if session is None:
            return self.intents[reference]
        if session["payment_intent"]:
            return self.intents[session["payment_intent"]]
        made = objects.intent(
            amount=session["amount_total"],
            currency=session["currency"],
            metadata=self.inner_metadata[reference],
            now=self.now(),
            is_live=self.is_live,
        )
        self.intents[made["id"]] = made
        self.tell("payment_intent.created", made)
        return made

    def _capture(self, intent: Told) -> None:
        charge = objects.charge(intent, now=self.now())
        self.charges[charge["id"]] = charge
        intent.update(
            status="succeeded",
            amount_received=intent["amount"],
            latest_charge=charge["id"],
            last_payment_error=None,
        )
        self.tell("charge.succeeded", charge)
        self.tell("payment_intent.succeeded", intent)

    def _decline(self, intent: Told) -> None:
        intent.update(
            status="requires_payment_method",
            last_payment_error={"code": "card_declined", "decline_code": "insufficient_funds"},
        )
        self.tell("payment_intent.payment_failed", intent)

    def _count(self, charge: Told, units: int) -> None:
        charge["amount_refunded"] += units
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
