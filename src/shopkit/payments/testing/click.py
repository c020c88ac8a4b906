"""Click, played: who calls a shop as Click does, and a Merchant API on loopback."""

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlencode

from shopkit.core import http
from shopkit.core.testing.gateway import FakeGateway, Recorded, Reply
from shopkit.payments.backends.base import Answer, Callback
from shopkit.payments.backends.click.merchant_api import TASHKENT

FORM = "application/x-www-form-urlencoded"
# What the documentation of Click signs with; nobody's.
ROOT = "/v2/merchant"
SERVICE_ID, SECRET_KEY, MERCHANT_USER_ID = "31337", "made_up_click_secret", "4242"
PREPARE, COMPLETE = 0, 1
CANCELLED_BY_CLICK = -5017

#: Posts a form-encoded body to the shop and returns the body of its answer.
Send = Callable[[str], bytes]

_numbers = itertools.count(int(time.time() * 1000) << 12)


@dataclass(frozen=True)
class Attempt:
    """One try of a customer to pay an order in Click's app.

    order_number, amount -- as the pay link says them; amount is text, as it is signed
    trans_id, paydoc_id -- Click's numbers of the try and of the payment, of more than 32 bits
    """

    order_number: str
    amount: str
    trans_id: int = field(default_factory=lambda: next(_numbers))
    paydoc_id: int = field(default_factory=lambda: next(_numbers))


@dataclass(frozen=True)
class Row:
    """One row of the acceptance matrix: what was called, expected and answered."""

    number: int
    call: str
    situation: str
    expected: int
    answer: dict[str, Any]

    @property
    def is_right(self) -> bool:
        """Say whether the shop answered with the error that Click expects."""
        return bool(self.answer.get("error") == self.expected)

    def __str__(self) -> str:
        mark = "ok   " if self.is_right else "WRONG"
        error = self.answer.get("error")
        said = f"expected {self.expected}, answered {error}"
        return f"{mark} {self.number:2} {self.call:8} {said}: {self.situation}"


