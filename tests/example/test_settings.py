"""What the example project reads from its environment, and what it refuses."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from .sites import CHECKOUT, EXAMPLE, Site, example_site

CONFIG = EXAMPLE / "config"
READ = re.compile(r'env(?:iron|ironment)?\.\w+\(\s*"([A-Z_]+)"')
SHELL = re.compile(r"\$\{([A-Z_]+)")
NAMED = re.compile(r"^#?([A-Z_]+)=", re.MULTILINE)
REAL_KEY = "a-key-of-its-own-0123456789-0123456789"
BOT = {
    "TELEGRAM_BOT_TOKEN": "1234567890:a-token-of-its-own-0123456789abcdef",
    "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-its-own-0123",
}
SHOW = """
from django.conf import settings
names = ["DEBUG", "ALLOWED_HOSTS", "EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_HOST_USER", "EMAIL_PORT"]
names += ["EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL", "DEFAULT_FROM_EMAIL"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""
LIMITS = """
from django.conf import settings
from shopkit.orders.conf import orders_settings
orders = orders_settings()
print(json.dumps([
    len(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"]),
    orders.MAX_OPEN_PER_USER, orders.MAX_OPEN_PER_PHONE, orders.MAX_OPEN_PER_ADDRESS,
    orders.MAX_HELD_UNITS,
]))
"""


def config(name: str):
    """Return a module of the example project's configuration, loaded by itself."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", CONFIG / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def database(**environment):
    """Return the database that ``environment`` means."""
    return config("database").database(environment, folder=Path("/var/shop"))


def check(site: Site, **environment: str):
    """Run the system checks."""
    return site.run(sys.executable, "manage.py", "check", "--fail-level", "WARNING", **environment)


def test_without_a_word_it_is_sqlite_that_lets_one_writer_in_at_a_time():
    chosen = database()

    assert chosen["ENGINE"] == "django.db.backends.sqlite3"
    assert chosen["NAME"] == Path("/var/shop/shop.sqlite3")
    assert chosen["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert chosen["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in chosen["OPTIONS"]["init_command"]


PARTS = {
    "POSTGRES_USER": "anna",
    "POSTGRES_PASSWORD": "$ecret/1",
    "DB_HOST": "db",
    "DB_PORT": "5433",
}


@pytest.mark.parametrize(
    "environment",
    [
        {"DATABASE_URL": "postgres://anna:%24ecret%2F1@db:5433/bazaar"},
        {"DATABASE_URL": "postgresql://anna:%24ecret%2F1@db:5433/bazaar", "DB_NAME": "other"},
        {"DB_ENGINE": "django.db.backends.postgresql", "DB_NAME": "bazaar", **PARTS},
        {"DB_ENGINE": "postgresql", "POSTGRES_DB": "bazaar", **PARTS},
        {"POSTGRES_DB": "bazaar", "DATABASE_URL": "", **PARTS},
    ],
)
def test_postgresql_can_be_named_by_url_or_in_parts(environment):
    chosen = database(**environment)

    named = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST")
    assert [chosen[name] for name in named] == [
        "django.db.backends.postgresql",
        "bazaar",
        "anna",
        "$ecret/1",
        "db",
    ]
    assert str(chosen["PORT"]) == "5433"
    assert (chosen["CONN_MAX_AGE"], chosen["CONN_HEALTH_CHECKS"]) == (600, True)
    for timeout in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        assert f"-c {timeout}=" in chosen["OPTIONS"]["options"]


def test_options_of_the_url_join_ours():
    options = database(DATABASE_URL="postgres://anna@db/bazaar?sslmode=require")["OPTIONS"]

    assert options["sslmode"] == "require"
    assert "lock_timeout" in options["options"]


def test_a_sqlite_file_can_be_named():
    assert database(DB_ENGINE="sqlite3", DB_NAME="mine.db")["NAME"] == Path("/var/shop/mine.db")
    assert database(DB_NAME="/srv/mine.db")["NAME"] == Path("/srv/mine.db")


@pytest.mark.parametrize(
    "environment", [{"DATABASE_URL": "mysql://a:b@db/bazaar"}, {"DB_ENGINE": "mysql"}]
)
def test_an_engine_that_shopkit_does_not_know_is_refused(environment):
    with pytest.raises(ImproperlyConfigured, match="neither PostgreSQL nor SQLite"):
        database(**environment)


@pytest.mark.parametrize("given", [None, "", "the published one"])
def test_without_debug_a_published_key_is_refused_by_name(empty_shop, given):
    keys = config("keys")
    environment = dict(BOT) if given is None else {**BOT, "SECRET_KEY": given}
    if given:
        environment["SECRET_KEY"] = keys.DEMO_KEYS["SECRET_KEY"]

    done = check(empty_shop, DEBUG="off", **environment)

    assert done.returncode == 1
    assert "ImproperlyConfigured: Set SECRET_KEY: with DEBUG off" in done.stderr


def test_every_refused_key_is_named_at_once(monkeypatch):
    keys = config("keys")
    monkeypatch.setitem(keys.DEMO_KEYS, "GATEWAY_KEY", "published")

    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY, GATEWAY_KEY: "):
        keys.read_keys(BOT, debug=False)
    with pytest.raises(ImproperlyConfigured, match="Set GATEWAY_KEY: "):
        keys.read_keys({**BOT, "SECRET_KEY": REAL_KEY}, debug=False)
    assert keys.read_keys({"GATEWAY_KEY": "own"}, debug=True)["GATEWAY_KEY"] == "own"


def test_with_keys_of_its_own_it_starts_without_debug(empty_shop):
    done = check(empty_shop, DEBUG="off", SECRET_KEY=REAL_KEY, **BOT)

    assert (done.returncode, done.stderr) == (0, "")


def test_mail_goes_to_files_until_a_server_is_named(empty_shop):
    shown = empty_shop.ask(SHOW)

    assert shown["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    send = "from django.core.mail import send_mail\n"
    send += "print(send_mail('Hello', 'text', None, ['anna@example.com']))"
    assert empty_shop.ask(send) == 1
    [letter] = Path(empty_shop.environment["SHOPKIT_VAR"], "outbox", "email").iterdir()
    assert "From: shop@example.com" in letter.read_text()


def test_a_mail_server_is_taken_from_the_environment(empty_shop):
    shown = empty_shop.ask(
        SHOW,
        EMAIL_HOST="smtp.example.com",
        EMAIL_HOST_USER="shop",
        EMAIL_HOST_PASSWORD="$pass",
        EMAIL_PORT="465",
        DEFAULT_FROM_EMAIL="Bazaar <shop@example.uz>",
    )

    assert shown == {
        "DEBUG": True,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"],
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "smtp.example.com",
        "EMAIL_HOST_USER": "shop",
        "EMAIL_HOST_PASSWORD": "$pass",
        "EMAIL_PORT": 465,
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": True,
        "DEFAULT_FROM_EMAIL": "Bazaar <shop@example.uz>",
    }


def test_another_way_to_deliver_mail_can_be_named(empty_shop):
    console = "django.core.mail.backends.console.EmailBackend"

    assert empty_shop.ask(SHOW, EMAIL_BACKEND=console)["EMAIL_BACKEND"] == console


def test_limits_are_on_until_they_are_switched_off(empty_shop):
    assert empty_shop.ask(LIMITS) == [2, 10, 10, 50, 500]
    assert empty_shop.ask(LIMITS, SHOPKIT_DEMO_LIMITS="off") == [0, None, None, None, None]


def test_the_example_environment_starts_a_shop_as_it_is(migrated_shop):
    given = {"SHOPKIT_ENV_FILE": str(CHECKOUT / ".env.example")}

    with migrated_shop.serve(**given) as server:
        assert server.get("/")[0] == 200


def test_the_example_environment_can_be_read_with_every_line_in_force(empty_shop, tmp_path):
    text = (CHECKOUT / ".env.example").read_text()
    every_line = tmp_path / "every.env"
    every_line.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", text, flags=re.MULTILINE))

    done = check(empty_shop, SHOPKIT_ENV_FILE=str(every_line))

    assert (done.returncode, done.stderr) == (0, "")


def test_the_environment_wins_over_the_file(empty_shop, tmp_path):
    file = tmp_path / "own.env"
    file.write_text("ALLOWED_HOSTS=file.example\nEMAIL_PORT=25\n")

    shown = empty_shop.ask(SHOW, SHOPKIT_ENV_FILE=str(file), ALLOWED_HOSTS="shop.example")

    assert (shown["ALLOWED_HOSTS"], shown["EMAIL_PORT"]) == (["shop.example"], 25)


def test_the_example_environment_names_exactly_what_is_read():
    files = [*CONFIG.glob("*.py"), *EXAMPLE.glob("*.py"), CHECKOUT / "entrypoint.sh"]
    sources = "".join(path.read_text() for path in files)
    read = {*READ.findall(sources), *config("keys").DEMO_KEYS, *SHELL.findall(sources)}
    read |= {name for keys in config("gateways").GATEWAY_KEYS.values() for name in keys}
    # Which file to read, and which settings: neither can stand in the file.
    read -= {"SHOPKIT_ENV_FILE", "DJANGO_SETTINGS_MODULE"}

    assert set(NAMED.findall((CHECKOUT / ".env.example").read_text())) == read


def ways_to_pay(debug=True, **environment):
    """Return {code: options} of the demo's ways to pay."""
    found = config("gateways").providers(
        environment, debug=debug, is_test=debug, site_url="http://127.0.0.1:8080"
    )
    return {code: spec.get("OPTIONS", {}) for code, spec in found.items()}


def test_at_a_desk_one_can_pay_in_every_way_with_the_published_values():
    found = ways_to_pay()

    assert list(found) == ["offline", "bank", "dummy", "payme", "click", "stripe"]
    assert found["dummy"] == {"secret": "demo-dummy-secret", "base_url": "http://127.0.0.1:8080"}
    assert found["payme"] == {
        "merchant_id": "demo-payme",
        "key": "demo-payme-key",
        "is_test": True,
    }
    assert found["click"] == {
        "service_id": "31337",
        "merchant_id": "777",
        "secret_key": "demo-click-secret",
    }
    assert found["stripe"] == {
        "api_key": "sk_test_demo",
        "webhook_secret": "whsec_demo",
        "return_url": "http://127.0.0.1:8080/",
    }


def test_what_is_set_wins_over_what_is_published():
    fake = "http://127.0.0.1:12111"
    found = ways_to_pay(PAYME_KEY="own", STRIPE_API_BASE=fake, DUMMY_WEBHOOK_SECRET="mine")

    assert (found["payme"]["key"], found["payme"]["merchant_id"]) == ("own", "demo-payme")
    assert (found["stripe"]["api_base"], found["dummy"]["secret"]) == (fake, "mine")


CLICK = {"CLICK_SERVICE_ID": "1", "CLICK_MERCHANT_ID": "2", "CLICK_SECRET_KEY": "own"}


def test_in_a_shop_a_gateway_is_there_when_its_variables_are_set():
    assert list(ways_to_pay(debug=False)) == ["offline", "bank"]
    assert list(ways_to_pay(debug=False, **CLICK)) == ["offline", "bank", "click"]
    assert list(ways_to_pay(debug=False, DUMMY_WEBHOOK_SECRET="own")) == ["offline", "bank"]
    payme = {"PAYME_MERCHANT_ID": "1", "PAYME_KEY": "own"}
    assert ways_to_pay(debug=False, **payme)["payme"]["is_test"] is False


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({**CLICK, "CLICK_SECRET_KEY": ""}, "Set CLICK_SECRET_KEY, or nothing of click"),
        ({**CLICK, "CLICK_SECRET_KEY": "demo-click-secret"}, "Set CLICK_SECRET_KEY, or"),
        ({"STRIPE_API_KEY": "sk_test_demo"}, "Set STRIPE_API_KEY, STRIPE_WEBHOOK_SECRET, or"),
        ({"DUMMY_WEBHOOK_SECRET": "demo-dummy-secret"}, "Set DUMMY_WEBHOOK_SECRET, or"),
    ],
)
def test_in_a_shop_half_a_gateway_and_a_published_one_are_refused_by_name(given, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        ways_to_pay(debug=False, **given)


def test_without_its_package_stripe_is_left_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "stripe", None)

    assert list(ways_to_pay()) == ["offline", "bank", "dummy", "payme", "click"]


