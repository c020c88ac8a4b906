"""Payme (payme.uz, formerly Paycom), Uzbekistan: its Merchant API.

Payme calls us, by JSON-RPC under whatever content type, and takes every HTTP status but 200 for
a breakdown of ours: errors are answered with 200 too. A lost answer is asked for again, and both
must be equal, so every time in an answer is one that was stored. Source: developer.help.paycom.uz.
"""

from .backend import PaymeBackend

__all__ = ["PaymeBackend"]
