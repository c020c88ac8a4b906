"""Payme, calling."""

import json
import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.db import connections
from django.test import Client


class _Stay(HTTPRedirectHandler):
    """Payme follows no redirect, and the key must not go elsewhere."""

    def redirect_request(self, *args: Any) -> None:
        return None


OPENER = build_opener(ProxyHandler({}), _Stay)


@dataclass(frozen=True)
class PaymeCaller:
    """Payme, holding the key of your till.

    Each of its calls is made twice, as Payme does when an answer is lost and as its sandbox does
    always; AssertionError when the answers differ or are not HTTP 200. Amounts are in tiyin.

    url -- of the webhook: a path for Django's test client, or a whole URL of a live server
    client -- Django's test client; it makes no difference to a whole URL
    """

    url: str
    key: str = field(repr=False)
    account: str = "order_id"
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def check(self, order: Any, amount: int) -> dict[str, Any]:
        """Ask whether the order can be paid."""
        return self.call("CheckPerformTransaction", amount=amount, account={self.account: order})

    def create(
        self, order: Any, amount: int, *, id_: str = "", at: int | None = None
    ) -> dict[str, Any]:
        """Open a transaction.

        id_ -- of Payme, a new one if ""; at -- ms since 1970, now if None
        """
        return self.call("CreateTransaction", **self.opening(order, amount, id_=id_, at=at))

    def perform(self, id_: str) -> dict[str, Any]:
        """Take the money."""
        return self.call("PerformTransaction", id=id_)

    def cancel(self, id_: str, reason: int = 3) -> dict[str, Any]:
        """Cancel, before or after the money came."""
        return self.call("CancelTransaction", id=id_, reason=reason)

    def look_up(self, id_: str) -> dict[str, Any]:
        """Ask what the shop knows of a transaction."""
        return self.call("CheckTransaction", id=id_)

    def statement(self, since: int, until: int) -> dict[str, Any]:
        """Ask for the transactions of a period, ms since 1970."""
        return self.call("GetStatement", **{"from": since, "to": until})

    def fiscal_data(self, id_: str, type_: str = "PERFORM", **changes: Any) -> dict[str, Any]:
        """Tell the fiscal receipt of a transaction."""
        given = {
            "receipt_id": 121,
            "status_code": 0,
            "message": "accepted",
            "terminal_id": "EP000000000025",
            "fiscal_sign": "800031554082",
            "qr_code_url": "https://ofd.example/check?t=EP000000000025&r=121",
            "date": "20261121120000",
        }
        return self.call("SetFiscalData", id=id_, type=type_, fiscal_data=given | changes)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Make a call twice and return the one answer to both."""
        said = {"method": method, "params": params, "id": next(self.ids)}
        first, again = self.post(said), self.post(said)
        assert first == again, f"{method} was answered {first} and then {again}"
        assert first["id"] == said["id"]
        return first

    def post(self, said: Any, *, key: str | None = None) -> dict[str, Any]:
        """Make a call once.

        said -- anything JSON-ready, or bytes as they are
        key -- another than the right one
        """
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        return self.send("POST", body, authorization=self.authorization(key))

    def send(self, method: str, body: bytes = b"", *, authorization: str = "") -> dict[str, Any]:
        """Send an HTTP request and return the answer, which is HTTP 200 and JSON whatever it is."""
        content_type = "text/json; charset=UTF-8"
        headers = {"Authorization": authorization} if authorization else {}
        if self.url.startswith("/"):
            answer = self.client.generic(method, self.url, body, content_type, headers=headers)
            status, content = answer.status_code, answer.content
        else:
            headers["Content-Type"] = content_type
            status, content = _fetch(Request(self.url, body, headers, method=method))  # noqa: S310
        assert status == 200, f"HTTP {status}, which Payme takes for a breakdown: {content[:500]!r}"
        found: dict[str, Any] = json.loads(content)
        assert ("result" in found) != ("error" in found), found
        return found

    def authorization(self, key: str | None = None, *, login: str = "Paycom") -> str:
        """Return the header, with the right key unless another is given."""
        pair = f"{login}:{self.key if key is None else key}".encode()
        return f"Basic {b64encode(pair).decode()}"

    def opening(
        self, order: Any, amount: int, *, id_: str = "", at: int | None = None
    ) -> dict[str, Any]:
        """Return the params of CreateTransaction."""
        return {
            "id": id_ or new_id(),
            "time": now() if at is None else at,
            "amount": amount,
            "account": {self.account: order},
        }

    def race(
        self, order: Any, amount: int, *, id_: str = "", callers: int = 8
    ) -> list[dict[str, Any]]:
        """Open transactions for one order at the same moment: one of this id, or each its own."""
        openings = [self.opening(order, amount, id_=id_, at=now()) for _ in range(callers)]
        return self.together(*(("CreateTransaction", opening) for opening in openings))

    def together(self, *calls: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
        """Make calls, each a method and its params, at the same moment; return their answers."""
        barrier = threading.Barrier(len(calls))

        def make(call: tuple[str, dict[str, Any]]) -> dict[str, Any]:
            # Django's test client is not for several threads.
            caller = PaymeCaller(self.url, self.key, self.account)
            try:
                barrier.wait(60)
                return caller.post({"method": call[0], "params": call[1], "id": 1})
            finally:
                if self.url.startswith("/"):  # a live server has no connections of ours
                    connections.close_all()

        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(make, calls))


def new_id() -> str:
    """Return an id as Payme gives them."""
    return secrets.token_hex(12)


def now() -> int:
    """Return the time in Payme's way."""
    return time.time_ns() // 10**6


def code_in(answer: dict[str, Any], *, data: str | None = None) -> int:
    """Return the code of an error that is whole: texts in three languages, and the right data."""
    assert "error" in answer, f"This should have been refused: {answer}"
    error = answer["error"]
    assert all(error["message"][language] for language in ("ru", "uz", "en")), error
    if data is not None:
        assert error["data"] == data, error
    return int(error["code"])


def _fetch(request: Request) -> tuple[int, bytes]:
    try:
        with OPENER.open(request, timeout=30) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()
