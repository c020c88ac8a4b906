"""What a person did about money that a program would not decide about."""

from typing import Any

from django.db.models.functions import Now

from shopkit.payments.models import PaymentReview


def close_review(pk: int, *, actor: Any = None, note: str = "") -> bool:
    """Write down that somebody looked at it; say whether nobody had before."""
    rows = PaymentReview.objects.filter(pk=pk, closed_at=None)
    return bool(rows.update(closed_at=Now(), closed_by=actor, note=note))
