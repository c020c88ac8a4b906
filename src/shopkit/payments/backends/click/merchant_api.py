"""Click's Merchant API: what became of a payment, its reversal, its receipt. Needs ``requests``."""

import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.views.decorators.debug import sensitive_variables

from shopkit.core import http
from shopkit.core.money import to_minor
from shopkit.payments.backends.base import Snapshot

from .receipts import receipt_at
from .shop_api import CURRENCY

logger = logging.getLogger("shopkit.payments")

CREATED, PAID = 0, 2
TASHKENT = timezone(timedelta(hours=5))  # without summer time since 1991


class MerchantApi:
    """One account. Its secret is the one that signs Prepare and Complete."""

    def __init__(
        self, *, base: str, service_id: str, user_id: str, secret_key: str, timeout: float
    ) -> None:
        http.require_client()
        self._base = http.checked_base(base)
        self._service_id = service_id
        self._user_id = user_id
        self._secret_key = secret_key
        self._timeout = timeout

    def find(self, payment: Snapshot) -> tuple[str, int] | None:
        """Return Click's id of the payment and its status: below 0 where it was cancelled, 0
        created, 1 under way, 2 paid. None where Click knows no such payment.

        Raises BackendError when Click did not answer.
        """
        return self._by_order(payment) or self._by_id(payment.other_reference)

    def reverse(self, payment_id: str) -> int:
        """Give the whole payment back; return 0, or Click's code where it declines.

        Raises BackendError when it is not known whether Click did.
        """
        told = self._ask(http.delete, f"/payment/reversal/{self._service_id}/{payment_id}")
        return int(told["error_code"])

    def receipt_for(self, payment: Snapshot, items: Sequence[Any]) -> dict[str, Any]:
        """Have a fiscal receipt made where there is none; return what is known of it, {} for none.

        Raises BackendError when Click did not answer, or has not yet heard that it was paid.
        """
        payment_id, status = self.find(payment) or ("", CREATED)
        if status < 0:
            return {}
        if status < PAID:
            raise http.OutcomeUnknown(gateway_status=status)
        url = self._receipt_url(payment_id)
        if not url:
            if code := self._submit(payment_id, items, received=payment.amount):
                return {"kind": "payment", "status_code": code, "message": "declined"}
            url = self._receipt_url(payment_id)
        return receipt_at(url) if url else {}

    def _receipt_url(self, payment_id: str) -> str:
        path = f"/payment/ofd_data/{self._service_id}/{payment_id}"
        url = self._call(http.get, path).json().get("qrCodeURL")
        return url if isinstance(url, str) and url.startswith("https://") else ""

    def _submit(self, payment_id: str, items: Sequence[Any], *, received: Decimal) -> int:
        body = {
            "service_id": int(self._service_id),
            "payment_id": int(payment_id),
            "items": items,
            "received_ecash": 0,
            "received_cash": 0,
            "received_card": to_minor(received, CURRENCY),
        }
        told = self._ask(http.post_json, "/payment/ofd_data/submit_items", body)
        return int(told["error_code"])

    def _by_order(self, payment: Snapshot) -> tuple[str, int] | None:
        """Return None, too, where Click names another payment of the order."""
        order = quote(payment.order_number, safe="")
        for day in _days_of(payment):
            told = self._ask(http.get, f"/payment/status_by_mti/{self._service_id}/{order}/{day}")
            known = str(told.get("payment_id"))
            if known in {payment.other_reference, payment.reference}:
                return _found(known, told)
        return None

    def _by_id(self, payment_id: str) -> tuple[str, int] | None:
        if not payment_id:
            return None
        told = self._ask(http.get, f"/payment/status/{self._service_id}/{payment_id}")
        return _found(payment_id, told)

    def _ask(self, call: Callable[..., http.Answer], path: str, *body: Any) -> dict[str, Any]:
        """Return what the Merchant API says; ``error_code`` is a number.

        Raises BackendError when it says nothing that can be understood.
        """
        answer = self._call(call, path, *body)
        told = answer.json()
        code = _whole(told.get("error_code"))
        if code is None:
            raise http.OutcomeUnknown(gateway_status=answer.status)
        if code:
            logger.info("Click: %s was answered with error %s.", path.split("/")[2], code)
        return {**told, "error_code": code}

    def _call(self, call: Callable[..., http.Answer], path: str, *body: Any) -> http.Answer:
        answer = call(self._base + path, *body, headers=self._headers(), timeout=self._timeout)
        if answer.status == 401 or answer.status >= 500:
            logger.warning("Click: %s failed with HTTP %s.", path.split("/")[2], answer.status)
            raise http.OutcomeUnknown(gateway_status=answer.status)
        return answer

    @sensitive_variables()
    def _headers(self) -> dict[str, str]:
        at = str(int(time.time()))
        digest = hashlib.sha1((at + self._secret_key).encode(), usedforsecurity=False).hexdigest()
        return {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Auth": f"{self._user_id}:{digest}:{at}",
        }


def _found(payment_id: str, told: dict[str, Any]) -> tuple[str, int] | None:
    status = _whole(told.get("payment_status"))
    return None if status is None or told["error_code"] else (payment_id, status)


def _days_of(payment: Snapshot) -> Iterator[str]:
    """Yield the days, in Tashkent, on which Click may have begun the payment."""
    moments = (payment.created_at, payment.opened_at)
    days = [_day_of(moment) for moment in moments if moment is not None]
    yield from dict.fromkeys(days)


def _day_of(moment: datetime) -> str:
    return moment.astimezone(TASHKENT).date().isoformat()


def _whole(value: Any) -> int | None:
    """Return a number that came as a number or as text."""
    return int(value) if re.fullmatch(r"-?[0-9]{1,19}", str(value)) else None
