"""Many at once: refresh tokens and usernames."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.db.models.functions import Lower

from shopkit.accounts.models import AuthSession, Profile
from shopkit.accounts.services.tokens import REFRESH, hash_jti, issue_tokens, new_jti, read_token

from .calls import PASSWORD, at_once, get, log_in, make_user, patch, post

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
MANY = 50


@pytest.fixture
def session(transactional_db):
    """The tokens of a new session of Anna's."""
    make_user("anna")
    return log_in("anna")


def is_signed_in(access):
    return get("profile/", access=access).status_code == 200


def test_one_of_fifty_exchanges_of_one_token_wins_and_the_rest_end_the_session(session):
    answers = at_once(MANY, lambda _: post("auth/refresh/", {"refresh": session["refresh"]}))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [401] * (MANY - 1)
    [winner] = [answer.data for answer in answers if answer.status_code == 200]
    assert AuthSession.objects.get().end_reason == "reused"
    assert not is_signed_in(winner["access"])
    assert not is_signed_in(session["access"])
    for token in (winner["refresh"], session["refresh"]):
        assert post("auth/refresh/", {"refresh": token}).status_code == 401


def test_reading_the_row_before_writing_it_would_hand_out_several(session):
    claims = read_token(session["refresh"], kind=REFRESH)
    everybody_has_read = threading.Barrier(10)

    def naive(_):
        row = AuthSession.objects.get(pk=claims.session)
        is_current = row.token_hash == hash_jti(claims.jti)
        everybody_has_read.wait(30)
        if not is_current:
            return None
        jti = new_jti()
        row.token_hash = hash_jti(jti)
        row.save()
        return issue_tokens(row, jti=jti)

    handed_out = [one for one in at_once(10, naive) if one is not None]

    assert len(handed_out) == 10


def test_signing_out_and_exchanging_at_once_leave_nobody_signed_in(session):
    def call(index):
        if index:
            return post("auth/refresh/", {"refresh": session["refresh"]})
        return post("auth/logout/", access=session["access"])

    ended, exchanged = at_once(2, call)

    assert ended.status_code == 204
    assert exchanged.status_code in {200, 401}
    assert AuthSession.objects.alive().count() == 0
    if exchanged.status_code == 200:
        assert not is_signed_in(exchanged.data["access"])


def test_changing_the_password_twice_at_once_lets_one_through(session):
    def call(index):
        body = {"old_password": PASSWORD, "new_password": f"{PASSWORD}-{index}"}
        return post("auth/password/change/", body, access=session["access"])

    answers = at_once(8, call)

    assert sorted(answer.status_code for answer in answers)[0] == 200
    winners = [index for index, answer in enumerate(answers) if answer.status_code == 200]
    assert len(winners) == 1
    assert {answer.status_code for answer in answers} <= {200, 400, 401}
    assert AuthSession.objects.alive().count() == 1
    assert log_in("anna", f"{PASSWORD}-{winners[0]}")


@pytest.mark.parametrize("spelling", [str.lower, str.title])
def test_one_of_many_registrations_of_one_name_wins(transactional_db, spelling):
    names = ["anna" if index % 2 else spelling("anna") for index in range(20)]

    answers = at_once(
        20, lambda index: post("auth/register/", {"username": names[index], "password": PASSWORD})
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 19
    refusals = [answer.data["errors"] for answer in answers if answer.status_code == 400]
    assert {(row["attr"], row["code"]) for rows in refusals for row in rows} == {
        ("username", "username_taken")
    }
    assert get_user_model()._default_manager.count() == 1
    assert Profile.objects.count() == 1


def test_looking_for_the_name_before_storing_it_would_store_it_twice(transactional_db):
    users = get_user_model()._default_manager
    column = get_user_model().USERNAME_FIELD
    everybody_has_looked = threading.Barrier(2)

    def naive(index):
        name = ("anna", "Anna")[index]
        is_free = not users.filter(**{f"{column}__iexact": name}).exists()
        everybody_has_looked.wait(30)
        if is_free:
            make_user(name)

    at_once(2, naive)

    assert list(users.values_list(Lower(column), flat=True)) == ["anna", "anna"]


def test_one_of_two_people_gets_the_name_both_want(transactional_db):
    made = [make_user(name) for name in ("berdaq", "gulnara")]
    tokens = [log_in(one.get_username()) for one in made]

    answers = at_once(
        2,
        lambda index: patch(
            "profile/", {"username": ("sulton", "Sulton")[index]}, access=tokens[index]["access"]
        ),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 400]
    column = Lower(get_user_model().USERNAME_FIELD)
    names = list(get_user_model()._default_manager.values_list(column, flat=True))
    assert names.count("sulton") == 1
