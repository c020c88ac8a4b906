"""What backends that speak HTTP share: network failures in the words of SMS."""

from collections.abc import Callable, Mapping
from typing import Any

from shopkit.core import http
from shopkit.sms.errors import NoCredit, SmsError, SmsNotAccepted, SmsOutcomeUnknown, SmsUnavailable


def call(post: Callable[..., http.Answer], *args: Any, **kwargs: Any) -> http.Answer:
    """Return ``post(*args, **kwargs)``.

    Raises SmsUnavailable when nothing was sent, SmsOutcomeUnknown when that is not certain.
    """
    failure: SmsError
    try:
        return post(*args, **kwargs)
    except http.Unreachable:
        failure = SmsUnavailable()
    except http.OutcomeUnknown:
        failure = SmsOutcomeUnknown()
    raise failure


def refusal_of(answer: http.Answer, by_code: Mapping[int, type[SmsNotAccepted]]) -> SmsError:
    """Return what an answer without success means when its body tells nothing.

    by_code -- {HTTP status: error} of this gateway; 402, 429 and 503 mean the same everywhere
    """
    code = f"http_{answer.status}"
    if answer.status in by_code:
        return by_code[answer.status](gateway_code=code)
    if answer.status == 402:
        return NoCredit(gateway_code=code)
    if answer.status in {429, 503}:
        return SmsUnavailable(gateway_code=code, retry_after=answer.retry_after)
    if 300 <= answer.status < 500:
        return SmsNotAccepted(gateway_code=code)
    # A proxy's 502 or 504, a crash after the message was queued, a success that cannot be read.
    return SmsOutcomeUnknown(gateway_code=code)
