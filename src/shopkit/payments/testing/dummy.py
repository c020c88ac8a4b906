"""Paying in a site's own tests, by the dummy gateway. Needs ``settings.DEBUG = True`` in them.

``press`` goes through the page, as a customer does; ``tell`` goes through the webhook's way in, and
can say what no button does: another amount, an old stamp, the same event again.
"""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from shopkit.core.money import format_amount
from shopkit.payments.backends.base import Answer, Callback
from shopkit.payments.backends.dummy import PAID, Button, DummyBackend, Sheet, say
from shopkit.payments.models import Payment
from shopkit.payments.providers import provider_of
from shopkit.payments.services import receive


def press(redirect_url: str, button: Button = "pay") -> HttpResponse:
    """Press a button of a payment's page and return what the browser is answered.

    redirect_url -- as the start of the payment answered it
    """
    return Client().post(redirect_url, {button: "1"})  # type: ignore[return-value]


def signed(payment: Payment, kind: str = PAID, *, at: float | None = None, **said: Any) -> Callback:
    """Return an event about ``payment`` as its gateway signs it.

    kind -- "payment.paid", "payment.failed" or "payment.expired"
    at -- when it is signed, seconds since 1970; None for now
    said -- members of the event that differ: amount="1.00", id="evt_1"
    """
    gateway = _gateway_of(payment)
    sheet = Sheet(
        payment_id=str(payment.pk),
        order_number=payment.order.number,
        amount=format_amount(payment.amount, payment.currency),
        currency=payment.currency,
    )
    return gateway.sign({**say(sheet, kind), **said}, at=at)


def tell(payment: Payment, kind: str = PAID, **said: Any) -> Answer:
    """Tell the shop an event about ``payment`` and return what it answered. See ``signed``."""
    return receive(payment.provider, signed(payment, kind, **said))


def _gateway_of(payment: Payment) -> DummyBackend:
    gateway = provider_of(payment.provider)
    if not isinstance(gateway, DummyBackend):
        raise TypeError(f"{payment.provider!r} is not the dummy gateway.")
    return gateway
