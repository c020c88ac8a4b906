"""Facts: written with the change, told after it, at least once, and never lost."""

import threading
import time
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, transaction
from django.db.backends.signals import connection_created
from django.db.models.functions import Now
from django.urls import reverse

from shopkit.core import facts
from shopkit.core.facts import Fact, deliver_due, retry
from shopkit.core.idempotency import Answer, Once
from shopkit.core.models import Delivery, IdempotencyKey

SAW = []
FAILS = {"on": False}
TOLD = threading.Event()
THREADS = []
SLOWLY = []
SAID = {"text": ""}


def see(**ids):
    SAW.append(ids)


def see_too(**ids):
    SAW.append({"too": ids})


def fail(number):
    if FAILS["on"]:
        raise RuntimeError(f"no {number}")
    SAW.append({"number": number})


def see_in_thread(number):
    THREADS.append((threading.current_thread().name, number))
    TOLD.set()


def see_slowly(number):
    TOLD.set()
    time.sleep(0.5)
    SLOWLY.append(number)


@pytest.fixture(autouse=True)
def _fresh():
    SAW.clear()
    SLOWLY.clear()
    THREADS.clear()
    TOLD.clear()
    FAILS["on"] = True


def fail_with_what_it_says():
    raise RuntimeError(SAID["text"])


@pytest.fixture
def manual(settings):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "manual", "PAUSES": (5, 30)}}


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """``with commits():`` ends as a committed transaction does."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def fact_for(*subscribers):
    fact = Fact("test.happened")
    for subscriber in subscribers:
        fact.subscribe(subscriber)
    return fact


def make_due():
    Delivery.objects.pending().update(due_at=Now())


@pytest.mark.django_db
def test_one_row_per_subscriber_is_written_in_the_transaction_of_the_change(manual):
    fact_for(see, see_too).announce(number=5)

    assert list(Delivery.objects.values_list("fact", "subscriber", "ids", "attempts")) == [
        ("test.happened", f"{__name__}.see", {"number": 5}, 0),
        ("test.happened", f"{__name__}.see_too", {"number": 5}, 0),
    ]
    assert str(Delivery.objects.first()) == f"test.happened → {__name__}.see"


@pytest.mark.django_db
def test_subscribing_twice_is_subscribing_once(manual):
    fact = fact_for(see, see)

    assert fact.subscribers == (f"{__name__}.see",)


@pytest.mark.django_db
def test_a_fact_that_interests_nobody_costs_nothing(statements):
    with statements(0):
        fact_for().announce(number=5)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_the_news_back(settings):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "sync"}}
    with transaction.atomic():
        fact_for(see).announce(number=5)
        assert Delivery.objects.count() == 1
        transaction.set_rollback(True)

    assert not Delivery.objects.exists()
    assert SAW == []


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_before_the_commit_and_everybody_after_it(settings):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "sync"}}
    with transaction.atomic():
        fact_for(see, see_too).announce(number=5)
        assert SAW == []

    assert SAW == [{"number": 5}, {"too": {"number": 5}}]
    assert Delivery.objects.filter(delivered_at=None).count() == 0
    assert deliver_due() == 0
    assert len(SAW) == 2


@pytest.mark.django_db
def test_manual_delivery_tells_nobody_until_the_command_runs(manual, commits):
    with commits():
        fact_for(see).announce(number=5)
    assert SAW == []
    assert Delivery.objects.due().count() == 1

    out = StringIO()
    call_command("shopkit_deliver", stdout=out)

    assert SAW == [{"number": 5}]
    assert out.getvalue() == "tried 1, waiting 0, parked 0\n"


@pytest.mark.django_db
def test_the_command_goes_on_until_nothing_is_due(manual):
    fact = fact_for(see)
    for number in range(101):
        fact.announce(number=number)

    out = StringIO()
    call_command("shopkit_deliver", stdout=out)

    assert out.getvalue() == "tried 101, waiting 0, parked 0\n"
    assert [one["number"] for one in SAW] == list(range(101))


@pytest.mark.django_db
def test_a_batch_shared_with_another_relay_is_not_the_end(manual, monkeypatch):
    fact = fact_for(see)
    for number in range(5):
        fact.announce(number=number)
    monkeypatch.setattr(facts, "deliver_due", lambda **_: deliver_due(limit=2))

    assert facts.deliver_all() == 5
    assert [one["number"] for one in SAW] == list(range(5))


@pytest.mark.django_db
def test_the_command_throws_expired_idempotency_keys_away(manual):
    Once(principal="p", route="r", key="k", fingerprint="f").run(lambda: Answer(200, "{}"))
    past = Now() - timedelta(days=2)
    IdempotencyKey.objects.update(created_at=past, expires_at=past + timedelta(hours=1))

    call_command("shopkit_deliver", stdout=StringIO())

    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_the_command_tells_what_waits_and_what_is_parked(manual):
    fact_for(fail).announce(number=1)
    fact_for(fail).announce(number=2)
    Delivery.objects.filter(ids={"number": 2}).update(attempts=2)

    out = StringIO()
    call_command("shopkit_deliver", stdout=out)

    assert out.getvalue() == "tried 2, waiting 1, parked 1\n"


@pytest.mark.django_db
def test_a_subscriber_that_fails_is_tried_again_after_each_pause_and_then_parked(manual):
    fact_for(fail).announce(number=1)
    row = Delivery.objects.get()

    for attempt, pause in enumerate((5, 30), start=1):
        assert deliver_due() == 1
        row.refresh_from_db()
        assert (row.attempts, row.parked_at) == (attempt, None)
        assert row.last_error == "RuntimeError: no 1"
        assert seconds_until_due() == pytest.approx(pause, abs=4)
        assert deliver_due() == 0
        make_due()

    assert deliver_due() == 1
    row.refresh_from_db()
    assert (row.attempts, row.delivered_at) == (3, None)
    assert row.parked_at is not None
    make_due()
    assert deliver_due() == 0
    assert SAW == []


def seconds_until_due():
    """Return the pause of the only row, by the database's clock."""
    now = Delivery.objects.annotate(now=Now()).get()
    return (now.due_at - now.now).total_seconds()


