"""Settings of the demo shop: SQLite and files, or the services that the environment names.

Every variable that is read here is explained in ``.env.example``. They come from the environment or
from ``.env`` in the checkout; the environment wins.
"""

import os
from datetime import timedelta
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import environ

from shopkit.core.schedule import beat_schedule

from . import gateways, services
from .database import database
from .keys import read_keys
from .workers import PATIENCE, broker, transport_options

BASE = Path(__file__).resolve().parent.parent
CHECKOUT = BASE.parent

environ.Env.read_env(os.environ.get("SHOPKIT_ENV_FILE") or CHECKOUT / ".env")
env = environ.Env()

# --- what the demo writes, all of it below one folder ---------------------------------------------

VAR = Path(os.environ.get("SHOPKIT_VAR") or CHECKOUT / "var").resolve()
OUTBOX = VAR / "outbox"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or VAR / "static").resolve()
MEDIA_ROOT = VAR / "media"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# --- the site -------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=True)
KEYS = read_keys(os.environ, debug=DEBUG)
SECRET_KEY = KEYS["SECRET_KEY"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# What mailed links begin with.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Sent over https only, and sent back there; the front server must say which requests came by it.
USE_HTTPS = env.bool("USE_HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = USE_HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=3600) if USE_HTTPS else 0
PROXY_SSL_HEADER = os.environ.get("PROXY_SSL_HEADER", "").upper().replace("-", "_")
SECURE_PROXY_SSL_HEADER = (f"HTTP_{PROXY_SSL_HEADER}", "https") if PROXY_SSL_HEADER else None
# Whether other hosts of the domain speak https is not this site's to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(os.environ, folder=VAR)}

# The API's documents are shown with these files; without them only the schema itself is served.
DOCUMENT_ASSETS = "drf_spectacular_sidecar"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "mptt",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    *([DOCUMENT_ASSETS] if find_spec(DOCUMENT_ASSETS) else []),
    "shopkit.core",
    "shopkit.catalog",
    "shopkit.inventory",
    "shopkit.pricing",
    "shopkit.cart",
    "shopkit.orders",
    "shopkit.payments",
    "shopkit.reviews",
    "shopkit.sms",
    "shopkit.telegram",
    "shopkit.otp",
    "shopkit.accounts",
    "shopkit.notifications",
    "demo",
]
MIDDLEWARE = [
    "shopkit.core.middleware.HealthMiddleware",
    "shopkit.core.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
# Throttles count here. One process counts apart from the other; a cache they share makes it exact.
ANSWERS = services.answers(os.environ)
CACHES = {"default": services.cache(os.environ), **ANSWERS}

# --- languages, time, files -----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("uz", "Oʻzbekcha"),
    ("kaa", "Qaraqalpaqsha"),
    ("ru", "Русский"),
    ("en", "English"),
]
LOCALE_PATHS = [BASE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Tashkent"

STATIC_URL = "/static/"
MEDIA_URL = "/media/"
# Served with DEBUG off and under gunicorn too, and without a collectstatic that one could forget.
WHITENOISE_USE_FINDERS = True

# --- mail -----------------------------------------------------------------------------------------

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=EMAIL_PORT == 587)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=EMAIL_PORT == 465)
EMAIL_TIMEOUT = 10  # seconds
EMAIL_FILE_PATH = OUTBOX / "email"
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND") or (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or "shop@example.com"

# --- workers: facts and periodic work by Celery where a broker is named ---------------------------

BROKER = broker(os.environ)
CELERY_BROKER_URL = BROKER or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(BROKER)
CELERY_BROKER_CONNECTION_TIMEOUT = PATIENCE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_DEFAULT_QUEUE = os.environ.get("CELERY_TASK_DEFAULT_QUEUE") or "shopkit"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 600  # seconds
CELERY_TASK_TIME_LIMIT = 660
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING below holds in workers too
CELERY_BEAT_SCHEDULE = beat_schedule()
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")

# --- messengers: files in SHOPKIT_VAR/outbox unless a service is named --------------------------

ESKIZ = {
    "email": os.environ.get("ESKIZ_EMAIL", ""),
    "password": os.environ.get("ESKIZ_PASSWORD", ""),
}
SMS = (
    {"BACKEND": "shopkit.sms.backends.eskiz.EskizBackend", "OPTIONS": ESKIZ}
    if ESKIZ["email"]
    else {
        "BACKEND": "shopkit.sms.backends.file.FileBackend",
        "OPTIONS": {"path": str(OUTBOX / "sms.jsonl")},
    }
)
TELEGRAM = (
    {"BACKEND": "shopkit.telegram.backends.bot_api.BotApiBackend"}
    if env.bool("TELEGRAM_LIVE", default=False)
    else {
        "BACKEND": "shopkit.telegram.backends.file.FileBackend",
        "OPTIONS": {"path": str(OUTBOX / "telegram.jsonl")},
    }
)

# --- the shop -------------------------------------------------------------------------------------

