"""What identity tells people comes in the language of each; tests/messages holds the catalogues."""

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.utils.translation import override

from shopkit.accounts.conf import LANGUAGES
from shopkit.accounts.dialogue.texts import TEXTS
from shopkit.accounts.services.notices import KINDS
from shopkit.core.facts import deliver_all
from shopkit.otp.channels.base import CodeMessage
from shopkit.otp.channels.email import EmailChannel
from shopkit.otp.channels.telegram import TEXTS as BOT_CODES
from shopkit.otp.testing import code_of
from shopkit.sms.conf import DEFAULT_NOTICES, DEFAULT_TEMPLATES
from shopkit.sms.segments import count_segments

from .calls import PASSWORD, post

TRANSLATED = ("uz", "kaa", "ru")


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("kind", [*KINDS, "known", "welcome", "reset_refused"])
def test_every_notice_is_said_in_every_language(kind, language):
    name = f"shopkit/accounts/notices/{kind}"
    for file in (f"{name}.txt", f"{name}_subject.txt"):
        with override("en"):
            english = render_to_string(file)
        with override(language):
            assert render_to_string(file) != english


@pytest.mark.parametrize("texts", [*DEFAULT_TEMPLATES.values(), *DEFAULT_NOTICES.values()])
def test_a_text_message_is_plain_and_one_piece_in_every_language(texts):
    assert set(texts) == set(LANGUAGES)
    for text in texts.values():
        assert text.isascii()
        assert count_segments(text.replace("{code}", "123456")).parts == 1
    assert len(set(texts.values())) == len(LANGUAGES)


@pytest.mark.parametrize("texts", [*TEXTS.values(), BOT_CODES])
def test_the_bot_has_words_in_every_language(texts):
    assert set(texts) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "word"),
    [("uz", "Sizning kodingiz"), ("kaa", "Sizdiń kodıńız"), ("ru", "Ваш код"), ("en", "Your code")],
)
def test_a_code_comes_in_the_language_that_was_asked_for(language, word):
    message = CodeMessage(
        destination="anna@example.com", code="042913", purpose="x", language=language
    )
    EmailChannel().send(message)

    assert mail.outbox[0].subject == word
    assert "042913" in mail.outbox[0].body


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("kaa", "Xosh kelipsiz"), ("ru", "Добро")])
def test_who_registers_in_a_language_is_written_to_in_it_ever_after(settings, language, word):
    settings.LANGUAGES = [(one, one) for one in LANGUAGES]
    body = {"email": "anna@example.com", "password": PASSWORD}
    asked = post("auth/register/", body, **{"Accept-Language": language}).data
    challenge = asked["verification"]["challenge"]
    code = {"challenge": challenge, "code": code_of(challenge)}
    signed = post("auth/email/confirm/", code).data
    deliver_all()

    assert word in mail.outbox[-1].subject
    change = {"old_password": PASSWORD, "new_password": "another-passphrase-3"}
    post("auth/password/change/", change, access=signed["access"], **{"Accept-Language": "en"})
    deliver_all()
    assert "parol" in mail.outbox[-1].body.lower() or "пароль" in mail.outbox[-1].body.lower()


def test_a_mailed_page_escapes_what_people_are_called_and_the_text_does_not():
    link = "https://shop.test/?a=1&b=<2>"
    values = {"code": "042913", "minutes": 5, "link": link, "username": "<i>&"}

    text = render_to_string("shopkit/accounts/code.txt", values)
    page = render_to_string("shopkit/accounts/code.html", values)

    assert "<i>&." in text
    assert link in text
    assert "<i>" not in page
    assert "&lt;i&gt;&amp;" in page
    assert link not in page
