"""The guides to paying without a gateway, done as they say."""

import importlib

import pytest
from django.utils.translation import override

from shopkit.orders.models import Order
from shopkit.payments.backends.dummy import DummyBackend
from shopkit.payments.models import Payment
from shopkit.payments.providers import provider_of
from tests.orders.conftest import API, cup, fill, place  # noqa: F401 - a fixture among them

from .test_how_to import GUIDES, follow  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(as_user, cup):  # noqa: F811
    """An order of 100 000."""
    fill(as_user, (cup, 2))
    return place(as_user).json()


@pytest.fixture
def begin(as_user, order):
    """Begin to pay the order."""

    def start(**body):
        path = f"{API}orders/{order['number']}/payments/"
        answer = as_user.post(path, body, format="json")
        assert answer.status_code == 201, answer.content
        return answer.json()

    return start


@pytest.mark.parametrize("name", ["customers_can_pay", "another_amount_pays_nothing"])
def test_pay_with_the_dummy(follow, settings, tmp_path, begin, name):  # noqa: F811
    settings.DEBUG = True
    given = follow("pay-with-the-dummy.md")
    assert given["DEBUG"] is True
    (tmp_path / "test_paying.py").rename(tmp_path / "shop" / "paying.py")
    tests = importlib.import_module("shop.paying")
    settings.DEBUG = False  # as a test runner leaves it

    getattr(tests, f"test_{name}")(settings, begin)


def test_every_option_of_the_dummy_is_in_the_guide(settings):
    options = DummyBackend.__init__.__kwdefaults__.keys() | {"secret"}
    page = (GUIDES / "pay-with-the-dummy.md").read_text()

    assert [one for one in options if f"| `{one}` |" not in page] == []


def test_take_cash_and_bank_transfers(follow, client, begin, as_staff, order):  # noqa: F811
    follow("take-cash-and-bank-transfers.md")
    names = {one["code"]: one["name"] for one in client.get(f"{API}payments/providers/").json()}
    assert names == {"offline": "Cash on delivery", "bank": "Bank transfer"}
    with override("ru"):
        assert str(provider_of("offline").name) == "Наличными при получении"

    begun = begin(provider="bank")
    assert (begun["status"], begun["redirect_url"], begun["expires_at"]) == ("pending", None, None)
    path = f"{API}orders/{order['number']}/mark-paid/"
    wrong = as_staff.post(path, {"amount": "1.00"}, format="json")
    right = as_staff.post(path, {"amount": "100000.00", "reference": "7"}, format="json")
    again = as_staff.post(path, {}, format="json")

    assert (wrong.status_code, wrong.json()["code"]) == (409, "amount_mismatch")
    assert (right.status_code, right.json()["payment_status"]) == (200, "paid")
    assert (again.status_code, again.json()["code"]) == (409, "already_paid")
    payment = Payment.objects.get()
    assert (payment.provider, payment.reference) == ("bank", "7")
    assert Order.objects.get().expires_at is None
