"""Payme at your door: the calls of its sandbox, and what it wants to hear.

Give ``PaymeScenarios`` a shop and run pytest; or use ``PaymeCaller`` in tests of your own.
"""

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
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from django.db import connections
from django.test import Client

HOURS_12 = 12 * 3600 * 1000
OPENER = build_opener(ProxyHandler({}))


@dataclass(frozen=True)
class PaymeCaller:
    """Payme, holding the key of your till.

    Each of its calls is made twice, as Payme does when an answer is lost and as its sandbox does
    always; AssertionError when the answers differ or are not HTTP 200. Amounts are in tiyin.

    url -- of the webhook: a path for Django's test client, or a whole URL of a live server
    client -- Django's test client; it makes no difference to a whole URL
    """

    url: str
    key: str
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

    def race(self, order: Any, amount: int, *, callers: int = 8) -> list[dict[str, Any]]:
        """Open transactions of different ids for one order at the same moment."""
        barrier = threading.Barrier(callers)

        def one(_: int) -> dict[str, Any]:
            rival = PaymeCaller(self.url, self.key, self.account)
            params = self.opening(order, amount)
            try:
                barrier.wait(60)
                return rival.post({"method": "CreateTransaction", "params": params, "id": 1})
            finally:
                connections.close_all()

        with ThreadPoolExecutor(callers) as threads:
            return list(threads.map(one, range(callers)))


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


