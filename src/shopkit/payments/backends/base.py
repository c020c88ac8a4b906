"""What every gateway does. A backend returns facts and changes no row of ours."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar, Literal

Kind = Literal["redirect", "client", "offline"]


@dataclass(frozen=True, kw_only=True)
class StartRequest:
    """What a gateway needs to begin.

    payment_id -- ours; the gateway echoes it
    amount -- Decimal in ``currency``
    return_url, cancel_url -- where the customer comes back to; "" where that makes no sense
    """

    payment_id: str
    order_number: str
    amount: Decimal
    currency: str
    return_url: str = ""
    cancel_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Started:
    """What a gateway answered.

    reference -- the gateway's id of the attempt
    redirect_url -- where to send the customer; client_secret -- for the gateway's own widget
    """

    reference: str = ""
    redirect_url: str = ""
    client_secret: str = ""


class PaymentBackend(ABC):
    """One gateway account. Its keyword arguments are the setting's OPTIONS; no I/O in __init__.

    kind -- how the customer pays: sent away, in the shop's own page, or by hand
    name -- for people
    currencies -- ISO codes it takes; empty for all
    window -- how long an attempt may take, and so how long the order's stock is held for it; None
        leaves the order's own window alone
    """

    kind: ClassVar[Kind] = "redirect"
    name: str = ""
    currencies: ClassVar[tuple[str, ...]] = ()
    window: timedelta | None = None

    def start(self, request: StartRequest) -> Started:
        """Begin an attempt. Raises ValueError for an amount or currency it cannot take,
        BackendError when the gateway did not answer.
        """
        if request.amount <= 0:
            raise ValueError("amount must be above zero.")
        if self.currencies and request.currency not in self.currencies:
            raise ValueError(f"{request.currency} is not taken here.")
        return self.begin(request)

    @abstractmethod
    def begin(self, request: StartRequest) -> Started:
        """Do what ``start`` promises; the request is already checked."""
