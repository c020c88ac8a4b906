"""entrypoint.sh, run as a container runs it."""

import json
import os
import selectors
import signal
import socket
import socketserver
import subprocess
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.example.sites import CHECKOUT, bare_environment, free_port
from tests.settings import SUFFIX

PATIENCE = 90  # seconds
PRODUCTION = {
    "DEBUG": "off",
    "SECRET_KEY": "a-key-of-its-own-0123456789-0123456789-0123456789-0123",
    "TELEGRAM_BOT_TOKEN": "1234567890:a-token-of-its-own-0123456789abcdef",
    "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-its-own-0123",
    "ALLOWED_HOSTS": "shop.example",
}


@contextmanager
def started(var, *arguments, **environment):
    """Run the entry point; whatever it became is ended with the block."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [str(CHECKOUT / "entrypoint.sh"), *arguments],
        env={
            **bare_environment(),
            "SHOPKIT_VAR": str(var),
            "SHOPKIT_ENV_FILE": os.devnull,
            "WEB_CONCURRENCY": "1",
            "PYTHONUNBUFFERED": "1",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        process.wait(10)


def heard(process, sentence):
    """Read what the process says until ``sentence`` is part of it."""
    selector, text, deadline = selectors.DefaultSelector(), "", time.monotonic() + PATIENCE
    selector.register(process.stdout, selectors.EVENT_READ)
    while sentence not in text:
        assert time.monotonic() < deadline, text
        if selector.select(0.2):
            part = os.read(process.stdout.fileno(), 4096).decode()
            assert part, text
            text += part
    return text


def get(port, path, **headers):
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def ready(process, port):
    """Return what the site answers as soon as it is ready."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stdout.read()
        try:
            status, body = get(port, "/health/ready/")
        except OSError:
            status = 0
        if status == 200:
            return json.loads(body)
        time.sleep(0.1)
    raise AssertionError("the site does not get ready")


def command_of(process):
    return Path(f"/proc/{process.pid}/cmdline").read_text().split("\0")


@pytest.fixture
def empty_database(worker_id):
    """Variables that name a database without a table."""
    parts = psycopg.conninfo.conninfo_to_dict(os.environ["DATABASE_URL"])
    name = sql.Identifier(f"entry_shopkit{SUFFIX}_{worker_id}")
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield {
            "POSTGRES_DB": name.as_string(connection).strip('"'),
            "POSTGRES_USER": parts.get("user", ""),
            "POSTGRES_PASSWORD": parts.get("password", ""),
            "DB_HOST": parts.get("host", ""),
            "DB_PORT": str(parts.get("port", 5432)),
        }
        connection.execute(drop)


@contextmanager
def passed_on(port, target):
    """Answer at ``port``, inside the block, with what ``target`` says."""

    class Passing(socketserver.BaseRequestHandler):
        def handle(self):
            with socket.create_connection(target) as server, selectors.DefaultSelector() as both:
                ways = {self.request: server, server: self.request}
                for one in ways:
                    both.register(one, selectors.EVENT_READ)
                while True:
                    for key, _ in both.select():
                        part = key.fileobj.recv(65536)
                        if not part:
                            return
                        ways[key.fileobj].sendall(part)

    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Passing) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def test_the_web_role_becomes_a_server_that_ends_when_it_is_told_to(tmp_path):
    """On SQLite, in production's settings, asked by a probe that knows no host name."""
    port = free_port()
    environment = {**PRODUCTION, "PORT": str(port), "PROXY_SSL_HEADER": "X-Forwarded-Proto"}
    by_https = {"Host": "shop.example", "X-Forwarded-Proto": "https"}
    with started(tmp_path, "web", **environment) as process:
        assert ready(process, port)["status"] == "ready"
        assert "gunicorn" in " ".join(command_of(process))
        assert get(port, "/api/v1/products/", Host="shop.example")[0] == 301
        assert get(port, "/api/v1/products/", **by_https)[0] == 200
        process.send_signal(signal.SIGTERM)
        said = process.stdout.read()
        assert process.wait(30) == 0
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert "Booting worker" in said
    told = [(one["route"], one["status"]) for one in lines if one["logger"] == "shopkit.access"]
    assert told == [("-", 301), ("shopkit:product-list", 200)]
    assert list((tmp_path / "static").glob("admin/css/base.css"))