class ClickCaller:
    """Calls a shop as Click does.

    send -- how to reach it: ``over_http(url)``, ``through(receive)``, or a function of your own
    service_id, secret_key -- those of the shop's setting
    """

    def __init__(
        self, send: Send, *, service_id: int | str = SERVICE_ID, secret_key: str = SECRET_KEY
    ) -> None:
        self.send = send
        super().__init__()
        self.service_id = str(service_id)
        self.secret_key = secret_key

    def prepare(self, attempt: Attempt, **changes: Any) -> dict[str, Any]:
        """Ask whether the attempt may go on; return the answer.

        changes -- fields to be sent otherwise, signed as they are then; None leaves one out, and a
            ``sign_string`` is sent as it is
        """
        return self._call(attempt, {"action": PREPARE, **changes})

    def complete(self, attempt: Attempt, prepare_id: Any, **changes: Any) -> dict[str, Any]:
        """Say that the money is taken, or by ``error`` that it is not; return the answer.

        prepare_id -- ``merchant_prepare_id`` of the answer to Prepare
        """
        fields = {"action": COMPLETE, "merchant_prepare_id": prepare_id, **changes}
        return self._call(attempt, fields)

    def pay(self, order_number: str, amount: str) -> dict[str, Any]:
        """Prepare and complete a new attempt; return the answer to the last call."""
        attempt = Attempt(order_number, amount)
        prepared = self.prepare(attempt)
        if prepared["error"] != 0:
            return prepared
        return self.complete(attempt, prepared["merchant_prepare_id"])

    def form(self, attempt: Attempt, **changes: Any) -> str:
        """Return the signed, encoded body of a call."""
        fields: dict[str, Any] = {
            "click_trans_id": attempt.trans_id,
            "service_id": self.service_id,
            "click_paydoc_id": attempt.paydoc_id,
            "merchant_trans_id": attempt.order_number,
            "amount": attempt.amount,
            "error": 0,
            "error_note": "Success",
            "sign_time": _now(),
            **changes,
        }
        sent = {name: str(value) for name, value in fields.items() if value is not None}
        sent.setdefault("sign_string", self._signature(sent))
        return urlencode(sent)

    def run_matrix(
        self, orders: Sequence[tuple[str, str]], *, unknown: str = "no-such-order"
    ) -> list[Row]:
        """Play the fifteen rows that Click accepts a shop by; return what came of each.

        orders -- three unpaid ones, each as its number and the amount that is due: "150000.00"
        unknown -- a number that no order has

        The first two orders are paid afterwards, and of the first Click has said that it was
        cancelled nevertheless; the attempt to pay the third has ended.
        """
        first, second, third = (Attempt(number, amount) for number, amount in orders)
        rows = _Rows()
        prepare, complete = self.prepare, self.complete
        stranger = Attempt(unknown, first.amount)
        cancelled = {"error": CANCELLED_BY_CLICK}

        rows.add("Prepare", "wrong signature", -1, prepare(first, sign_string="0" * 32))
        rows.add("Prepare", "unknown order", -5, prepare(stranger))
        one = rows.add("Prepare", "payable order", 0, prepare(first))
        wrong = complete(first, one, sign_string="0" * 32)
        rows.add("Complete", "wrong signature", -1, wrong)
        rows.add("Complete", "wrong amount", -2, complete(first, one, amount="300"))
        rows.add("Complete", "confirm 3", 0, complete(first, one))
        rows.add("Complete", "confirm again", -4, complete(first, one))
        rows.add("Complete", "cancel the confirmed", -9, complete(first, one, **cancelled))
        two = rows.add("Prepare", "new order", 0, prepare(second))
        rows.add("Complete", "prepare id 999999999", -6, complete(second, 999_999_999))
        rows.add("Complete", "right prepare id", 0, complete(second, two))
        three = rows.add("Prepare", "new order", 0, prepare(third))
        rows.add("Complete", "cancel", -9, complete(third, three, **cancelled))
        rows.add("Complete", "cancel again", -9, complete(third, three, **cancelled))
        rows.add("Complete", "confirm the cancelled", -9, complete(third, three))
        return rows.all

    def check_matrix(
        self, orders: Sequence[tuple[str, str]], *, unknown: str = "no-such-order"
    ) -> None:
        """Play the matrix. Raises AssertionError with all rows when one of them is wrong."""
        __tracebackhide__ = True
        rows = self.run_matrix(orders, unknown=unknown)
        if not all(row.is_right for row in rows):
            raise AssertionError("\n".join(["Click would not accept this shop:", *map(str, rows)]))

    def _call(self, attempt: Attempt, changes: dict[str, Any]) -> dict[str, Any]:
        told = json.loads(self.send(self.form(attempt, **changes)))
        return cast("dict[str, Any]", told)

    def _signature(self, sent: dict[str, str]) -> str:
        names = ["merchant_trans_id", "merchant_prepare_id", "amount", "action", "sign_time"]
        if sent.get("action") == str(PREPARE):
            names.remove("merchant_prepare_id")
        text = sent.get("click_trans_id", "") + sent.get("service_id", "") + self.secret_key
        text += "".join(sent.get(name, "") for name in names)
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class _Rows:
    def __init__(self) -> None:
        self.all: list[Row] = []

    def add(self, call: str, situation: str, expected: int, answer: dict[str, Any]) -> Any:
        """Note a row; return the prepare id of its answer."""
        self.all.append(Row(len(self.all) + 1, call, situation, expected, answer))
        return answer.get("merchant_prepare_id", 0)


def over_http(url: str, *, timeout: float = 20) -> Send:
    """Return how to reach a running shop. Needs ``requests``.

    url -- of its webhook: http://127.0.0.1:8000/api/v1/payments/webhooks/click/
    """
    return lambda body: (
        http.post_form(url, dict(parse_qsl(body, keep_blank_values=True)), timeout=timeout).body
    )


def through(receive: Callable[[Callback], Answer]) -> Send:
    """Return how to reach a shop in this process.

    receive -- takes the call in and answers it: ``partial(services.receive, "click")``
    """
    return lambda body: receive(Callback(headers={"content-type": FORM}, body=body.encode())).body


@dataclass
class ClickPayment:
    """A payment as Click knows it.

    status -- below 0 cancelled, 0 created, 1 under way, 2 paid
    receipts -- what was submitted for its fiscal receipt, oldest first
    receipt_url -- of the receipt, "" while there is none
    """

    payment_id: int
    order_number: str
    day: str
    status: int
    receipts: list[dict[str, Any]] = field(default_factory=list)
    receipt_url: str = ""


