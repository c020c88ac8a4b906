"""An order in the demo leaves a mail, a chat message and lines in the outbox."""

import json
from email import message_from_bytes, policy
from pathlib import Path

from .sites import Site

RULE = b"-" * 79 + b"\n"
ORDER = """
import time
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient
from shopkit.catalog.models import Variant
from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery
from shopkit.orders.models import Order
from shopkit.orders.services import move_order
def settle():
    # The background thread of a serving process may be at some of them.
    while Delivery.objects.pending().exists():
        deliver_all()
        time.sleep(0.1)
client = APIClient(headers={"Accept-Language": "uz", "Host": "localhost"})
client.force_authenticate(get_user_model().objects.get(username="dilnoza"))
variant = Variant.objects.on_sale().filter(stock_item__on_hand__gte=9).order_by("-pk").first()
line = {"variant_id": variant.pk, "quantity": 1}
assert client.post("/api/v1/cart/items/", line, format="json").status_code == 201
body = {
    "contact": {"name": "Dilnoza"},
    "address": {"city": "Nukus", "street": "Berdaq 1"},
}
number = client.post("/api/v1/orders/", body, format="json").json()["number"]
settle()
pk = Order.objects.get(number=number).pk
move_order(pk, to="processing", by="staff")
move_order(pk, to="shipped", by="staff", tracking_number="RR1")
settle()
print(json.dumps(number))
"""


def lines(path: Path, number: str):
    """Return the lines about this order."""
    found = [json.loads(line) for line in path.read_text().splitlines()]
    return [one for one in found if number in one.get("text", "")]


def mails(folder: Path):
    """Return what Django wrote: a file may hold several letters, with a line after each."""
    texts = [text for path in folder.iterdir() for text in path.read_bytes().split(RULE)]
    return [message_from_bytes(text.lstrip(), policy=policy.default) for text in texts if text]


def test_an_order_is_told_to_the_customer_and_the_staff(shop: Site):
    number = shop.ask(ORDER)

    outbox = Path(shop.environment["SHOPKIT_VAR"]) / "outbox"
    letters = mails(outbox / "email")
    told = {
        (one["To"], one["Subject"].strip()) for one in letters if number in (one["Subject"] or "")
    }
    assert told == {
        ("dilnoza@example.com", f"{number} raqamli buyurtmangiz qabul qilindi"),
        ("dilnoza@example.com", f"{number} raqamli buyurtma yoʻlda"),
        ("staff@example.com", f"New order {number}"),
    }
    [text] = lines(outbox / "sms.jsonl", number)
    assert text["text"] == f"{number} raqamli buyurtma yo'lda. Kuzatuv raqami: RR1"
    [chat] = lines(outbox / "telegram.jsonl", number)
    [[confirm, cancel]] = chat["reply_markup"]["inline_keyboard"]
    assert confirm["callback_data"] == f"shopkit:{number}:confirm"
    assert cancel["callback_data"] == f"shopkit:{number}:cancel"
