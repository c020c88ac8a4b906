"""The examples of the guides do what the guides say."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.core import mail
from django.core.checks import run_checks

from shopkit.notifications.conf import notifications_settings
from shopkit.orders.services import move_order
from tests.orders.conftest import fill, place

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
if not GUIDES.exists():
    pytest.skip("The documentation is not here.", allow_module_level=True)


def blocks(page):
    text = (GUIDES / page).read_text(encoding="utf-8")
    return [
        re.sub(r"^   ", "", code, flags=re.M) if indent else code
        for indent, code in re.findall(r"^( *)```python\n(.*?)^ *```", text, re.M | re.S)
    ]


class Parrot(ModuleType):
    """The messenger of the guide."""

    class Error(Exception):
        """Something failed."""

    class NoSuchUser(Error):
        """Nobody there."""

    class ReadTimeout(Error):
        """No answer."""

    def __init__(self):
        super().__init__("shop.parrot")
        self.messages = []
        self.is_broken = False

    def post(self, to, text, *, key):
        assert key
        if self.is_broken:
            raise self.Error
        self.messages.append((to, text))

    def break_down(self):
        self.is_broken = True


CHANNEL, CONTRACT, SETTINGS = blocks("write-a-notification-channel.md")
PARROT = Parrot()
sys.modules["shop"] = ModuleType("shop")
sys.modules["shop"].parrot = sys.modules["shop.parrot"] = PARROT
SHOP = sys.modules["shop.channels"] = ModuleType("shop.channels")
SPACE = {"__name__": __name__}
try:
    exec(CHANNEL, SHOP.__dict__)  # noqa: S102 - our own pages
    exec(CONTRACT, SPACE)  # noqa: S102
finally:
    for name in ("shop", "shop.parrot", "shop.channels"):
        del sys.modules[name]


@pytest.fixture(autouse=True)
def _mended():
    PARROT.messages.clear()
    PARROT.is_broken = False


class TestParrotChannel(SPACE["TestParrotChannel"]):
    """The guide's own test case."""


def test_the_settings_of_the_channel_guide_are_sound(monkeypatch, configure):
    monkeypatch.setitem(sys.modules, "shop", ModuleType("shop"))
    monkeypatch.setitem(sys.modules, "shop.channels", SHOP)
    given = {}
    exec(SETTINGS, given)  # noqa: S102

    configure(**given["SHOPKIT"]["NOTIFICATIONS"])

    assert [one for one in run_checks(tags=["shopkit"]) if "notifications" in one.id] == []


@pytest.mark.django_db(transaction=True)
def test_the_settings_of_the_guide_tell_as_it_says(as_user, user, cup, texts, configure):
    from .conftest import reach

    apps, settings, staff_chat = blocks("tell-customers-and-staff.md")
    assert '"shopkit.notifications"' in apps
    assert "staff_buttons.handle" in staff_chat
    given = {}
    exec(settings, given)  # noqa: S102
    configure(**given["SHOPKIT"]["NOTIFICATIONS"])
    reach(user, email="anna@example.com", phone="+998901234567")

    fill(as_user, (cup, 1))
    number = place(as_user).json()["number"]
    from shopkit.orders.models import Order

    for step in ("processing", "shipped", "delivered"):
        move_order(Order.objects.get().pk, to=step, by="staff")

    assert f"https://shop.example/orders/{number}/" in mail.outbox[0].body
    assert len(texts) == 2  # received, on its way
    to = [one.to[0] for one in mail.outbox]
    assert to.count("orders@shop.example") == 1
    assert to.count("anna@example.com") == 2


def test_the_guide_lists_every_kind():
    page = (GUIDES / "tell-customers-and-staff.md").read_text()

    staff = "staff_payment_review|staff_review_waiting|staff_stock_low"
    listed = re.findall(rf"`((?:staff_)?order_\w+|review_\w+|{staff}|back_in_stock|welcome)`", page)
    assert set(listed) == set(_kinds())
    assert notifications_settings().GUEST_PER_DESTINATION == ("6/hour", "20/day")


def _kinds():
    from shopkit.notifications.kinds import KINDS

    return KINDS
