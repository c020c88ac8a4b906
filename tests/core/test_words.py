"""Money as people write it."""

import threading
from decimal import Decimal

import pytest
from django.utils import translation

from shopkit.core.words import FIXED, show_money


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("150000", "UZS", "uz", "150 000 soʻm"),
        ("150000", "UZS", "uz-latn", "150 000 soʻm"),
        ("150000", "UZS", "uz-cyrl", "150 000 сўм"),
        ("150000", "UZS", "ru", "150 000 сум"),
        ("150000", "UZS", "kaa", "150 000 swm"),
        ("150000", "UZS", "kaa-cyrl", "150 000 сўм"),
        ("150000", "UZS", "en", "UZS 150,000"),
        ("150000", "UZS", "en-gb", "UZS 150,000"),
        ("150000", "UZS", "de", "150.000 UZS"),
        ("150000", "UZS", "hi", "150,000 UZS"),
        ("150000", "UZS", "xx", "150,000 UZS"),
        ("150000.50", "UZS", "uz", "150 000,50 soʻm"),
        ("150000.004", "UZS", "uz", "150 000 soʻm"),
        ("0", "UZS", "ru", "0 сум"),
        ("-1500", "UZS", "ru", "-1 500 сум"),
        ("-1500", "UZS", "en", "-UZS 1,500"),
        ("-0.001", "UZS", "en", "UZS 0"),
        ("1234.5", "USD", "en", "$1,234.50"),
        ("-1234.5", "USD", "en", "-$1,234.50"),
        ("1234.5", "USD", "ru", "1 234,50 $"),
        ("1500", "RUB", "ru", "1 500,00 ₽"),
        ("1500", "JPY", "uz", "1 500 JPY"),
        ("1.25", "KWD", "kaa", "1,250 KWD"),
        ("900000000000000", "UZS", "kaa", "900 000 000 000 000 swm"),
    ],
)
def test_money_has_the_digits_marks_and_name_of_its_language(amount, currency, language, shown):
    expected = shown.replace(" ", FIXED)
    assert show_money(Decimal(amount), currency, language=language) == expected
    with translation.override(language):
        assert show_money(Decimal(amount), currency) == expected


@pytest.mark.parametrize(
    ("currency", "language", "shown"),
    [
        ("UZS", "uz", "1 500 so'm"),
        ("UZS", "uz-cyrl", "1 500 so'm"),
        ("UZS", "kaa", "1 500 swm"),
        ("UZS", "ru", "1 500 sum"),
        ("UZS", "en", "UZS 1,500"),
        ("RUB", "ru", "1 500,00 RUB"),
        ("USD", "en", "USD 1,500.00"),
    ],
)
def test_money_of_a_text_message_is_ascii(currency, language, shown):
    told = show_money(Decimal(1500), currency, language=language, is_plain=True)

    assert told == shown
    assert told.isascii()


def test_without_a_language_the_sites_own_counts(settings):
    settings.LANGUAGE_CODE = "uz"

    with translation.override(None):
        assert show_money(Decimal(1500), "UZS") == f"1{FIXED}500{FIXED}soʻm"


def test_what_is_no_currency_is_refused():
    with pytest.raises(ValueError, match="ISO 4217"):
        show_money(Decimal(1), "BTC")


def test_threads_write_in_their_own_languages():
    told, ready = {}, threading.Barrier(3)

    def write(language):
        with translation.override(language):
            ready.wait(10)
            told[language] = {show_money(Decimal(1500), "UZS") for _ in range(200)}

    threads = [threading.Thread(target=write, args=[code]) for code in ("uz", "kaa", "ru")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)

    assert told == {
        "uz": {f"1{FIXED}500{FIXED}soʻm"},
        "kaa": {f"1{FIXED}500{FIXED}swm"},
        "ru": {f"1{FIXED}500{FIXED}сум"},
    }