HAS_LIMITS = env.bool("SHOPKIT_DEMO_LIMITS", default=True)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "shopkit.accounts.api.authentication.SessionTokenAuthentication",
        # Who is signed in to the admin may try the API in the same browser.
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ]
    if HAS_LIMITS
    else [],
    "DEFAULT_THROTTLE_RATES": {"anon": "600/min", "user": "1200/min"},
    # Unset, X-Forwarded-For would be believed, and every made-up address would be a new client.
    "NUM_PROXIES": TRUSTED_PROXIES,
}
# Its check of deployments looks at a document by its own defaults, which nobody is served.
SPECTACULAR_SETTINGS = {"ENABLE_DJANGO_DEPLOY_CHECK": False}
UNLIMITED = {
    "ORDERS": {
        "MAX_OPEN_PER_USER": None,
        "MAX_OPEN_PER_PHONE": None,
        "MAX_OPEN_PER_ADDRESS": None,
        "MAX_HELD_UNITS": None,
    },
    "OTP": {
        "RESEND_AFTER": timedelta(0),
        "PER_DESTINATION": [],
        "PER_PREFIX": [],
        "PER_ADDRESS": [],
        "PER_CHANNEL": [],
        "GUESSES_PER_ADDRESS": [],
    },
    "ACCOUNTS": {"LOGINS_PER_ADDRESS": [], "LOGINS_PER_NAME": [], "LOGINS_PER_PAIR": []},
    "REVIEWS": {"PER_USER": []},
    "NOTIFICATIONS": {"GUEST_PER_DESTINATION": [], "METERED_PER_CHANNEL": []},
}
LIFTED = {} if HAS_LIMITS else UNLIMITED
HAS_POSTGRESQL = DATABASES["default"]["ENGINE"].endswith("postgresql")
SEARCH = "postgres.PostgresSearch" if HAS_POSTGRESQL else "database.DatabaseSearch"
SHOPKIT = {
    "CORE": {"CURRENCY": "UZS", "PHONE_REGION": "UZ", "TRUSTED_PROXIES": TRUSTED_PROXIES},
    "FACTS": {"DELIVERY": "celery" if BROKER else "auto"},
    "CATALOG": {
        "AVAILABILITY": "shopkit.inventory.availability.StockAvailability",
        "LIKED": "shopkit.reviews.services.liked_by",
        "SEARCH": {"BACKEND": f"shopkit.catalog.search.{SEARCH}"},
        "CACHE": "answers" if ANSWERS else None,
        "IMPORT_FORMATS": {"dummyjson": "demo.importers.read_dummyjson"},
    },
    "CART": services.cart(os.environ),
    "PRICING": {"SHIPPING_FEE": Decimal(25_000), "SHIPPING_FREE_FROM": Decimal(500_000)},
    "ORDERS": {
        "CONTACT_DEFAULTS": "shopkit.accounts.services.profiles.contact_of",
        "ADDRESS_BOOK": "shopkit.accounts.services.addresses.address_of",
        **LIFTED.get("ORDERS", {}),
    },
    "PAYMENTS": {
        "PROVIDERS": gateways.providers(
            os.environ,
            debug=DEBUG,
            is_test=env.bool("PAYME_TEST", default=DEBUG),
            site_url=SITE_URL,
        ),
    },
    # A rating needs a purchase; a comment needs only somebody who is signed in.
    "REVIEWS": {
        "CAN_REVIEW": "shopkit.orders.services.has_bought",
        "VERIFIED": "shopkit.orders.services.has_bought",
        "RATING_REQUIRED": False,
        **LIFTED.get("REVIEWS", {}),
    },
    "SMS": SMS,
    "TELEGRAM": {
        **TELEGRAM,
        "BOT_TOKEN": KEYS["TELEGRAM_BOT_TOKEN"],
        "BOT_USERNAME": "shopkit_demo_bot",
        "WEBHOOK_SECRET": KEYS["TELEGRAM_WEBHOOK_SECRET"],
        "HANDLERS": [
            "shopkit.accounts.dialogue.handle",
            "shopkit.notifications.staff_buttons.handle",
        ],
    },
    "OTP": {
        "CHAT_OF": "shopkit.accounts.services.telegram.chat_of",
        **LIFTED.get("OTP", {}),
    },
    "ACCOUNTS": {
        "CONFIRM_URL": f"{SITE_URL}/confirm/",
        **LIFTED.get("ACCOUNTS", {}),
    },
    "NOTIFICATIONS": {
        "STAFF_CHAT_ID": env.int("STAFF_CHAT_ID", default=-1001234567890),
        "STAFF_EMAILS": env.list("STAFF_EMAILS", default=["staff@example.com"]),
        **LIFTED.get("NOTIFICATIONS", {}),
    },
}

# --- logs -----------------------------------------------------------------------------------------

# One JSON object per line where machines read, lines for people where people do.
LOG_FORMAT = os.environ.get("LOG_FORMAT") or ("line" if DEBUG else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "shopkit.core.logs.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "shopkit.core.logs.LineFormatter",
            "format": "{asctime} {levelname:<7} {name}: {message}",
            "datefmt": "%H:%M:%S",
            "style": "{",
        },
        "json": {"()": "shopkit.core.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # shopkit.access says what was asked and answered; these would repeat it with the whole
        # path, and the second with the query.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
