"""A site's own view under the name of ours."""

from importlib import import_module

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from shopkit.catalog.api.views import ProductListView
from shopkit.core.api import routes
from shopkit.core.api.routes import ROUTES, check_views, route
from tests.core.views import HonestView, SignedInView, StaffView

NAME = "core-tests"
HONEST = "tests.core.views.HonestView"


@pytest.fixture(autouse=True)
def own_table(monkeypatch):
    """Keep the names of these tests out of the table of all endpoints."""
    import_module("shopkit.urls")  # loading it is what fills the table
    monkeypatch.setattr(routes, "ROUTES", {**ROUTES, "product-list": ProductListView})


@pytest.fixture
def choose(settings):
    """``choose(dotted)`` is the site's choice for our endpoint."""

    def chosen(dotted, name=NAME):
        settings.SHOPKIT = {**settings.SHOPKIT, "API": {"VIEWS": {name: dotted}}}

    return chosen


def ids():
    return [message.id for message in check_views()]


def test_without_a_choice_our_view_answers():
    url = route("x/", SignedInView, name=NAME)

    assert (url.callback.cls, url.name) == (SignedInView, NAME)
    assert url.callback.initkwargs == {"route_name": NAME}
    assert ids() == []


def test_the_view_of_the_site_answers_under_our_name(choose, as_user, user):
    choose(HONEST)

    url = route("x/", SignedInView, name=NAME)

    assert (url.callback.cls, url.name) == (HonestView, NAME)
    assert ids() == []


def test_our_own_view_may_be_named_as_well(choose):
    choose("tests.core.views.SignedInView")

    assert route("x/", SignedInView, name=NAME).callback.cls is SignedInView


def test_the_choice_of_one_endpoint_leaves_the_others(choose):
    choose(HONEST)

    assert route("y/", StaffView, name="core-tests-other").callback.cls is StaffView


def test_two_endpoints_of_one_name_are_refused():
    route("x/", SignedInView, name=NAME)

    with pytest.raises(ImproperlyConfigured, match="Two endpoints are called 'core-tests'"):
        route("y/", StaffView, name=NAME)


def test_one_endpoint_may_be_included_twice():
    first, second = (route("x/", SignedInView, name=NAME) for _ in range(2))

    assert first.callback.cls is second.callback.cls


def test_a_name_of_no_endpoint_is_found_by_the_check(choose):
    choose(HONEST, name="product-lst")

    [message] = check_views()

    assert message.id == "shopkit.core.E005"
    assert "'product-lst'" in message.msg
    assert "product-list" in message.hint


@pytest.mark.parametrize(
    "dotted",
    [
        "tests.core.views.UnrelatedView",
        "tests.core.views.not_even_a_view",
        "tests.core.views.NoSuchView",
        "tests.core.no_such_module.View",
        "rubbish",
        "",
    ],
)
def test_a_view_that_does_not_fit_is_found_by_the_check_and_refuses_every_call(choose, dotted):
    choose(dotted)

    url = route("x/", SignedInView, name=NAME)

    assert ids() == ["shopkit.core.E006"]
    with pytest.raises(ImproperlyConfigured):
        url.callback(RequestFactory().get("/x/"))


def test_settings_that_are_wrong_as_a_whole_are_left_to_their_own_check(settings):
    settings.SHOPKIT = {"API": {"VIEWS": 5}}

    assert ids() == []


def test_every_endpoint_of_the_site_has_a_name_of_its_own():
    assert ids() == []
    assert all(name == name.lower() and "_" not in name for name in ROUTES)
    assert {"product-list", "cart-detail", "order-list", "auth-login"} <= ROUTES.keys()
