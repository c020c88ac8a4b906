"""The web till."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.views.decorators.debug import sensitive_variables

from shopkit.core import http
from shopkit.core.money import to_minor
from shopkit.payments.backends.base import (
    Answer,
    Callback,
    Event,
    Outcome,
    PaymentBackend,
    Started,
    StartRequest,
)
from shopkit.payments.errors import CallbackRefused

from .calls import CURRENCY, call_in, error, id_in, result
from .errors import (
    ACCOUNT_CODES,
    BAD_CREDENTIALS,
    NOT_POST,
    OUR_FAILURE,
    UNKNOWN_ORDER,
    WRONG_STATE,
    Wrong,
)
from .methods import METHODS, event_of
from .words import code_of, detail_of, statement_line, transaction_of

LOGIN = "Paycom"
CURRENCY_NUMBER = "860"
# A Karakalpak reader gets Uzbek; a language that Payme does not speak gets Payme's own default.
LANGUAGES = {"ru": "ru", "uz": "uz", "kaa": "uz", "en": "en"}
RETURN_AFTER = 15_000
LONGEST_LINK = 2000


class PaymeBackend(PaymentBackend):
    """One web till (kassa) of Payme.

    merchant_id, key -- of the till, from Payme's business cabinet
    is_test -- send customers to Payme's sandbox; it has a key of its own
    account -- the field of the till's account that holds the order's number
    busy_code -- answered while another transaction is open for the order: -31099 to -31050, or
        -31008 should your till's acceptance ask for it
    name -- what customers read
    allowed_addresses -- networks that may call, such as ["185.234.113.0/28"], Payme's own; empty
        for any, as the key decides. Behind a proxy it takes ``CORE["TRUSTED_PROXIES"]``
    checkout_url -- another page to send customers to, for tests

    Money is given back in Payme's cabinet and reaches us as a cancelled transaction: the protocol
    has no refund that a shop could start, so ``refund`` is unsupported.
    """

    kind = "redirect"
    currencies = (CURRENCY,)
    window = timedelta(hours=12)

    def __init__(  # noqa: PLR0913 - options of one account
        self,
        *,
        merchant_id: str,
        key: str,
        is_test: bool = False,
        account: str = "order_id",
        busy_code: int = UNKNOWN_ORDER,
        name: str | Promise = "Payme",
        allowed_addresses: Sequence[str] = (),
        checkout_url: str = "",
    ) -> None:
        if not key:
            raise ValueError("key must not be empty: anybody could say that orders are paid.")
        if not merchant_id or set(merchant_id) & set(";="):
            raise ValueError("merchant_id must not be empty and must not hold ; or =.")
        if not (account.isascii() and account.isidentifier()):
            raise ValueError("account must be the name of a field, such as order_id.")
        if busy_code not in ACCOUNT_CODES and busy_code != WRONG_STATE:
            raise ValueError("busy_code must be from -31099 to -31050, or -31008.")
        if isinstance(allowed_addresses, str):
            raise ValueError("allowed_addresses must be a list of networks.")
        host = "https://test.paycom.uz" if is_test else "https://checkout.paycom.uz"
        self.merchant_id = merchant_id
        self.key = key
        self.is_live = not is_test
        self.for_development = is_test
        self.account = account
        self.busy_code = busy_code
        self.name = name
        self.allowed_networks = tuple(ip_network(one) for one in allowed_addresses)
        self.checkout_url = http.checked_base(checkout_url) if checkout_url else host

    def begin(self, request: StartRequest) -> Started:
        """Make the link to the payment page; Payme hears of the attempt from the customer.

        Raises ValueError for a value that the link cannot hold.
        """
        pairs = {
            "m": self.merchant_id,
            f"ac.{self.account}": request.order_number,
            "a": str(to_minor(request.amount, CURRENCY)),
        }
        if language := LANGUAGES.get(request.language.partition("-")[0].lower()):
            pairs["l"] = language
        if request.return_url:
            pairs |= {"c": request.return_url, "ct": str(RETURN_AFTER)}
        return Started(
            redirect_url=checkout_link(self.checkout_url, pairs | {"cr": CURRENCY_NUMBER})
        )

    def read_callback(self, callback: Callback) -> Event:
        """Believe whoever holds the key, then take the call apart."""
        try:
            if not (self._is_allowed(callback.address) and self._is_signed(callback)):
                raise Wrong(BAD_CREDENTIALS)
            if callback.method != "POST":
                raise Wrong(NOT_POST)
            return event_of(call_in(callback.body), account=self.account)
        except Wrong as wrong:
            answer = error(wrong.code, data=wrong.data, id_=id_in(callback.body))
        raise CallbackRefused(answer)

    def answer_callback(self, event: Event, outcome: Outcome) -> Answer:
        """Answer from what is stored: the same call has the same answer whenever it comes."""
        is_busy = outcome.refusal == "busy"
        code = self.busy_code if is_busy else code_of(event, outcome)
        if code:
            data = self.account if code in ACCOUNT_CODES else None
            return error(code, data=data, id_=event.request, is_busy=is_busy)
        return result(self._result_of(event, outcome), id_=event.request)

    def refuse_callback(self, callback: Callback) -> Answer:
        """Say that the failure is ours; Payme comes again."""
        return error(OUR_FAILURE, id_=id_in(callback.body))

    def _is_allowed(self, address: str) -> bool:
        if not self.allowed_networks:
            return True
        try:
            found = ip_address(address)
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped:
            found = found.ipv4_mapped
        return any(found in network for network in self.allowed_networks)

    @sensitive_variables()
    def _is_signed(self, callback: Callback) -> bool:
        scheme, _, given = callback.headers.get("authorization", "").partition(" ")
        try:
            pair = b64decode(given.strip(), validate=True)
        except ValueError:
            pair = b""
        is_same = constant_time_compare(pair, f"{LOGIN}:{self.key}".encode())
        return is_same and scheme.lower() == "basic"

    def _result_of(self, event: Event, outcome: Outcome) -> dict[str, Any]:
        if event.kind == "check":
            detail = detail_of(outcome, amount=event.amount)
            return {"allow": True, "detail": detail} if detail else {"allow": True}
        if event.kind == "statement":
            shown = [statement_line(one, account=self.account) for one in outcome.payments]
            return {"transactions": shown}
        if event.kind == "receipt" or outcome.payment is None:
            return {"success": True}
        known = transaction_of(outcome.payment)
        return {name: known[name] for name in METHODS[event.name].members}


def checkout_link(page: str, pairs: Mapping[str, str]) -> str:
    """Return the link that opens Payme's page with these values.

    Raises ValueError for a value that holds ";", which would read as the next pair, and for a link
    longer than 2000 characters.
    """
    for value in pairs.values():
        if ";" in value:
            raise ValueError(f"{value!r} holds a ; and Payme's link cannot escape it.")
    said = ";".join(f"{name}={value}" for name, value in pairs.items())
    link = f"{page}/{b64encode(said.encode()).decode()}"
    if len(link) > LONGEST_LINK:
        raise ValueError(f"A link of {len(link)} characters is too long for Payme.")
    return link
