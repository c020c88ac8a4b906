"""The endpoint that gateways call."""

import json
from urllib.parse import urlencode, urlsplit

import pytest

from shopkit.sms.models import Message
from shopkit.sms.services import send_sms
from shopkit.sms.testing import PHONE

from .names import ESKIZ, SECRET, TWILIO

pytestmark = pytest.mark.django_db
ROOM = "/api/v1/sms/status"
FORM = "application/x-www-form-urlencoded"


def status():
    return Message.objects.get().status


def post(client, url, fields, content_type=FORM, **headers):
    body = json.dumps(fields) if "json" in content_type else urlencode(fields)
    path = urlsplit(url).path + "?" + urlsplit(url).query
    return client.generic("POST", path, body, content_type, headers=headers)


@pytest.fixture
def at_eskiz(use, eskiz):
    url = f"https://shop.example{ROOM}/eskiz/"
    use(ESKIZ, **eskiz.options, callback_url=url, callback_secret=SECRET)
    send_sms(phone=PHONE, text="Salom")
    return eskiz


@pytest.fixture
def at_twilio(use, twilio):
    use(TWILIO, **twilio.options, status_callback=f"https://shop.example{ROOM}/twilio/")
    send_sms(phone=PHONE, text="Salom")
    return twilio


@pytest.mark.parametrize("content_type", [FORM, "application/json"])
def test_eskiz_tells_that_a_message_arrived(client, at_eskiz, content_type):
    url, body = at_eskiz.callback("DELIVRD")

    answer = post(client, url, body, content_type)

    assert (answer.status_code, answer.json()) == (200, {})
    assert status() == "delivered"


def test_twilio_tells_that_a_message_arrived(client, at_twilio):
    url, form, headers = at_twilio.callback("undelivered", error_code="30003")

    answer = post(client, url, form, **headers)

    assert (answer.status_code, answer.json()) == (200, {})
    message = Message.objects.get()
    assert (message.status, message.gateway_code) == ("undelivered", "30003")


@pytest.mark.parametrize("reference", ["", "not-a-uuid", "3f0e4b1c-0000-4000-8000-000000000009"])
def test_signed_news_of_no_message_of_ours_are_taken_and_change_nothing(
    client, at_twilio, reference
):
    base = f"https://shop.example{ROOM}/twilio/"
    at_twilio.messages.append({"StatusCallback": f"{base}?reference={reference}"})
    at_twilio.messages[-1] |= {"sid": "SM1", "To": PHONE}
    url, form, headers = at_twilio.callback("delivered")

    assert post(client, url, form, **headers).status_code == 200
    assert status() == "queued"


def test_news_are_one_statement(client, at_eskiz, statements):
    url, body = at_eskiz.callback("DELIVRD")

    with statements(1):
        post(client, url, body)


def test_a_forged_secret_changes_nothing(client, at_eskiz, statements):
    url, body = at_eskiz.callback("DELIVRD")

    with statements(0):
        answer = post(client, url[:-1] + ("0" if url[-1] != "0" else "1"), body)

    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert status() == "queued"


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": "EiC4+1GIUrq4mVb02rEhCecRyzc="}])
def test_a_forged_signature_changes_nothing(client, at_twilio, headers):
    url, form, _right = at_twilio.callback("delivered")

    answer = post(client, url, form, **headers)

    assert answer.status_code == 403
    assert status() == "queued"


def test_the_url_of_one_message_says_nothing_about_another(client, at_eskiz):
    send_sms(phone=PHONE, text="second")
    (first, _body), (second, body) = at_eskiz.callback(index=0), at_eskiz.callback(index=1)
    token = first.partition("token=")[2]

    answer = post(client, second.partition("token=")[0] + f"token={token}", body)

    assert answer.status_code == 403
    assert set(Message.objects.values_list("status", flat=True)) == {"queued"}


def test_staff_without_a_signature_are_strangers_too(as_staff, at_twilio):
    url, form, _right = at_twilio.callback("delivered")

    assert post(as_staff, url, form).status_code == 403


@pytest.mark.parametrize("name", ["twilio", "nobody"])
def test_a_gateway_that_is_not_configured_is_not_found(client, at_eskiz, name):
    _url, body = at_eskiz.callback("DELIVRD")

    assert post(client, f"{ROOM}/{name}/", body).status_code == 404


def test_a_genuine_callback_without_status_is_400(client, at_eskiz):
    url, _body = at_eskiz.callback("DELIVRD")

    answer = post(client, url, {"request_id": "1"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "status"


def test_an_oversized_body_is_413(client, at_eskiz):
    url, body = at_eskiz.callback("DELIVRD")

    assert post(client, url, {**body, "more": "x" * 300_000}).status_code == 413
    assert status() == "queued"


def test_only_post_is_answered(client, at_eskiz):
    url, _body = at_eskiz.callback("DELIVRD")

    assert client.get(urlsplit(url).path).status_code == 405


def test_the_document_shows_the_endpoint(client):
    document = json.loads(client.get("/api/v1/schema/?format=json").content)

    call = document["paths"]["/api/v1/sms/status/{backend}/"]["post"]
    assert {"200", "403", "404", "413"} <= set(call["responses"])
