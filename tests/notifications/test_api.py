"""The inbox and the preferences over HTTP."""

import pytest
from rest_framework.test import APIClient

from shopkit.notifications.models import Notification, Preference
from shopkit.notifications.recipients import of_user
from shopkit.notifications.services import News, tell
from shopkit.notifications.testing import make_notification

pytestmark = pytest.mark.django_db
URL = "/api/v1/notifications/"


@pytest.fixture
def five(user):
    """Five notifications of the customer, the oldest first."""
    return [make_notification(user, key=str(number)) for number in range(5)]


def pks(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_the_inbox_has_the_shape_of_the_contract(as_user, user):
    row = make_notification(user)

    answer = as_user.get(URL)

    assert answer.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": row.pk,
                "kind": "welcome",
                "title": "Welcome!",
                "text": "Your account is ready. News of your orders will stand here.",
                "is_read": False,
                "created_at": row.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            }
        ],
    }


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("uz", "Xush kelibsiz!"),
        ("ru", "Добро пожаловать!"),
        ("en", "Welcome!"),
        ("fr", "Welcome!"),
    ],
)
def test_titles_are_in_the_readers_language(as_user, user, language, title):
    make_notification(user)

    answer = as_user.get(URL, headers={"Accept-Language": language})

    assert answer.json()["results"][0]["title"] == title


def test_karakalpak_is_spoken_where_the_site_offers_it(as_user, user, settings):
    settings.LANGUAGES = [("en", "English"), ("kaa", "Qaraqalpaqsha")]
    make_notification(user)

    answer = as_user.get(URL, headers={"Accept-Language": "kaa"})

    assert answer.json()["results"][0]["title"] == "Xosh kelipsiz!"


def test_the_newest_stand_first_in_pages_and_by_cursor(as_user, five):
    newest_first = [row.pk for row in reversed(five)]

    assert pks(as_user.get(URL, {"page_size": 2, "page": 2})) == newest_first[2:4]
    walked, url = [], f"{URL}?cursor=&page_size=2"
    while url:
        answer = as_user.get(url)
        walked += pks(answer)
        url = answer.json()["next"]
    assert walked == newest_first


def test_the_list_can_be_narrowed_to_what_is_unread(as_user, five):
    read = as_user.post(f"{URL}{five[0].pk}/read/").json()

    assert read["is_read"] is True
    assert pks(as_user.get(URL, {"is_read": "true"})) == [five[0].pk]
    assert pks(as_user.get(URL, {"is_read": "false"})) == [row.pk for row in reversed(five[1:])]


@pytest.mark.parametrize("query", [{"is_read": "maybe"}, {"kind": "welcome"}, {"user": "1"}])
def test_a_filter_that_nobody_knows_is_refused(as_user, five, query):
    assert as_user.get(URL, query).status_code == 400


def test_reading_again_keeps_the_first_moment(as_user, five):
    first = as_user.post(f"{URL}{five[0].pk}/read/")
    moment = Notification.objects.get(pk=five[0].pk).read_at
    again = as_user.post(f"{URL}{five[0].pk}/read/")

    assert first.json() == again.json()
    assert Notification.objects.get(pk=five[0].pk).read_at == moment


def test_everything_is_read_at_once_and_only_ones_own(as_user, five, staff):
    other = make_notification(staff, key="other")

    assert as_user.post(f"{URL}read-all/").json() == {"count": 5}
    assert as_user.post(f"{URL}read-all/").json() == {"count": 0}
    other.refresh_from_db()
    assert other.read_at is None


@pytest.mark.parametrize("pk", ["0", "999999", str(2**63), "9" * 40])
def test_what_is_not_there_is_404(as_user, pk):
    assert as_user.post(f"{URL}{pk}/read/").status_code == 404


def test_another_persons_notification_is_not_there_either(as_user, staff):
    other = make_notification(staff)

    assert as_user.post(f"{URL}{other.pk}/read/").status_code == 404
    assert pks(as_user.get(URL)) == []
    other.refresh_from_db()
    assert other.read_at is None


@pytest.mark.parametrize("path", ["", "1/read/", "read-all/", "preferences/"])
def test_nobody_has_no_inbox(client, path):
    method = client.post if "read" in path else client.get

    assert method(URL + path).status_code == 401


