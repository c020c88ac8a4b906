"""Whose address a limit counts."""

import pytest
from django.test import RequestFactory

from shopkit.core.limits import client_address


def address(*, peer="192.0.2.1", forwarded=None):
    request = RequestFactory().get("/", REMOTE_ADDR=peer)
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_address(request)


@pytest.fixture
def proxies(settings):
    """Say how many proxies are the site's own."""

    def set_count(count):
        settings.SHOPKIT = {"CORE": {"TRUSTED_PROXIES": count}}

    return set_count


def test_the_peer_is_the_client_unless_told_otherwise():
    assert address() == "192.0.2.1"


def test_a_forged_header_is_not_believed_without_proxies():
    assert address(forwarded="203.0.113.7") == "192.0.2.1"


@pytest.mark.parametrize(
    ("count", "forwarded", "client"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, " 203.0.113.7 ,", "203.0.113.7"),
        (1, "", "192.0.2.1"),
        (1, None, "192.0.2.1"),
    ],
)
def test_as_many_entries_from_the_right_are_believed_as_there_are_proxies(
    proxies, count, forwarded, client
):
    proxies(count)

    assert address(forwarded=forwarded) == client


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("192.0.2.1:51234", "192.0.2.1"),
        ("[2001:db8:1:2::1]:51234", "2001:db8:1:2::/64"),
        ("[::ffff:192.0.2.9]:80", "192.0.2.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", ""),
        ("garbage", ""),
        ("192.0.2.1\x00", ""),
        ("1.2.3.4.5", ""),
    ],
)
def test_every_spelling_of_an_address_is_one_client(peer, client):
    assert address(peer=peer) == client


def test_garbage_from_a_proxy_is_no_address_and_not_the_proxys(proxies):
    proxies(1)

    assert address(forwarded="203.0.113.7, unknown") == ""


def test_two_homes_are_two_clients():
    assert address(peer="2001:db8:1:2::1") != address(peer="2001:db8:1:3::1")
