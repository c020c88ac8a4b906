"""The gateway that the guide writes passes the contract, and pays for an order."""

import importlib
import json
import re
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client

from shopkit.core.errors import BackendError
from shopkit.core.testing import assert_books_balance
from shopkit.payments import services
from shopkit.payments.backends.base import Event, Outcome
from shopkit.payments.errors import CallbackRefused
from shopkit.payments.models import Payment, Refund
from tests.orders.conftest import API, cup, fill, place  # noqa: F401 - a fixture among them

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-your-own-gateway.md"
if not PAGE.exists():
    pytest.skip("The documentation is not here.", allow_module_level=True)

BACKEND, SETTINGS, DEMANDING, CONTRACT = re.findall(
    r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S
)
SPACE = {"__name__": __name__}
for block in (BACKEND, DEMANDING, CONTRACT.replace("from shop.parrot import ParrotBackend\n", "")):
    exec(block, SPACE)  # noqa: S102 - our own page

TestParrotBackend = SPACE["TestParrotBackend"]
KEYS = {"PARROT_KEY": "made-up-key", "PARROT_SECRET": "made-up-secret"}


@pytest.fixture
def parrot():
    """Parrot's machine."""
    with SPACE["FakeParrot"]() as running:
        yield running


@pytest.fixture
def guide(parrot, tmp_path, monkeypatch, settings):
    """The site of somebody who did what the guide says."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "parrot.py").write_text(BACKEND)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, value in {**KEYS, "PARROT_API": parrot.url}.items():
        monkeypatch.setenv(name, value)
    given = {}
    exec(SETTINGS, given)  # noqa: S102
    importlib.invalidate_caches()
    settings.SHOPKIT = {**settings.SHOPKIT, **given["SHOPKIT"]}
    assert [one for one in run_checks(tags=["shopkit"]) if one.level >= 40] == []
    yield
    for module in [name for name in sys.modules if name.split(".")[0] == "shop"]:
        del sys.modules[module]


@pytest.fixture
def order(guide, as_user, cup):  # noqa: F811
    """An order of 100 000, its payment begun at Parrot's."""
    fill(as_user, (cup, 2))
    placed = place(as_user).json()
    path = f"{API}orders/{placed['number']}/payments/"
    begun = as_user.post(path, {"provider": "parrot"}, format="json")
    assert begun.status_code == 201, begun.content
    assert begun.json()["redirect_url"].endswith("/pay/pp-1")
    return placed


def tell(**said):
    """Send what Parrot sends."""
    payment = Payment.objects.get()
    told = {"id": str(payment.pk), "amount": 10_000_000, **said}
    call = SPACE["call"]("made-up-secret", **told)
    path = f"{API}payments/webhooks/parrot/"
    headers = dict(call.headers)
    return Client().post(path, call.body, content_type="application/json", headers=headers)


pays = pytest.mark.django_db(transaction=True)


@pays
def test_its_news_pays_for_an_order_and_its_refunds_give_back(order, as_user, as_staff, parrot):
    assert tell().status_code == 200
    assert tell().status_code == 200
    shown = as_user.get(f"{API}orders/{order['number']}/").json()
    assert shown["payment_status"] == "paid"

    path = f"{API}orders/{order['number']}/refunds/"
    refund = as_staff.post(path, {"reason": "returned"}, format="json").json()

    assert (refund["status"], refund["amount"]) == ("succeeded", "100000.00")
    assert Refund.objects.get().reference == f"rf-{refund['id']}"
    started, refunded = parrot.requests
    assert (started.fields["amount"], refunded.fields["amount"]) == (10_000_000, 10_000_000)
    assert started.headers["authorization"] == "Bearer made-up-key"
    assert_books_balance()


@pays
def test_a_wrong_amount_pays_nothing(order, as_user):
    assert tell(amount=9_999_999).status_code == 200

    assert as_user.get(f"{API}orders/{order['number']}/").json()["payment_status"] == "pending"


@pays
def test_what_got_lost_is_asked_for(order, parrot):
    payment = Payment.objects.get()
    said = json.loads(SPACE["call"]("x", id=str(payment.pk), amount=10_000_000).body)
    parrot.next(200, {"events": [said]})

    assert services.recheck(payment.pk).status == "paid"


@pays
def test_a_refund_that_parrot_declines_is_put_before_a_person(order, as_staff, parrot):
    tell()
    parrot.next(422, {"code": "too_old"})
    path = f"{API}orders/{order['number']}/refunds/"

    assert as_staff.post(path, {"reason": "x"}, format="json").json()["status"] == "failed"
    assert Refund.objects.get().failure == "too_old"


def test_a_doubt_is_no_refusal(parrot):
    backend = SPACE["ParrotBackend"](key="k", secret="s", base_url=parrot.url)
    request = SPACE["TestParrotBackend"].request_.__wrapped__(None, backend)
    for status in (500, 302, 429):
        parrot.next(status)
        with pytest.raises(BackendError):
            backend.start(request)
    parrot.next(422)
    with pytest.raises(SPACE["StartRefused"]):
        backend.start(request)


@pytest.mark.parametrize(
    "changes", [{"amount": "1"}, {"amount": 1.5}, {"amount": None}, {"currency": "XXX"}]
)
def test_signed_nonsense_is_malformed(changes):
    backend = SPACE["ParrotBackend"](key="k", secret="s")

    with pytest.raises(CallbackRefused) as refusal:
        backend.read_callback(SPACE["call"]("s", **changes))

    assert refusal.value.answer.status == 400


def test_the_demanding_one_says_what_came_of_it():
    backend = SPACE["DemandingParrotBackend"](key="k", secret="s")
    event = Event(event_id="1", kind="settle")

    answers = [
        backend.answer_callback(event, Outcome(refusal=code)).body
        for code in ("", "wrong_amount", "busy")
    ]

    assert answers == [b'{"code": 0}', b'{"code": 2}', b'{"code": 1}']
