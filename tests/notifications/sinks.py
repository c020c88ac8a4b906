"""Channels and servers that behave as a test tells them to."""

import smtplib
import threading
import time

from django.core.mail.backends.base import BaseEmailBackend

from shopkit.notifications.channels.base import NotificationChannel
from shopkit.sms.backends.base import Sent, SmsBackend
from shopkit.telegram.backends.base import TelegramBackend

HERE = "tests.notifications.sinks"


class Plan:
    """What the next sends come to: errors to raise, in this order; then all is well.

    taken -- (destination, text) of what was taken; pause -- seconds that sending takes
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.failures = []
        self.taken = []
        self.pause = 0.0

    def take(self, destination, text):
        time.sleep(self.pause)
        with self.lock:
            if self.failures:
                raise self.failures.pop(0)
            self.taken.append((destination, text))


plan = Plan()


class PlannedChannel(NotificationChannel):
    """Sends as planned. It reaches everybody who is not a guest."""

    def address_of(self, recipient):
        return recipient.ref

    def deliver(self, message):
        plan.take(message.destination, message.text)


class MeteredChannel(PlannedChannel):
    """The same for money."""

    is_metered = True


class PlannedMail(BaseEmailBackend):
    """A mail server whose connection stands; what it says to a letter is planned."""

    def send_messages(self, email_messages):
        for letter in email_messages:
            plan.take(letter.to[0], f"{letter.subject}\n{letter.body}")
        return len(email_messages)


class DeadMail(BaseEmailBackend):
    """No mail server."""

    def open(self):
        raise ConnectionRefusedError("anna@example.com 7K3M9-QX2TD")


class RudeMail(PlannedMail):
    """A mail server that hangs up without a word once it has the letter."""

    def close(self):
        raise smtplib.SMTPServerDisconnected("bye")


class PlannedGateway(SmsBackend):
    """An SMS gateway."""

    name = "planned"

    def deliver(self, *, phone, text, reference):
        plan.take(phone, text)
        return Sent(backend=self.name, message_id="1")


class PlannedBot(TelegramBackend):
    """A bot."""

    def perform(self, method, params):
        plan.take(str(params.get("chat_id")), params.get("text", ""))
        return {"message_id": 1}