@pytest.mark.django_db
def test_trying_again_gives_a_parked_row_a_fresh_series(manual):
    fact_for(fail).announce(number=1)
    Delivery.objects.update(parked_at=Now(), attempts=3)
    other = Delivery.objects.create(fact="test.other", subscriber="x.y", ids={})

    assert retry(list(Delivery.objects.all())) == 1

    row = Delivery.objects.get(fact="test.happened")
    assert (row.parked_at, row.attempts) == (None, 0)
    assert retry([row, other]) == 0
    other.delete()
    FAILS["on"] = False
    assert deliver_due() == 1
    assert SAW == [{"number": 1}]
    row.refresh_from_db()
    assert (row.last_error, row.delivered_at is None) == ("", False)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["nowhere.at.all", "nodots", f"{__name__}.missing"])
def test_a_subscriber_that_is_gone_is_parked_and_stops_nobody(manual, path):
    Delivery.objects.create(fact="test.happened", subscriber=path, ids={"number": 1})
    fact_for(see).announce(number=2)

    for _ in range(3):
        deliver_due()
        make_due()

    assert SAW == [{"number": 2}]
    assert list(Delivery.objects.parked().values_list("subscriber", flat=True)) == [path]
    assert Delivery.objects.parked().get().last_error.startswith(("ModuleNotFound", "ImportError"))


@pytest.mark.django_db
def test_one_bad_row_does_not_stop_the_others(manual):
    fact_for(see).announce(number=1)
    fact_for(fail).announce(number=2)
    fact_for(fail).announce(unexpected=3)
    fact_for(see).announce(number=4)

    assert deliver_due() == 4

    assert SAW == [{"number": 1}, {"number": 4}]
    assert Delivery.objects.pending().count() == 2


@pytest.mark.django_db
def test_an_error_as_long_as_a_novel_is_shortened(manual):
    fact_for(fail).announce(number="x" * 5000)

    deliver_due()

    assert len(Delivery.objects.get().last_error) == 2000


@pytest.mark.django_db
def test_a_row_whose_relay_died_is_told_again_after_the_lease_and_not_before(settings):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "manual", "LEASE": timedelta(minutes=7)}}
    fact_for(die).announce(number=1)

    with pytest.raises(KeyboardInterrupt):
        deliver_due()

    assert Delivery.objects.get().attempts == 1
    assert seconds_until_due() == pytest.approx(7 * 60, abs=4)
    assert deliver_due() == 0
    make_due()
    with pytest.raises(KeyboardInterrupt):
        deliver_due()
    assert SAW == [{"number": 1}, {"number": 1}]


def die(number):
    """Stands for a process that is killed: nothing in us may catch it."""
    SAW.append({"number": number})
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_a_late_relay_cannot_undo_what_its_successor_did(manual):
    fact_for(overtaken).announce(number=1)

    assert deliver_due() == 1

    row = Delivery.objects.get()
    assert (row.attempts, row.delivered_at is None, row.last_error) == (2, False, "")


def overtaken(number):
    """While we run, our lease ends and another relay delivers; then we fail."""
    Delivery.objects.update(attempts=2, delivered_at=Now())
    raise RuntimeError("late")


