"""What people read: four languages, money, moments, and nothing left untranslated."""

import ast
import gettext
import re
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from shopkit import notifications
from shopkit.notifications.kinds import KINDS, REASONS
from shopkit.notifications.languages import choose_language
from shopkit.notifications.words import moment_of, money_of, said, words_of

ROOT = Path(notifications.__file__).parent
LANGUAGES = ("uz", "kaa", "ru")
CALLS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": None}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
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
    "lines": [{"name": "Cup", "quantity": 2, "total": money_of(Decimal(100), "UZS")}],
}


def catalogue(language):
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def has(found, message, context=""):
    """Say whether a catalogue holds a message, for one or for several."""
    key = f"{context}\x04{message}" if context else message
    return key in found._catalog or (key, 0) in found._catalog


def messages_of_python():
    """Yield (context, message) of everything that the code marks for translation."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if node.func.id in CALLS:
                yield "", texts[0]
            elif node.func.id in WITH_CONTEXT:
                yield texts[0], texts[1]


def messages_of_templates():
    for path in ROOT.glob("templates/**/*.*"):
        text = path.read_text()
        assert "blocktranslate" not in text  # this test does not read it
        yield from (("", one) for one in re.findall(r'{% translate "([^"]*)" %}', text))


MESSAGES = sorted({*messages_of_python(), *messages_of_templates()})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language):
    found = catalogue(language)

    assert len(MESSAGES) > 80
    assert [one for one in MESSAGES if not has(found, one[1], one[0])] == []


def test_a_missing_translation_would_be_noticed():
    assert not has(catalogue("uz"), "Never marked for translation")
    assert not has(catalogue("uz"), "Order received", "SMS")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language):
    folder = ROOT / "locale" / language / "LC_MESSAGES"
    written = dict(entries_of((folder / "django.po").read_text()))
    compiled = {
        (key[0] if isinstance(key, tuple) else key): text
        for key, text in sorted(catalogue(language)._catalog.items(), key=str, reverse=True)
        if key
    }

    assert written == compiled


def entries_of(text):
    """Yield (message, with its context before it; its first translation) of a .po file."""
    for block in text.split("\n\n")[1:]:
        parts = dict(re.findall(r'^(msgctxt|msgid|msgstr(?:\[0\])?) "(.*)"$', block, re.M))
        context = f"{parts['msgctxt']}\x04" if "msgctxt" in parts else ""
        yield context + parts["msgid"], parts.get("msgstr", parts.get("msgstr[0]"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_name_the_same_values(language):
    named = re.compile(r"%\(\w+\)s|%d")
    entries = entries_of((ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_text())

    for message, translation in entries:
        assert sorted(named.findall(message)) == sorted(named.findall(translation)), message


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
        ("150000", "UZS", "en", "150,000 UZS"),
        ("150000", "UZS", "uz", "150 000 soʻm"),
        ("150000", "UZS", "kaa", "150 000 sum"),
        ("150000", "UZS", "ru", "150 000 сум"),
        ("150000.5", "UZS", "ru", "150 000,50 сум"),
        ("12", "USD", "en", "12.00 USD"),
        ("1234.5", "USD", "uz", "1 234,50 USD"),
        ("1500", "JPY", "ru", "1 500 JPY"),
        ("1.25", "KWD", "en", "1.250 KWD"),
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

    assert told.text.splitlines() == ["Anna Total: 0 UZS. Order paid", "Total: 1\xa0UZS."]
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
