"""What we ask of Stripe: its own package, our own way to the network, three kinds of failure."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables

from shopkit.core import http
from shopkit.core.errors import BackendError

try:
    import stripe
    from stripe import HTTPClient
except ImportError:  # without the extra the module still imports; only its use is refused
    stripe = None  # type: ignore[assignment]
    HTTPClient = object  # type: ignore[assignment,misc]

#: The version whose words we read. Webhook endpoints must be created with it.
API_VERSION = "2026-10-28.endive"
API_BASE = "https://api.stripe.com"

#: How often a call without an answer is sent again, under the same idempotency key.
RETRIES = 2
PER_PAGE = 100
MOST_PAGES = 10

logger = logging.getLogger("shopkit.payments")


class Declined(BackendError):
    """Stripe certainly did not do it, and will not, however often it is asked.

    word -- Stripe's own for why: "charge_already_refunded"
    """

    code = "declined"

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word


class AccountRejected(BackendError):
    """The API key is wrong, or not allowed to do this; nothing was done."""

    code = "account_rejected"


class KeyReused(BackendError):
    """The idempotency key was used before, with other parameters; something was begun then."""

    code = "idempotency_key_reused"


class Calls:
    """One account. Every call may raise a BackendError; Declined and AccountRejected did nothing.

    key -- the secret API key; base -- where Stripe is; timeout -- seconds for one try
    """

    def __init__(self, *, key: str, base: str, timeout: float) -> None:
        if stripe is None:
            raise ImproperlyConfigured('Stripe needs its package: pip install "shopkit[stripe]".')
        self._key = key
        self._base = base
        self._timeout = timeout

    @sensitive_variables()
    def ask(self, question: Callable[[Any], Any]) -> dict[str, Any]:
        """Return what Stripe answers to ``question``, which is given the services of its API."""
        failure: Exception
        try:
            with _unlogged():
                return question(self._services()).to_dict()  # type: ignore[no-any-return]
        except stripe.StripeError as error:
            failure = _failure_of(error)
        # Outside of the except block: Stripe's error holds the whole answer.
        raise failure

    def walk(
        self, question: Callable[[Any, Mapping[str, Any]], Any], **filters: Any
    ) -> Iterator[dict[str, Any]]:
        """Return the objects of a list, newest first; no more than a thousand."""
        filters["limit"] = PER_PAGE
        for _page in range(MOST_PAGES):
            listed = self.ask(lambda services: question(services, filters))
            yield from listed["data"]
            if not listed["has_more"]:
                return
            filters["starting_after"] = listed["data"][-1]["id"]

    def _services(self) -> Any:
        # The only way to switch it off is for the whole process. It would write a file into the
        # home directory and tell Stripe about this machine.
        stripe.enable_telemetry = False
        client = stripe.StripeClient(
            self._key,
            stripe_version=API_VERSION,
            base_addresses={"api": self._base},
            max_network_retries=RETRIES,
            http_client=_Client(self._timeout),
        )
        return client.v1


class _Client(HTTPClient):
    """Stripe's package decides what to send and how often; ``core.http`` sends it."""

    name = "shopkit"

    def __init__(self, timeout: float) -> None:
        super().__init__()
        self._timeout = timeout

    @sensitive_variables()
    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        """Send one try."""
        try:
            answer = http.send(
                method.upper(), url, body=post_data, headers=headers, timeout=self._timeout
            )
        except BackendError:
            answer = None
        if answer is None:
            raise stripe.APIConnectionError(  # type: ignore[no-untyped-call]
                "no answer", should_retry=True
            )
        return answer.body, answer.status, answer.headers

    def close(self) -> None:
        """Nothing is kept open."""


def _failure_of(error: Any) -> Exception:
    code = str(error.code or "")
    status = error.http_status or 0
    logger.warning(
        "Stripe answered %s %s (request %s).", status or "nothing", code, error.request_id
    )
    if isinstance(error, stripe.IdempotencyError):
        return KeyReused()
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        return AccountRejected()
    if isinstance(error, (stripe.InvalidRequestError, stripe.CardError)):
        return Declined(code or f"http_{status}")
    return BackendError()


_asking: ContextVar[bool] = ContextVar("shopkit_stripe_asking", default=False)


@contextmanager
def _unlogged() -> Iterator[None]:
    token = _asking.set(True)
    try:
        yield
    finally:
        _asking.reset(token)


def _not_ours(record: logging.LogRecord) -> bool:
    """Stripe's package logs whole bodies, secrets among them, at DEBUG; drop those of our calls."""
    return record.levelno >= logging.WARNING or not _asking.get()


logging.getLogger("stripe").addFilter(_not_ours)
