"""Settings: one ``SHOPKIT`` dict, one typed section per app, read afresh at every call."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .money import MINOR_DIGITS

Schema = TypeVar("Schema")

# A tag as Django writes it in LANGUAGES: "uz", "kaa", "uz-cyrl", "pt-br".
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")

SECTIONS: dict[str, "Section[Any]"] = {}
# By section: how what the site gave is written, and what was made of it.
_found_right: dict["Section[Any]", tuple[str, Any]] = {}


@dataclass(frozen=True)
class Section(Generic[Schema]):
    """One app's part of ``SHOPKIT``; call it to get the values.

    name -- key in ``SHOPKIT``, upper case: "ORDERS"
    schema -- frozen dataclass; its field names are the setting names
    """

    name: str
    schema: type[Schema]

    def __post_init__(self) -> None:
        SECTIONS[self.name] = self

    def __call__(self) -> Schema:
        """Return the section's values, defaults filled in.

        Raises ImproperlyConfigured for a key the schema lacks, for a value of
        another type and for one the schema's ``__post_init__`` refuses with ValueError.
        """
        given = given_sections().get(self.name, {})
        # A request asks several times, and what has been found right before is right again.
        said = repr(given)
        found = _found_right.get(self)
        if found is None or found[0] != said:
            found = _found_right[self] = said, self._read(given)
        values: Schema = found[1]
        return values

    def _read(self, given: Any) -> Schema:
        if not isinstance(given, Mapping):
            raise ImproperlyConfigured(f"SHOPKIT[{self.name!r}] must be a dict.")
        types = _types_of(self.schema)  # type: ignore[arg-type]  # classes are hashable
        if unknown := sorted(map(str, given.keys() - types.keys())):
            raise ImproperlyConfigured(
                f"SHOPKIT[{self.name!r}] has unknown keys: {', '.join(unknown)}."
            )
        for key, value in given.items():
            if not _fits(value, types[key]):
                raise ImproperlyConfigured(
                    f"SHOPKIT[{self.name!r}]: {key} must be {_named(types[key])}, not {value!r}."
                )
        try:
            return self.schema(**given)
        except (ValueError, TypeError) as error:
            raise ImproperlyConfigured(f"SHOPKIT[{self.name!r}]: {error}") from error


@cache
def _types_of(schema: type) -> dict[str, Any]:
    return get_type_hints(schema)


def _fits(value: Any, hint: Any) -> bool:
    """Say whether ``value`` is of the outer type of ``hint``; what is inside is not looked at."""
    if hint is Any:
        return True
    if get_origin(hint) in {Union, UnionType}:
        return any(_fits(value, one) for one in get_args(hint))
    kind = get_origin(hint) or hint
    if isinstance(value, bool):  # True is an int to Python, and a slip in a settings file
        return kind is bool
    if kind is tuple:
        return isinstance(value, (tuple, list))
    return isinstance(value, (int, kind) if kind in {float, Decimal} else kind)


def _named(hint: Any) -> str:
    if get_origin(hint) in {Union, UnionType}:
        return " or ".join(_named(one) for one in get_args(hint))
    if hint is type(None):
        return "None"
    return str((get_origin(hint) or hint).__name__)


def given_sections() -> Mapping[str, Any]:
    """Return the site's ``SHOPKIT`` dict as it stands, or an empty one.

    Raises ImproperlyConfigured when it is not a dict.
    """
    given = getattr(settings, "SHOPKIT", {})
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured("SHOPKIT must be a dict.")
    return given


@dataclass(frozen=True, kw_only=True)
class CoreSettings:
    """``SHOPKIT["CORE"]``: what all apps share.

    CURRENCY -- ISO 4217 code of the shop's one currency
    PHONE_REGION -- ISO 3166 country whose local phone spelling is understood, such as "UZ"
    TRUSTED_PROXIES -- how many reverse proxies of yours append to X-Forwarded-For; 0 means the
        header is not believed and the client is REMOTE_ADDR
    LANGUAGE_FALLBACKS -- {language: languages to try, in order, where a text of the catalogue is
        missing in it}; the shop's main language, which every text has, ends each of them
    """

    CURRENCY: str = "UZS"
    PHONE_REGION: str = "UZ"
    TRUSTED_PROXIES: int = 0
    LANGUAGE_FALLBACKS: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {"kaa": ("uz", "ru"), "uz": ("ru",)}
    )

    def __post_init__(self) -> None:
        if self.CURRENCY not in MINOR_DIGITS:
            raise ValueError("CURRENCY must be an ISO 4217 code, such as UZS.")
        if self.TRUSTED_PROXIES < 0:
            raise ValueError("TRUSTED_PROXIES must not be negative.")
        for language, others in self.LANGUAGE_FALLBACKS.items():
            if not _is_chain(language, others):
                raise ValueError(
                    "LANGUAGE_FALLBACKS must give each language a list of other ones, lower case, "
                    f"such as {{'kaa': ('uz', 'ru')}}, not {language!r}: {others!r}."
                )


def _is_chain(language: Any, others: Any) -> bool:
    """Say whether ``others`` are languages, each once and none of them ``language``."""
    if not isinstance(others, (list, tuple)):
        return False
    codes = [language, *others]
    return len(set(map(str, codes))) == len(codes) and all(
        isinstance(code, str) and LANGUAGE_CODE.fullmatch(code) for code in codes
    )


core_settings = Section("CORE", CoreSettings)


@dataclass(frozen=True, kw_only=True)
class ApiSettings:
    """``SHOPKIT["API"]``: the HTTP doorway.

    VIEWS -- {URL name: dotted path of your subclass of our view}; read when URLs load
    PAGE_SIZE -- rows of a list page when the client does not say
    MAX_BODY -- bytes of a JSON or form body; a larger one is 413
    IDEMPOTENCY_REQUIRED -- whether money calls without an Idempotency-Key are refused (400)
    IDEMPOTENCY_LIFETIME -- how long a stored answer is replayed
    EXACT_COUNT_UP_TO -- a longer list answers this count with "count_capped": true
    DEEPEST_ROW -- a page that starts beyond this row is refused; use ?cursor=
    """

    VIEWS: Mapping[str, str] = field(default_factory=dict)
    PAGE_SIZE: int = 20
    MAX_BODY: int = 1_000_000
    IDEMPOTENCY_REQUIRED: bool = False
    IDEMPOTENCY_LIFETIME: timedelta = timedelta(hours=24)
    EXACT_COUNT_UP_TO: int = 10_000
    DEEPEST_ROW: int = 100_000

    def __post_init__(self) -> None:
        if not 1 <= self.PAGE_SIZE <= 100:
            raise ValueError("PAGE_SIZE must be from 1 to 100.")
        if self.IDEMPOTENCY_LIFETIME < timedelta(hours=24):
            raise ValueError("IDEMPOTENCY_LIFETIME must be at least 24 hours.")
        if self.MAX_BODY < 1:
            raise ValueError("MAX_BODY must be at least 1 byte.")
        if self.EXACT_COUNT_UP_TO < 1 or self.DEEPEST_ROW < 1:
            raise ValueError("EXACT_COUNT_UP_TO and DEEPEST_ROW must be at least 1.")


api_settings = Section("API", ApiSettings)


@dataclass(frozen=True, kw_only=True)
class FactsSettings:
    """``SHOPKIT["FACTS"]``: delivery of announced facts.

    DELIVERY -- "auto": a background thread in a process that serves requests, at once elsewhere;
        "thread", "sync": always the one or the other; "celery": a worker, woken after each
        commit; "manual": only ``shopkit_deliver``
    LEASE -- how long a subscriber may run before another process may try again
    PAUSES -- seconds before the second, third, ... try; a row that failed once more is parked
    SWEEP_EVERY -- how often the background thread, or a worker on beat, looks for rows that a
        crash left behind
    KEEP_DELIVERED -- how long a delivered row is kept as a record of who was told what
    """

    DELIVERY: str = "auto"
    LEASE: timedelta = timedelta(minutes=5)
    PAUSES: tuple[int, ...] = (5, 30, 120, 600, 3600, 21600)
    SWEEP_EVERY: timedelta = timedelta(seconds=30)
    KEEP_DELIVERED: timedelta = timedelta(days=7)

    def __post_init__(self) -> None:
        if self.DELIVERY not in {"auto", "thread", "sync", "celery", "manual"}:
            raise ValueError('DELIVERY must be "auto", "thread", "sync", "celery" or "manual".')
        if self.LEASE < timedelta(seconds=10):
            raise ValueError("LEASE must be at least 10 seconds.")
        if not all(isinstance(pause, int) and pause >= 0 for pause in self.PAUSES):
            raise ValueError("PAUSES must be whole seconds, none negative.")
        if self.SWEEP_EVERY <= timedelta(0):
            raise ValueError("SWEEP_EVERY must be longer than nothing.")
        if self.KEEP_DELIVERED < timedelta(0):
            raise ValueError("KEEP_DELIVERED must not be negative.")


facts_settings = Section("FACTS", FactsSettings)


@dataclass(frozen=True, kw_only=True)
class HealthSettings:
    """``SHOPKIT["HEALTH"]``: answers of ``shopkit.core.middleware.HealthMiddleware``.

    LIVE_PATH -- answers 200 while the process lives
    READY_PATH -- answers 200 when all is there that a request may need, else 503
    PROBES -- {name: dotted path of a function that raises when its subject is down}, beside those
        of the installed apps
    OPTIONAL -- names of probes that are shown and do not make a site unready
    TIMEOUT -- seconds after which a probe that has not answered is down
    """

    LIVE_PATH: str = "/health/live/"
    READY_PATH: str = "/health/ready/"
    PROBES: Mapping[str, str] = field(default_factory=dict)
    OPTIONAL: tuple[str, ...] = ("broker",)
    TIMEOUT: float = 3

    def __post_init__(self) -> None:
        if not (self.LIVE_PATH.startswith("/") and self.READY_PATH.startswith("/")):
            raise ValueError("LIVE_PATH and READY_PATH must begin with a slash.")
        if self.LIVE_PATH == self.READY_PATH:
            raise ValueError("LIVE_PATH and READY_PATH must differ.")
        if self.TIMEOUT <= 0:
            raise ValueError("TIMEOUT must be longer than nothing.")


health_settings = Section("HEALTH", HealthSettings)
