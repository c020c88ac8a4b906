"""The table of moves is checked before a site starts."""

import pytest
from django.core.checks import run_checks

from shopkit.orders.conf import DEFAULT_MOVES


def found(settings, **section):
    settings.SHOPKIT = {**settings.SHOPKIT, "ORDERS": section}
    return [(one.id, one.msg) for one in run_checks(tags=["shopkit"])]


def test_the_default_table_is_sound(settings):
    assert found(settings) == []


@pytest.mark.parametrize(
    ("change", "check", "says"),
    [
        ({"placed": {"sold": "none"}}, "shopkit.orders.E001", "unknown status"),
        ({"placed": {"processing": "steal"}}, "shopkit.orders.E001", "unknown effect"),
        ({"shipped": {"delivered": "consume"}}, "shopkit.orders.E002", "a second time"),
        ({"placed": {"delivered": "none"}, "delivered": {}}, "shopkit.orders.E002", "for ever"),
        (
            {"placed": {"shipped": "none", "processing": "none", "cancelled": "release"}},
            "shopkit.orders.E002",
            "on one way",
        ),
    ],
)
def test_a_table_that_would_move_stock_wrongly_is_refused(settings, change, check, says):
    problems = found(settings, MOVES={**DEFAULT_MOVES, **change})

    assert {one for one, _ in problems} == {check}
    assert any(says in text for _, text in problems)


def test_a_path_that_leads_nowhere_is_found(settings):
    problems = found(settings, NUMBER="shop.numbers.mine")

    assert [one for one, _ in problems] == ["shopkit.orders.E003"]
