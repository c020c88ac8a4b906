"""What Stripe's objects look like: those members that somebody reads."""

import uuid
from collections.abc import Mapping
from typing import Any

Told = dict[str, Any]


def new_id(prefix: str) -> str:
    """Return "cs_test_1f..." for "cs_test"."""
    return f"{prefix}_{uuid.uuid4().hex}"


def session(params: Mapping[str, Any], *, url: str, now: int, is_live: bool) -> Told:
    """An open Checkout Session."""
    found = new_id("cs_live" if is_live else "cs_test")
    total = sum(
        int(item["price_data"]["unit_amount"]) * int(item["quantity"])
        for item in params["line_items"]
    )
    return {
        "id": found,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": now,
        "currency": params["line_items"][0]["price_data"]["currency"],
        "customer_details": None,
        "expires_at": int(params.get("expires_at", now + 24 * 3600)),
        "livemode": is_live,
        "locale": params.get("locale"),
        "metadata": dict(params.get("metadata", {})),
        "mode": params["mode"],
        "payment_intent": None,
        "payment_status": "unpaid",
        "status": "open",
        "success_url": params.get("success_url"),
        "url": f"{url}/pay/{found}",
    }


def intent(
    *, amount: int, currency: str, metadata: Mapping[str, str], now: int, is_live: bool
) -> Told:
    """A PaymentIntent that waits for a way to pay."""
    found = new_id("pi")
    return {
        "id": found,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "client_secret": f"{found}_secret_{uuid.uuid4().hex}",
        "created": now,
        "currency": currency,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": is_live,
        "metadata": dict(metadata),
        "receipt_email": None,
        "status": "requires_payment_method",
    }


def charge(paid: Mapping[str, Any], *, now: int) -> Told:
    """The money of an intent, with what it tells of the customer."""
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": paid["amount"],
        "amount_captured": paid["amount"],
        "amount_refunded": 0,
        "billing_details": {
            "email": "anna@example.com",
            "name": "Anna Kim",
            "phone": "+998901234567",
        },
        "captured": True,
        "created": now,
        "currency": paid["currency"],
        "disputed": False,
        "livemode": paid["livemode"],
        "metadata": dict(paid["metadata"]),
        "paid": True,
        "payment_intent": paid["id"],
        "payment_method_details": {"type": "card", "card": {"last4": "4242", "brand": "visa"}},
        "receipt_email": "anna@example.com",
        "refunded": False,
        "status": "succeeded",
    }


def refund(of: Mapping[str, Any], params: Mapping[str, Any], *, status: str, now: int) -> Told:
    """Money of the charge ``of`` on its way back."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": int(params["amount"]),
        "charge": of["id"],
        "created": now,
        "currency": of["currency"],
        "metadata": dict(params.get("metadata", {})),
        "payment_intent": of["payment_intent"],
        "reason": params.get("reason"),
        "status": status,
    }


def dispute(of: Mapping[str, Any], *, status: str, now: int) -> Told:
    """The bank of who paid the charge ``of`` wants its money back."""
    return {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": of["amount"],
        "charge": of["id"],
        "created": now,
        "currency": of["currency"],
        "livemode": of["livemode"],
        "metadata": {},
        "payment_intent": of["payment_intent"],
        "reason": "fraudulent",
        "status": status,
    }


def error(status_type: str, code: str, message: str, param: str = "") -> Told:
    """The body of an answer that is none."""
    told = {"type": status_type, "code": code, "message": message, "param": param}
    return {"error": {name: value for name, value in told.items() if value}}
