"""A day in the shop at the most talkative level: no code, token or phone ends up in the log.

The formatter under test is a plain one that cleans nothing, so what is proven is what we log.
"""

import json
import logging
import re

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from shopkit.otp.testing import code_of, wrong_code_of
from shopkit.sms.backends import memory as sms
from shopkit.telegram.backends import memory as telegram
from shopkit.telegram.testing import contact_message, text_message
from tests.orders.conftest import API, BODY, cup, fill  # noqa: F401 - a fixture among them

from .log_lines import everything_logged

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+998907654321"
WEBHOOK = f"{API}telegram/webhook/"
SECRET = "tests-only-webhook-secret"


@pytest.fixture(autouse=True)
def site(settings):
    settings.MIDDLEWARE = [
        "shopkit.core.middleware.RequestLogMiddleware",
        *settings.MIDDLEWARE,
    ]
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "TELEGRAM": {
            **settings.SHOPKIT["TELEGRAM"],
            "HANDLERS": ("shopkit.accounts.dialogue.handle",),
        },
        "OTP": {"CHAT_OF": "shopkit.accounts.services.telegram.chat_of"},
    }
    for outbox in (sms.outbox, telegram.outbox):
        outbox.clear()
    cache.clear()


def post(client, path, body=None, **headers):
    return client.post(f"{API}{path}", body or {}, format="json", headers=headers)


def sign_in_by_phone():
    """Return a signed-in client, and the secrets that went over the wire."""
    client = APIClient()
    challenge = post(client, "auth/otp/", {"channel": "sms", "phone": PHONE}).json()["challenge"]
    code, wrong = code_of(challenge), wrong_code_of(challenge)
    assert code in sms.outbox[-1].text
    assert (
        post(client, "auth/otp/verify/", {"challenge": challenge, "code": wrong}).status_code == 400
    )
    tokens = post(client, "auth/otp/verify/", {"challenge": challenge, "code": code}).json()
    fresh = post(client, "auth/refresh/", {"refresh": tokens["refresh"]}).json()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {fresh['access']}")
    return client, [
        code,
        wrong,
        *(part[name] for part in (tokens, fresh) for name in ("access", "refresh")),
    ]


def buy(client, variant):
    """Buy as a guest and as a customer; return the secrets."""
    guest = APIClient()
    fill(guest, (variant, 1))
    contact = {**BODY["contact"], "phone": PHONE}
    order = post(
        guest, "orders/", {**BODY, "contact": contact}, **{"Idempotency-Key": "guest-key-1"}
    )
    assert order.status_code == 201, order.content
    token, number = order.json()["token"], order.json()["number"]
    paid = post(
        guest, f"orders/{number}/payments/", {"provider": "offline"}, **{"X-Order-Token": token}
    )
    assert paid.status_code == 201, paid.content
    short = post(
        client, "orders/", {**BODY, "contact": contact}, **{"Idempotency-Key": "user-key-2"}
    )
    assert short.status_code == 409
    cart_token = guest._credentials["HTTP_X_CART_TOKEN"]
    return [token, cart_token]


def talk_to_the_bot():
    """Share a number in the chat and sign in with the code; return the secrets."""
    client = APIClient()

    def tell(update, secret=SECRET):
        return client.generic(
            "POST",
            WEBHOOK,
            update if isinstance(update, bytes) else json.dumps(update).encode(),
            content_type="application/json",
            HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=secret,
        ).status_code

    assert tell(text_message("/start link-secret-0123456789")) == 200
    assert tell(contact_message(PHONE)) == 200
    code = re.search(r"\d{4,10} \d{3} \d{3}", telegram.outbox[-1]["text"])[0]
    assert post(client, "auth/telegram/", {"code": code}).status_code == 200
    assert tell(f'{{"phone": "{PHONE}"'.encode()) == 200
    assert tell({}, secret="a-guessed-webhook-secret") == 403
    return [
        code,
        code.replace(" ", ""),
        "link-secret-0123456789",
        SECRET,
        "a-guessed-webhook-secret",
    ]


def test_a_day_in_the_shop_leaves_no_secret_in_the_log(cup):  # noqa: F811
    plain = logging.Formatter("%(name)s %(message)s %(request_id)s")
    with everything_logged(plain) as lines:
        client, secrets = sign_in_by_phone()
        secrets += buy(client, cup)
        secrets += talk_to_the_bot()
        client.post(f"{API}orders/", f'{{"phone": "{PHONE}"', content_type="application/json")
        client.get(f"{API}products/?search={PHONE}&token={secrets[0]}")

    assert len(secrets) == 13
    found = [secret for secret in [*secrets, PHONE, PHONE[1:], PHONE[4:]] if secret in lines.text]
    assert found == []
    routes = set(re.findall(r"^shopkit\.access \w+ (\S+)", lines.text, re.MULTILINE))
    assert {"shopkit:auth-otp-verify", "shopkit:order-list", "shopkit:telegram-webhook"} <= routes
    assert "shopkit.sms Message" in lines.text
