"""The doctor's pages: the table of codes is complete, the guide's examples do what it says."""

import importlib
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from shopkit.catalog.testing import make_variant
from shopkit.core.doctor import PROBES, check, chosen
from shopkit.core.management.commands.shopkit_doctor import Command
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.models import Movement, StockItem
from shopkit.inventory.services import reserve
from shopkit.inventory.testing import make_stock
from tests.doctor.breaches import BREACHES
from tests.orders.conftest import fill, place

from .test_how_to import follow  # noqa: F401

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = "prove-that-the-books-balance.md"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def guide(follow, monkeypatch):  # noqa: F811
    monkeypatch.setattr("shopkit.core.doctor.register.PROBES", dict(PROBES))
    follow(GUIDE)
    return lambda name: importlib.import_module(f"shop.{name}")


def test_the_table_of_codes_is_that_of_the_register():
    page = (DOCS / "reference" / "doctor.md").read_text()
    told = re.findall(r"^\| `([\w.]+)`(.*) \| (.+?) \| (.+?) \|$", page, re.M)

    fixable = {one.code for one in BREACHES if one.is_fixable}
    warned = {one.code for one in BREACHES if one.is_warning}
    marks = {
        code: (" (fixed)" if code in fixable else "") + (" (warning)" if code in warned else "")
        for code in PROBES
    }
    assert told == [(code, marks[code], one.proves, one.remedy) for code, one in PROBES.items()], (
        "\n".join(
            f"| `{code}`{marks[code]} | {one.proves} | {one.remedy} |"
            for code, one in PROBES.items()
        )
    )


def test_every_option_is_in_the_guide():
    parser = Command().create_parser("manage.py", "shopkit_doctor")
    own = {
        flag
        for action in parser._actions
        for flag in action.option_strings
        if action.dest in {"fix", "only", "json", "log", "limit", "fail_level", "list"}
    }
    page = (DOCS / "how-to" / GUIDE).read_text()
    assert set(re.findall(r"^\| `(--[\w-]+)", page, re.M)) == own


def test_stock_is_settled_as_the_guide_shows(guide):
    settle = guide("settle")
    cup = make_variant(sku="CUP")
    make_stock(cup, on_hand=5)
    with transaction.atomic():
        reserve({cup.pk: 2}, owner="till:1")
    StockItem.objects.update(on_hand=F("on_hand") + 3, reserved=F("reserved") + 1)
    assert check(PROBES["inventory.ledger"]).errors == 1
    assert check(PROBES["inventory.reserved"]).errors == 1

    for _twice in range(2):
        settle.settle_ledger("CUP", "script of 3 May")
        settle.settle_reserved("CUP")

    assert_books_balance()
    item = StockItem.objects.get()
    assert (item.on_hand, item.reserved) == (8, 2)
    assert Movement.objects.get(note="script of 3 May").delta == 3
    assert Movement.objects.count() == 2


def test_a_probe_of_the_site_is_run(guide, as_user, capsys):
    shirt, gift = make_variant(sku="SHIRT"), make_variant(sku="GIFT")
    for variant in (shirt, gift):
        make_stock(variant, on_hand=9)
    guide("doctor")
    fill(as_user, (shirt, 2), (gift, 2))
    place(as_user)
    assert [one.name for one in chosen(["shop"])] == ["shop.gifts"]
    assert_books_balance()
    fill(as_user, (shirt, 2), (gift, 1))
    number = place(as_user).json()["number"]

    with pytest.raises(Exception, match="do not balance"):
        call_command("shopkit_doctor", "--only=shop")

    assert capsys.readouterr().out.splitlines()[0] == (
        f"ERROR shop.gifts: order {number}: 2 shirts, 1 gifts"
    )


def test_the_example_of_a_test_runs(guide):
    guide("test_checkout").test_a_day_in_the_shop(None)