@pytest.mark.django_db
def test_due_is_judged_by_the_clock_of_the_database(manual, monkeypatch):
    fact_for(see).announce(number=1)
    Delivery.objects.update(due_at=Now() + timedelta(hours=1))
    monkeypatch.setattr("django.utils.timezone.now", lambda: pytest.fail("this machine's clock"))

    assert deliver_due() == 0
    make_due()
    assert deliver_due() == 1


@pytest.mark.django_db
def test_no_row_is_both_delivered_and_parked(manual):
    fact_for(see).announce(number=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(delivered_at=Now(), parked_at=Now())


@pytest.mark.django_db
def test_staff_see_the_states_and_can_try_parked_rows_again(manual, staff, client, commits):
    fact_for(fail).announce(number=1)
    fact_for(see).announce(number=2)
    fact_for(see).announce(number=3)
    parked, delivered, waiting = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=parked.pk).update(parked_at=Now(), attempts=3)
    Delivery.objects.filter(pk=delivered.pk).update(delivered_at=Now())
    client.force_login(staff)
    url = reverse("admin:shopkit_core_delivery_changelist")

    for state, row in (("parked", parked), ("delivered", delivered), ("waiting", waiting)):
        page = client.get(url, {"state": state})
        assert [one.pk for one in page.context["cl"].result_list] == [row.pk]
    assert len(client.get(url).context["cl"].result_list) == 3

    with commits():
        answer = client.post(
            url, {"action": "try_again", "_selected_action": [parked.pk, waiting.pk]}, format=None
        )

    assert answer.status_code == 302
    assert "1 delivery will be tried again." in client.get(url).content.decode()
    parked.refresh_from_db()
    assert (parked.parked_at, parked.attempts) == (None, 0)


@pytest.mark.django_db
def test_the_list_says_what_went_wrong_and_when_it_is_tried_again(manual, staff, client):
    fact_for(fail).announce(number=1)
    deliver_due()
    fact_for(fail).announce(number="x" * 500)
    Delivery.objects.filter(attempts=0).update(attempts=2)
    deliver_due()
    client.force_login(staff)
    url = reverse("admin:shopkit_core_delivery_changelist")

    page = client.get(url).content.decode()

    assert 'class="field-state">waiting<' in page
    assert 'class="field-state">parked<' in page
    assert "RuntimeError: no 1" in page
    assert f"RuntimeError: no {'x' * 62}…<" in page
    # A parked row is due at no time.
    assert page.count('class="field-due">-<') == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no answer to +998901234567", "no answer to …4567"),
        ("a half \ud800 and a \0", "a half ? and a ?"),
    ],
)
def test_the_reason_is_kept_as_a_log_would_and_whatever_it_holds(manual, monkeypatch, said, kept):
    SAID["text"] = said
    # A parallel run cannot carry half a character of a captured log to its other end.
    monkeypatch.setattr(facts.logger, "disabled", True)
    fact_for(fail_with_what_it_says).announce()

    assert deliver_due() == 1

    row = Delivery.objects.get()
    assert row.last_error == f"RuntimeError: {kept}"
    assert row.due_at > row.announced_at


@pytest.mark.django_db
def test_who_may_only_look_cannot_have_facts_told_again(manual, user, client):
    fact_for(fail).announce(number=1)
    Delivery.objects.update(parked_at=Now(), attempts=3)
    user.is_staff = True
    user.save()
    user.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    client.force_login(user)
    url = reverse("admin:shopkit_core_delivery_changelist")
    row = Delivery.objects.get()

    client.post(url, {"action": "try_again", "_selected_action": [row.pk]}, format=None)

    assert Delivery.objects.parked().count() == 1


@pytest.mark.django_db
def test_nobody_types_facts_in(manual, staff, client):
    fact_for(see).announce(number=1)
    row = Delivery.objects.get()
    client.force_login(staff)

    assert client.get(reverse("admin:shopkit_core_delivery_add")).status_code == 403
    page = reverse("admin:shopkit_core_delivery_change", args=[row.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"fact": "forged"}, format=None).status_code == 403
    row.refresh_from_db()
    assert row.fact == "test.happened"


@pytest.fixture
def relay(monkeypatch):
    """A relay of our own, whose thread ends with the test."""
    ours = _Mortal()
    monkeypatch.setattr(facts, "_relay", ours)
    yield ours
    woken, ours._woken = ours._woken, _End()
    woken.set()
    if ours._thread is not None:
        ours._thread.join(10)
        assert not ours._thread.is_alive()


class _Mortal(facts._Relay):
    """A relay whose thread may go home without a word."""

    def _run(self):
        with suppress(SystemExit):
            super()._run()


class _End:
    """An event at which a relay's thread goes home."""

    def wait(self, _):
        raise SystemExit

    def clear(self):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_thread_of_the_process_delivers_behind_the_callers_back(settings, relay):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "thread", "SWEEP_EVERY": timedelta(milliseconds=50)}}

    with transaction.atomic():
        fact_for(see_in_thread).announce(number=1)

    assert TOLD.wait(10)
    assert THREADS == [("shopkit-facts", 1)]
    wait_until_delivered()


