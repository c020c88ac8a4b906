"""The guide to Payme: its settings hold, its commands work, its test class is one."""

import inspect
import json
import os
import re
import subprocess

import pytest

from shopkit.catalog.testing import make_variant
from shopkit.inventory.testing import make_stock
from shopkit.payments.backends.payme import PaymeBackend
from shopkit.payments.providers import providers
from tests.docs.test_how_to import GUIDES, follow  # noqa: F401 - a fixture

PAGE = (GUIDES / "pay-with-payme.md").read_text(encoding="utf-8")
[TESTS] = re.findall(r"^```python\n# shop/test_payme.py\n(.*?)^```", PAGE, re.M | re.S)
SPACE = {"__name__": __name__}
exec(TESTS, SPACE)  # noqa: S102 - our own page
# One scenario shows that the fixtures are right; all of them run in tests/payments.
OTHERS = {name: None for name in dir(SPACE["TestPayme"]) if name.startswith("test_")}
del OTHERS["test_paid_and_given_back"]


@pytest.fixture(autouse=True)
def _guide(follow, monkeypatch):  # noqa: F811
    monkeypatch.setenv("PAYME_MERCHANT_ID", "demo-payme")
    monkeypatch.setenv("PAYME_KEY", "demo-payme-key")
    follow("pay-with-payme.md")


class TestPayme(SPACE["TestPayme"]):
    """The example's class."""

    locals().update(OTHERS)


@pytest.mark.django_db
def test_the_settings():
    till = providers()["payme"]
    assert isinstance(till, PaymeBackend)
    assert (till.merchant_id, till.key, till.is_live) == ("demo-payme", "demo-payme-key", True)


def test_the_table_of_options_is_complete():
    listed = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", PAGE, re.M)
    names = [name.strip("`") for cell in listed for name in cell.split(", ")]
    assert names == list(inspect.signature(PaymeBackend).parameters)


@pytest.mark.django_db(transaction=True)
def test_the_commands(live_server):
    make_stock(make_variant(price="50000"), on_hand=10)
    script = "set -eu\n" + "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.M | re.S))
    script = script.replace("http://127.0.0.1:8000", live_server.url)
    run = subprocess.run(  # noqa: S603 - our own page
        ["bash", "-c", script],  # noqa: S607
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], "no_proxy": "*"},
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    answers = [json.loads(line) for line in lines]
    assert lines[4] == lines[5]
    assert lines[6] == lines[7]
    results = [answer["result"] for answer in answers if "result" in answer]
    assert results[0] == {"allow": True}
    assert [one["state"] for one in results if "state" in one] == [1, 1, 2, 2, 2, -2, -2]
    assert [one["state"] for one in results[6]["transactions"]] == [2]
    assert results[-1]["reason"] == 5
    codes = [answer["error"]["code"] for answer in answers if "error" in answer]
    assert codes == [-32504, -31001, -31050]
