"""Use cases of payments."""

from .closing import close_order, expire_payments
from .receiving import handle, handle_all, receive
from .reconciling import recheck, reconcile
from .refunding import (
    confirm_refund,
    pay_back,
    refund_order,
    send_due_refunds,
    send_refund,
    withdraw_refund,
)
from .reviewing import close_review
from .staff import mark_paid
from .starting import start_payment

__all__ = [
    "close_order",
    "close_review",
    "confirm_refund",
    "expire_payments",
    "handle",
    "handle_all",
    "mark_paid",
    "pay_back",
    "receive",
    "recheck",
    "reconcile",
    "refund_order",
    "send_due_refunds",
    "send_refund",
    "start_payment",
    "withdraw_refund",
]
