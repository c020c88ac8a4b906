"""Payme at your door: the calls of its sandbox, and what it wants to hear.

Give ``PaymeScenarios`` a shop and run pytest; or use ``PaymeCaller`` in tests of your own.
"""

from .caller import PaymeCaller, code_in, new_id, now
from .scenarios import PaymeScenarios

__all__ = ["PaymeCaller", "PaymeScenarios", "code_in", "new_id", "now"]
