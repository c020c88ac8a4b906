"""What every gateway does. A backend returns facts and changes no row of ours.

Money moves like this, whoever the gateway is:

    start ------> the customer pays there ------> read_callback -> (our books) -> answer_callback
    refund, look_up, close: what we ask of the gateway by ourselves

``read_callback`` says what the gateway told us, as an ``Event``. The rules of ``services`` judge it
under the locks of order and payment and come to an ``Outcome``, which ``answer_callback`` puts into
the gateway's words. So a backend holds no rule about money, and a rule knows no gateway.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal

from django.utils.functional import Promise

from shopkit.payments.errors import CallbackRefused, Unsupported

Kind = Literal["redirect", "client", "offline"]

#: What a gateway can tell us.
#:
#: check -- it asks whether the order can be paid; nothing changes
#: open -- it opened a transaction of its own for the order
#: authorize -- the money is set aside
#: settle -- the money was taken, or is being taken by this call
#: close -- the attempt ended without money; ``outcome`` says how
#: cancel -- close it where no money has come, give all back where it has
#: reverse -- so much of the money has gone back in all
#: refund -- one refund is in the state ``refund_status``
#: dispute -- the customer's bank or the gateway contests the money
#: query -- it asks what we know of the transaction; nothing changes
#: statement -- it asks for the transactions of a period; nothing changes
#: receipt -- the fiscal receipt of the payment or of its refund
#: note -- nothing to do
EventKind = Literal[
    "check", "open", "authorize", "settle", "close", "cancel", "reverse", "refund", "dispute",
    "query", "statement", "receipt", "note",
]  # fmt: skip
READS = frozenset({"check", "query", "statement"})

#: Why the books did not follow an event.
#:
#: unknown_order, unknown_payment -- we have no such order; the transaction was never opened with us
#: not_payable -- the order was cancelled; already_paid -- nothing is owed for it any more
#: busy -- another transaction of this gateway is open for the order
#: wrong_amount, wrong_currency, wrong_reference, wrong_mode -- not what the payment says
#: overdue -- it took longer than ``window``; the attempt is closed now
#: closed -- the attempt has ended without money
#: not_refundable -- the goods are on their way, so the money stays
RefusalCode = Literal[
    "", "unknown_order", "unknown_payment", "not_payable", "already_paid", "busy", "wrong_amount",
    "wrong_currency", "wrong_reference", "wrong_mode", "overdue", "closed", "not_refundable",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of an order, as a fiscal receipt or a payment page needs it.

    unit_price -- Decimal in the order's currency, discounts not taken off
    ikpu, package_code, vat_percent -- for Uzbekistan's tax office; "" and None where unknown
    """

    title: str
    quantity: int
    unit_price: Decimal
    ikpu: str = ""
    package_code: str = ""
    vat_percent: int | None = None


@dataclass(frozen=True, kw_only=True)
class StartRequest:
    """What a gateway needs to begin.

    payment_id -- ours, a UUID; the gateway echoes it, and the same id begins nothing new there
    amount -- Decimal in ``currency``
    return_url, cancel_url -- where the customer comes back to; "" where that makes no sense
    expires_at -- when the attempt ends, None for without end
    language -- of the customer; "" for unknown
    lines, shipping, discount -- what the amount is made of; empty when it is only a part
    """

    payment_id: str
    order_number: str
    amount: Decimal
    currency: str
    return_url: str = ""
    cancel_url: str = ""
    expires_at: datetime | None = None
    language: str = ""
    lines: Sequence[Line] = ()
    shipping: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Started:
    """What a gateway answered.

    reference -- the gateway's id of the attempt; "" when it is not known before it opens one
    redirect_url -- where to send the customer; client_secret -- for the gateway's own widget
    """

    reference: str = ""
    redirect_url: str = ""
    client_secret: str = ""