class PaymeScenarios:
    """What Payme's sandbox asks of a shop, and what it does not ask but money needs.

    Subclass it, give it ``payme`` and ``order``, and run pytest. With Django's test client the
    tests need ``django_db(transaction=True)``.
    """

    @pytest.fixture
    def payme(self) -> PaymeCaller:
        """A caller with the key of your till."""
        raise NotImplementedError

    @pytest.fixture
    def order(self) -> tuple[str, int]:
        """The number of a new order that can be paid, and what is due in tiyin."""
        raise NotImplementedError

    def test_created_and_cancelled(self, payme: PaymeCaller, order: tuple[str, int]) -> None:
        """The customer gave up; the order can be paid by another transaction."""
        id_, since = new_id(), now()
        created = payme.create(*order, id_=id_, at=since)["result"]
        cancelled = payme.cancel(id_, 3)["result"]
        assert (created["state"], cancelled["state"]) == (1, -1)
        assert created["transaction"] == cancelled["transaction"]
        _is_moment(created["create_time"])
        _is_moment(cancelled["cancel_time"])
        assert payme.look_up(id_)["result"] == {
            "create_time": created["create_time"],
            "perform_time": 0,
            "cancel_time": cancelled["cancel_time"],
            "transaction": created["transaction"],
            "state": -1,
            "reason": 3,
        }
        # The first reason stays.
        assert payme.cancel(id_, 5)["result"] == cancelled
        assert payme.look_up(id_)["result"]["reason"] == 3
        assert code_in(payme.perform(id_)) == -31008
        assert code_in(payme.create(*order, id_=id_, at=since)) == -31008
        assert payme.create(*order)["result"]["state"] == 1

    def test_paid_and_given_back(self, payme: PaymeCaller, order: tuple[str, int]) -> None:
        """The whole way, to the refund that the merchant starts in Payme's cabinet."""
        id_, since = new_id(), now()
        assert payme.check(*order)["result"]["allow"] is True
        created = payme.create(*order, id_=id_, at=since)["result"]
        performed = payme.perform(id_)["result"]
        assert (performed["state"], performed["transaction"]) == (2, created["transaction"])
        _is_moment(performed["perform_time"])
        paid = payme.look_up(id_)["result"]
        assert (paid["state"], paid["cancel_time"], paid["reason"]) == (2, 0, None)
        assert code_in(payme.create(*order, id_=id_, at=since)) == -31008
        assert -31099 <= code_in(payme.check(*order), data=payme.account) <= -31050
        assert -31099 <= code_in(payme.create(*order), data=payme.account) <= -31050
        cancelled = payme.cancel(id_, 5)["result"]
        assert cancelled["state"] == -2
        after = {**paid, "state": -2, "reason": 5, "cancel_time": cancelled["cancel_time"]}
        assert payme.look_up(id_)["result"] == after
        assert code_in(payme.perform(id_)) == -31008
        [shown] = payme.statement(since, since)["result"]["transactions"]
        assert shown == {
            "id": id_,
            "time": since,
            "amount": order[1],
            "account": {payme.account: order[0]},
            **after,
            "receivers": None,
        }

    def test_only_the_key_opens(self, payme: PaymeCaller, order: tuple[str, int]) -> None:
        """Nothing is done and nothing is told for whoever does not know it."""
        params = payme.opening(*order)
        body = json.dumps({"method": "CreateTransaction", "params": params, "id": 7}).encode()
        right = payme.authorization()
        for header in (
            "",
            "Basic",
            "Basic ?",
            payme.authorization("wrong"),
            payme.authorization(""),
            payme.authorization(f":{payme.key}"),
            payme.authorization(login="admin"),
            right.replace("Basic", "Bearer"),
        ):
            assert code_in(payme.send("POST", body, authorization=header)) == -32504, header
        assert code_in(payme.look_up(params["id"])) == -31003

    @pytest.mark.parametrize("off", [-1, 1, 99, -(10**9), 10**30])
    def test_only_the_exact_amount(
        self, payme: PaymeCaller, order: tuple[str, int], off: int
    ) -> None:
        """A tiyin less is not the amount, and neither is one more."""
        number, amount = order
        assert code_in(payme.check(number, amount + off)) == -31001
        assert code_in(payme.create(number, amount + off)) == -31001

    @pytest.mark.parametrize("number", ["NO-SUCH-ORDER", "", " ", 17, None, True, [], {}, "\x00"])
    def test_an_order_that_is_none(
        self, payme: PaymeCaller, order: tuple[str, int], number: Any
    ) -> None:
        """People type the number, so anything may come; it is never a breakdown."""
        assert -31099 <= code_in(payme.check(number, order[1]), data=payme.account) <= -31050
        assert -31099 <= code_in(payme.create(number, order[1]), data=payme.account) <= -31050

    def test_one_transaction_at_a_time(self, payme: PaymeCaller, order: tuple[str, int]) -> None:
        """While one is open, another is refused, and the open one is not touched."""
        id_ = new_id()
        created = payme.create(*order, id_=id_)["result"]
        refused = code_in(payme.create(*order))
        assert -31099 <= refused <= -31050 or refused == -31008
        assert code_in(payme.check(*order)) == refused
        assert payme.look_up(id_)["result"]["create_time"] == created["create_time"]

    def test_a_transaction_that_is_none(self, payme: PaymeCaller) -> None:
        """One we were never told of."""
        id_ = new_id()
        assert code_in(payme.perform(id_)) == -31003
        assert code_in(payme.cancel(id_)) == -31003
        assert code_in(payme.look_up(id_)) == -31003
        assert code_in(payme.fiscal_data(id_)) == -32001
        assert payme.statement(1, 2)["result"] == {"transactions": []}

    def test_calls_that_make_no_sense(self, payme: PaymeCaller, order: tuple[str, int]) -> None:
        """Each has its code, and none is a breakdown."""
        signed = payme.authorization()
        assert code_in(payme.send("GET", authorization=signed)) == -32300
        for body in (b"", b"{", b"\xff", b"[" * 100_000, b'{"id": NaN}'):
            assert code_in(payme.post(body)) == -32700, body[:20]
        whole: dict[str, Any] = {"method": "CheckTransaction", "params": {"id": new_id()}, "id": 1}
        nonsense: tuple[Any, ...] = (
            [],
            [whole],
            "CheckTransaction",
            {},
            *({name: whole[name] for name in whole if name != left} for left in whole),
            {**whole, "method": 1},
            {**whole, "params": []},
            {**whole, "params": {}},
            {**whole, "params": {"id": 1}},
        )
        for said in nonsense:
            assert code_in(payme.post(said)) == -32600, said
        amounts: tuple[Any, ...] = ("150000", 1.0, True, None, [])
        for wrong in amounts:
            assert code_in(payme.check(order[0], wrong)) == -32600
        assert code_in(payme.call("ChangePassword", password="x"), data="ChangePassword") == -32601

    def test_a_new_transaction_of_yesterday(
        self, payme: PaymeCaller, order: tuple[str, int]
    ) -> None:
        """Twelve hours count from Payme's own time, not from when we heard of it."""
        late = new_id()
        assert code_in(payme.create(*order, id_=late, at=now() - HOURS_12 - 60_000)) == -31008
        assert code_in(payme.look_up(late)) == -31003
        assert payme.create(*order, at=now() - HOURS_12 + 600_000)["result"]["state"] == 1

    @pytest.mark.parametrize("asked", ["create", "perform"])
    def test_an_open_transaction_runs_out(
        self, payme: PaymeCaller, order: tuple[str, int], asked: str
    ) -> None:
        """By a real clock: it is opened three seconds before its twelve hours are over."""
        id_, at = new_id(), now() - HOURS_12 + 3_000
        assert payme.create(*order, id_=id_, at=at)["result"]["state"] == 1
        time.sleep(max(0, at + HOURS_12 + 200 - now()) / 1000)
        if asked == "create":
            assert code_in(payme.create(*order, id_=id_, at=at)) == -31008
        else:
            assert code_in(payme.perform(id_)) == -31008
        known = payme.look_up(id_)["result"]
        assert (known["state"], known["reason"], known["perform_time"]) == (-1, 4, 0)
        _is_moment(known["cancel_time"])
        assert payme.create(*order)["result"]["state"] == 1

    def test_the_statement_goes_by_the_time_of_payme(
        self, payme: PaymeCaller, order: tuple[str, int]
    ) -> None:
        """Both ends count, the oldest comes first, and what was refused is not there."""
        start = now() - 3_600_000
        first, second = new_id(), new_id()
        payme.create(*order, id_=second, at=start + 2)
        payme.cancel(second)
        payme.create(*order, id_=first, at=start + 1)
        payme.create(*order)

        def ids(since: int, until: int) -> list[str]:
            shown = payme.statement(since, until)["result"]["transactions"]
            return [transaction["id"] for transaction in shown]

        assert ids(start + 1, start + 2) == [first, second]
        assert ids(start + 2, start + 2) == [second]
        assert ids(start + 3, start + 10) == []
        assert ids(start + 2, start + 1) == []

    def test_the_fiscal_receipt(self, payme: PaymeCaller, order: tuple[str, int]) -> None:
        """It is taken as often as it comes, and nonsense is not."""
        id_ = new_id()
        payme.create(*order, id_=id_)
        payme.perform(id_)
        assert payme.fiscal_data(id_)["result"] == {"success": True}
        assert payme.fiscal_data(id_, receipt_id=122)["result"] == {"success": True}
        assert code_in(payme.fiscal_data(id_, "SALE")) == -32602
        assert code_in(payme.fiscal_data(id_, qr_code_url="javascript:alert(1)")) == -32602
        assert code_in(payme.call("SetFiscalData", id=id_, type="PERFORM")) == -32602

    def test_many_create_and_one_does(self, payme: PaymeCaller, order: tuple[str, int]) -> None:
        """Two phones, one order: the second waits or hears that it is busy, and pays nothing."""
        answers = payme.race(*order)
        opened = [answer for answer in answers if "result" in answer]
        assert len(opened) == 1, answers
        for answer in answers:
            if "error" in answer:
                assert -31099 <= code_in(answer) <= -31050 or code_in(answer) == -31008


def _is_moment(value: Any) -> None:
    assert type(value) is int, f"{value!r} is not milliseconds"
    assert abs(value - now()) < 300_000, f"{value} is not now"
