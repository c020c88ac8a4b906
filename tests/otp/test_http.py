"""Through a view, also on a site with ATOMIC_REQUESTS."""

import pytest
from django.apps import apps
from django.db import connection

from shopkit.otp.models import Budget, Challenge
from shopkit.otp.testing import code_of, wrong_code_of

from .conftest import PHONE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.otp.urls"),
    pytest.mark.skipif(not apps.is_installed("rest_framework"), reason="the site has no HTTP API"),
]


@pytest.fixture(autouse=True, params=[False, True], ids=["plain", "atomic"])
def atomic_requests(request, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", request.param)
    return request.param


def ask(client, **headers):
    answer = client.post("/ask/", {"phone": PHONE}, format="json", headers=headers)
    return answer, answer.data.get("challenge")


def test_a_code_is_asked_for_sent_and_answered(client, outbox):
    _, challenge = ask(client)

    answer = client.post(
        "/answer/", {"challenge": challenge, "code": outbox[0].code}, format="json"
    )

    assert (answer.status_code, answer.data) == (200, {"destination": PHONE})


def test_wrong_codes_stay_counted_when_the_view_refuses(client):
    _, challenge = ask(client)
    wrong = {"challenge": challenge, "code": wrong_code_of(challenge)}

    answers = [client.post("/answer/", wrong, format="json") for _ in range(6)]

    assert {(one.status_code, one.data["code"]) for one in answers} == {(400, "invalid_code")}
    assert len({one.content for one in answers}) == 1
    assert Challenge.objects.get().attempts == 5
    right = {"challenge": challenge, "code": code_of(challenge)}
    assert client.post("/answer/", right, format="json").status_code == 400


def test_unknown_challenges_are_answered_like_wrong_codes(client):
    _, challenge = ask(client)
    wrong = {"challenge": challenge, "code": wrong_code_of(challenge)}
    known = client.post("/answer/", wrong, format="json")

    for other in ("d9428888-122b-11e1-b85c-61cd3cbb3210", "", "x"):
        unknown = client.post("/answer/", {**wrong, "challenge": other}, format="json")
        assert unknown.content == known.content


def test_a_budget_stays_counted_when_the_view_refuses(client, otp):
    otp(PER_ADDRESS=("5/hour",), PER_CHANNEL=("1/hour",))
    ask(client)
    for phone in ("+998901110001", "+998901110002"):
        answer = client.post("/ask/", {"phone": phone}, format="json")
        assert (answer.status_code, answer.data["code"]) == (429, "rate_limited")

    assert Budget.objects.get(scope="address").used == 3
    assert Challenge.objects.count() == 1


def test_a_forged_forwarded_address_does_not_shorten_the_pause(client):
    ask(client)

    for number in range(3):
        answer, _ = ask(client, x_forwarded_for=f"203.0.113.{number}")
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 60

    assert Challenge.objects.count() == 1


def test_a_site_s_own_atomic_view_fails_loudly_rather_than_forget(client, atomic_requests):
    _, challenge = ask(client)

    if atomic_requests:
        with pytest.raises(RuntimeError, match="durable"):
            client.get("/careless/", {"challenge": challenge})
        assert Challenge.objects.get().attempts == 0
    else:
        with pytest.raises(Exception, match="not valid"):
            client.get("/careless/", {"challenge": challenge})
        assert Challenge.objects.get().attempts == 1
