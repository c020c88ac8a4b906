"""Calls to the world outside: bounded in time and size, never redirected, silent about secrets.

The one place that knows ``requests``, which comes with the extras ``sms`` and ``telegram``.
Nothing is tried twice here, and no error or log line repeats a URL, a header or a body: a bot's
token is part of its URL.
"""

import json
import logging
import ssl
import time
import warnings
from base64 import b64encode
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from .errors import BackendError

try:
    import requests
    import urllib3
except ImportError:
    requests = urllib3 = None  # type: ignore[assignment]

LARGEST_ANSWER = 1_000_000
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Unreachable(BackendError):
    """Nothing was sent: no such host, no connection, no trusted certificate. Safe to try again."""

    code = "unreachable"
    message = _("A service we depend on cannot be reached. Try again later.")


class LocksHeldWarning(RuntimeWarning):
    """A call to the world outside inside of a transaction: its locks are held as long as it takes.

    A warning and not an error, because a site may do so knowingly. Where warnings are errors, as in
    our tests, it stops the call.
    """


class OutcomeUnknown(BackendError):
    """The request may have arrived, but its answer did not. Not to be repeated blindly."""

    code = "outcome_unknown"
    message = _("A service we depend on did not answer in time.")


@dataclass(frozen=True, repr=False)
class Answer:
    """What came back, whatever its status; a redirect is an answer like any other."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object, or {} where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def retry_after(self) -> int | None:
        """Seconds that the header Retry-After asks for, or None."""
        value = self.headers.get("Retry-After", "").strip()
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


@sensitive_variables()
def post_json(
    url: str, body: Any, *, headers: Mapping[str, str] | None = None, timeout: float = 10
) -> Answer:
    """Post ``body`` as JSON.

    timeout -- seconds for the connection, for each silence, and for reading the whole answer

    Raises Unreachable when nothing was sent, OutcomeUnknown when that is not certain.
    """
    return _call("POST", url, headers=headers, timeout=timeout, json=body)


@sensitive_variables()
def post_form(
    url: str,
    fields: Mapping[str, str],
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10,
) -> Answer:
    """Post ``fields`` as a form. Otherwise like ``post_json``."""
    return _call("POST", url, headers=headers, timeout=timeout, data=dict(fields))


@sensitive_variables()
def get(url: str, *, headers: Mapping[str, str] | None = None, timeout: float = 10) -> Answer:
    """Ask for ``url``. Otherwise like ``post_json``."""
    return _call("GET", url, headers=headers, timeout=timeout)


@sensitive_variables()
def delete(url: str, *, headers: Mapping[str, str] | None = None, timeout: float = 10) -> Answer:
    """Have ``url`` deleted. Otherwise like ``post_json``."""
    return _call("DELETE", url, headers=headers, timeout=timeout)


@sensitive_variables()
def send(
    method: str,
    url: str,
    *,
    body: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10,
) -> Answer:
    """Send a request that somebody else has written, such as a gateway's own package.

    Otherwise like ``post_json``.
    """
    return _call(method, url, headers=headers, timeout=timeout, data=body)


def basic_auth(user: str, password: str) -> dict[str, str]:
    """Return the header of HTTP Basic authentication."""
    pair = b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def require_client() -> None:
    """Say how to get ``requests`` where it is missing. Raises ImproperlyConfigured."""
    if requests is None:
        raise ImproperlyConfigured(
            'This backend needs the package requests: pip install "shopkit[sms]" '
            '(or "shopkit[telegram]", "shopkit[click]").'
        )


def checked_base(url: str) -> str:
    """Return ``url`` without a slash at its end.

    Raises ImproperlyConfigured when secrets sent there could be read on the way: only https, or
    this machine itself, will do.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured("A base URL must be https://host or https://host/path.")
    return url.rstrip("/")


@sensitive_variables()
def _call(
    method: str, url: str, *, headers: Mapping[str, str] | None, timeout: float, **body: Any
) -> Answer:
    require_client()
    warn_of_locks()
    failure: BackendError
    quiet = _calling.set(True)
    try:
        response = requests.request(
            method, url, headers=dict(headers or {}), auth=_as_given, timeout=timeout,
            allow_redirects=False, stream=True, **body,
        )  # fmt: skip
        with response:
            return Answer(response.status_code, response.headers, _body_of(response, timeout))
    except (requests.RequestException, UnicodeError) as error:
        failure = Unreachable() if _never_sent(error) else OutcomeUnknown()
    finally:
        _calling.reset(quiet)
    # Outside of the except block, so that the error drags no URL along as its context.
    raise failure


def warn_of_locks() -> None:
    """Warn where a transaction is open, other than the one that a test case wraps around itself."""
    for connection in connections.all(initialized_only=True):
        blocks: list[Any] = connection.atomic_blocks
        if not all(block._from_testcase for block in blocks):
            text = "An outgoing HTTP call is made inside a transaction and holds its locks."
            warnings.warn(text, LocksHeldWarning, stacklevel=6)


def _as_given(request: Any) -> Any:
    """Keep our headers: without an ``auth``, requests would let a .netrc file replace them."""
    return request


def _body_of(response: Any, timeout: float) -> bytes:
    """Read a bounded body; a gateway that trickles or floods has not answered."""
    deadline = time.monotonic() + timeout
    body = b""
    for chunk in response.iter_content(16_384):
        body += chunk
        if len(body) > LARGEST_ANSWER or time.monotonic() > deadline:
            raise requests.ReadTimeout
    return body


def _never_sent(error: Exception) -> bool:
    """Say whether it is certain that no byte of the request left; in doubt it is not."""
    # requests marks what it refuses before sending (a schema, a header) as ValueError.
    if isinstance(error, (ValueError, requests.ConnectTimeout)):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    reason = getattr(reason, "original_error", reason)
    if isinstance(reason, urllib3.exceptions.SSLError):
        return bool(reason.args) and isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


_calling: ContextVar[bool] = ContextVar("shopkit_http_calling", default=False)


def _not_ours(_record: logging.LogRecord) -> bool:
    """urllib3 logs whole URLs at DEBUG; drop those of our calls, leave a site's own alone."""
    return not _calling.get()


for _name in ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_not_ours)
