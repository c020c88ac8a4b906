"""What is found at start-up."""

import pytest
from django.core.checks import run_checks

from shopkit.core.conf import SECTIONS


def ids():
    return {one.id for one in run_checks(tags=["shopkit"])}


@pytest.mark.parametrize("name", ["CAN_REVIEW", "VERIFIED", "AUTHOR_NAME"])
@pytest.mark.parametrize("path", ["shop.nothing", "shopkit.reviews.conf.MODERATION", ""])
def test_a_rule_that_cannot_be_loaded_is_found(rules, name, path):
    rules(**{name: path})

    [found] = [one for one in run_checks(tags=["shopkit"]) if one.id == "shopkit.reviews.E001"]
    assert f'SHOPKIT["REVIEWS"]["{name}"]' in found.msg


@pytest.mark.parametrize(
    "values",
    [
        {"MODERATION": "some"}, {"MAX_TEXT": 0}, {"MAX_TEXT": 10_001}, {"PER_USER": ("often",)},
        {"PER_USER": "3/hour"}, {"RATING_REQUIRED": 1}, {"STARS": 5}, {"CAN_REVIEW": len},
    ],
)  # fmt: skip
def test_values_out_of_range_are_refused(rules, values):
    rules(**values)

    assert "shopkit.core.E001" in ids()


def test_the_defaults_are_sound():
    assert SECTIONS["REVIEWS"].schema()
    assert ids() == set()


def test_likes_that_no_product_shows_are_warned_of(settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "CATALOG": {**settings.SHOPKIT["CATALOG"], "LIKED": None},
    }

    assert ids() == {"shopkit.reviews.W001"}


def test_who_knows_likes_must_load(settings):
    catalog = {**settings.SHOPKIT["CATALOG"], "LIKED": "shop.nothing"}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": catalog}

    assert ids() == {"shopkit.catalog.E007"}
