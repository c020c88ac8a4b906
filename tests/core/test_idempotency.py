"""The same key and body: the same answer, and the work done once."""

import threading
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from shopkit.catalog.models import Category
from shopkit.core.errors import Refusal
from shopkit.core.idempotency import (
    Answer,
    KeyInUse,
    KeyReused,
    Once,
    fingerprint_of,
    forget_expired,
    read_key,
)
from shopkit.core.models import IdempotencyKey
from tests.threads import at_once, kinds

BODY = fingerprint_of({"a": 1})
OTHER = fingerprint_of({"a": 2})


class Call:
    """Work that counts how often it was done, and where."""

    def __init__(self, error=None):
        self.error = error
        self.times = 0
        self.in_transaction = None
        self.lock = threading.Lock()

    def __call__(self):
        with self.lock:
            self.times += 1
            number = self.times
        self.in_transaction = connection.in_atomic_block
        if self.error is not None:
            raise self.error
        return Answer(201, f'{{"number": {number}}}')


def once(*, principal="user:5", route="orders.place", key="k-1", fingerprint=BODY):
    return Once(principal=principal, route=route, key=key, fingerprint=fingerprint)


@pytest.fixture(params=["run", "run_around"])
def way(request):
    """Both ways of running once make the same promises."""
    return request.param


@pytest.mark.django_db
def test_the_second_call_is_given_the_first_ones_bytes(way):
    call = Call()

    first = getattr(once(), way)(call)
    second = getattr(once(), way)(call)

    assert first == second == Answer(201, '{"number": 1}')
    assert call.times == 1
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused(way):
    call = Call()
    getattr(once(), way)(call)

    with pytest.raises(KeyReused):
        getattr(once(fingerprint=OTHER), way)(call)

    assert call.times == 1
    assert getattr(once(), way)(call) == Answer(201, '{"number": 1}')


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other", [{"principal": "user:6"}, {"route": "payments.start"}, {"key": "k-2"}]
)
def test_another_person_route_or_key_is_another_call(way, other):
    call = Call()

    getattr(once(), way)(call)
    assert getattr(once(**other), way)(call) == Answer(201, '{"number": 2}')


@pytest.mark.django_db
def test_without_a_key_the_work_is_done_each_time_and_nothing_is_kept(way):
    call = Call()

    assert getattr(once(key=""), way)(call) == Answer(201, '{"number": 1}')
    assert getattr(once(key=""), way)(call) == Answer(201, '{"number": 2}')
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("error", [Refusal(), ZeroDivisionError()])
def test_what_the_work_raises_passes_through_and_frees_the_key(way, error):
    with pytest.raises(type(error)):
        getattr(once(), way)(Call(error))

    assert not IdempotencyKey.objects.exists()
    assert getattr(once(), way)(Call()) == Answer(201, '{"number": 1}')


@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_interrupted_frees_the_key(way):
    with pytest.raises(KeyboardInterrupt):
        getattr(once(), way)(Call(KeyboardInterrupt()))

    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["k-1", ""])
def test_a_refusal_takes_the_work_back_with_the_key(key):
    def work():
        Category.objects.create(name="Cups", slug="cups")
        raise Refusal

    with pytest.raises(Refusal):
        once(key=key).run(work)

    assert not Category.objects.exists()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_work_runs_in_the_keys_transaction_and_talks_to_the_world_outside_of_any():
    inside, outside = Call(), Call()

    once().run(inside)
    once(key="k-2").run_around(outside)

    assert (inside.in_transaction, outside.in_transaction) == (True, False)


@pytest.mark.django_db
def test_an_expired_key_is_a_new_key(way):
    call = Call()
    getattr(once(), way)(call)
    expire()

    assert getattr(once(fingerprint=OTHER), way)(call) == Answer(201, '{"number": 2}')
    assert IdempotencyKey.objects.count() == 1
    assert getattr(once(fingerprint=OTHER), way)(call) == Answer(201, '{"number": 2}')


