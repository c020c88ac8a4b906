"""The channels of the house, and the base they share."""

import smtplib
from dataclasses import replace

import pytest
from django.core import mail

from shopkit.core.errors import BackendError
from shopkit.notifications.channels.base import Outgoing
from shopkit.notifications.channels.email import EmailChannel
from shopkit.notifications.channels.memory import MemoryChannel
from shopkit.notifications.channels.sms import SmsChannel
from shopkit.notifications.channels.telegram import TelegramChannel
from shopkit.notifications.errors import OutcomeUnknown, Undeliverable
from shopkit.notifications.recipients import Recipient
from shopkit.notifications.testing import NotificationChannelContract
from shopkit.sms.errors import (
    NoCredit,
    NumberRejected,
    SmsOutcomeUnknown,
    SmsUnavailable,
    TextRejected,
)
from shopkit.telegram.errors import (
    ChatUnreachable,
    TelegramBusy,
    TelegramOutcomeUnknown,
    TelegramRejected,
    TelegramUnavailable,
)

from .sinks import HERE, plan

pytestmark = pytest.mark.django_db
NAME = '<script>alert("x")</script> & "Cup"'


@pytest.fixture(autouse=True)
def _plan():
    plan.reset()


def outgoing(**changes):
    line = {"name": NAME, "quantity": "2", "total": "100,000 UZS"}
    given = {
        "id": "1",
        "destination": "anna@example.com",
        "kind": "order_placed",
        "language": "en",
        "title": "We have received your order A",
        "text": "Thank you.\nBye.",
        "short": "Order A received.",
        "values": {"lines": [line], "total": "100,000 UZS"},
    }
    return Outgoing(**{**given, **changes})


class TestMemory(NotificationChannelContract):
    # It reaches nothing that could be out of order.
    test_a_failure_is_a_backend_error_without_the_address = None

    @pytest.fixture
    def channel(self):
        return MemoryChannel()

    @pytest.fixture
    def sent(self):
        class Kept(list):
            def __iter__(self):
                return ((one.destination, one.title) for one in MemoryChannel.outbox)

            def __len__(self):
                return len(MemoryChannel.outbox)

            def __eq__(self, other):
                return list(self) == other

            __hash__ = None

        return Kept()


class TestEmail(NotificationChannelContract):
    @pytest.fixture
    def channel(self, settings):
        settings.EMAIL_BACKEND = f"{HERE}.PlannedMail"
        return EmailChannel()

    @pytest.fixture
    def sent(self):
        return plan.taken

    @pytest.fixture
    def broken(self, channel, settings):
        settings.EMAIL_BACKEND = f"{HERE}.DeadMail"
        return channel

    @pytest.mark.parametrize("address", ["", "no address", "a@b\nBcc: c@d.example", "@"])
    def test_reaches_nobody_at_what_is_no_address(self, channel, address):
        assert channel.address_of(Recipient(ref="user:1", language="en", email=address)) == ""


@pytest.mark.parametrize(
    ("failure", "meaning"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), Undeliverable),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), BackendError),
        (smtplib.SMTPSenderRefused(451, b"later", "s"), BackendError),
        (smtplib.SMTPDataError(554, b"spam"), Undeliverable),
        (smtplib.SMTPDataError(451, b"later"), BackendError),
        (smtplib.SMTPServerDisconnected("gone"), OutcomeUnknown),
        (TimeoutError("after the letter"), OutcomeUnknown),
        (ValueError("no address"), Undeliverable),
    ],
)
def test_what_a_mail_server_says_is_understood(settings, failure, meaning):
    settings.EMAIL_BACKEND = f"{HERE}.PlannedMail"
    plan.failures = [failure]

    with pytest.raises(BackendError) as raised:
        EmailChannel().send(outgoing())

    assert type(raised.value) is meaning


def test_a_rude_goodbye_does_not_make_a_letter_unsent(settings):
    settings.EMAIL_BACKEND = f"{HERE}.RudeMail"

    EmailChannel().send(outgoing())

    assert len(plan.taken) == 1


def test_a_mail_has_a_text_and_a_page_and_only_the_page_is_escaped():
    EmailChannel().send(outgoing())

    [letter] = mail.outbox
    [(page, kind)] = [(one[0], one[1]) for one in letter.alternatives]
    assert kind == "text/html"
    assert f"2 × {NAME}: 100,000 UZS" in letter.body
    assert "<script>" not in page
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &quot;Cup&quot;" in page
    assert "Thank you.<br>Bye." in page
    assert letter.message().get_content_type() == "multipart/alternative"


def test_markup_in_a_text_or_title_is_escaped_too():
    EmailChannel().send(outgoing(title=NAME, text=NAME))

    [letter] = mail.outbox
    assert "<script>" not in letter.alternatives[0][0]
    assert letter.subject == NAME


def test_a_title_of_two_lines_makes_no_second_header():
    EmailChannel().send(outgoing(title="Low stock: Cup\r\nBcc: all@example.com"))

    [letter] = mail.outbox
    assert letter.subject == "Low stock: Cup Bcc: all@example.com"
    assert letter.message()["Bcc"] is None
    assert letter.recipients() == ["anna@example.com"]


def test_a_mail_says_that_a_program_wrote_it(configure):
    configure(PREFERENCES_URL="https://shop.example/told/")

    EmailChannel(sender="Shop <shop@example.com>", reply_to="help@example.com").send(outgoing())

    letter = mail.outbox[0].message()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Entity-Ref-ID"] == "1"
    assert letter["List-Unsubscribe"] == "<https://shop.example/told/>"
    assert letter["From"] == "Shop <shop@example.com>"
    assert letter["Reply-To"] == "help@example.com"
    assert "https://shop.example/told/" in mail.outbox[0].body


