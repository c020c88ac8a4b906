"""Bringing codes to people."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F

from shopkit.core.errors import BackendError
from shopkit.core.models import Delivery
from shopkit.otp.channels.base import OtpChannel
from shopkit.otp.errors import OutcomeUnknown, Undeliverable
from shopkit.otp.models import Budget, Challenge
from shopkit.otp.services import purge, send, void
from shopkit.otp.testing import code_of

from .conftest import ask

pytestmark = pytest.mark.django_db


class DeadEnd(OtpChannel):
    """Nobody is there."""

    def deliver(self, message):
        raise Undeliverable


class Doubt(OtpChannel):
    """The line went dead after the message."""

    def deliver(self, message):
        raise OutcomeUnknown


class Outage(OtpChannel):
    """Out of order."""

    def deliver(self, message):
        raise BackendError(f"refused {message.code}")


def row():
    return Challenge.objects.get()


def through(otp, channel):
    otp(CHANNELS={"sms": f"{__name__}.{channel.__name__}"})
    return ask()


def test_a_code_is_sent_once_however_often_the_news_comes(outbox):
    issued = ask()

    assert send(challenge=issued.challenge)
    assert not send(challenge=issued.challenge)
    assert not send(challenge=str(issued.challenge))

    assert len(outbox) == 1
    assert row().send_error == ""


def test_a_code_that_is_over_is_not_sent(outbox):
    issued = ask()
    Challenge.objects.update(
        created_at=F("created_at") - timedelta(hours=1),
        expires_at=F("expires_at") - timedelta(hours=1),
    )

    assert not send(challenge=issued.challenge)
    assert outbox == []
    assert row().sent_at is None


def test_a_withdrawn_code_is_not_sent(outbox):
    issued = ask()
    void(challenge=issued.challenge)

    assert not send(challenge=issued.challenge)
    assert outbox == []


def test_a_message_that_may_have_arrived_is_not_repeated(otp):
    issued = through(otp, Doubt)

    assert send(challenge=issued.challenge)

    assert row().sent_at is not None
    assert row().send_error == "OutcomeUnknown"


def test_a_destination_that_is_out_of_reach_is_noted_and_can_be_tried_later(otp, outbox):
    issued = through(otp, DeadEnd)
    assert not send(challenge=issued.challenge)
    assert (row().sent_at, row().send_error) == (None, "Undeliverable")

    otp(CHANNELS={"sms": "shopkit.otp.channels.memory.MemoryChannel"})

    assert send(challenge=issued.challenge)
    assert len(outbox) == 1
    assert row().send_error == ""


def test_an_outage_is_tried_again_and_its_words_are_not_kept(
    otp, caplog, django_capture_on_commit_callbacks
):
    otp(CHANNELS={"sms": f"{__name__}.Outage"})
    with django_capture_on_commit_callbacks(execute=True):
        ask()

    assert (row().sent_at, row().send_error) == (None, "BackendError")
    delivery = Delivery.objects.get()
    assert (delivery.delivered_at, delivery.parked_at, delivery.attempts) == (None, None, 1)
    code = code_of(row().pk)
    assert code not in delivery.last_error
    assert code not in caplog.text
    assert "Subscriber shopkit.otp.receivers.send_code of otp.issued failed." in caplog.messages


def test_a_code_whose_key_is_gone_is_not_sent(otp, outbox):
    otp(KEYS={"one": "1" * 40})
    issued = ask()
    otp(KEYS={"two": "2" * 40})

    assert not send(challenge=issued.challenge)
    assert outbox == []
    assert row().send_error == "KeyRetired"


def test_a_channel_the_site_gave_up_sends_nothing(otp, outbox):
    issued = ask()
    otp(CHANNELS={})

    assert not send(challenge=issued.challenge)
    assert row().sent_at is None


def test_old_challenges_and_counters_are_forgotten(otp, capsys):
    otp(PER_ADDRESS=("9/hour", "9/day"), KEEP=timedelta(days=1))
    ask()
    ask(destination="+998901110001")
    Challenge.objects.filter(destination="+998901110001").update(
        created_at=F("created_at") - timedelta(days=2),
        expires_at=F("expires_at") - timedelta(days=2),
    )
    Budget.objects.filter(seconds=3600).update(ends_at=F("ends_at") - timedelta(hours=2))

    call_command("shopkit_otp_purge")

    assert capsys.readouterr().out == "deleted 2\n"
    assert Challenge.objects.count() == 1
    assert Budget.objects.get().seconds == 86400
    assert purge() == 0