class FakeClickMerchant(FakeGateway):
    """Click's Merchant API on loopback; a context manager.

    api_base, options -- of a ``ClickBackend`` that is to call it
    payments -- what it knows, oldest first
    declines -- the error that reversals and receipts are answered with, 0 to do what is asked
    silence -- seconds before each answer, after all has been done
    """

    def __init__(
        self,
        *,
        service_id: int | str = SERVICE_ID,
        merchant_user_id: int | str = MERCHANT_USER_ID,
        secret_key: str = SECRET_KEY,
    ) -> None:
        super().__init__()
        self.service_id = str(service_id)
        self.merchant_user_id = str(merchant_user_id)
        self.secret_key = secret_key
        self.payments: list[ClickPayment] = []
        self.declines = 0
        self.silence = 0.0

    @property
    def api_base(self) -> str:
        """Where it listens."""
        return f"{self.url}{ROOT}/"

    @property
    def options(self) -> dict[str, Any]:
        """What a backend needs to call it."""
        return {
            "service_id": self.service_id,
            "merchant_id": "777",
            "secret_key": self.secret_key,
            "merchant_user_id": self.merchant_user_id,
            "api_base": self.api_base,
        }

    def record(self, attempt: Attempt, *, status: int = 2, day: str = "") -> ClickPayment:
        """Know of a payment.

        day -- when it was begun, in Tashkent: "2026-11-20"; today by default
        """
        day = day or _now()[:10]
        payment = ClickPayment(attempt.paydoc_id, attempt.order_number, day, status)
        self.payments.append(payment)
        return payment

    @property
    def calls(self) -> list[str]:
        """Return what was asked, oldest first: "GET /payment/status/31337/7"."""
        return [f"{one.method} {one.path.removeprefix(ROOT)}" for one in self.requests]

    def answer(self, request: Recorded) -> Reply:
        """Do what is asked, for who signed it."""
        if not self._is_signed(request.headers.get("auth", "")):
            return Reply(401, {"error_code": -401, "error_note": "Unauthorized"})
        parts = [unquote(part) for part in request.path.removeprefix(ROOT).split("/")[2:]]
        return Reply(200, self._result(request.method, parts, request.fields))

    def silence_after(self, request: Recorded) -> float:
        """Keep silent as long as the test wants."""
        return self.silence

    def _is_signed(self, auth: str) -> bool:
        user, digest, at = [*auth.split(":"), "", ""][:3]
        right = hashlib.sha1((at + self.secret_key).encode(), usedforsecurity=False).hexdigest()
        is_fresh = at.isdigit() and len(at) == 10 and abs(int(at) - time.time()) < 300
        return user == self.merchant_user_id and digest == right and is_fresh

    def _result(self, method: str, parts: list[str], body: Any) -> dict[str, Any]:
        match [method, *parts]:
            case ["GET", "status", self.service_id, payment_id]:
                found = self._by_id(payment_id)
            case ["GET", "status_by_mti", self.service_id, order, day]:
                found = [
                    one for one in self.payments if (one.order_number, one.day) == (order, day)
                ]
            case ["DELETE", "reversal", self.service_id, payment_id]:
                return self._reverse(self._by_id(payment_id))
            case ["POST", "ofd_data", "submit_items"]:
                return self._submit(self._by_id(str(body["payment_id"])), body)
            case ["GET", "ofd_data", self.service_id, payment_id]:
                known = [one.receipt_url for one in self._by_id(payment_id) if one.receipt_url]
                return {"paymentId": int(payment_id), "qrCodeURL": known[0]} if known else {}
            case _:
                found = []
        if not found:
            return {"error_code": -404, "error_note": "Payment not found"}
        return _ok(found[-1], payment_status=found[-1].status)

    def _by_id(self, payment_id: str) -> list[ClickPayment]:
        return [one for one in self.payments if str(one.payment_id) == payment_id]

    def _submit(self, found: list[ClickPayment], body: dict[str, Any]) -> dict[str, Any]:
        if self.declines or not found or str(body["service_id"]) != self.service_id:
            return {"error_code": self.declines or -404, "error_note": "Not accepted"}
        payment = found[-1]
        payment.receipts.append(body)
        payment.receipt_url = f"https://ofd.soliq.uz/epi?t=EZ000000000001&r={len(payment.receipts)}"
        payment.receipt_url += "&c=20261120123045&s=420808230750"
        return _ok(payment)

    def _reverse(self, found: list[ClickPayment]) -> dict[str, Any]:
        if self.declines or not found or found[-1].status != 2:
            return {"error_code": self.declines or -404, "error_note": "Reversal is not possible"}
        found[-1].status = -99
        return _ok(found[-1])


def _ok(payment: ClickPayment, **more: Any) -> dict[str, Any]:
    return {"error_code": 0, "error_note": "Success", "payment_id": payment.payment_id, **more}


def _now() -> str:
    return datetime.now(TASHKENT).strftime("%Y-%m-%d %H:%M:%S")
