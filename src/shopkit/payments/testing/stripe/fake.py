"""A Stripe that runs on loopback: idempotency, failures, signed events, a page to pay on."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from shopkit.core import http
from shopkit.core.errors import BackendError
from shopkit.core.testing.gateway import FakeGateway, Recorded, Reply
from shopkit.payments.backends.base import Callback
from shopkit.payments.backends.stripe.signature import header_of

from . import objects
from .api import Api
from .state import Account

FOR_EVER = 60.0
STORED = {200, 402, 500}


class FakeStripe(Account, FakeGateway):
    """Use it as a context manager; ``options`` are those of a backend that talks to it.

    webhook_url -- where events are posted to as they come; "" keeps them for ``signed``
    stored -- {idempotency key: (what was asked, what was answered)}
    deliveries -- what was posted: the event's name, the status of the answer, 0 for none
    """

    def __init__(
        self,
        *,
        api_key: str = "sk_test_made_up_0001",
        webhook_secret: str = "whsec_made_up_for_tests_0001",  # noqa: S107
        webhook_url: str = "",
    ) -> None:
        FakeGateway.__init__(self)
        Account.__init__(self, is_live="_live_" in api_key)
        self.api_key = api_key
        self.webhook_secret = webhook_secret
        self.webhook_url = webhook_url
        self.deliveries: list[tuple[str, int]] = []
        self._posted = 0
        self._lost = 0
        self.stored: dict[str, tuple[Any, Reply]] = {}
        self._remembered: list[Reply] = []
        self._api = Api(self)

    @property
    def options(self) -> dict[str, Any]:
        """OPTIONS of a backend that talks to this Stripe."""
        return {
            "api_key": self.api_key,
            "webhook_secret": self.webhook_secret,
            "api_base": self.url,
            "timeout": 2,
        }

    # --- what goes wrong ---

    def forget_keys(self) -> None:
        """Let a day go by: idempotency keys are not known any more."""
        self.stored.clear()

    def lose_answers(self, times: int = 1) -> None:
        """Do what the next POSTs ask for, and let nobody hear the answer."""
        self._lost = times

    def fail_next(self, status: int, *, code: str = "", times: int = 1) -> None:
        """Answer the next requests with an error and do nothing: 409, 429, 402, 500."""
        kinds = {402: "card_error", 409: "invalid_request_error", 400: "invalid_request_error"}
        body = objects.error(kinds.get(status, "api_error"), code, "made up")
        for _ in range(times):
            self.next(status, body)

    def remember_failure(self, status: int = 500) -> None:
        """Let the next POST fail, and every other one with its key, as Stripe does with a 500."""
        self._remembered.append(Reply(status, objects.error("api_error", "", "made up")))

    # --- events ---

    def signed(
        self, event: Mapping[str, Any], *, secret: str = "", at: float | None = None
    ) -> Callback:
        """Return the event as it is posted.

        secret -- a forger's; at -- when it is sent, seconds since 1970, for one that is late
        """
        body = json.dumps(event, ensure_ascii=False).encode()
        stamp = int(time.time() if at is None else at)
        header = header_of(body, secret=secret or self.webhook_secret, stamp=stamp)
        headers = {"stripe-signature": header, "content-type": "application/json"}
        return Callback(headers=headers, body=body)

    def post_events(
        self, events: Sequence[Mapping[str, Any]] | None = None, *, secret: str = ""
    ) -> list[int]:
        """Post events to ``webhook_url`` and return the statuses; 0 for no answer.

        events -- in which order and how often; None for those that nobody has had yet
        """
        if events is None:
            events, self._posted = self.events[self._posted :], len(self.events)
        return [self._post(one, secret) for one in events]

    def _post(self, event: Mapping[str, Any], secret: str) -> int:
        callback = self.signed(event, secret=secret)
        try:
            status = http.send(
                "POST", self.webhook_url, body=callback.body, headers=callback.headers
            ).status
        except BackendError:
            status = 0
        self.deliveries.append((str(event["type"]), status))
        return status

    # --- the server ---

    def silence_after(self, request: Recorded) -> float:
        """Post what there is to tell, then keep silent where the answer is to be lost."""
        if self.webhook_url:
            self.post_events()
        if self._lost and request.method == "POST" and request.path.startswith("/v1/"):
            self._lost -= 1
            return FOR_EVER
        return 0

    def answer(self, request: Recorded) -> Reply:
        """Do what Stripe does, once for each idempotency key."""
        self.run_out()
        if not request.path.startswith("/v1/"):
            return self._api.page(request)
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            return Reply(401, objects.error("invalid_request_error", "", "Invalid API Key"))
        key = request.headers.get("idempotency-key", "")
        if request.method != "POST" or not key:
            return self._api.reply(request, url=self.url)
        said = (request.path, request.fields)
        if key in self.stored:
            return self._again(said, *self.stored[key])
        reply = (
            self._remembered.pop() if self._remembered else self._api.reply(request, url=self.url)
        )
        if reply.status in STORED:
            self.stored[key] = (said, reply)
        return reply

    def _again(self, said: Any, before: Any, reply: Reply) -> Reply:
        if said != before:
            body = objects.error("idempotency_error", "", "Keys go with one set of parameters.")
            return Reply(400, body)
        headers = {"Idempotent-Replayed": "true"}
        if reply.status == 500:
            headers["Stripe-Should-Retry"] = "false"
        return Reply(reply.status, reply.body, headers)
