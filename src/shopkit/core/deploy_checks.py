"""System checks of ``manage.py check --deploy``: what is right at a desk and wrong in a shop.

Each warning may be right for a site all the same, which then silences its id.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from rest_framework.settings import api_settings

from .checks import our_databases
from .conf import core_settings, facts_settings, health_settings
from .health import known_probes

PRIVATE_CACHES = {
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
}
SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAIL_FOR_DEVELOPMENT = {
    f"django.core.mail.backends.{kind}.EmailBackend"
    for kind in ("console", "dummy", "filebased", "locmem")
}


@register("shopkit")
def check_health(**_: Any) -> list[CheckMessage]:
    """E010: a probe of the site does not import, or an optional one does not exist."""
    try:
        known, section = known_probes(), health_settings()
    except ImproperlyConfigured as error:
        return [Error(f'SHOPKIT["HEALTH"]["PROBES"]: {error}', id="shopkit.core.E010")]
    # The broker is asked only where there is one, and may be named nevertheless.
    unknown = sorted(set(section.OPTIONAL) - known.keys() - {"broker"})
    if not unknown:
        return []
    text = f'SHOPKIT["HEALTH"]["OPTIONAL"] names no probe of this site: {", ".join(unknown)}.'
    hint = f"Probes are: {', '.join(sorted(known))}."
    return [Error(text, hint=hint, id="shopkit.core.E010")]


@register("shopkit", deploy=True)
def check_cache(**_: Any) -> list[CheckMessage]:
    """W010: each process has a cache of its own."""
    chosen = settings.CACHES["default"]["BACKEND"]
    if chosen not in PRIVATE_CACHES:
        return []
    text = f'CACHES["default"] is {chosen.rpartition(".")[2]}, which processes do not share.'
    hint = (
        "Throttles count in it, so n processes allow n times as much. Use a cache on Redis, "
        "or your front server's limits."
    )
    return [Warning(text, hint=hint, id="shopkit.core.W010")]


@register("shopkit", deploy=True)
def check_engine(**_: Any) -> list[CheckMessage]:
    """W011: SQLite lets one writer in at a time; W015: a new connection for every request."""
    return [message for alias in sorted(our_databases()) for message in _of_database(alias)]


def _of_database(alias: str) -> Iterator[CheckMessage]:
    connection = connections[alias]
    if connection.vendor == "sqlite":
        yield Warning(
            f"Database {alias!r} is SQLite, which lets one writer in at a time.",
            hint="It keeps every promise, on one machine and slowly. Use PostgreSQL for a shop.",
            id="shopkit.core.W011",
        )
        return
    pooled = connection.settings_dict.get("OPTIONS", {}).get("pool")
    if connection.settings_dict["CONN_MAX_AGE"] == 0 and not pooled:
        yield Warning(
            f"Database {alias!r} has CONN_MAX_AGE 0: every request connects anew.",
            hint="Set CONN_MAX_AGE = 600 and CONN_HEALTH_CHECKS = True, or OPTIONS['pool'].",
            id="shopkit.core.W015",
        )


@register("shopkit", deploy=True)
def check_delivery(**_: Any) -> list[CheckMessage]:
    """W012: what a crash interrupted waits until somebody looks."""
    try:
        delivery = facts_settings().DELIVERY
    except ImproperlyConfigured:
        return []  # E001 says so
    if delivery == "celery":
        return []
    why = {
        "sync": "is tried again by nobody when a subscriber fails or a process dies",
        "manual": "is delivered by shopkit_deliver only",
    }.get(delivery, "is swept by processes that serve requests only, and runs inside of them")
    return [
        Warning(
            f'SHOPKIT["FACTS"]["DELIVERY"] is "{delivery}": what was announced {why}.',
            hint='Use "celery" with beat; or run shopkit_deliver every minute, and silence this.',
            id="shopkit.core.W012",
        )
    ]


@register("shopkit", deploy=True)
def check_proxies(**_: Any) -> list[CheckMessage]:
    """W013: all clients seem to be the proxy; W014: clients may choose their address."""
    try:
        trusted = core_settings().TRUSTED_PROXIES
    except ImproperlyConfigured:
        return []  # E001 says so
    return [*_behind_proxies(trusted), *_throttled_behind(trusted)]


def _behind_proxies(trusted: int) -> Iterable[CheckMessage]:
    if settings.SECURE_PROXY_SSL_HEADER and not trusted:
        yield Warning(
            "SECURE_PROXY_SSL_HEADER tells of a proxy, and "
            'SHOPKIT["CORE"]["TRUSTED_PROXIES"] is 0.',
            hint="Limits by network address count all customers as one. Set the number of your "
            "proxies that append to X-Forwarded-For.",
            id="shopkit.core.W013",
        )


def _throttled_behind(trusted: int) -> Iterable[CheckMessage]:
    given = api_settings.NUM_PROXIES
    if given == trusted:
        return
    text = (
        "REST_FRAMEWORK has no NUM_PROXIES: throttles believe any X-Forwarded-For."
        if given is None
        else f"REST_FRAMEWORK has NUM_PROXIES {given}, and "
        f'SHOPKIT["CORE"]["TRUSTED_PROXIES"] is {trusted}.'
    )
    hint = f"Set NUM_PROXIES = {trusted}, so that both mean the same client."
    yield Warning(text, hint=hint, id="shopkit.core.W014")


@register("shopkit", deploy=True)
def check_mail(**_: Any) -> list[CheckMessage]:
    """W016: mail stays on the server."""
    kept = sorted({path for path, _seconds in _ways_of_mail()} & MAIL_FOR_DEVELOPMENT)
    return [
        Warning(
            f"Mail is handed to {path}, which is for development; nobody gets it.",
            hint="Codes and confirmations go by mail. Name a real server.",
            id="shopkit.core.W016",
        )
        for path in kept
    ]


@register("shopkit", deploy=True)
def check_patience(**_: Any) -> list[CheckMessage]:
    """W017: a mail server that does not answer is waited for without end."""
    if (SMTP, None) not in _ways_of_mail():
        return []
    text = "A mail server that takes the connection and never answers is waited for without end."
    hint = (
        "Codes and all other news wait behind such a mail. Set EMAIL_TIMEOUT = 10, or the "
        'OPTIONS "timeout" in MAILERS.'
    )
    return [Warning(text, hint=hint, id="shopkit.core.W017")]


def _ways_of_mail() -> list[tuple[str, Any]]:
    """Return (backend, seconds) of each; Django 6.1 names several in MAILERS, before there is one.

    seconds -- how long the server is waited for; None for without end
    """
    mailers = getattr(settings, "MAILERS", None)
    if not mailers:
        return [(settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT)]
    return [
        (str(one.get("BACKEND", "")), one.get("OPTIONS", {}).get("timeout"))
        for one in mailers.values()
    ]
