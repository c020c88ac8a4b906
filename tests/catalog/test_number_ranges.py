"""Lists by a range of numbers: ``attr=memory:8..16``."""

from decimal import Decimal

import pytest

from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.testing import make_attribute

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/"


@pytest.fixture
def shop(db):
    make_attribute(code="memory", type="number", unit="GB", is_variant=True)
    make_attribute(code="depth", type="number")
    make_attribute(code="secret", type="number", is_filterable=False)
    make_attribute(code="colour", type="colour", values=["Red"])
    make_attribute(code="note", type="text")

    def make(name, *memories, **attributes):
        variants = [
            VariantData(price=Decimal(1), attributes={"memory": one}) for one in memories
        ] or [VariantData(price=Decimal(1))]
        create_product(ProductData(name=name, attributes=attributes, variants=variants))

    make("Small", "4", "8", colour="Red")
    make("Middle", "12.5", depth="-3.5")
    make("Large", "16", "64", secret="1", note="1..2")
    make("None", depth="2", colour="Red")


def found(client, *pairs):
    answer = client.get(URL, {"attr": pairs, "ordering": "name"})
    assert answer.status_code == 200, answer.json()
    return [one["name"] for one in answer.json()["results"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("8..16", ["Large", "Middle", "Small"]),
        ("8.1..16", ["Large", "Middle"]),
        ("12.5..12.50", ["Middle"]),
        ("13..", ["Large"]),
        ("..4", ["Small"]),
        ("65..", []),
        (" 9 .. 15 ", ["Middle"]),
        ("12.5", ["Middle"]),
    ],
)
def test_both_ends_belong_to_a_range_and_either_may_be_open(client, shop, text, names):
    assert found(client, f"memory:{text}") == names


def test_numbers_may_be_below_zero(client, shop):
    assert found(client, "depth:-4..-3") == ["Middle"]
    assert found(client, "depth:..0") == ["Middle"]
    assert found(client, "depth:-10..10") == ["Middle", "None"]


def test_or_within_a_code_and_between_codes(client, shop):
    assert found(client, "memory:..4", "memory:64", "memory:70..") == ["Large", "Small"]
    assert found(client, "memory:..16", "colour:Red") == ["Small"]


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        (["colour:1..2"], "not_a_number"),
        (["colour:Red", "colour:1..2"], "not_a_number"),
        (["note:1..2"], "not_a_number"),
        (["memory:16..8"], "invalid_range"),
        (["secret:0..2"], "unknown_attribute"),
        (["none:0..2"], "unknown_attribute"),
    ],
)
def test_a_range_that_cannot_be_is_refused(client, shop, pairs, code):
    answer = client.get(URL, {"attr": pairs})

    assert answer.status_code == 400
    assert [(one["attr"], one["code"]) for one in answer.json()["errors"]] == [("attr", code)]


@pytest.mark.parametrize("text", ["..", "8..x", "x..", "8..9e99", "NaN..1", "1..2..3"])
def test_what_is_no_range_is_a_value_that_nothing_has(client, shop, text):
    assert found(client, f"memory:{text}") == []


def test_a_range_costs_one_statement_more(client, shop, statements):
    with statements(2):
        assert found(client, "memory:1..100", "depth:..100") == ["Middle"]
