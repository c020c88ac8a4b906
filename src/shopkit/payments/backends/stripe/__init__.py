"""Stripe: its own payment page, or its widget in the shop's page. Needs the extra ``stripe``."""

from .backend import StripeBackend, StripeIntentBackend

__all__ = ["StripeBackend", "StripeIntentBackend"]
