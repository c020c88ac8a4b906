"""The code of a challenge is computed, from all that the challenge is about."""

import hashlib
import hmac
from uuid import UUID

import pytest

from shopkit.otp.codes import KeyRetired, compute, derive, read_digits, server_keys
from shopkit.otp.models import Challenge

KEY = b"otp-vector-key-0123456789abcdef0123456789abcdef"
SUBJECT = {
    "nonce": "000102030405060708090a0b0c0d0e0f",
    "purpose": "sign_in",
    "destination": "+998901234567",
    "challenge": UUID("11111111-2222-4333-8444-555555555555"),
}


@pytest.mark.parametrize(("length", "code"), [(6, "403359"), (7, "6403359"), (8, "66403359")])
def test_the_vector_holds(length, code):
    assert compute(KEY, **SUBJECT, length=length) == code


def test_the_truncation_is_that_of_rfc_4226():
    text = (
        b"000102030405060708090a0b0c0d0e0f|sign_in|+998901234567|"
        b"11111111-2222-4333-8444-555555555555"
    )
    digest = hmac.new(KEY, text, hashlib.sha256).hexdigest()
    start = int(digest[-1], 16) * 2
    number = int(digest[start : start + 8], 16) % 2**31

    assert compute(KEY, **SUBJECT, length=6) == f"{number % 1_000_000:06d}"


@pytest.mark.parametrize(
    "other",
    [
        {"nonce": "000102030405060708090a0b0c0d0e10"},
        {"purpose": "password_reset"},
        {"destination": "+998901234568"},
        {"challenge": UUID("11111111-2222-4333-8444-555555555556")},
    ],
)
def test_another_subject_has_another_code(other):
    assert compute(KEY, **SUBJECT, length=8) != compute(KEY, **{**SUBJECT, **other}, length=8)


def test_codes_are_spread_evenly_and_keep_leading_zeros():
    codes = [
        compute(KEY, **{**SUBJECT, "challenge": UUID(int=number)}, length=6)
        for number in range(5_000)
    ]

    assert {len(code) for code in codes} == {6}
    first = [sum(code[0] == digit for code in codes) for digit in "0123456789"]
    assert min(first) > 400
    assert max(first) < 600


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("482913", "482913"),
        (" 482 913\n", "482913"),
        ("482-913", "482913"),
        ("482\u2013913", "482913"),
        ("4711 482 913", "4711482913"),
        ("\u200e482\u00a0913\u200f", "482913"),
        ("٤٨٢٩١٣", "482913"),
        ("۴۸۲۹۱۳", "482913"),
        ("\uff14\uff18\uff12\uff19\uff11\uff13", "482913"),
        ("48291²", ""),
        ("48291x", ""),
        ("4829.13", ""),
        ("", ""),
        ("-", ""),
        ("9" * 10_000, "9" * 64),
    ],
)
def test_what_people_type_is_read(typed, read):
    assert read_digits(typed) == read


def test_without_keys_they_come_from_the_secret_key_and_its_fallbacks(settings):
    settings.SECRET_KEY = "a" * 50
    [(first, key)] = server_keys().items()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "b" * 50, ["a" * 50]

    found = server_keys()

    assert list(found)[1] == first
    assert found[first] == key
    assert len(found) == 2
    assert "a" * 50 not in repr(found)


def test_the_first_of_the_given_keys_is_for_new_codes(otp):
    otp(KEYS={"new": "n" * 40, "old": "o" * 40})

    assert list(server_keys().items()) == [("new", b"n" * 40), ("old", b"o" * 40)]


def test_a_retired_key_derives_nothing():
    with pytest.raises(KeyRetired):
        derive(Challenge(key_id="gone", length=6))


def test_settings_do_not_show_their_keys(otp):
    from shopkit.otp.conf import otp_settings

    otp(KEYS={"new": "very-secret" * 4})

    assert "very-secret" not in repr(otp_settings())