def test_without_a_page_for_it_no_unsubscribing_is_promised():
    EmailChannel().send(outgoing())

    assert mail.outbox[0].message()["List-Unsubscribe"] is None


def test_the_words_around_are_in_the_readers_language():
    EmailChannel().send(outgoing(language="uz", url="https://shop.example/a/"))

    [letter] = mail.outbox
    assert "Buyurtmangiz: https://shop.example/a/" in letter.body
    assert '<html lang="uz">' in letter.alternatives[0][0]
    assert '<a href="https://shop.example/a/">Buyurtmani koʻrish</a>' in letter.alternatives[0][0]


@pytest.fixture
def own_templates(settings, tmp_path):
    """A site's own folder of templates."""
    folder = tmp_path / "shopkit" / "notifications"
    (folder / "order_placed").mkdir(parents=True)
    (folder / "email.txt").write_text("ours: {{ title }}")
    (folder / "order_placed" / "sms.txt").write_text("{{ short }} Thanks from us.")
    (folder / "order_placed" / "email_subject.txt").write_text("Hooray\n{{ kind }}\n")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]


def test_a_site_writes_its_own_words(own_templates, texts):
    EmailChannel().send(outgoing())
    EmailChannel().send(outgoing(kind="order_paid"))
    SmsChannel().send(outgoing(destination="+998901234567"))

    assert [one.subject for one in mail.outbox] == [
        "Hooray order_placed",
        "We have received your order A",
    ]
    assert mail.outbox[0].body == "ours: We have received your order A"
    assert texts[0].text == "Order A received. Thanks from us."


class TestSms(NotificationChannelContract):
    @pytest.fixture(autouse=True)
    def gateway(self, settings):
        settings.SHOPKIT = {**settings.SHOPKIT, "SMS": {"BACKEND": f"{HERE}.PlannedGateway"}}

    @pytest.fixture
    def channel(self):
        return SmsChannel()

    @pytest.fixture
    def sent(self):
        return plan.taken

    @pytest.fixture
    def broken(self, channel):
        plan.failures = [SmsUnavailable()]
        return channel

    @pytest.mark.parametrize(
        ("failure", "meaning"),
        [
            (SmsUnavailable, SmsUnavailable),
            (NoCredit, NoCredit),
            (NumberRejected, Undeliverable),
            (TextRejected, Undeliverable),
            (SmsOutcomeUnknown, OutcomeUnknown),
        ],
    )
    def test_failures_say_whether_to_try_again(self, channel, message, failure, meaning):
        plan.failures = [failure()]

        with pytest.raises(BackendError) as raised:
            channel.send(message)

        assert type(raised.value) is meaning

    def test_a_text_of_too_many_parts_is_not_paid_for(self, channel, message):
        with pytest.raises(Undeliverable):
            channel.send(replace(message, short="long " * 100))

        assert plan.taken == []

    @pytest.mark.parametrize("phone", ["", "998901234567", "+998712345678", "+79161234567"])
    def test_reaches_only_mobile_phones_of_the_countries_that_are_served(self, channel, phone):
        assert channel.address_of(Recipient(ref="user:1", language="en", phone=phone)) == ""

    def test_a_site_may_serve_other_countries(self, channel, configure):
        russian = Recipient(ref="user:1", language="en", phone="+79161234567")
        configure(COUNTRIES=["RU"])
        assert channel.address_of(russian) == "+79161234567"
        configure(COUNTRIES=None)
        assert channel.address_of(russian) == "+79161234567"


class TestTelegram(NotificationChannelContract):
    @pytest.fixture(autouse=True)
    def bot(self, settings):
        settings.SHOPKIT = {**settings.SHOPKIT, "TELEGRAM": {"BACKEND": f"{HERE}.PlannedBot"}}

    @pytest.fixture
    def channel(self):
        return TelegramChannel()

    @pytest.fixture
    def sent(self):
        return plan.taken

    @pytest.fixture
    def broken(self, channel):
        plan.failures = [TelegramUnavailable(method="sendMessage")]
        return channel

    @pytest.mark.parametrize(
        ("failure", "meaning"),
        [
            (TelegramUnavailable, TelegramUnavailable),
            (TelegramBusy, TelegramBusy),
            (ChatUnreachable, Undeliverable),
            (TelegramRejected, Undeliverable),
            (TelegramOutcomeUnknown, OutcomeUnknown),
        ],
    )
    def test_failures_say_whether_to_try_again(self, channel, message, failure, meaning):
        plan.failures = [failure(method="sendMessage")]

        with pytest.raises(BackendError) as raised:
            channel.send(message)

        assert type(raised.value) is meaning

    def test_nothing_is_markup(self, channel, message):
        channel.send(replace(message, text=NAME))

        assert NAME in plan.taken[0][1]

    def test_a_text_that_is_too_long_is_cut(self, channel, message):
        channel.send(replace(message, text="🙂" * 5000))

        text = plan.taken[0][1]
        assert len(text.encode("utf-16-le")) // 2 <= 4096
        assert text.endswith("…")

    def test_an_order_of_many_lines_is_cut_short(self, channel, message):
        lines = [{"name": f"Cup {n}", "quantity": "1", "total": "1"} for n in range(30)]

        channel.send(replace(message, values={"lines": lines}))

        text = plan.taken[0][1]
        assert "Cup 19\n…" in text
        assert "Cup 20" not in text
