"""JSON out: the same with orjson and without."""

import json
from collections import OrderedDict, namedtuple
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import JSONRenderer

from shopkit.core import json as house
from shopkit.core.api.renderers import JsonRenderer

pytest.importorskip("orjson")
Point = namedtuple("Point", "x y")


class Colour(str, Enum):
    RED = "red"


VALUES = {
    "texts": ["o\u02bbzbek", "\u049b", "a/b", "<b>", '"', "\\", "\n", "\u2028", "\x00", ""],
    "numbers": [0, -1, 2**53, 2**63, 2**100, 1.5, 4.25, 0.1, 1e22, -0.0],
    "others": [None, True, False, [], {}, ()],
    "times": [
        datetime(2025, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
        datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=5))),
        date(2025, 1, 2),
        time(3, 4, 5),
        timedelta(seconds=90),
    ],
    "Python's": [Decimal("1.50"), UUID(int=7), gettext_lazy("Price"), Point(1, 2), Colour.RED],
    "subclasses": [mark_safe("x"), ErrorDetail("y", code="z"), OrderedDict(a=1)],
    "names": [{1: "a"}, {None: "b"}, {True: "c"}],
}


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_a_client_sees_no_difference(values):
    for value in values:
        ours, theirs = JsonRenderer().render([value]), JSONRenderer().render([value])
        assert json.loads(ours) == json.loads(theirs), value
        assert type(ours) is bytes


def test_order_and_form_are_the_same_to_the_byte():
    data = {"id": 1, "price": "10.00", "rating": {"average": 4.25}, "names": ["\u049b"], "x": None}

    assert JsonRenderer().render(data) == JSONRenderer().render(data)


def test_nothing_is_nothing():
    assert JsonRenderer().render(None) == b""


def test_half_a_character_is_refused_as_before():
    with pytest.raises(UnicodeEncodeError):
        JsonRenderer().render(["\ud800"])


@pytest.mark.parametrize(("name", "value"), [("ensure_ascii", True), ("compact", False)])
def test_what_a_site_chose_for_its_json_holds(monkeypatch, name, value):
    for renderer in (JsonRenderer, JSONRenderer):
        monkeypatch.setattr(renderer, name, value)

    assert JsonRenderer().render({"a": "\u049b"}) == JSONRenderer().render({"a": "\u049b"})


def test_without_orjson_it_is_rest_frameworks_own(monkeypatch):
    monkeypatch.setattr(house, "orjson", None)

    assert JsonRenderer().render({"a": "\u2028"}) == JSONRenderer().render({"a": "\u2028"})
