"""Times of the database's clock."""

import math
from datetime import timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, fields
from django.db.models.functions import Now


def later(pause: timedelta) -> "ExpressionWrapper[Any]":
    """The moment so long from now."""
    return ExpressionWrapper(Now() + pause, output_field=fields.DateTimeField())


def left_until(column: str) -> "ExpressionWrapper[Any]":
    """How long it is until the moment in ``column``."""
    return ExpressionWrapper(F(column) - Now(), output_field=DurationField())


def whole_seconds(left: timedelta) -> int:
    """Return a wait in seconds: rounded up, at least one."""
    return max(1, math.ceil(left.total_seconds()))