def expire():
    IdempotencyKey.objects.update(
        created_at=Now() - timedelta(days=2), expires_at=Now() - timedelta(seconds=1)
    )


@pytest.mark.django_db
def test_an_answer_is_kept_as_long_as_the_settings_promise(settings):
    settings.SHOPKIT = {"API": {"IDEMPOTENCY_LIFETIME": timedelta(hours=48)}}

    once().run(Call())

    row = IdempotencyKey.objects.get()
    assert (row.expires_at - row.created_at).total_seconds() == pytest.approx(48 * 3600, abs=2)
    assert not IdempotencyKey.objects.expired().exists()


@pytest.mark.django_db
def test_who_asked_is_stored_as_a_hash():
    once(principal="cart:secret-token").run(Call())

    row = IdempotencyKey.objects.get()
    assert len(row.principal) == 64
    assert "secret-token" not in repr(vars(row))
    assert str(row) == "orders.place k-1"


@pytest.mark.django_db
def test_a_call_that_still_runs_is_told_so_and_not_run_again():
    call = Call()

    def twin():
        with pytest.raises(KeyInUse):
            once().run_around(call)
        with pytest.raises(KeyReused):
            once(fingerprint=OTHER).run_around(call)
        return Answer(200, "first")

    assert once().run_around(twin) == Answer(200, "first")
    assert call.times == 0
    assert once().run_around(call) == Answer(200, "first")


@pytest.mark.django_db
def test_a_call_that_crashed_is_taken_over_after_its_lease_and_not_before():
    crashed()
    call = Call()
    with pytest.raises(KeyInUse):
        once().run_around(call)
    end_lease()
    with pytest.raises(KeyReused):
        once(fingerprint=OTHER).run_around(call)
    assert call.times == 0

    assert once().run_around(call) == Answer(201, '{"number": 1}')
    assert once().run_around(call) == Answer(201, '{"number": 1}')
    assert call.times == 1


def crashed():
    """Leave the key as a process that was killed at work leaves it."""
    once()._insert(running_until=Now() + timedelta(minutes=2))


def end_lease():
    IdempotencyKey.objects.update(running_until=Now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_a_slow_call_that_answers_after_it_was_taken_over_is_not_the_one_replayed():
    def slow():
        end_lease()
        assert once().run_around(lambda: Answer(201, "second")) == Answer(201, "second")
        return Answer(201, "first, late")

    assert once().run_around(slow) == Answer(201, "first, late")

    assert once().run_around(Call()) == Answer(201, "second")


@pytest.mark.django_db
def test_a_slow_call_that_fails_after_it_was_taken_over_does_not_free_the_key():
    call = Call()
    second = once()

    def slow():
        end_lease()
        assert second._take_over() == 2
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once().run_around(slow)

    with pytest.raises(KeyInUse):
        once().run_around(call)
    assert call.times == 0


@pytest.mark.django_db
def test_expired_keys_are_thrown_away_and_no_others():
    once().run(Call())
    expire()
    once(key="k-2").run(Call())
    once(key="k-3").run(Call())

    assert forget_expired() == 1

    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"k-2", "k-3"}
    assert forget_expired() == 0


@pytest.mark.django_db
def test_a_finished_call_is_never_taken_over():
    call = Call()
    once().run_around(call)
    end_lease()

    assert once().run_around(call) == Answer(201, '{"number": 1}')
    assert call.times == 1


@pytest.mark.django_db
def test_the_database_keeps_one_row_per_call_and_none_that_expires_before_it_began():
    once().run(Call())
    row = IdempotencyKey.objects.get()
    early = row.created_at - timedelta(seconds=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        IdempotencyKey.objects.filter(pk=row.pk).update(expires_at=early)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (None, ""),
        ("abc", "abc"),
        ("  abc ", "abc"),
        ('"abc"', "abc"),
        ('"', '"'),
        ('a"b', 'a"b'),
        ("k" * 255, "k" * 255),
    ],
)
def test_a_key_is_read_bare_or_quoted(given, key):
    assert read_key(given) == key


