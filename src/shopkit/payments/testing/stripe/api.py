"""The routes of the Stripe on loopback: its API, and the page that a customer pays on."""

import copy
import html
import re
from collections.abc import Callable, Mapping

from shopkit.core.testing.gateway import Recorded, Reply

from . import objects
from .objects import Told
from .parameters import complaint, nested, nested_query
from .state import Account, Refusal

HALF_AN_HOUR, DAY = 30 * 60, 24 * 3600
PAGE = """<!doctype html>
<title>Pay {total}</title>
<h1>{total}</h1>
<form method="post">
<button name="outcome" value="paid">Pay</button>
<button name="outcome" value="declined">Use a card without money</button>
<button name="outcome" value="delayed">Pay by a slow bank</button>
</form>
<p><a href="{cancel_url}">Back to the shop</a></p>
"""


class Api:
    """What is asked of one account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.url = ""

    def reply(self, request: Recorded, *, url: str) -> Reply:
        """Find the route, hold the parameters against Stripe's own types, do it."""
        self.url = url
        for method, pattern, wanted, view in ROUTES:
            named = re.fullmatch(pattern, request.path)
            if request.method == method and named:
                asked = nested_query(request.query) if method == "GET" else nested(request.fields)
                try:
                    _check(asked, wanted)
                    return Reply(200, copy.deepcopy(view(self, asked, *named.groups())))
                except Refusal as refusal:
                    return refusal.reply
        return Refusal(404, "", f"Unrecognized request URL ({request.path})").reply

    def create_session(self, asked: Told) -> Told:
        """Open a session, by the rules that stand in no type."""
        now = self.account.now()
        if not asked.get("success_url"):
            raise Refusal(400, "parameter_missing", "A hosted page needs it.", "success_url")
        ends = int(asked.get("expires_at", now + DAY))
        if not now + HALF_AN_HOUR <= ends <= now + DAY:
            raise Refusal(400, "", "Between 30 minutes and 24 hours from now.", "expires_at")
        _check_items(asked.get("line_items", []))
        _check_metadata(asked.get("metadata", {}))
        inner = asked.get("payment_intent_data", {}).get("metadata", {})
        _check_metadata(inner)
        is_live = self.account.is_live
        made = objects.session(asked, url=self.url, now=now, is_live=is_live)
        self.account.sessions[made["id"]] = made
        self.account.inner_metadata[made["id"]] = inner
        return made

    def expire_session(self, asked: Told, reference: str) -> Told:
        """Close an open session."""
        session = _found(self.account.sessions, reference)
        if session["status"] != "open":
            raise Refusal(400, "", "Only open sessions can be expired.")
        self.account.expire(session)
        return session

    def create_intent(self, asked: Told) -> Told:
        """Make an intent."""
        if int(asked["amount"]) < 1:
            raise Refusal(400, "parameter_invalid_integer", "Above zero.", "amount")
        _check_metadata(asked.get("metadata", {}))
        made = objects.intent(
            amount=int(asked["amount"]),
            currency=asked["currency"],
            metadata=asked.get("metadata", {}),
            now=self.account.now(),
            is_live=self.account.is_live,
        )
        self.account.intents[made["id"]] = made
        self.account.tell("payment_intent.created", made)
        return made

    def cancel_intent(self, asked: Told, reference: str) -> Told:
        """End an intent that waits for the customer."""
        intent = _found(self.account.intents, reference)
        if not intent["status"].startswith("requires_"):
            raise Refusal(400, "payment_intent_unexpected_state", "It is too late.")
        self.account.cancel(intent, asked.get("cancellation_reason", "abandoned"))
        return intent

    def create_refund(self, asked: Told) -> Told:
        """Give money back."""
        asked = dict(asked)
        _check_metadata(asked.get("metadata", {}))
        intent = _found(self.account.intents, asked.pop("payment_intent", ""))
        amount = asked.pop("amount", None)
        return self.account.give_back(intent["id"], amount and int(amount), **asked)

    def retrieve_session(self, asked: Told, reference: str) -> Told:
        """Show a session."""
        return self._expanded(_found(self.account.sessions, reference), asked)

    def retrieve_intent(self, asked: Told, reference: str) -> Told:
        """Show an intent."""
        return self._expanded(_found(self.account.intents, reference), asked)

    def list_sessions(self, asked: Told) -> Told:
        """Show sessions, newest first."""
        return _listed(self.account.sessions, asked, "/v1/checkout/sessions")

    def list_intents(self, asked: Told) -> Told:
        """Show intents, newest first."""
        return _listed(self.account.intents, asked, "/v1/payment_intents")

    def list_refunds(self, asked: Told) -> Told:
        """Show the refunds of an intent, newest first."""
        if "payment_intent" in asked:
            _found(self.account.intents, asked["payment_intent"])
        return _listed(self.account.refunds, asked, "/v1/refunds")

    def page(self, request: Recorded) -> Reply:
        """The page that a session's URL leads to; for an intent, what the widget does."""
        reference = request.path.removeprefix("/pay/")
        account = self.account
        found = account.sessions.get(reference) or account.intents.get(reference)
        # A session's address is its secret; an intent has one of its own.
        if found is None or request.fields.get("client_secret") != found.get("client_secret"):
            return Reply(404, b"There is no such page.")
        if request.method == "GET":
            return Reply(200, _page(found))
        outcome = request.fields.get("outcome", "paid")
        try:
            account.pay(reference, outcome)
        except ValueError as error:
            return Reply(410, str(error).encode())
        return _after(found, outcome)

    def _expanded(self, found: Told, asked: Told) -> Told:
        """Put other objects in for their ids, as ``expand`` asks."""
        shown = copy.deepcopy(found)
        for path in asked.get("expand", []):
            place = shown
            for name in path.split("."):
                if isinstance(place.get(name), str):
                    place[name] = copy.deepcopy(self._by_id(place[name]))
                place = place.get(name) or {}
        return shown

    def _by_id(self, reference: str) -> Told:
        return {**self.account.intents, **self.account.charges}[reference]


