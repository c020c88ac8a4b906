"""Links that open the bot."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from shopkit.telegram.links import deep_link


def test_a_link_carries_its_payload():
    assert deep_link("aZ9_-") == "https://t.me/shopkit_test_bot?start=aZ9_-"


@pytest.mark.parametrize("payload", ["", "x" * 65, "a b", "a&start=b", "ключ", "a\n"])
def test_a_payload_telegram_would_not_take_is_refused(payload):
    with pytest.raises(ValueError, match="payload"):
        deep_link(payload)


def test_a_link_needs_the_name_of_the_bot(configure):
    configure(BOT_USERNAME="")

    with pytest.raises(ImproperlyConfigured, match="BOT_USERNAME"):
        deep_link("abc")
