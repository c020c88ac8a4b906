"""The address book."""

import threading

import pytest

from shopkit.accounts.models import Address
from shopkit.accounts.services.addresses import MOST_ADDRESSES, address_of

from .calls import at_once, delete, errors_of, get, log_in, make_user, patch, post

pytestmark = pytest.mark.django_db
BOOK = "profile/addresses/"
HOME = {"city": "Nukus", "street": "Do'stlik 12"}


@pytest.fixture
def access(tokens):
    return tokens["access"]


@pytest.fixture
def stranger(db):
    make_user("berdaq")
    return log_in("berdaq")["access"]


def add(access, **more):
    return post(BOOK, {**HOME, **more}, access=access)


def defaults():
    return list(Address.objects.filter(is_default=True).values_list("pk", flat=True))


def test_an_address_is_stored_and_shown_with_every_member(access):
    answer = add(
        access,
        label="home",
        country="UZ",
        region="Qaraqalpaqstan",
        postal_code="230100",
        latitude="42.461891",
        longitude=59.616631,
        note="second door",
    )

    assert answer.status_code == 201
    assert answer.json() == {
        "id": Address.objects.get().pk,
        "label": "home",
        "country": "UZ",
        "region": "Qaraqalpaqstan",
        "city": "Nukus",
        "street": "Do'stlik 12",
        "postal_code": "230100",
        "latitude": 42.461891,
        "longitude": 59.616631,
        "note": "second door",
        "is_default": True,
    }
    assert get(f"{BOOK}{answer.json()['id']}/", access=access).json() == answer.json()
    assert get(BOOK, access=access).json() == [answer.json()]


def test_the_first_address_is_the_default_even_when_it_does_not_want_to_be(access):
    first = add(access, is_default=False).json()
    second = add(access).json()

    assert (first["is_default"], second["is_default"]) == (True, False)


def test_a_new_default_takes_it_from_the_old_one(access):
    first, second = add(access).json(), add(access, is_default=True).json()
    assert defaults() == [second["id"]]

    patch(f"{BOOK}{first['id']}/", {"is_default": True}, access=access)

    assert defaults() == [first["id"]]
    assert [row["id"] for row in get(BOOK, access=access).json()] == [first["id"], second["id"]]


def test_a_change_leaves_what_is_not_named(access):
    one = add(access, note="second door", latitude="1.5", longitude="2.5").json()

    answer = patch(f"{BOOK}{one['id']}/", {"city": "Toshkent", "latitude": None}, access=access)

    assert answer.json() == {**one, "city": "Toshkent", "latitude": None}


def test_removing_an_address_is_for_good(access):
    one = add(access).json()

    assert delete(f"{BOOK}{one['id']}/", access=access).status_code == 204
    assert delete(f"{BOOK}{one['id']}/", access=access).status_code == 404
    assert not Address.objects.exists()


def test_a_foreign_address_is_absent_for_every_verb(access, stranger):
    one = add(access).json()
    path = f"{BOOK}{one['id']}/"

    assert get(path, access=stranger).status_code == 404
    assert patch(path, {"city": "Moynaq"}, access=stranger).status_code == 404
    assert delete(path, access=stranger).status_code == 404
    assert get(BOOK, access=stranger).json() == []
    assert get(path, access=access).json() == one


def test_strangers_defaults_are_their_own(access, stranger):
    add(access)
    add(stranger)

    assert len(defaults()) == 2


def test_nobody_reads_an_address_book_without_signing_in():
    assert get(BOOK).status_code == 401
    assert post(BOOK, HOME).status_code == 401
    assert get(f"{BOOK}1/").status_code == 401


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"city": ""}, ("city", "blank")),
        ({"street": "x" * 301}, ("street", "max_length")),
        ({"latitude": "90.1"}, ("latitude", "max_value")),
        ({"longitude": "-180.5"}, ("longitude", "min_value")),
        ({"latitude": "NaN"}, ("latitude", "invalid")),
        ({"latitude": "1.1234567"}, ("latitude", "max_decimal_places")),
        ({"id": 7}, ("id", "unknown_member")),
        ({"user": 1}, ("user", "unknown_member")),
        ({"city": {"a": 1}}, ("city", "invalid")),
        ({"is_default": "perhaps"}, ("is_default", "invalid")),
    ],
)
def test_what_is_no_address_is_refused(access, change, wrong):
    assert errors_of(add(access, **change)) == [wrong]
    assert not Address.objects.exists()


def test_city_and_street_are_required(access):
    answer = post(BOOK, {"label": "home"}, access=access)

    assert errors_of(answer) == [("city", "required"), ("street", "required")]


def test_an_id_no_database_holds_is_absent(access):
    assert get(f"{BOOK}{2**70}/", access=access).status_code == 404
    assert patch(f"{BOOK}{2**70}/", {}, access=access).status_code == 404


def test_the_book_has_an_end(access, anna):
    Address.objects.bulk_create(Address(user=anna, **HOME) for _ in range(MOST_ADDRESSES))

    answer = add(access)

    assert (answer.status_code, answer.json()["code"]) == (409, "address_book_full")
    assert Address.objects.count() == MOST_ADDRESSES


def test_listing_costs_the_same_for_one_and_for_many(access, anna, statements):
    Address.objects.bulk_create(Address(user=anna, **HOME) for _ in range(20))

    with statements(2):
        get(BOOK, access=access)


def test_orders_get_the_owner_s_address_and_nobody_else_s(access, anna):
    one = add(access, latitude="42.461891").json()
    other = make_user("berdaq")

    assert address_of(anna, one["id"]) == {
        "country": "",
        "region": "",
        "city": "Nukus",
        "street": "Do'stlik 12",
        "postal_code": "",
        "latitude": 42.461891,
        "longitude": None,
        "note": "",
    }
    assert address_of(other, one["id"]) is None
    assert address_of(anna, one["id"] + 1) is None


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_first_addresses_at_once_one_is_the_default(access):
    answers = at_once(12, lambda _: add(access, is_default=True).status_code)

    assert answers == [201] * 12
    assert len(defaults()) == 1


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_overfill_the_book(access, anna):
    full = MOST_ADDRESSES - 3
    Address.objects.bulk_create(Address(user=anna, **HOME) for _ in range(full))

    answers = at_once(10, lambda _: add(access).status_code)

    assert sorted(answers) == [201] * 3 + [409] * 7
    assert Address.objects.count() == MOST_ADDRESSES


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_counting_without_the_lock_overfills_it(anna):
    """The naive form: look, then write."""

    def naive(_):
        if Address.objects.filter(user=anna).count() < 1:
            gate.wait(10)
            Address.objects.create(user=anna, **HOME)

    gate = threading.Barrier(4)
    at_once(4, naive)

    assert Address.objects.count() == 4