def _after(found: Told, outcome: str) -> Reply:
    """Where the customer is when the page or the widget is done."""
    if found["object"] == "payment_intent":
        return Reply(200, {"status": found["status"]})
    if outcome == "declined":
        return Reply(402, _page(found))
    back = found["success_url"].replace("{CHECKOUT_SESSION_ID}", found["id"])
    return Reply(303, b"", {"Location": back})


def _page(found: Told) -> bytes:
    shown = {
        "total": f"{found.get('amount_total') or found.get('amount')} {found['currency']}",
        "cancel_url": html.escape(found.get("cancel_url") or "", quote=True),
    }
    return PAGE.format(**shown).encode()


def _check(asked: Told, wanted: str) -> None:
    import stripe  # noqa: PLC0415 - an extra

    module, _, name = wanted.rpartition(".")
    place = stripe.params.checkout if module else stripe.params
    if wrong := complaint(asked, getattr(place, name)):
        raise Refusal(400, wrong.code, f"Wrong parameter: {wrong.param}", wrong.param)


def _check_items(items: list[Told]) -> None:
    currencies = {item.get("price_data", {}).get("currency") for item in items}
    if len(currencies) != 1 or not re.fullmatch("[a-z]{3}", str(*currencies)):
        raise Refusal(400, "", "One currency, in small letters.", "line_items")
    for item in items:
        if int(item["price_data"].get("unit_amount", -1)) < 0 or int(item.get("quantity", 0)) < 1:
            raise Refusal(400, "parameter_invalid_integer", "Too small.", "line_items")


def _check_metadata(metadata: Mapping[str, str]) -> None:
    is_short = all(len(name) <= 40 and len(value) <= 500 for name, value in metadata.items())
    if len(metadata) > 50 or not is_short:
        raise Refusal(400, "", "Up to 50 keys of 40 characters, values of 500.", "metadata")


def _found(place: Mapping[str, Told], reference: str) -> Told:
    if reference not in place:
        raise Refusal(404, "resource_missing", f"No such object: '{reference}'", "id")
    return place[reference]


def _listed(place: Mapping[str, Told], asked: Told, url: str) -> Told:
    made = asked.get("created", {})
    rows = [
        one
        for one in reversed(list(place.values()))
        if int(made.get("gte", 0)) <= one["created"] <= int(made.get("lte", 1e12))
        and asked.get("payment_intent") in {None, one.get("payment_intent")}
    ]
    after = asked.get("starting_after")
    if after:
        rows = rows[[one["id"] for one in rows].index(after) + 1 :]
    limit = int(asked.get("limit", 10))
    return {"object": "list", "url": url, "has_more": len(rows) > limit, "data": rows[:limit]}


View = Callable[..., Told]
ROUTES: tuple[tuple[str, str, str, View], ...] = (
    ("POST", "/v1/checkout/sessions", "checkout.SessionCreateParams", Api.create_session),
    ("GET", "/v1/checkout/sessions", "checkout.SessionListParams", Api.list_sessions),
    (
        "GET",
        r"/v1/checkout/sessions/([^/]+)",
        "checkout.SessionRetrieveParams",
        Api.retrieve_session,
    ),
    (
        "POST",
        r"/v1/checkout/sessions/([^/]+)/expire",
        "checkout.SessionExpireParams",
        Api.expire_session,
    ),
    ("POST", "/v1/payment_intents", "PaymentIntentCreateParams", Api.create_intent),
    ("GET", "/v1/payment_intents", "PaymentIntentListParams", Api.list_intents),
    ("GET", r"/v1/payment_intents/([^/]+)", "PaymentIntentRetrieveParams", Api.retrieve_intent),
    ("POST", r"/v1/payment_intents/([^/]+)/cancel", "PaymentIntentCancelParams", Api.cancel_intent),
    ("POST", "/v1/refunds", "RefundCreateParams", Api.create_refund),
    ("GET", "/v1/refunds", "RefundListParams", Api.list_refunds),
)
