"""shopkit_migrate: one process at a time."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from shopkit.core.locks import key_of

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(seconds=0.2):
    call_command("shopkit_migrate", seconds=seconds, verbosity=0)


class Other:
    """A process that migrates until it is told to die."""

    def __enter__(self):
        self._die, begun = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(begun,))
        self._thread.start()
        assert begun.wait(10)
        return self

    def die(self):
        self._die.set()

    def __exit__(self, *_):
        self.die()
        self._thread.join(10)

    def _run(self, begun):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [key_of("migrate")])
        begun.set()
        self._die.wait(20)
        connections.close_all()


def test_a_migrated_database_stays_as_it_is():
    migrate()


@pytest.mark.postgres
def test_while_another_one_migrates_it_waits_and_gives_up_in_time():
    with Other(), pytest.raises(CommandError, match=r"still migrates after 0\.2 seconds"):
        migrate()


@pytest.mark.postgres
def test_it_goes_on_when_the_other_one_is_gone_however_it_went():
    with Other() as other:
        threading.Timer(0.7, other.die).start()
        migrate(seconds=20)


@pytest.mark.postgres
def test_its_own_lock_and_its_settings_end_with_it():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        before = cursor.fetchone()
    migrate()
    migrate()

    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == before
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database "
            "WHERE locktype = 'advisory' AND datname = current_database()"
        )
        assert cursor.fetchone() == (0,)
