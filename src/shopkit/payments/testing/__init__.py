"""Proving a gateway: the contract that every backend keeps."""

from .contract import PaymentBackendContract

__all__ = ["PaymentBackendContract"]
