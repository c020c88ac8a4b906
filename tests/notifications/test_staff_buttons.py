"""The staff's chat: a press acts as the linked staff user, and the chat itself grants nothing."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from shopkit.core.models import Delivery
from shopkit.inventory.models import StockItem
from shopkit.orders.models import Order, OrderEvent
from shopkit.orders.services import cancel_order, move_order
from shopkit.telegram.backends.bot_api import BotApiBackend
from shopkit.telegram.models import Update
from shopkit.telegram.testing import FakeBotApi, button_press
from tests.orders.conftest import fill, place

from .conftest import STAFF_CHAT, allow, reach, speak

pytestmark = pytest.mark.django_db(transaction=True)

AYGUL = 555_000_111
WEBHOOK = "/api/v1/telegram/webhook/"
SECRET = "tests-only-webhook-secret"
GROUP = {"id": STAFF_CHAT, "type": "supergroup", "title": "Staff"}


@pytest.fixture
def aygul(db):
    """A member of staff who may move orders and whose Telegram account is proven."""
    user = get_user_model().objects.create_user(
        "aygul", password="x", is_staff=True, first_name="Aygul", last_name="Yusupova"
    )
    return allow(reach(user, chat=AYGUL))


@pytest.fixture
def number(as_user, cup, staff_chat, chats):
    """A new order, told in the staff's chat."""
    fill(as_user, (cup, 2))
    return place(as_user).json()["number"]


@pytest.fixture
def told(number, chats):
    """What the bot wrote about it."""
    [message] = [one for one in chats if one["text"].startswith("New order")]
    chats.clear()
    return message


def post(update):
    answer = Client().post(
        WEBHOOK,
        json.dumps(update),
        content_type="application/json",
        headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
    )
    assert answer.status_code == 200
    return update


def press(number, action="confirm", *, by=AYGUL, chat=GROUP, data=None, **person):
    """Press a button of the message with the id 77."""
    who = {"id": by, "is_bot": False, "first_name": "A", "language_code": "en", **person}
    message = {"message_id": 77, "chat": chat, "date": 1, "text": "?"} if chat else None
    more = {"from": who, **({"message": message} if message else {})}
    update = button_press(data or f"shopkit:{number}:{action}", telegram_id=by, **more)
    if message is None:
        del update["callback_query"]["message"]
    return post(update)


def answers(chats):
    """What was shown to who pressed: (text, whether in a box)."""
    return [
        (one["text"], one["show_alert"]) for one in chats if one["method"] == "answerCallbackQuery"
    ]


def edits(chats):
    return [one for one in chats if one["method"] == "editMessageText"]


def events():
    rows = OrderEvent.objects.exclude(from_status="").order_by("pk")
    return list(rows.values_list("to_status", "by", "actor__username", "reason"))


def status():
    return Order.objects.get().status


def test_a_new_order_comes_with_buttons_that_fit(told, number):
    [row] = told["reply_markup"]["inline_keyboard"]

    assert [button["text"] for button in row] == ["✅ Confirm", "❌ Cancel the order"]
    assert [button["callback_data"] for button in row] == [
        f"shopkit:{number}:confirm",
        f"shopkit:{number}:cancel",
    ]
    assert all(len(button["callback_data"].encode()) <= 64 for button in row)


def test_confirming_moves_the_order_as_the_person_who_pressed(told, aygul, number, chats):
    press(number)

    assert events() == [("processing", "staff", "aygul", "Telegram")]
    assert answers(chats) == [(f"Order {number}: confirmed", False)]
    [edit] = edits(chats)
    assert (edit["chat_id"], edit["message_id"]) == (STAFF_CHAT, 77)
    assert edit["text"].startswith(told["text"] + "\n\n➡ confirmed: Aygul Yusupova, ")
    assert "reply_markup" not in edit
    assert Update.objects.get().handler == "shopkit.notifications.staff_buttons.handle"


def test_cancelling_frees_the_stock_and_tells_the_customer(told, aygul, user, number, chats):
    press(number, "cancel")

    assert events() == [("cancelled", "staff", "aygul", "Telegram")]
    assert StockItem.objects.get().reserved == 0
    assert answers(chats) == [(f"Order {number}: cancelled", False)]
    assert "➡ cancelled: Aygul Yusupova" in edits(chats)[0]["text"]


def test_repeated_presses_change_nothing_and_show_the_state(told, aygul, number, chats):
    for action in ("confirm", "confirm", "cancel"):
        press(number, action)

    assert events() == [("processing", "staff", "aygul", "Telegram")]
    assert answers(chats)[1:] == [(f"Nothing was changed. Order {number}: confirmed", True)] * 2
    assert len({edit["text"] for edit in edits(chats)}) == 1


