"""A message to a chat that is dead is not tried; what Telegram says about a chat is remembered."""

import pytest

from shopkit.telegram.errors import ChatUnreachable, TelegramBusy, TelegramUnavailable
from shopkit.telegram.models import ChatLink
from shopkit.telegram.services import answer_press, edit_message, send_message

pytestmark = pytest.mark.django_db
CHAT = 555_000_111


@pytest.fixture
def link():
    return ChatLink.objects.create(chat_id=CHAT, language="uz")


def test_a_message_reaches_telegram(api, real_bot, link):
    assert send_message(chat_id=CHAT, text="Salom", is_protected=True) == 1
    assert api.messages == [{"chat_id": CHAT, "text": "Salom", "protect_content": True}]


def test_a_block_marks_the_chat_and_ends_the_trying(api, real_bot, link):
    api.blocked.add(CHAT)

    for _ in range(2):
        with pytest.raises(ChatUnreachable):
            send_message(chat_id=CHAT, text="Salom")

    link.refresh_from_db()
    assert link.is_dead is True
    assert len(api.requests) == 1


def test_a_busy_telegram_leaves_the_chat_alive(api, real_bot, link):
    api.will_fail(429, "Too Many Requests", retry_after=3)

    with pytest.raises(TelegramBusy):
        send_message(chat_id=CHAT, text="Salom")

    link.refresh_from_db()
    assert link.is_dead is False


def test_a_chat_we_have_never_seen_is_tried(api, real_bot):
    send_message(chat_id=-100_200, text="New order")

    assert len(api.messages) == 1
    assert not ChatLink.objects.exists()


def test_editing_leaves_a_message_alone_that_cannot_be_edited(api, real_bot):
    edit_message(chat_id=5, message_id=999, text="Salom")
    answer_press("1")
    api.will_answer(200, b"")  # hung up: perhaps done

    edit_message(chat_id=5, message_id=999, text="Salom")

    assert [method for method, _ in api.requests] == [
        "editMessageText",
        "answerCallbackQuery",
        "editMessageText",
    ]


@pytest.mark.parametrize(
    "call",
    [
        lambda: edit_message(chat_id=5, message_id=1, text="Salom"),
        lambda: answer_press("1", "Salom", is_alert=True),
    ],
)
def test_what_can_be_tried_again_is_said(api, real_bot, call):
    api.will_fail(502, "Bad Gateway")

    with pytest.raises(TelegramUnavailable):
        call()
