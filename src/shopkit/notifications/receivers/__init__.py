"""Answers to facts: one module for each app that announces them, and our own."""

from .own import send_due

__all__ = ["send_due"]
