"""A new account is announced once and greeted once, whatever way it was made."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import mail

from shopkit.accounts.facts import account_created
from shopkit.accounts.services import register
from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery
from shopkit.otp.testing import code_of

from .calls import PASSWORD, post

pytestmark = pytest.mark.django_db
MAIL = "anna@example.com"
PHONE = "+998901234567"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "ACCOUNTS": {"CONFIRM_URL": "https://shop.test/confirm"},
        "OTP": {"PER_ADDRESS": (), "PER_DESTINATION": (), "RESEND_AFTER": timedelta(0)},
    }
    mail.outbox.clear()


def answer(path, challenge):
    assert post(path, {"challenge": challenge, "code": code_of(challenge)}).status_code == 200


def by_name():
    assert post("auth/register/", {"username": "anna", "password": PASSWORD}).status_code == 201


def by_command():
    register(username="anna", password=PASSWORD)


def by_mailed_code():
    asked = post("auth/register/", {"email": MAIL, "password": PASSWORD}).data
    answer("auth/email/confirm/", asked["verification"]["challenge"])


def by_mailed_link():
    post("auth/register/", {"email": MAIL, "password": PASSWORD})
    deliver_all()
    token = mail.outbox[-1].body.partition("?token=")[2].split()[0]
    mail.outbox.clear()
    assert post("auth/email/confirm/", {"token": token}).status_code == 200
    assert post("auth/email/confirm/", {"token": token}).status_code == 400


def by_phone():
    asked = post("auth/register/", {"phone": PHONE, "password": PASSWORD}).data
    answer("auth/otp/verify/", asked["verification"]["challenge"])


def by_code_alone():
    asked = post("auth/otp/", {"channel": "email", "email": MAIL}).data
    answer("auth/otp/verify/", asked["challenge"])


WAYS = {
    by_name: 0,
    by_command: 0,
    by_mailed_code: 1,
    by_mailed_link: 1,
    by_phone: 0,
    by_code_alone: 1,
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_new_account_is_announced_once_and_greeted_where_it_has_an_address(way):
    if way is by_phone and not apps.is_installed("shopkit.sms"):
        pytest.skip("the site has no SMS")

    way()
    deliver_all()

    user = get_user_model()._default_manager.get()
    told = Delivery.objects.filter(fact=account_created.name)
    assert sorted(told.values_list("subscriber", flat=True)) == sorted(account_created.subscribers)
    assert {row.ids["user"] for row in told} == {str(user.pk)}
    greetings = [one for one in mail.outbox if one.subject == "Welcome"]
    assert [one.to for one in greetings] == [[MAIL]] * WAYS[way]


@pytest.mark.parametrize("again", [by_mailed_code, by_code_alone])
def test_somebody_who_comes_back_is_no_new_account(again):
    by_code_alone()
    deliver_all()
    before = Delivery.objects.filter(fact=account_created.name).count()

    asked = post("auth/otp/", {"channel": "email", "email": MAIL}).data
    answer("auth/otp/verify/", asked["challenge"])
    if again is by_mailed_code:
        post("auth/register/", {"email": MAIL, "password": PASSWORD})

    assert Delivery.objects.filter(fact=account_created.name).count() == before
