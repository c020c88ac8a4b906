"""Click (click.uz): its SHOP-API, its pay link, its Merchant API."""

from .backend import ClickBackend

__all__ = ["ClickBackend"]