def test_a_database_that_never_comes_is_given_up_with_a_plain_sentence(tmp_path):
    here = {"DB_HOST": "127.0.0.1", "DB_PORT": str(free_port()), "POSTGRES_PASSWORD": "pass-word"}
    for role in ("web", "worker", "beat"):
        began = time.monotonic()
        with started(tmp_path, role, WAIT_SECONDS="1", **here) as process:
            said = process.stdout.read()
            assert process.wait(30) == 1
        assert time.monotonic() - began < 30
        assert said.startswith("Waiting for database")
        assert "CommandError: Not there after 1 seconds: database: OperationalError" in said
        assert "Traceback" not in said
        assert "pass-word" not in said


def test_a_container_that_is_stopped_while_it_waits_stops(tmp_path):
    here = {"DB_HOST": "127.0.0.1", "DB_PORT": str(free_port())}
    with started(tmp_path, "web", WAIT_SECONDS="600", **here) as process:
        heard(process, "Waiting for database")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
        assert time.monotonic() - began < 5
        process.stdout.read()  # ends when no step is left behind


def test_any_other_command_is_run_as_it_is(tmp_path):
    with started(tmp_path, "sh", "-c", "echo $$; exit 7") as process:
        said = process.stdout.read()
        assert process.wait(30) == 7
    assert said == f"{process.pid}\n"

    with started(tmp_path, "manage", "shopkit_wait", "astrology") as process:
        assert "There is no probe astrology" in process.stdout.read()
        assert process.wait(30) == 1


@pytest.mark.postgres
def test_a_server_that_comes_up_late_is_waited_for(tmp_path, empty_database):
    late, port = free_port(), free_port()
    here = {**empty_database, "DB_HOST": "127.0.0.1", "DB_PORT": str(late)}
    with started(tmp_path, "web", PORT=str(port), **here) as process:
        heard(process, "Waiting for database ...")
        target = (empty_database["DB_HOST"], int(empty_database["DB_PORT"]))
        with passed_on(late, target):
            assert ready(process, port)["probes"]["migrations"] == "up"


@pytest.mark.postgres
def test_two_that_start_at_once_on_an_empty_database_both_get_ready(tmp_path, empty_database):
    """With plain ``migrate`` one of them fails: both create the same tables."""
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        both = [
            stack.enter_context(started(tmp_path / str(port), PORT=str(port), **empty_database))
            for port in ports
        ]
        for process, port in zip(both, ports, strict=True):
            assert ready(process, port)["status"] == "ready"


@pytest.mark.postgres
@pytest.mark.redis
def test_the_other_roles_become_celery_once_the_tables_are_there(
    tmp_path, empty_database, redis_server
):
    here = {**empty_database, "REDIS_URL": redis_server.url}
    with ExitStack() as stack:
        worker, beat = (
            stack.enter_context(started(tmp_path, role, **here)) for role in ("worker", "beat")
        )
        for process in (worker, beat):
            heard(process, "Waiting for migrations ...")
        with started(
            tmp_path, "manage", "shopkit_migrate", "--verbosity", "0", **here
        ) as migrating:
            assert migrating.wait(PATIENCE) == 0, migrating.stdout.read()
        heard(worker, "celery@")
        heard(worker, "ready.")
        heard(beat, "Sending due task shopkit-deliver-facts")
        heard(worker, "shopkit.core.tasks.deliver_facts")
        for process in (worker, beat):
            assert "celery" in " ".join(command_of(process))
            process.send_signal(signal.SIGTERM)
            process.stdout.read()
        assert worker.wait(30) == 0
        beat.wait(30)  # its status depends on the moment: Celery may be writing its schedule