@pytest.mark.django_db(transaction=True)
def test_a_process_that_serves_requests_delivers_in_its_thread_and_others_at_once(settings, relay):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "auto", "SWEEP_EVERY": timedelta(milliseconds=50)}}

    fact_for(see_in_thread).announce(number=1)
    assert THREADS == [(threading.current_thread().name, 1)]

    TOLD.clear()
    relay.start()
    fact_for(see_in_thread).announce(number=2)
    assert TOLD.wait(10)
    assert THREADS[1:] == [("shopkit-facts", 2)]
    wait_until_delivered()


@pytest.mark.django_db(transaction=True)
def test_a_process_that_ends_finishes_what_it_began_and_gives_the_rest_back(settings, relay):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "thread"}}
    with transaction.atomic():
        for number in range(3):
            fact_for(see_slowly).announce(number=number)
    assert TOLD.wait(10)

    relay.finish()

    told, *others = Delivery.objects.order_by("pk")
    assert told.delivered_at is not None
    assert [(one.attempts, one.delivered_at) for one in others] == [(0, None)] * 2
    assert Delivery.objects.due().count() == 2
    assert SLOWLY == [0]


@pytest.mark.django_db(transaction=True)
def test_a_process_that_cannot_wait_gives_the_rest_back_all_the_same(settings, relay):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "thread"}}
    with transaction.atomic():
        for number in range(3):
            fact_for(see_slowly).announce(number=number)
    assert TOLD.wait(10)

    relay.finish(within=0.05)

    assert Delivery.objects.due().filter(attempts=0).count() == 2
    wait_until(lambda: Delivery.objects.pending().count() == 2)
    assert SLOWLY == [0]


@pytest.mark.django_db(transaction=True)
def test_a_process_that_ends_begins_no_periodic_work(settings, relay, monkeypatch):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "thread"}}
    begun = []
    monkeypatch.setattr("shopkit.core.schedule._run", lambda job: begun.append(job.name))
    with transaction.atomic():
        fact_for(see_slowly).announce(number=0)
    assert TOLD.wait(10)

    relay.finish()

    assert SLOWLY == [0]
    assert begun == []


@pytest.mark.django_db(transaction=True)
def test_a_process_does_not_wait_for_ever_for_what_it_began(settings, relay):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "thread"}}
    fact_for(see_slowly).announce(number=0)
    assert TOLD.wait(10)
    began = time.monotonic()

    relay.finish(within=0.1)

    assert time.monotonic() - began < 0.4
    wait_until_delivered()


@pytest.mark.django_db(transaction=True)
def test_the_thread_outlives_a_database_that_was_away(settings, relay):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "thread", "SWEEP_EVERY": timedelta(milliseconds=50)}}
    refused = []

    def refuse_once(**_):
        if threading.current_thread().name == "shopkit-facts" and not refused:
            refused.append(1)
            raise OperationalError("The database is away.")

    connection_created.connect(refuse_once)
    try:
        fact_for(see_in_thread).announce(number=1)
        assert TOLD.wait(10)
    finally:
        connection_created.disconnect(refuse_once)

    assert refused == [1]
    assert THREADS == [("shopkit-facts", 1)]
    wait_until_delivered()


@pytest.mark.django_db(transaction=True)
def test_the_thread_does_what_comes_round_too(settings, relay):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "thread", "SWEEP_EVERY": timedelta(milliseconds=50)}}
    Once(principal="p", route="r", key="k", fingerprint="f").run(lambda: Answer(200, "{}"))
    past = Now() - timedelta(days=2)
    IdempotencyKey.objects.update(created_at=past, expires_at=past + timedelta(hours=1))

    fact_for(see_in_thread).announce(number=1)

    assert TOLD.wait(10)
    for _ in range(200):
        if not IdempotencyKey.objects.exists():
            return
        threading.Event().wait(0.05)
    pytest.fail("The thread never tidied up.")


@pytest.mark.django_db(transaction=True)
def test_requests_start_one_thread_and_not_one_each(settings, relay):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "auto", "SWEEP_EVERY": timedelta(milliseconds=50)}}

    relay.start()
    thread = relay._thread
    relay.start()
    relay.wake()

    assert thread.is_alive()
    assert relay._thread is thread


def wait_until_delivered():
    wait_until(lambda: not Delivery.objects.pending().exists())


def wait_until(is_so):
    """Wait, but not for ever, until the thread has written down what it did."""
    for _ in range(100):
        if is_so():
            return
        threading.Event().wait(0.05)
    pytest.fail("The thread never wrote the delivery down.")