def test_a_page_of_any_length_takes_two_statements(as_user, user, statements):
    """The page, and its count where there are more rows."""
    for number in range(30):
        params = {"number": str(number), "tracking": ""}
        news = News(kind="order_shipped", key=str(number), about="order:A", params=params)
        tell(news, [of_user(user)])

    with statements(2):
        assert len(pks(as_user.get(URL, {"page_size": 20}))) == 20
    with statements(1):
        assert len(pks(as_user.get(URL, {"cursor": ""}))) == 20


def test_reading_takes_two_statements_and_reading_all_one(as_user, five, statements):
    with statements(2):
        as_user.post(f"{URL}{five[0].pk}/read/")
    with statements(1):
        as_user.post(f"{URL}read-all/")


PREFERENCES = f"{URL}preferences/"


def choice(kind="order_placed", channel="email", is_enabled=False):
    return {"kind": kind, "channel": channel, "is_enabled": is_enabled}


def test_all_is_wanted_until_somebody_says_otherwise(as_user):
    found = as_user.get(PREFERENCES).json()["preferences"]

    assert {(one["kind"], one["channel"]) for one in found} == {
        ("order_placed", "email"),
        ("order_placed", "telegram"),
        ("order_paid", "email"),
        ("order_paid", "telegram"),
        ("order_shipped", "email"),
        ("order_shipped", "telegram"),
        ("order_shipped", "sms"),
        ("order_delivered", "email"),
        ("order_delivered", "telegram"),
        ("order_cancelled", "email"),
        ("order_cancelled", "telegram"),
        ("order_cancelled", "sms"),
        ("order_returned", "email"),
        ("order_returned", "telegram"),
        ("order_refunded", "email"),
        ("order_refunded", "telegram"),
        ("back_in_stock", "email"),
        ("back_in_stock", "telegram"),
    }
    assert all(one["is_enabled"] for one in found)
    assert found[0] == {
        "kind": "order_placed",
        "label": "Order received",
        "channel": "email",
        "is_enabled": True,
    }


def test_a_choice_is_kept_and_the_others_stay(as_user, user):
    changed = as_user.patch(PREFERENCES, {"preferences": [choice()]}, format="json")

    assert changed.status_code == 200
    off = [one for one in changed.json()["preferences"] if not one["is_enabled"]]
    assert [(one["kind"], one["channel"]) for one in off] == [("order_placed", "email")]
    assert changed.json() == as_user.get(PREFERENCES).json()

    as_user.patch(PREFERENCES, {"preferences": [choice(is_enabled=True)]}, format="json")
    assert list(Preference.objects.values_list("user", "is_enabled")) == [(user.pk, True)]


def test_choices_are_written_in_one_order_so_that_two_calls_cannot_deadlock(as_user, user):
    one, other = choice(kind="order_shipped"), choice(kind="order_paid")
    as_user.patch(PREFERENCES, {"preferences": [one, other]}, format="json")

    written = Preference.objects.filter(user=user).order_by("pk")
    assert list(written.values_list("kind", flat=True)) == ["order_paid", "order_shipped"]


def test_of_two_choices_about_the_same_the_last_counts(as_user):
    body = {"preferences": [choice(), choice(is_enabled=True)]}

    changed = as_user.patch(PREFERENCES, body, format="json")

    assert all(one["is_enabled"] for one in changed.json()["preferences"])


@pytest.mark.parametrize(
    "body",
    [
        {"preferences": [choice(kind="staff_order_placed")]},
        {"preferences": [choice(kind="never_heard_of")]},
        {"preferences": [choice(channel="inbox")]},
        {"preferences": [choice(channel="pigeon")]},
        {"preferences": [choice(), choice(kind="nothing")]},
        {"preferences": [{**choice(), "user": 1}]},
        {"preferences": [{"kind": "order_placed"}]},
        {"preferences": [choice()] * 201},
        {"preferences": "all"},
        {"preference": []},
    ],
)
def test_what_nobody_can_choose_is_refused_and_nothing_changes(as_user, body):
    answer = as_user.patch(PREFERENCES, body, format="json")

    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Preference.objects.exists()


def test_choices_are_ones_own(as_user, staff):
    as_user.patch(PREFERENCES, {"preferences": [choice()]}, format="json")
    boss = APIClient()
    boss.force_authenticate(staff)

    found = boss.get(PREFERENCES).json()["preferences"]

    assert all(one["is_enabled"] for one in found)
