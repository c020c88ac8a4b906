"""Guests' secrets: random, signed, and never stored."""

import pytest

from shopkit.cart.owners import is_genuine, new_token, owner_of_token, owner_of_user


def test_a_new_token_is_genuine_and_unlike_every_other():
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(is_genuine(token) for token in tokens)


def test_a_token_carries_at_least_128_random_bits():
    secret = new_token().split(":")[0]

    assert len(secret) * 6 >= 128


@pytest.mark.parametrize(
    "text", ["", "x", "x:y", ":", "0" * 64, "é", "\x00", "a" * 100_000, "user:5"]
)
def test_a_text_that_is_not_ours_is_not_genuine(text):
    assert not is_genuine(text)


def test_a_token_with_one_letter_changed_is_not_genuine():
    token = new_token()
    swapped = "B" if token[0] == "A" else "A"

    assert not is_genuine(swapped + token[1:])
    assert not is_genuine(token[:-1])
    assert not is_genuine(token + "=")


def test_a_signature_made_for_another_purpose_is_not_genuine():
    from django.core import signing

    assert not is_genuine(signing.Signer(salt="password-reset").sign("a" * 32))


def test_a_token_outlives_a_change_of_the_secret_key(settings):
    token, old = new_token(), settings.SECRET_KEY

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new-key" * 8, [old]
    assert is_genuine(token)
    settings.SECRET_KEY_FALLBACKS = []
    assert not is_genuine(token)


def test_the_owner_of_a_token_tells_nothing_of_it():
    token = new_token()
    owner = owner_of_token(token)

    assert owner == owner_of_token(token)
    assert owner.startswith("guest:")
    assert len(owner) == len("guest:") + 64
    assert token not in owner
    assert token.split(":")[0] not in owner


@pytest.mark.django_db
def test_a_user_is_an_owner_by_primary_key(user):
    assert owner_of_user(user) == f"user:{user.pk}"