def test_an_update_that_comes_twice_is_handled_twice_without_harm(told, aygul, number, chats):
    update = press(number)
    from shopkit.notifications.staff_buttons import handle
    from shopkit.telegram.updates import read_update

    assert handle(read_update(update)) is True

    assert events() == [("processing", "staff", "aygul", "Telegram")]


def test_an_order_moved_elsewhere_is_shown_as_it_is(told, aygul, number, staff, chats):
    move_order(Order.objects.get().pk, to="processing", by="staff", actor=staff)
    move_order(Order.objects.get().pk, to="shipped", by="staff", actor=staff)
    chats.clear()

    press(number)

    assert status() == "shipped"
    assert answers(chats) == [(f"Nothing was changed. Order {number}: sent", True)]
    assert "➡ sent: boss, " in edits(chats)[0]["text"]


NO = ("You may not do this.", True)


def refused(chats):
    """Nothing has changed, and who pressed was told so."""
    assert status() == "placed"
    assert events() == []
    assert answers(chats) == [NO]
    assert edits(chats) == []
    return True


def test_a_stranger_in_the_chat_may_nothing(told, aygul, number, chats):
    press(number, by=999)

    assert refused(chats)


def test_the_customer_who_linked_his_telegram_may_nothing(told, user, number, chats):
    reach(user, chat=999)

    press(number, by=999)

    assert refused(chats)


def test_a_permission_without_being_staff_is_not_enough(told, user, number, chats):
    allow(reach(user, chat=999))

    press(number, by=999)

    assert refused(chats)


def test_staff_without_the_permission_may_nothing(told, aygul, number, chats):
    aygul.user_permissions.clear()

    press(number)

    assert refused(chats)


def test_other_permissions_of_orders_do_not_count(told, aygul, number, chats):
    aygul.user_permissions.clear()
    allow(aygul, "view_order")
    allow(aygul, "change_order")

    press(number)

    assert refused(chats)


def test_staff_who_were_switched_off_may_nothing(told, aygul, number, chats):
    aygul.is_active = False
    aygul.save()

    press(number)

    assert refused(chats)


@pytest.mark.parametrize(
    "chat",
    [
        {"id": -100_888, "type": "supergroup", "title": "Elsewhere"},
        {"id": AYGUL, "type": "private", "first_name": "Aygul"},
        None,
    ],
)
def test_a_press_in_another_chat_may_nothing(told, aygul, number, chats, chat):
    press(number, chat=chat)

    assert refused(chats)


def test_without_a_staff_chat_no_press_counts(told, aygul, number, chats, configure):
    configure(STAFF_CHAT_ID=None)

    press(number, chat=None)

    assert refused(chats)


@pytest.mark.parametrize(
    "data",
    [
        "shopkit:{}:refund",
        "shopkit:{}:confirm:extra",
        "shopkit:{}",
        "shopkit::confirm",
        "other:{}:confirm",
        "shopkit:{}:confirm\n",
        "shopkit:" + "A" * 17 + ":confirm",
        "x" * 64,
    ],
)
def test_made_up_data_is_left_to_other_handlers(told, aygul, number, chats, data):
    press(number, data=data.format(number))

    assert status() == "placed"
    assert chats == []
    assert Update.objects.get().handler == ""


def test_a_made_up_number_is_no_order(told, aygul, number, chats):
    press("AAAAA-AAAAA")

    assert status() == "placed"
    assert answers(chats) == [("There is no such order.", True)]


def test_a_stranger_does_not_learn_which_numbers_exist(told, number, chats):
    press("AAAAA-AAAAA", by=999)
    press(number, by=999)

    assert answers(chats) == [NO, NO]


def test_who_presses_is_answered_in_his_own_language(told, aygul, number, chats):
    speak(aygul, "uz")
    press(number)
    press(number, by=999, language_code="ru")

    assert [text for text, _ in answers(chats)] == [
        f"{number} raqamli buyurtma: tasdiqlandi",
        "Вам это не разрешено.",
    ]


def test_the_message_stays_in_the_staffs_language(told, aygul, number, chats):
    speak(aygul, "uz")

    press(number)

    assert "➡ confirmed: Aygul Yusupova" in edits(chats)[0]["text"]


def test_a_site_says_itself_who_pressed(told, aygul, number, chats, configure):
    configure(STAFF_USER=f"{__name__}.anybody")

    press(number, by=999)

    assert events() == [("processing", "staff", "aygul", "Telegram")]


def anybody(telegram_id):
    return get_user_model().objects.get(username="aygul")


def test_the_table_of_moves_says_what_confirming_is(told, aygul, number, settings, chats):
    moves = {
        "placed": {"delivered": "consume", "cancelled": "release"},
        "delivered": {},
        "cancelled": {},
    }
    settings.SHOPKIT = {**settings.SHOPKIT, "ORDERS": {"MOVES": moves}}

    press(number)

    assert status() == "delivered"


