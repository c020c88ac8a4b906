"""The guide to Stripe, its examples run."""

import re
from pathlib import Path

import pytest
from django.urls import resolve

from shopkit.payments.backends.stripe import StripeBackend, StripeIntentBackend
from shopkit.payments.backends.stripe.calls import API_VERSION
from shopkit.payments.backends.stripe.events import READERS
from shopkit.payments.providers import providers
from tests.docs.test_how_to import follow  # noqa: F401 - a fixture

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "pay-with-stripe.md"
if not PAGE.exists():
    pytest.skip("The documentation is not here.", allow_module_level=True)

TEXT = PAGE.read_text(encoding="utf-8")
_FIRST, _SECOND, TESTS = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
SPACE = {"__name__": __name__}
exec(TESTS, SPACE)  # noqa: S102 - our own page

TestCard = SPACE["TestCard"]


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("STRIPE_API_KEY", "rk_test_made_up")
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", "whsec_made_up_1")
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET_HERE", "whsec_made_up_2")


@pytest.mark.django_db
def test_the_settings_build_both_backends(follow):  # noqa: F811
    follow(PAGE.name)

    built = providers()

    assert {code: type(one) for code, one in built.items()} == {
        "card": StripeBackend,
        "card-here": StripeIntentBackend,
    }
    assert built["card"].return_url == "https://myshop.example/thanks"


def test_the_endpoint_is_told_as_it_is():
    (listed,) = re.findall(r"^```text\n(.*?)^```", TEXT, re.M | re.S)
    (path,) = set(re.findall(r"(/api/v1/payments/webhooks/\w+/)", TEXT))

    assert sorted(listed.split()) == sorted(READERS)
    assert f"`{API_VERSION}`" in TEXT
    assert resolve(path).url_name == "payment-webhook"
