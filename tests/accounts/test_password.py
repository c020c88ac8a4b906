"""POST auth/password/change/."""

import pytest

from shopkit.accounts.models import AuthSession

from .calls import PASSWORD, errors_of, get, log_in, make_user, post

pytestmark = pytest.mark.django_db
NEW = "another-good-passphrase-8"
CHANGE = {"old_password": PASSWORD, "new_password": NEW}


def is_signed_in(tokens):
    return get("profile/", access=tokens["access"]).status_code == 200


def test_a_change_answers_new_tokens_and_ends_every_other_session(anna, tokens):
    other = log_in("anna")
    make_user("berdaq")
    foreign = log_in("berdaq")

    answer = post("auth/password/change/", CHANGE, access=tokens["access"])

    assert answer.status_code == 200
    assert set(answer.data) == {"access", "refresh", "expires_in"}
    assert is_signed_in(answer.data)
    assert not is_signed_in(tokens)
    assert not is_signed_in(other)
    assert is_signed_in(foreign)
    ended = AuthSession.objects.exclude(ended_at=None)
    assert {one.end_reason for one in ended} == {"password_changed"}
    for old in (tokens, other):
        assert post("auth/refresh/", {"refresh": old["refresh"]}).status_code == 401
    assert post("auth/refresh/", {"refresh": answer.data["refresh"]}).status_code == 200


def test_after_a_change_the_new_password_signs_in_and_the_old_does_not(anna, tokens):
    post("auth/password/change/", CHANGE, access=tokens["access"])

    assert log_in("anna", NEW)
    old = post("auth/login/", {"identifier": "anna", "password": PASSWORD})
    assert old.status_code == 401


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"old_password": "wrong"}, ("old_password", "wrong_password")),
        ({"old_password": ""}, ("old_password", "blank")),
        ({"new_password": "short"}, ("new_password", "password_too_short")),
        ({"new_password": "password1234"}, ("new_password", "password_too_common")),
        ({"new_password_confirm": "x"}, ("new_password_confirm", "password_mismatch")),
        ({"confirm": NEW}, ("confirm", "unknown_member")),
    ],
)
def test_a_refused_change_changes_nothing(anna, tokens, change, wrong):
    other = log_in("anna")

    answer = post("auth/password/change/", {**CHANGE, **change}, access=tokens["access"])

    assert wrong in errors_of(answer)
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)
    assert is_signed_in(tokens)
    assert is_signed_in(other)


def test_a_password_that_was_changed_meanwhile_is_not_changed_again(anna, rf):
    from django.core.exceptions import ValidationError

    from shopkit.accounts.services import change_password

    seen_before = type(anna)._default_manager.get(pk=anna.pk)
    change_password(rf.post("/"), user=anna, old_password=PASSWORD, new_password=NEW)

    with pytest.raises(ValidationError) as refusal:
        change_password(
            rf.post("/"), user=seen_before, old_password=PASSWORD, new_password="thief-was-here-9"
        )

    assert refusal.value.error_dict["old_password"][0].code == "wrong_password"
    anna.refresh_from_db()
    assert anna.check_password(NEW)


def test_a_session_begun_under_a_password_that_is_no_more_does_not_count(anna, rf):
    from django.contrib.auth import get_user_model

    from shopkit.accounts.services import start_session

    proven_with_the_old = get_user_model()._default_manager.get(pk=anna.pk)
    anna.set_password(NEW)
    anna.save()

    tokens = start_session(rf.post("/"), user=proven_with_the_old)

    assert get("profile/", access=tokens.access).status_code == 401
