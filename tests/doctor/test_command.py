"""``shopkit_doctor`` as people and monitoring run it: real transactions, exit status, JSON."""

import io
import json
import logging

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from shopkit.catalog.models import Category, Listing, Product
from shopkit.core.models import Delivery
from shopkit.inventory.models import StockItem

from .shop import ago, make_shop

pytestmark = pytest.mark.django_db(transaction=True)


def doctor(*args):
    """Return exit status, standard output and the last words of standard error."""
    out = io.StringIO()
    try:
        call_command("shopkit_doctor", *args, stdout=out, stderr=io.StringIO())
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


@pytest.fixture
def shop():
    return make_shop()


def test_it_says_that_the_books_balance(shop):
    status, out, err = doctor()

    assert (status, err) == (0, "")
    assert out.startswith("The books balance: ")
    assert ", 0 errors, 0 warnings, " in out


def test_it_lists_what_does_not_with_the_remedy(shop):
    item = StockItem.objects.get(variant=shop.variant)
    StockItem.objects.filter(pk=item.pk).update(on_hand=F("on_hand") + 4)

    status, out, err = doctor("--only", "inventory, payments")

    assert status == 1
    assert out.splitlines()[0] == (
        f"ERROR inventory.ledger: stock item {item.pk} (SHIRT-S): "
        f"{item.on_hand + 4} on hand, the ledger comes to {item.on_hand}"
    )
    assert "count the shelf" in out.splitlines()[1]
    assert err.startswith("The books do not balance: 11 probes, 1 errors, 0 warnings, ")


def test_it_mends_what_is_derived_and_nothing_else(shop):
    Product.objects.update(in_stock=False, search_key="")
    Listing.objects.all().delete()
    Category.objects.update(level=7)
    StockItem.objects.update(on_hand=F("on_hand") + 1)
    assert doctor("--only", "catalog")[0] == 1
    assert not Listing.objects.exists()

    status, out, _err = doctor("--fix")

    assert status == 1
    assert "catalog.tree: 3 fixed" in out
    assert "catalog.cached: 1 fixed" in out
    assert {line.split(":")[0] for line in out.splitlines() if line.startswith("ERROR")} == {
        "ERROR inventory.ledger"
    }
    assert doctor("--only", "catalog")[0] == 0
    assert shop.product.listings.count() == 2


def test_warnings_are_listed_and_fail_only_when_asked(shop):
    Delivery.objects.create(fact="order.placed", subscriber="x.y", ids={}, parked_at=ago(hours=1))

    status, out, _err = doctor("--only=core")
    strict, _out, err = doctor("--only=core", "--fail-level=WARNING")

    assert (status, strict) == (0, 1)
    assert "WARNING core.facts_parked: delivery " in out
    assert "The books balance: " in out
    assert "The books balance: " in err


def test_json_is_one_document(shop):
    StockItem.objects.update(on_hand=F("on_hand") + 1)

    status, out, _err = doctor("--json", "--only=inventory.ledger,catalog.tree", "--limit=1")

    told = json.loads(out)
    assert status == 1
    assert (told["balanced"], told["errors"], told["warnings"], told["fixed"]) == (False, 2, 0, 0)
    ledger, tree = told["probes"]
    assert (ledger["name"], ledger["errors"], len(ledger["findings"])) == ("inventory.ledger", 2, 1)
    assert ledger["findings"][0]["level"] == "ERROR"
    assert ledger["findings"][0]["is_fixable"] is False
    assert (tree["name"], tree["errors"], tree["findings"]) == ("catalog.tree", 0, [])


def test_the_limit_bounds_what_is_named_not_what_is_counted(shop):
    StockItem.objects.update(on_hand=F("on_hand") + 1)

    _status, out, err = doctor("--only=inventory.ledger", "--limit=1")

    assert out.count("ERROR") == 1
    assert "... and 1 more" in out
    assert "1 probes, 2 errors" in err


def test_findings_go_to_the_log_when_asked(shop, caplog):
    StockItem.objects.update(on_hand=F("on_hand") + 1)
    with caplog.at_level(logging.INFO, "shopkit.doctor"):
        doctor("--only=inventory.ledger", "--limit=1")
        assert not caplog.records
        doctor("--only=inventory.ledger", "--limit=1", "--log")

    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "inventory.ledger: stock item " in caplog.records[0].getMessage()
    assert caplog.records[1].getMessage() == "inventory.ledger: and 1 more"


def test_a_probe_that_does_not_exist_is_another_exit_status():
    status, out, err = doctor("--only=orders,ordres")

    assert (status, out) == (2, "")
    assert err.startswith("There is no probe ordres. Known are ")


def test_it_says_what_it_proves():
    status, out, _err = doctor("--list", "--only=payments.currency")

    assert (status, out) == (0, "payments.currency: A payment is in its order's currency.\n")
