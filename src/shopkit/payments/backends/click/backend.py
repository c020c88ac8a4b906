"""Click (click.uz): money of Uzbekistan's cards and of Click's own purse."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise

from shopkit.core import http
from shopkit.core.errors import BackendError
from shopkit.core.money import format_amount, to_minor
from shopkit.payments.backends.base import (
    Answer,
    Callback,
    Event,
    Line,
    Outcome,
    PaymentBackend,
    Refunded,
    RefundRequest,
    Snapshot,
    Started,
    StartRequest,
)
from shopkit.payments.errors import Unsupported

from .merchant_api import PAID, MerchantApi
from .receipts import Seller
from .shop_api import CURRENCY, ID, answer_with, error_of, event_of, verified_fields

logger = logging.getLogger("shopkit.payments")

LONGEST_URL = 2000


class ClickBackend(PaymentBackend):
    """Click. Only so'm; given back whole, or by hand.

    service_id, merchant_id, secret_key -- from merchant.click.uz
    merchant_user_id -- of the Merchant API, which looks payments up and reverses them; None
        does without it. It needs ``requests``
    name -- what customers read
    receipts -- fiscal receipts through the Merchant API: {"tin": ...} and the codes of a delivery,
        see ``Seller``; None does without them
    api_base, pay_url -- where the Merchant API and the pay page are
    window -- how long an attempt may take
    timeout -- seconds for a call of the Merchant API
    """

    kind = "redirect"
    currencies = (CURRENCY,)

    def __init__(  # noqa: PLR0913 - options of one account
        self,
        *,
        service_id: int | str,
        merchant_id: int | str,
        secret_key: str,
        merchant_user_id: int | str | None = None,
        name: str | Promise = "Click",
        receipts: Mapping[str, Any] | None = None,
        api_base: str = "https://api.click.uz/v2/merchant/",
        pay_url: str = "https://my.click.uz/services/pay/",
        window: timedelta = timedelta(minutes=30),
        timeout: float = 10,
    ) -> None:
        if not isinstance(secret_key, str) or not secret_key.strip():
            raise ValueError("secret_key must not be blank.")
        self.service_id = _account(service_id, "service_id")
        self.merchant_id = _account(merchant_id, "merchant_id")
        self.name = name
        http.checked_base(pay_url)
        self.pay_url = pay_url
        self.window = window
        self._secret_key = secret_key
        if receipts and not merchant_user_id:
            raise ValueError("receipts need merchant_user_id.")
        self._seller = Seller(**receipts) if receipts else None
        self._api = merchant_user_id and MerchantApi(
            base=api_base,
            service_id=self.service_id,
            user_id=_account(merchant_user_id, "merchant_user_id"),
            secret_key=secret_key,
            timeout=timeout,
        )

    def begin(self, request: StartRequest) -> Started:
        """Make the pay link. Click hears of the order when the customer opens it.

        Raises ValueError, too, for a way back that is too long to be kept.
        """
        to_minor(request.amount, CURRENCY)
        query = {
            "service_id": self.service_id,
            "merchant_id": self.merchant_id,
            "amount": format_amount(request.amount, CURRENCY),
            "transaction_param": request.order_number,
        }
        if request.return_url:
            query["return_url"] = request.return_url
        url = f"{self.pay_url}?{urlencode(query)}"
        if len(url) > LONGEST_URL:
            raise ValueError("return_url is too long.")
        return Started(redirect_url=url)

    def read_callback(self, callback: Callback) -> Event:
        """Read a Prepare or a Complete; see ``verified_fields`` for what is refused."""
        fields = verified_fields(callback, service_id=self.service_id, secret_key=self._secret_key)
        return event_of(fields)

    def answer_callback(self, event: Event, outcome: Outcome) -> Answer:
        """Answer with Click's code and, where all is well, with our number of the payment."""
        error = error_of(event, outcome)
        serial = outcome.payment.serial if outcome.payment and error == 0 else None
        return answer_with(event.request, error, serial=serial)

    def refuse_callback(self, callback: Callback) -> Answer:
        """Say -7, with a status by which Click takes the answer for lost and asks again."""
        return answer_with({}, -7, status=503)

    def refund(self, request: RefundRequest) -> Refunded:
        """Reverse the payment, unless Click says that it already is.

        Raises Unsupported without the Merchant API, for a part of the payment, and when Click
        declines (details: {"gateway_code"}): it reverses payments of this month only, those of the
        last month on the first day. BackendError when it is not known whether it did.
        """
        is_whole = request.amount == request.payment.captured
        found = self._api.find(request.payment) if self._api and is_whole else None
        if not self._api or found is None:
            raise Unsupported
        payment_id, status = found
        if 0 <= status < PAID:
            raise BackendError(gateway_status=status)
        if status >= PAID and (code := self._api.reverse(payment_id)):
            raise Unsupported(gateway_code=code)
        return Refunded(reference=payment_id)

    def look_up(self, payment: Snapshot) -> Sequence[Event]:
        """Ask the Merchant API, where it is switched on, for a transaction that Click opened.

        Click does not say the amount; it was compared when Click opened the transaction.
        """
        if not self._api or not payment.reference:
            return ()
        found = self._api.find(payment)
        if found is None or 0 <= found[1] < PAID:
            return ()
        return (_news_of(payment, status=found[1]),)

    def close(self, payment: Snapshot) -> Sequence[Event]:
        """Say how it stands. A pay link cannot be taken back: a Complete that comes is refused."""
        return self.look_up(payment)

    def fiscalize(
        self,
        payment: Snapshot,
        *,
        lines: Sequence[Line],
        shipping: Decimal,
        discount: Decimal,
    ) -> Sequence[Event]:
        """Send what was bought, unless Click has a receipt of the payment already.

        Nothing is sent where a fiscal code of a line or of the delivery is missing.
        """
        if not self._api or not self._seller:
            return ()
        try:
            items = self._seller.items_of(
                lines, shipping=shipping, discount=discount, amount=payment.amount
            )
        except ValueError as error:
            logger.warning("Payment %s gets no receipt: %s", payment.payment_id, error)
            return ()
        receipt = self._api.receipt_for(payment, items)
        return (_receipt_event(payment, receipt),) if receipt else ()


def _news_of(payment: Snapshot, *, status: int) -> Event:
    """Return what a final status means for the payment."""
    is_paid = status > 0
    return Event(
        event_id=f"{payment.reference}:status:{status}",
        kind="settle" if is_paid else "close",
        name="payment/status",
        payment_id=payment.payment_id,
        order_number=payment.order_number,
        serial=payment.serial,
        reference=payment.reference,
        other_reference=payment.other_reference,
        currency=CURRENCY,
        reason="" if is_paid else str(status),
        data={"payment_status": status},
    )


def _receipt_event(payment: Snapshot, receipt: dict[str, Any]) -> Event:
    said = receipt.get("qr_code_url") or receipt.get("status_code")
    return Event(
        event_id=f"{payment.reference}:receipt:{said}",
        kind="receipt",
        name="payment/ofd_data",
        payment_id=payment.payment_id,
        serial=payment.serial,
        reference=payment.reference,
        receipt=receipt,
        data=dict(receipt),
    )


def _account(value: int | str, name: str) -> str:
    if not ID.fullmatch(str(value)):
        raise ValueError(f"{name} must be a whole number.")
    return str(value)
