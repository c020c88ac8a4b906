"""What Payme asks of a shop."""

import json
import time
from typing import Any

import pytest

from .caller import PaymeCaller, code_in, new_id, now

HOURS_12 = 12 * 3600 * 1000


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

    def test_a_call_that_overtakes_itself(self, payme: PaymeCaller, order: tuple[str, int]) -> None:
        """Payme does not always wait for an answer before it asks again."""
        id_ = new_id()
        _are_equal(payme.race(*order, id_=id_), state=1)
        _are_equal(payme.together(*[("PerformTransaction", {"id": id_})] * 8), state=2)
        cancelling = ("CancelTransaction", {"id": id_, "reason": 5})
        _are_equal(payme.together(*[cancelling] * 8), state=-2)

    def test_performed_and_cancelled_at_once(
        self, payme: PaymeCaller, order: tuple[str, int]
    ) -> None:
        """Whichever comes first, money that came has gone back, and no answer says otherwise."""
        id_ = new_id()
        payme.create(*order, id_=id_)
        params = {"id": id_, "reason": 5}
        both = [("PerformTransaction", params), ("CancelTransaction", params)]
        answers = payme.together(*both * 4)
        performed, cancelled = answers[::2], answers[1::2]
        state = cancelled[0]["result"]["state"]
        _are_equal(cancelled, state=state)
        refused = [answer for answer in performed if "error" in answer]
        assert all(code_in(answer) == -31008 for answer in refused)
        assert state == (-1 if len(refused) == 4 else -2), answers
        known = payme.look_up(id_)["result"]
        assert (known["state"], bool(known["perform_time"])) == (state, state == -2)


def _are_equal(answers: list[dict[str, Any]], *, state: int) -> None:
    assert answers[0]["result"]["state"] == state, answers
    assert all(answer == answers[0] for answer in answers), answers


def _is_moment(value: Any) -> None:
    assert type(value) is int, f"{value!r} is not milliseconds"
    assert abs(value - now()) < 300_000, f"{value} is not now"