@dataclass(frozen=True, kw_only=True)
class Callback:
    """A request of the gateway, as it came in.

    headers -- names in lower case
    body -- the raw bytes, at most 256 kB
    address -- network address of the sender, or ""
    """

    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back to the gateway."""

    body: bytes = b"{}"
    status: int = 200
    content_type: str = "application/json"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that a gateway says.

    event_id -- the same at every delivery of the same news, unique within the gateway; at most 200
        characters
    name -- the gateway's own word for it: "checkout.session.completed"
    payment_id -- ours, where the gateway echoes it; order_number -- where it names the order
    serial -- our ``Snapshot.serial``, where the gateway echoes it; 0 where it does not
    reference -- the gateway's id of its transaction; other_reference -- a second one by which later
        news may come, such as Stripe's payment intent
    amount -- of "open" and "settle" what is paid, of "reverse" what went back in all, of "refund"
        its own
    is_live -- False for a test account, None where the gateway does not say
    is_final -- the money has already been taken; else this call takes it, and a refusal prevents it
    outcome, reason -- of "close" and "cancel": how it ended, and the gateway's own word for why
    at -- the gateway's own time in ms since 1970, None where it has none
    since, until -- the period of "statement", ms since 1970, both ends included
    refund_id -- ours, where the gateway echoes it; refund_reference, refund_status -- of "refund"
    receipt -- of "receipt": {"kind": "payment"|"refund", "receipt_id", "fiscal_sign",
        "terminal_id", "qr_code_url", "date", "status_code", "message"}, those that are known
    data -- what is kept for people: the payload without secrets, JSON-ready
    request -- what ``answer_callback`` needs beside the outcome; not kept
    """

    event_id: str
    kind: EventKind
    name: str = ""
    payment_id: str = ""
    order_number: str = ""
    serial: int = 0
    reference: str = ""
    other_reference: str = ""
    amount: Decimal | None = None
    currency: str = ""
    is_live: bool | None = None
    is_final: bool = True
    outcome: Literal["failed", "expired", "cancelled"] = "cancelled"
    reason: str = ""
    at: int | None = None
    since: int = 0
    until: int = 0
    refund_id: str = ""
    refund_reference: str = ""
    refund_status: Literal["pending", "succeeded", "failed"] = "succeeded"
    receipt: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    request: Any = None


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A payment as a gateway may see it: what stood in the books when the lock was given back.

    serial -- a positive integer of ours, unique, for gateways that want one; 0 before it was opened
    reference -- the gateway's id of its transaction
    status -- a value of ``Payment.Status``
    gateway_time -- the gateway's own time of opening, ms since 1970
    opened_at, paid_at, closed_at -- ours, written once; closed_at is also when it was paid back
    reason -- the gateway's word for why it was closed or given back
    lines, shipping, discount -- of the order, for a fiscal receipt
    """

    payment_id: str
    order_number: str
    amount: Decimal
    currency: str
    status: str
    serial: int = 0
    reference: str = ""
    other_reference: str = ""
    captured: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    gateway_time: int | None = None
    opened_at: datetime | None = None
    paid_at: datetime | None = None
    closed_at: datetime | None = None
    expires_at: datetime | None = None
    reason: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an event.

    refusal -- "" when the books say what the event says
    is_repeat -- they said so before it came
    payment -- the payment it was about, None when there is none
    payments -- of "statement": by the gateway's time, oldest first
    lines, shipping, discount -- of "check": what the order is made of
    """

    refusal: RefusalCode = ""
    is_repeat: bool = False
    payment: Snapshot | None = None
    payments: Sequence[Snapshot] = ()
    lines: Sequence[Line] = ()
    shipping: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class RefundRequest:
    """What a gateway needs to give money back.

    refund_id -- ours, a UUID; the same id gives nothing back twice
    payment -- the payment it is taken from
    """

    refund_id: str
    payment: Snapshot
    amount: Decimal
    currency: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Refunded:
    """What a gateway made of a refund: done, on its way, or refused for good."""

    status: Literal["succeeded", "pending", "failed"] = "succeeded"
    reference: str = ""
    reason: str = ""


class PaymentBackend(ABC):
    """One gateway account. Its keyword arguments are the setting's OPTIONS; no I/O in __init__.

    kind -- how the customer pays: sent away, in the shop's own page, or by hand
    name -- for people
    currencies -- ISO codes it takes; empty for all
    window -- how long an attempt may take, and so how long the order's stock is held for it; None
        leaves the order's own window alone
    answers_late -- the gateway is content with a bare yes: its news is stored, answered and then
        judged; else its answer depends on our books and is given with them
    is_live -- False for a test account; events that tell otherwise are not followed. None where the
        gateway does not say
    for_development -- moves no money; ``check --deploy`` warns of it (shopkit.payments.W001)
    """

    kind: ClassVar[Kind] = "redirect"
    name: str | Promise = ""
    currencies: Sequence[str] = ()
    window: timedelta | None = None
    answers_late: ClassVar[bool] = False
    is_live: bool | None = None
    for_development: bool = False

    def start(self, request: StartRequest) -> Started:
        """Begin an attempt, or the same one again.

        Raises ValueError for an amount or currency it cannot take, BackendError when it is not
        known whether the gateway began it, StartRefused when it certainly did not.
        """
        if request.amount <= 0:
            raise ValueError("amount must be above zero.")
        if self.currencies and request.currency not in self.currencies:
            raise ValueError(f"{request.currency} is not taken here.")
        return self.begin(request)

    @abstractmethod
    def begin(self, request: StartRequest) -> Started:
        """Do what ``start`` promises; the request is already checked."""

    def read_callback(self, callback: Callback) -> Event:
        """Verify that the gateway sent this, then say what it means.

        Nothing is looked up before the signature is found right. Raises CallbackRefused, with the
        answer that the gateway is to get, for a call that is not the gateway's or makes no sense.
        """
        raise CallbackRefused

    def answer_callback(self, event: Event, outcome: Outcome) -> Answer:
        """Put the outcome into the gateway's words. Of one that ``answers_late``, a bare yes."""
        return Answer()

    def refuse_callback(self, callback: Callback) -> Answer:
        """Answer a call that failed on our side, so that the gateway comes again."""
        return Answer(status=503)

    def refund(self, request: RefundRequest) -> Refunded:
        """Give money back, once for each ``refund_id``.

        Raises Unsupported where the gateway cannot, or cannot for this amount; BackendError when it
        is not known whether it did.
        """
        raise Unsupported

    def look_up(self, payment: Snapshot) -> Sequence[Event]:
        """Ask the gateway what became of an attempt; no events where it cannot be asked.

        Raises BackendError when the gateway did not answer.
        """
        return ()

    def close(self, payment: Snapshot) -> Sequence[Event]:
        """Ask the gateway to let nobody pay this any more; return what it said.

        The attempt counts as closed then, unless a "note" says that it cannot be stopped.

        Raises BackendError when the gateway did not answer.
        """
        return ()

    def fiscalize(
        self,
        payment: Snapshot,
        *,
        lines: Sequence[Line],
        shipping: Decimal,
        discount: Decimal,
    ) -> Sequence[Event]:
        """Have the fiscal receipt of a paid payment made, where the gateway wants it told.

        Returns the receipt as an event, where it is known at once. Raises BackendError when the
        gateway did not answer; it is asked again then.
        """
        return ()
