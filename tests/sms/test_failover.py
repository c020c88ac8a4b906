"""Several gateways in turn: the next one only when the last has certainly not taken the message."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from shopkit.sms.backends.base import Sent, SmsBackend
from shopkit.sms.backends.failover import FailoverBackend
from shopkit.sms.backends.memory import outbox
from shopkit.sms.errors import (
    AccountRejected,
    NoCredit,
    NumberRejected,
    SmsError,
    SmsNotAccepted,
    SmsOutcomeUnknown,
    SmsUnavailable,
    TextRejected,
)
from shopkit.sms.testing import PHONE

from .names import ESKIZ, FAILOVER, MEMORY, TWILIO

KINDS = {
    kind.__name__: kind
    for kind in (
        AccountRejected,
        NoCredit,
        NumberRejected,
        SmsError,
        SmsNotAccepted,
        SmsOutcomeUnknown,
        SmsUnavailable,
        TextRejected,
    )
}


class Failing(SmsBackend):
    """Always fails, in the way that ``kind`` names."""

    def __init__(self, *, kind, name="failing"):
        self.kind = kind
        self.name = name

    def deliver(self, *, phone, text, reference):
        if self.kind == "a bug":
            raise ZeroDivisionError
        raise KINDS[self.kind]


def failing(kind, name="failing"):
    return {"BACKEND": f"{__name__}.Failing", "OPTIONS": {"kind": kind, "name": name}}


def send(*backends):
    return FailoverBackend(backends=backends).send(phone=PHONE, text="Salom", reference="7")


@pytest.mark.parametrize(
    "kind",
    [
        "SmsNotAccepted",
        "SmsUnavailable",
        "NumberRejected",
        "TextRejected",
        "NoCredit",
        "AccountRejected",
    ],
)
def test_what_was_certainly_not_taken_goes_to_the_next(kind):
    sent = send(failing(kind), {"BACKEND": MEMORY})

    assert sent.backend == "memory"
    assert [(one.phone, one.text, one.reference) for one in outbox] == [(PHONE, "Salom", "7")]


@pytest.mark.parametrize("kind", ["SmsOutcomeUnknown", "SmsError"])
def test_what_may_have_been_taken_goes_nowhere_else(kind):
    with pytest.raises(KINDS[kind]) as failure:
        send(failing(kind), {"BACKEND": MEMORY})

    assert type(failure.value) is KINDS[kind]
    assert outbox == []


def test_a_bug_in_a_backend_goes_nowhere_else():
    with pytest.raises(ZeroDivisionError):
        send(failing("a bug"), {"BACKEND": MEMORY})

    assert outbox == []


def test_the_first_that_takes_it_is_the_last_that_is_asked():
    sent = send({"BACKEND": MEMORY}, failing("a bug"))

    assert sent == Sent(backend="memory", message_id="memory-1")


@pytest.mark.parametrize(
    ("kinds", "raised"),
    [
        (["NoCredit", "NumberRejected"], NumberRejected),
        (["SmsUnavailable", "NumberRejected"], SmsUnavailable),
        (["NumberRejected", "SmsUnavailable"], SmsUnavailable),
        (["NumberRejected", "SmsOutcomeUnknown"], SmsOutcomeUnknown),
    ],
)
def test_when_nobody_took_it_hope_is_reported_before_despair(kinds, raised):
    backends = [failing(kind, f"failing-{index}") for index, kind in enumerate(kinds)]

    with pytest.raises(SmsError) as failure:
        send(*backends)

    assert type(failure.value) is raised


def test_a_gateway_that_is_silent_after_taking_a_message_is_the_last(eskiz, twilio):
    eskiz.silence = 5
    first = {"BACKEND": ESKIZ, "OPTIONS": {**eskiz.options, "timeout": 0.2}}

    with pytest.raises(SmsOutcomeUnknown):
        send(first, {"BACKEND": TWILIO, "OPTIONS": twilio.options})

    assert len(eskiz.messages) == 1
    assert twilio.requests == []


def test_a_gateway_whose_login_is_silent_is_followed_by_the_next(eskiz, twilio):
    eskiz.login_silence = 5
    first = {"BACKEND": ESKIZ, "OPTIONS": {**eskiz.options, "timeout": 0.2}}

    sent = send(first, {"BACKEND": TWILIO, "OPTIONS": twilio.options})

    assert sent.backend == "twilio"
    assert eskiz.messages == []
    assert len(twilio.messages) == 1


def test_the_log_names_gateways_and_reasons_only(caplog):
    send(failing("NoCredit"), {"BACKEND": MEMORY})

    assert caplog.messages == ["failing did not take a message: sms_no_credit."]


def test_a_failover_in_a_failover_is_one_list_of_gateways():
    inner = {"BACKEND": FAILOVER, "OPTIONS": {"backends": [{"BACKEND": MEMORY}]}}

    backend = FailoverBackend(backends=[failing("NoCredit"), inner])

    assert [member.name for member in backend.members()] == ["failing", "memory"]
    assert backend.send(phone=PHONE, text="Salom").backend == "memory"


@pytest.mark.parametrize(
    "backends",
    [
        [],
        [{"BACKEND": MEMORY}, {"BACKEND": MEMORY}],
        [{"BACKEND": "nowhere.Backend"}],
        [{"BACKEND": MEMORY, "OPTIONS": {"path": "x"}}],
    ],
)
def test_a_list_that_cannot_work_is_refused(backends):
    with pytest.raises(ImproperlyConfigured):
        FailoverBackend(backends=backends)
