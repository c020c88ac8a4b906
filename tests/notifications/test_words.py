"""What people read: four languages, money, moments."""

from datetime import datetime, timezone
from decimal import Decimal

import pytest

from shopkit.notifications.kinds import KINDS, REASONS
from shopkit.notifications.languages import choose_language
from shopkit.notifications.words import moment_of, money_of, said, words_of

LANGUAGES = ("uz", "kaa", "ru")
PARAMS = {
    "number": "7K3M9-QX2TD",
    "total": money_of(Decimal("1234567"), "UZS"),
    "amount": money_of(Decimal("1234567"), "UZS"),
    "refund": money_of(Decimal("1234567"), "UZS"),
    "placed_at": moment_of(datetime(2026, 11, 26, 2, 5, tzinfo=timezone.utc)),
    "tracking": "RR123456789UZ",
    "why": {"reason": "expired"},
    "provider": "payme",
    "customer": "Anna Kim, Nukus",
    "product": "Cup",
    "sku": "CUP",
    "available": "4",
    "rating": "★★★★",
    "lines": [{"name": "Cup", "quantity": 2, "total": money_of(Decimal(100), "UZS")}],
}


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_in_every_language(kind, language):
    words = words_of(kind, PARAMS, language=language)

    assert words.title
    assert words.text
    assert "%(" not in f"{words.title} {words.text} {words.short}"
    if language != "en":
        english = words_of(kind, PARAMS, language="en")
        assert words.title != english.title
        assert words.text != english.text


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.is_staff])
def test_a_text_message_is_plain_ascii_and_one_part(kind, language):
    from shopkit.sms.segments import count_segments

    short = words_of(kind, PARAMS, language=language).short

    assert short.isascii()
    assert "\n" not in short
    assert count_segments(short).parts == 1


def test_a_sentence_without_its_value_is_left_out():
    full = words_of("order_shipped", PARAMS, language="en")
    bare = words_of("order_shipped", {"number": "A", "tracking": ""}, language="en")

    assert full.text.endswith("\nTracking number: RR123456789UZ")
    assert bare.text == "Your order A has been sent."
    assert bare.short == "Order A is on its way."


def test_money_that_is_nothing_is_not_promised_back():
    params = {"number": "A", "refund": money_of(Decimal(0), "UZS"), "why": {}}

    assert words_of("order_cancelled", params, language="en").text == (
        "Your order A has been cancelled."
    )


def test_the_shops_own_reason_is_told_in_the_readers_language():
    params = {"number": "A", "refund": {}, "why": {"reason": "expired"}}

    assert words_of("order_cancelled", params, language="ru").text == (
        "Ваш заказ A отменён.\nОн не был оплачен вовремя."
    )
    assert set(REASONS) == {"expired"}


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("150000", "UZS", "en", "UZS 150,000"),
        ("150000", "UZS", "uz", "150 000 soʻm"),
        ("150000", "UZS", "kaa", "150 000 swm"),
        ("150000", "UZS", "ru", "150 000 сум"),
        ("150000.5", "UZS", "ru", "150 000,50 сум"),
        ("12", "USD", "en", "$12.00"),
        ("1234.5", "USD", "uz", "1 234,50 $"),
        ("1500", "JPY", "ru", "1 500 JPY"),
        ("1.25", "KWD", "en", "KWD 1.250"),
    ],
)
def test_money_is_said_as_people_say_it(amount, currency, language, shown):
    from django.utils.translation import override

    with override(language):
        told = said(money_of(Decimal(amount), currency), language)

    assert told == shown.replace(" ", "\N{NO-BREAK SPACE}")


def test_money_of_a_text_message_is_ascii():
    words = words_of("order_paid", PARAMS, language="uz")

    assert words.short == "7K3M9-QX2TD raqamli buyurtma uchun 1 234 567 so'm to'lov qabul qilindi."


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "26 Nov 2026, 07:05"), ("uz", "26.11.2026 07:05"), ("kaa", "26.11.2026 07:05")],
)
def test_moments_are_said_by_the_sites_own_clock(settings, language, shown):
    from django.utils.translation import override

    settings.TIME_ZONE = "Asia/Tashkent"

    with override(language):
        assert said(PARAMS["placed_at"], language) == shown


def test_a_title_is_one_line_whatever_a_product_is_called():
    params = {"product": "Cup\r\nBcc: all@example.com\u202e", "sku": "C", "available": "1"}

    assert words_of("staff_stock_low", params, language="en").title == (
        "Low stock: Cup Bcc: all@example.com"
    )


def test_what_a_customer_typed_makes_no_line_of_its_own():
    params = {
        "customer": "Anna\r\nTotal: 0 UZS.\u2028\u202eOrder paid",
        "total": money_of(Decimal(1), "UZS"),
        "lines": [{"name": "Cup\nPlate", "quantity": 1, "total": {}}],
    }

    told = words_of("staff_order_placed", params, language="en")

    assert told.text.splitlines() == ["Anna Total: 0 UZS. Order paid", "Total: UZS\xa01."]
    assert told.values["lines"][0]["name"] == "Cup Plate"


def test_a_value_that_looks_like_a_place_is_not_filled_in():
    params = {"product": "%(sku)s", "sku": "SECRET", "available": "1"}

    assert words_of("staff_stock_low", params, language="en").title == "Low stock: %(sku)s"


def test_an_old_inbox_may_hold_a_kind_that_is_gone():
    assert words_of("never_heard_of", {}, language="en").title == "never_heard_of"


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [(("ru-RU", "uz"), "ru"), (("", "kaa"), "kaa"), (("fr", ""), "uz"), ((), "uz")],
)
def test_the_first_language_that_is_spoken_is_chosen(settings, wanted, chosen):
    settings.LANGUAGE_CODE = "uz"

    assert choose_language(*wanted) == chosen


def test_a_site_in_another_language_is_written_to_in_english(settings):
    settings.LANGUAGE_CODE = "fr"

    assert choose_language("de") == "en"
