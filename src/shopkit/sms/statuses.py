"""What is known about a message after it was handed to a gateway."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryStatus(models.TextChoices):
    """Every gateway's words in ours.

    UNKNOWN -- perhaps taken, perhaps not; never sent again by itself
    QUEUED -- the gateway took it; SENT -- it left the gateway
    DELIVERED, UNDELIVERED, EXPIRED, FAILED -- final; FAILED was never on its way to the phone
    """

    UNKNOWN = "unknown", _("unknown")
    QUEUED = "queued", _("queued")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    UNDELIVERED = "undelivered", _("undelivered")
    EXPIRED = "expired", _("expired")
    FAILED = "failed", _("failed")

    @property
    def earlier(self) -> tuple["DeliveryStatus", ...]:
        """The statuses that news of this one replaces: callbacks come in any order."""
        rank = _RANKS.get(self, _FINAL)
        return tuple(one for one in DeliveryStatus if _RANKS.get(one, _FINAL) < rank)


_RANKS = {DeliveryStatus.UNKNOWN: 0, DeliveryStatus.QUEUED: 1, DeliveryStatus.SENT: 2}
_FINAL = 3
