"""The bot's side of signing in; name it in ``SHOPKIT["TELEGRAM"]["HANDLERS"]``."""

from .handling import handle

__all__ = ["handle"]