PRODUCTION = {
    **BOT,
    "DEBUG": "off",
    "SECRET_KEY": "nobody-can-read-this-one-0123456789-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgres://shop:password@127.0.0.1:5432/shop",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_HOST": "smtp.example.com",
    "TELEGRAM_LIVE": "on",
    "ESKIZ_EMAIL": "shop@example.com",
    "ESKIZ_PASSWORD": "password",
    "TRUSTED_PROXIES": "1",
    "PROXY_SSL_HEADER": "X-Forwarded-Proto",
}


def deployment_check(site, environment):
    """Return the exit status and the ids of what was found."""
    command = (sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    done = site.run(*command, **environment)
    return done.returncode, set(re.findall(r"\(([a-z_.]+\.[WE]\d+)\)", done.stderr))


def test_a_shop_in_production_passes_the_check_of_deployments(empty_shop):
    assert deployment_check(empty_shop, PRODUCTION) == (0, set())


@pytest.mark.parametrize(
    ("left_out", "found"),
    [
        ("DATABASE_URL", {"shopkit.core.W011"}),
        ("REDIS_URL", {"shopkit.core.W010", "shopkit.core.W012"}),
        ("EMAIL_HOST", {"shopkit.core.W016"}),
        ("TELEGRAM_LIVE", {"shopkit.telegram.W002"}),
        ("ESKIZ_EMAIL", {"shopkit.sms.W001"}),
        ("TRUSTED_PROXIES", {"shopkit.core.W013"}),
    ],
)
def test_what_a_shop_in_production_lacks_is_named(empty_shop, left_out, found):
    environment = {name: value for name, value in PRODUCTION.items() if name != left_out}

    assert deployment_check(empty_shop, environment) == (1, found)


def test_cookies_and_redirects_are_for_https_in_production_unless_it_is_switched_off(empty_shop):
    show = """
from django.conf import settings
names = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
names += ["SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER"]
print(json.dumps([getattr(settings, name) for name in names]))
"""
    header = ["HTTP_X_FORWARDED_PROTO", "https"]

    assert empty_shop.ask(show) == [False, False, False, 0, None]
    assert empty_shop.ask(show, **PRODUCTION) == [True, True, True, 3600, header]
    off = {**PRODUCTION, "USE_HTTPS": "off"}
    assert empty_shop.ask(show, **off) == [False, False, False, 0, header]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, "LineFormatter"),
        ({"LOG_FORMAT": "json"}, "JsonFormatter"),
        (PRODUCTION, "JsonFormatter"),
        ({**PRODUCTION, "LOG_FORMAT": "line"}, "LineFormatter"),
    ],
)
def test_the_log_is_for_people_at_a_desk_and_for_machines_in_production(empty_shop, given, kind):
    show = "import logging\n[one] = logging.getLogger().handlers\n"

    shown = empty_shop.ask(f"{show}print(json.dumps(type(one.formatter).__name__))", **given)

    assert shown == kind


@pytest.mark.postgres
@pytest.mark.redis
def test_the_example_environment_starts_a_shop_with_its_services_uncommented(
    database, redis_url, tmp_path
):
    """Every line of the database's parts and of Redis is put in force, with a value that exists."""
    text = (CHECKOUT / ".env.example").read_text()
    values = {**database, "REDIS_URL": redis_url, "REDIS_PREFIX": "shopkit-test-env-example"}
    for name, value in values.items():
        text, count = re.subn(rf"^#{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
        assert count == 1, name
    (tmp_path / ".env").write_text(text)
    site = example_site(tmp_path / "var", SHOPKIT_ENV_FILE=str(tmp_path / ".env"))
    site.manage("migrate", "--verbosity", "0")

    with site.serve() as server:
        status, body = server.get("/health/ready/")

    assert (status, json.loads(body)["down"]) == (200, [])
    assert json.loads(body)["probes"]["cart_store"] == "up"
