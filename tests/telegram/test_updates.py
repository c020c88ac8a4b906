"""What handlers read: a contact counts only from its owner's hand, and nothing raises."""

from dataclasses import FrozenInstanceError
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.telegram.masking import masked
from shopkit.telegram.testing import (
    button_press,
    contact_message,
    group_message,
    membership_change,
    text_message,
)
from shopkit.telegram.testing.updates import AYGUL, person
from shopkit.telegram.updates import kind_of, read_update

PHONE = "+998901234567"
GROUP = {"id": -100, "type": "group", "title": "Friends"}


def contact_of(update):
    return read_update(update).message.contact


@pytest.mark.parametrize("spelling", ["998901234567", "+998901234567"])
def test_ones_own_contact_is_read(spelling):
    contact = contact_of(contact_message(spelling))

    assert (contact.is_own, contact.phone) == (True, PHONE)


@pytest.mark.parametrize(
    "update",
    [
        contact_message(PHONE, owner=666),
        contact_message(PHONE, owner=None),
        contact_message(PHONE, owner=str(AYGUL)),
        contact_message(PHONE, owner=True, telegram_id=1),
        contact_message(PHONE, forward_origin={"type": "user"}),
        contact_message(PHONE, forward_from=person()),
        contact_message(PHONE, forward_sender_name="Aygul"),
        contact_message(PHONE, forward_date=1),
        contact_message(PHONE, via_bot={"id": 9, "is_bot": True}),
        contact_message(PHONE, chat=GROUP),
        contact_message(PHONE, chat={"id": 666, "type": "private"}),
        contact_message(PHONE, sender_chat=GROUP),
        contact_message(PHONE, **{"from": person(is_bot=True)}),
        contact_message(PHONE, **{"from": None}),
    ],
)
def test_a_contact_that_is_not_surely_ones_own_has_no_number(update):
    contact = contact_of(update)

    assert contact.is_own is False
    assert contact.phone == ""
    assert "998901234567" not in repr(read_update(update))


def test_a_contact_in_an_edited_message_does_not_count():
    update = contact_message(PHONE)
    edited = {"update_id": 1, "edited_message": update["message"]}

    read = read_update(edited).message

    assert (read.is_edited, read.contact.is_own) == (True, False)


def test_business_messages_are_not_the_bots_own():
    update = {"update_id": 1, "business_message": contact_message(PHONE)["message"]}

    assert read_update(update).message is None


@pytest.mark.parametrize("number", ["", "12", "901234567x", None, 998901234567, "9" * 16])
def test_a_number_that_is_none_makes_no_contact(number):
    assert contact_of(contact_message(number)) is None


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/start", "start", ""),
        ("/start abc_-1", "start", "abc_-1"),
        ("/START@Shop_Bot  abc ", "start", "abc"),
        ("/login@other_bot", "", ""),
        ("login", "", ""),
        ("/", "", ""),
        ("/ start", "", ""),
        ("I say /start", "", ""),
        ("", "", ""),
    ],
)
def test_commands_are_told_from_texts(text, command, argument):
    read = read_update(text_message(text), bot_username="shop_bot").message

    assert (read.command, read.argument) == (command, argument)


def test_a_message_says_who_where_and_when():
    update = read_update(text_message("Salom", date=1767225600))

    assert update.sender.id == update.chat.id == AYGUL
    assert update.sender.language == "uz"
    assert update.chat.is_private
    assert update.message.sent_at == datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert update.message.contact is None


def test_a_group_is_told_from_a_private_chat():
    update = read_update(group_message("/login"))

    assert update.chat.is_private is False
    assert update.message.command == "login"


def test_a_message_without_text_has_an_empty_one():
    update = text_message("")
    del update["message"]["text"]

    assert read_update(update).message.text == ""


def test_a_press_names_the_presser_and_the_message():
    update = read_update(button_press("order:accept:5"))

    assert update.callback.text == "order:accept:5"
    assert update.callback.sender.id == AYGUL
    assert isinstance(update.callback.message_id, int)
    assert update.chat.id == AYGUL


def test_a_press_under_a_message_too_old_to_see_is_read():
    update = button_press("x")
    update["callback_query"]["message"] = {"message_id": 1, "date": 0, "chat": {"id": "?"}}

    assert read_update(update).callback.chat is None


def test_membership_says_whether_the_bot_is_gone():
    assert read_update(membership_change("kicked")).membership.is_gone is True
    assert read_update(membership_change("member")).membership.is_gone is False


def test_the_kind_is_found_whatever_stands_beside_it():
    assert kind_of({"zzz": 1, "message": {}, "update_id": 1}) == "message"
    assert kind_of({"update_id": 1, "poll": {}}) == "poll"


def test_an_update_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        read_update(text_message("x")).id = 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["from", "chat", "id", "type", "date", "text", "contact", "message", "data",
                 "message_id", "user_id", "phone_number", "new_chat_member", "status"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)  # fmt: skip


@given(
    kind=st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
    body=JSON,
)
def test_no_body_makes_reading_fail(kind, body):
    update = {"update_id": 1, kind: body}

    assert read_update(update).id == 1
    masked(update)


def test_people_see_no_numbers_codes_and_link_secrets():
    shown = masked(
        {
            "update_id": 123456789,
            "message": {
                "contact": {"phone_number": "998901234567", "vcard": "TEL:+998901234567"},
                "text": "my code is 482 913, call +998 (90) 123-45-67, flat 12",
                "entities": [{"text": "/start@shop_bot abc"}],
            },
        }
    )

    assert shown == {
        "update_id": 123456789,
        "message": {
            "contact": {"phone_number": "…4567", "vcard": "…"},
            "text": "my code is …, call +…, flat 12",
            "entities": [{"text": "/start@shop_bot …"}],
        },
    }