def test_a_move_that_the_table_lacks_is_refused(told, aygul, number, settings, chats):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ORDERS": {"MOVES": {"placed": {"processing": "consume"}, "processing": {}}},
    }

    press(number, "cancel")

    assert status() == "placed"
    assert answers(chats) == [(f"Nothing was changed. Order {number}: placed", True)]


def test_confirming_never_cancels_where_orders_can_only_be_cancelled(
    told, aygul, number, settings, chats
):
    moves = {"placed": {"cancelled": "release"}, "cancelled": {}}
    settings.SHOPKIT = {**settings.SHOPKIT, "ORDERS": {"MOVES": moves}}

    press(number)

    assert status() == "placed"
    assert answers(chats) == [(f"Nothing was changed. Order {number}: placed", True)]
    [row] = edits(chats)[0]["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == ["❌ Cancel the order"]


def test_no_buttons_where_nobody_answers_them(as_user, cup, staff_chat, chats, settings):
    bot = {**settings.SHOPKIT["TELEGRAM"], "HANDLERS": []}
    settings.SHOPKIT = {**settings.SHOPKIT, "TELEGRAM": bot}
    fill(as_user, (cup, 2))
    place(as_user)

    assert [one.get("reply_markup") for one in chats] == [None]


def test_payments_and_low_stock_come_without_buttons(number, cup, chats):
    from shopkit.inventory.services import adjust
    from shopkit.payments.services import mark_paid

    chats.clear()
    mark_paid(Order.objects.get().pk)
    adjust(variant=cup.pk, delta=-4)

    assert [one["text"].split("\n")[0] for one in chats] == [
        f"Order {number} is paid",
        f"Low stock: {cup.full_name}",
    ]
    assert [one.get("reply_markup") for one in chats] == [None, None]


@pytest.fixture
def api(settings):
    """The bot talks to the fake Bot API."""
    with FakeBotApi() as fake:
        bot = {
            **settings.SHOPKIT["TELEGRAM"],
            "BACKEND": f"{BotApiBackend.__module__}.BotApiBackend",
            "OPTIONS": {"base_url": fake.url, "timeout": 2},
            "BOT_TOKEN": fake.token,
            "HANDLERS": ["shopkit.notifications.staff_buttons.handle"],
        }
        settings.SHOPKIT = {**settings.SHOPKIT, "TELEGRAM": bot}
        yield fake


@pytest.fixture
def in_chat(as_user, cup, configure, api, aygul):
    """A new order in the fake chat; (its number, the id of its message)."""
    configure(STAFF_CHAT_ID=STAFF_CHAT)
    fill(as_user, (cup, 2))
    number = place(as_user).json()["number"]
    assert [one["chat_id"] for one in api.messages] == [STAFF_CHAT]
    return number


def press_there(number):
    message = {"message_id": 1, "chat": GROUP, "date": 1, "text": "?"}
    return post(button_press(f"shopkit:{number}:confirm", telegram_id=AYGUL, message=message))


def test_over_the_wire_the_message_is_edited_and_its_buttons_go(in_chat, api):
    press_there(in_chat)

    [message] = api.messages
    assert "➡ confirmed: Aygul Yusupova" in message["text"]
    assert "reply_markup" not in message
    assert [method for method, _ in api.requests[1:]] == ["editMessageText", "answerCallbackQuery"]


def test_a_second_press_that_modifies_nothing_is_no_failure(in_chat, api):
    press_there(in_chat)
    press_there(in_chat)

    assert Update.objects.filter(handled_at=None).count() == 0
    assert len(events()) == 1


def test_a_press_that_waited_too_long_is_done_without_an_answer(in_chat, api):
    api.will_answer(200, {"ok": True, "result": True})  # the edit
    api.will_fail(400, "Bad Request: query is too old and response timeout expired")

    press_there(in_chat)

    assert status() == "processing"
    assert Update.objects.get().handled_at is not None


def test_when_the_bot_is_away_the_move_stays_and_the_message_is_mended_later(in_chat, api):
    api.will_fail(502, "Bad Gateway")

    press_there(in_chat)

    assert status() == "processing"
    assert Update.objects.get().handled_at is None
    assert "➡" not in api.messages[0]["text"]

    Delivery.objects.filter(fact="telegram.update_received").update(due_at="2026-01-01T00:00:00Z")
    from shopkit.core.facts import deliver_all

    deliver_all()
    assert "➡ confirmed: Aygul Yusupova" in api.messages[0]["text"]
    assert Update.objects.get().handled_at is not None
    assert len(events()) == 1


def test_a_cancelled_order_is_not_offered_any_more(as_user, cup, staff_chat, settings, chats):
    from shopkit.core.facts import deliver_all

    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    fill(as_user, (cup, 2))
    place(as_user)
    cancel_order(Order.objects.get().pk, by="customer")

    deliver_all()

    assert [one for one in chats if one["chat_id"] == STAFF_CHAT] == []
