"""The database's clock, by which all processes agree what is over."""

from datetime import datetime, timedelta, timezone

from django.db import connections, router
from django.db.models.functions import Now

from shopkit.payments.models import Payment


def database_now() -> datetime:
    """Return the moment by the database's clock; one statement."""
    alias = router.db_for_write(Payment)
    compiler = Payment.objects.using(alias).query.get_compiler(alias)
    sql, parameters = compiler.compile(Now())
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT {sql}", parameters)
        found = cursor.fetchone()[0]
    # SQLite has no moments, only texts.
    moment: datetime = datetime.fromisoformat(found) if isinstance(found, str) else found
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def has_passed(moment: datetime | None) -> bool:
    """Say whether ``moment`` is over; None never is."""
    return moment is not None and moment <= database_now()


def after(window: timedelta, *, since_ms: int | None = None) -> datetime:
    """Return the end of a window that began at ``since_ms``, at the latest now.

    since_ms -- since 1970, by somebody else's clock; None for now
    """
    now = database_now()
    if since_ms is None:
        return now + window
    now_ms = int(now.timestamp() * 1000)
    return now + timedelta(milliseconds=min(since_ms, now_ms) - now_ms) + window
