"""Cash on delivery and bank transfer: people bring the money, staff confirm it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .base import PaymentBackend, Started, StartRequest


class OfflineBackend(PaymentBackend):
    """Money that no gateway tells us about.

    name -- what customers read: "Cash on delivery"
    """

    kind = "offline"

    def __init__(self, *, name: str | Promise = "") -> None:
        self.name = name or _("Cash on delivery")

    def begin(self, request: StartRequest) -> Started:
        """Nothing begins; the attempt waits for staff."""
        return Started()
