"""What an error of the database means to whoever called: look again, come back, or a bug of ours.

PostgreSQL is known by its SQLSTATE, never by its words, which follow the server's language; SQLite
has nothing but words.
"""

from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
)
from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import BackendError, Conflict, Refusal, ShopkitError
from shopkit.core.transactions import DEADLOCK_DETECTED, SERIALIZATION_FAILURE, sqlstate_of

SOON, LATER = 1, 5  # seconds


class Contended(Refusal):
    """Another request held what this one needs; the same again may succeed.

    details: {"retry_after": seconds}
    """

    code = "busy"
    message = _("Somebody else is changing the same things. Try again in a moment.")


class Busy(BackendError):
    """The database did not answer in time.

    details: {"retry_after": seconds}
    """

    code = "busy"
    message = _("The shop is busy. Try again in a moment.")


class Away(BackendError):
    """The database cannot be reached, or ended the connection.

    details: {"retry_after": seconds}
    """


# The rest is judged by its family: 08 (connection), 53 (resources) and 57P (shutdown) are
# OperationalError, and a server that is not there gives no code at all. 25 is InternalError.
BY_SQLSTATE: dict[str, tuple[type[ShopkitError], int]] = {
    SERIALIZATION_FAILURE: (Contended, SOON),
    DEADLOCK_DETECTED: (Contended, SOON),
    "55P03": (Contended, SOON),  # lock_timeout
    "57014": (Busy, SOON),  # statement_timeout
    "25006": (Away, LATER),  # read only: a standby, or a disk that is nearly full
    "25P03": (Away, LATER),  # idle_in_transaction_session_timeout
}
SQLITE_AWAY = ("unable to open", "disk", "readonly")


def meaning_of(error: Exception) -> ShopkitError | None:
    """Return what an error of the database is to a client, or None where it is a bug of ours."""
    if isinstance(error, IntegrityError):
        return Conflict()
    if not isinstance(error, (DatabaseError, InterfaceError)):
        return None
    if connection.vendor == "sqlite":
        return _of_sqlite(error)
    usual = (Away, LATER) if isinstance(error, (OperationalError, InterfaceError)) else None
    found = BY_SQLSTATE.get(sqlstate_of(error), usual)
    return found[0](retry_after=found[1]) if found else None


def _of_sqlite(error: Exception) -> ShopkitError | None:
    """SQLite says OperationalError for a missing table as well as for a lock."""
    words = str(error) if isinstance(error, OperationalError) else ""
    if "locked" in words:
        return Busy(retry_after=SOON)
    return Away(retry_after=LATER) if any(one in words for one in SQLITE_AWAY) else None


def told_safely(error: Exception) -> str:
    """Return what may be logged: PostgreSQL's words quote values, so its code and constraint."""
    state = sqlstate_of(error)
    if not state:
        return str(error)
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return f"{state} {constraint or ''}"
