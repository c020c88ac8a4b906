"""Stripe on loopback. It is ours and not Stripe: it knows what this page's tests need."""

from .fake import FakeStripe
from .parameters import Complaint, complaint

__all__ = ["Complaint", "FakeStripe", "complaint"]
