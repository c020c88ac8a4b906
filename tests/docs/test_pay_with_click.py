"""The guide to Click does what it says: its settings, its curl, its matrix."""

import inspect
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from shopkit.orders.models import Order
from shopkit.payments.backends.click import ClickBackend
from shopkit.payments.backends.click.shop_api import NOTES
from shopkit.payments.providers import providers
from tests.orders.conftest import cup, fill, place  # noqa: F401 - a fixture among them

from .test_how_to import follow  # noqa: F401

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "pay-with-click.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = ("7K3M9-QX2TD", "9H2PC-4MVWA", "K5T3N-8RX1Z")
pytestmark = pytest.mark.django_db(transaction=True)


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.M | re.S)


@pytest.fixture
def shop(follow, monkeypatch):  # noqa: F811
    """A site that followed the guide with the demo's account."""
    monkeypatch.setenv("CLICK_SERVICE_ID", "31337")
    monkeypatch.setenv("CLICK_MERCHANT_ID", "777")
    monkeypatch.setenv("CLICK_SECRET_KEY", "demo-click-secret")
    monkeypatch.setenv("NO_PROXY", "*")
    follow(PAGE.name)


@pytest.fixture
def orders(as_user, cup):  # noqa: F811
    """Three unpaid orders of 100 000."""
    placed = []
    for _ in range(3):
        fill(as_user, (cup, 2))
        placed.append(place(as_user).json()["number"])
    return placed


def with_orders(text, orders, url):
    for example, number in zip(EXAMPLES, orders, strict=True):
        text = text.replace(example, number)
    text = re.sub(r"150000\.00|80000\.00", "100000.00", text)
    return text.replace("http://127.0.0.1:8000", url)


def test_its_settings_are_those_of_a_shop(shop):
    assert isinstance(providers()["click"], ClickBackend)


def test_its_table_of_options_is_complete():
    section = TEXT[TEXT.index("| option |") : TEXT.index("## Pay an order")]

    listed = re.findall(r"^\| `(\w+)` \|", section, re.M)

    assert listed == list(inspect.signature(ClickBackend).parameters)


def test_its_table_of_answers_is_complete():
    assert re.findall(r"^\| `(0|-\d)` \|", TEXT, re.M) == [str(code) for code in NOTES]


def test_its_curl_pays_an_order(shop, orders, live_server, tmp_path):
    script = with_orders("\n".join(blocks("bash")), orders, live_server.url)

    said = subprocess.run(  # noqa: S603 - our own page
        ["/bin/bash", "-ec", script],
        cwd=tmp_path,
        env={**os.environ, "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    prepared, completed = re.findall(r"\{.*?\}", said.stdout)
    assert json.loads(prepared)["error"] == 0
    assert json.loads(completed)["error"] == 0
    assert Order.objects.get(number=orders[0]).payment_status == "paid"


def test_its_matrix_is_passed(shop, orders, live_server, capsys):
    (code,) = [one for one in blocks("python") if "ClickCaller" in one]

    exec(with_orders(code, orders, live_server.url), {})  # noqa: S102 - our own page

    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 15
    assert all(row.startswith("ok ") for row in rows)
    statuses = Order.objects.order_by("pk").values_list("payment_status", flat=True)
    assert list(statuses) == ["paid", "paid", "unpaid"]


def test_its_receipts_are_options_of_the_backend():
    (code,) = [one for one in blocks("python") if '"receipts"' in one]
    options = eval("{" + code + "}")  # noqa: S307 - our own page

    ClickBackend(service_id=1, merchant_id=2, secret_key="x", merchant_user_id=3, **options)