@pytest.mark.parametrize("bad", ["", "   ", '""', "k" * 256, "ключ", "a\x00b", "a\nb", "é"])
def test_what_is_no_key_is_refused(bad):
    with pytest.raises(ValidationError) as refusal:
        read_key(bad)

    assert refusal.value.code == "invalid_idempotency_key"


def test_a_site_can_insist_on_keys(settings):
    settings.SHOPKIT = {"API": {"IDEMPOTENCY_REQUIRED": True}}

    with pytest.raises(ValidationError) as refusal:
        read_key(None)

    assert refusal.value.code == "idempotency_key_required"
    assert read_key("abc") == "abc"


def test_a_fingerprint_is_of_the_content_and_not_of_the_order():
    assert fingerprint_of({"a": 1, "b": [1, 2]}) == fingerprint_of({"b": [1, 2], "a": 1})
    assert fingerprint_of({"a": [1, 2]}) != fingerprint_of({"a": [2, 1]})
    assert fingerprint_of({"a": Decimal("1.50")}) != fingerprint_of({"a": Decimal("1.5")})
    assert len(fingerprint_of(None)) == 64


race = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]


def marked(*marks):
    def apply(test):
        for mark in marks:
            test = mark(test)
        return test

    return apply


@marked(*race)
def test_fifty_twins_at_once_do_the_work_once_and_all_get_its_answer():
    call = Call()

    outcomes = at_once([lambda: once().run(call)] * 50)

    assert outcomes == [Answer(201, '{"number": 1}')] * 50
    assert call.times == 1


@marked(*race)
def test_when_the_first_twin_fails_one_other_does_the_work():
    call = Call()
    failed = threading.Event()

    def first_fails():
        if not failed.is_set():
            failed.set()
            time.sleep(0.2)
            raise Refusal
        return call()

    outcomes = at_once([lambda: once().run(first_fails)] * 20)

    assert kinds(outcomes) == {"ok": 19, "Refusal": 1}
    assert call.times == 1


@marked(*race)
def test_fifty_twins_that_talk_to_the_world_do_so_once():
    call = Call()

    def slow():
        time.sleep(0.3)
        return call()

    outcomes = at_once([lambda: once().run_around(slow)] * 50)

    found = kinds(outcomes)
    assert found.pop("ok") >= 1
    assert found.keys() <= {"KeyInUse"}
    assert call.times == 1


@marked(*race)
def test_a_crashed_call_is_taken_over_by_one_of_many():
    crashed()
    end_lease()
    call = Call()

    def slow():
        time.sleep(0.3)
        return call()

    outcomes = at_once([lambda: once().run_around(slow)] * 20)

    assert kinds(outcomes).keys() <= {"ok", "KeyInUse"}
    assert call.times == 1


@marked(*race)
def test_an_expired_key_is_renewed_by_one_of_many():
    call = Call()
    once().run(call)
    expire()

    outcomes = at_once([lambda: once().run(call)] * 20)

    assert outcomes == [Answer(201, '{"number": 2}')] * 20
    assert call.times == 2


@marked(*race)
def test_looking_first_and_inserting_then_does_the_work_several_times():
    call = Call()

    at_once([lambda: run_naively(call)] * 20)

    assert call.times > 1


def run_naively(action):
    """What ``Once.run`` would be if it asked before it inserted."""
    with transaction.atomic():
        found = IdempotencyKey.objects.filter(key="k-1").first()
        if found is not None:
            return Answer(found.status, found.body)
        answer = action()
        time.sleep(0.01)
        IdempotencyKey.objects.create(
            principal="p",
            route="r",
            key="k-1",
            fingerprint=BODY,
            status=answer.status,
            body=answer.body,
            expires_at=Now() + timedelta(days=1),
        )
        return answer
