"""System checks: a wrong setting is found by ``manage.py check``, with the remedy.

Ids are stable and never reused; silence one knowingly by SILENCED_SYSTEM_CHECKS.
"""

import re
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import global_settings, settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, router
from django.utils.translation import check_for_language, get_language_info

from .backends import load_callable
from .conf import SECTIONS, core_settings, facts_settings, given_sections
from .schedule import jobs

TIMEOUTS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")


@register("shopkit")
def check_settings(**_: Any) -> list[CheckMessage]:
    """E001: a value is wrong; E002: a section that no installed app reads."""
    try:
        given = given_sections()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="shopkit.core.E001")]
    unread = sorted(map(str, given.keys() - SECTIONS.keys()))
    return [
        *_refused(SECTIONS.values()),
        *(
            Error(
                f"SHOPKIT[{name!r}] is read by no installed app.",
                hint=f"Known sections: {', '.join(sorted(SECTIONS))}. Install the app or mend the "
                "name.",
                id="shopkit.core.E002",
            )
            for name in unread
        ),
    ]


def _refused(sections: Iterable[Any]) -> Iterable[CheckMessage]:
    for section in sections:
        try:
            section()
        except ImproperlyConfigured as error:
            yield Error(str(error), id="shopkit.core.E001")


@register("shopkit")
def check_databases(**_: Any) -> list[CheckMessage]:
    """W001: SQLite begins transactions deferred; W002: PostgreSQL waits without end; E003: an
    engine we do not know to be right.

    Only settings are read, so that every ``check`` finds it, not just ``check --database``.
    """
    found: list[CheckMessage] = []
    for alias in sorted(our_databases()):
        connection = connections[alias]
        if connection.vendor == "sqlite" and not _begins_by_locking(connection):
            found.append(
                Warning(
                    f"Database {alias!r} is SQLite without transaction_mode IMMEDIATE: two writers "
                    'at once fail with "database is locked".',
                    hint='Set OPTIONS = {"transaction_mode": "IMMEDIATE", "timeout": 20}.',
                    id="shopkit.core.W001",
                )
            )
        elif connection.vendor == "postgresql" and (missing := _missing_timeouts(connection)):
            found.append(
                Warning(
                    f"Database {alias!r} lets a session wait for ever: {', '.join(missing)} not "
                    "set.",
                    hint='Set OPTIONS = {"options": "-c lock_timeout=10000 -c '
                    'statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"}, or '
                    "silence this where the server's role sets them.",
                    id="shopkit.core.W002",
                )
            )
        elif connection.vendor not in {"sqlite", "postgresql"}:
            found.append(
                Error(
                    f"Database {alias!r} is {connection.display_name}; shopkit's promises are "
                    "tested on PostgreSQL and SQLite only.",
                    id="shopkit.core.E003",
                )
            )
    return found


def our_databases() -> set[str]:
    """Return where rows of ours are written; a site's other databases are its own affair."""
    ours = [one for one in apps.get_app_configs() if one.label.startswith("shopkit_")]
    return {router.db_for_write(model) for app in ours for model in app.get_models()}


def _missing_timeouts(connection: Any) -> list[str]:
    given = str(connection.settings_dict.get("OPTIONS", {}).get("options") or "")
    return [name for name in TIMEOUTS if not re.search(rf"\b{name}\s*=", given)]


def _begins_by_locking(connection: Any) -> bool:
    mode = connection.settings_dict.get("OPTIONS", {}).get("transaction_mode") or ""
    return mode.upper() in {"IMMEDIATE", "EXCLUSIVE"}


@register("shopkit")
def check_time_zone(**_: Any) -> list[CheckMessage]:
    """E004: naive times would make every expiry wrong by the site's offset."""
    if settings.USE_TZ:
        return []
    return [Error("shopkit needs USE_TZ = True.", id="shopkit.core.E004")]


@register("shopkit")
def check_delivery(**_: Any) -> list[CheckMessage]:
    """E007: facts are to be delivered by workers that cannot be reached."""
    try:
        delivery = facts_settings().DELIVERY
    except ImproperlyConfigured:
        return []  # E001 says so
    if delivery != "celery" or find_spec("celery"):
        return []
    text = 'SHOPKIT["FACTS"]: DELIVERY is "celery", and Celery is not installed.'
    return [Error(text, hint='pip install "shopkit[celery]"', id="shopkit.core.E007")]


@register("shopkit")
def check_jobs(**_: Any) -> list[CheckMessage]:
    """E008: a periodic job that is none, or that cannot be run."""
    try:
        for job in jobs().values():
            load_callable(job.run)
    except ImproperlyConfigured as error:
        return [Error(f"Periodic work: {error}", id="shopkit.core.E008")]
    return []


@register("shopkit")
def check_languages(**_: Any) -> list[CheckMessage]:
    """W003: Django does not know a language of the site; W004: it will never choose it."""
    found: list[CheckMessage] = []
    if settings.LANGUAGES == global_settings.LANGUAGES:
        return found  # nobody's choice: Django lists some that it has no catalogue of
    for code, _name in settings.LANGUAGES:
        if not _is_known(code):
            found.append(
                Warning(
                    f"LANGUAGES has {code!r}, which Django does not know: the admin and "
                    "get_language_info fail for it.",
                    hint="Call shopkit.core.languages.register_language() in ready() of an app.",
                    id="shopkit.core.W003",
                )
            )
        if not check_for_language(code):
            found.append(
                Warning(
                    f"LANGUAGES has {code!r}, for which there is no catalogue of texts: no reader "
                    "is ever answered in it.",
                    hint="Put <folder>/<language>/LC_MESSAGES/django.mo into a folder of "
                    "LOCALE_PATHS, even one with a few texts.",
                    id="shopkit.core.W004",
                )
            )
    return found


@register("shopkit")
def check_fallbacks(**_: Any) -> list[CheckMessage]:
    """W005: a language of LANGUAGE_FALLBACKS is none that Django or the site knows."""
    try:
        chains = core_settings().LANGUAGE_FALLBACKS
    except ImproperlyConfigured:
        return []  # E001 says so
    named = {code for language, others in chains.items() for code in (language, *others)}
    listed = {code for code, _name in settings.LANGUAGES}
    return [
        Warning(
            f'SHOPKIT["CORE"]["LANGUAGE_FALLBACKS"] names {code!r}, which is no language that '
            "Django knows or that LANGUAGES lists.",
            hint="Mend the code, or register the language.",
            id="shopkit.core.W005",
        )
        for code in sorted(named - listed)
        if not _is_known(code)
    ]


def _is_known(code: str) -> bool:
    """Say whether Django can name the language, by its own tag or the one it is a variant of."""
    try:
        get_language_info(code)
    except KeyError:
        return False
    return True
