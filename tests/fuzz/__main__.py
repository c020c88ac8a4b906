"""Run the demo shop and send every call of its API made-up input: ``make fuzz``.

Fails on an answer that is a server error or that the API's description does not tell of: another
status, content type, header or shape. Thrice: as staff, as a customer and as nobody.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

CHECKOUT = Path(__file__).resolve().parents[2]
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)
# Users of the demo shop, and one that is none.
PEOPLE = ("admin", "aygul", "nobody")
KEYS = "import json; from django.contrib.auth import get_user_model as model; "
PRINT = "print(json.dumps(dict(model().objects.values_list('username', 'pk'))))"


def main() -> int:
    """Return 0 when every answer was as the description says."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=15, help="most cases per call and person")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phases", default="examples,coverage,fuzzing")
    parser.add_argument("--as", dest="people", nargs="*", default=PEOPLE, choices=PEOPLE)
    parser.add_argument("--path", help="only paths that match this regular expression")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shopkit-fuzz-") as folder:
        environment = _environment(folder)
        for command in ("migrate --verbosity 0", "shopkit_demo"):
            _manage(environment, *command.split())
        keys = _keys(environment)
        port = _free_port()
        server = _start(environment, port)
        try:
            failed = [who for who in given.people if _fuzz(port, who, keys.get(who, ""), given)]
        finally:
            server.terminate()
            server.wait(10)
    if failed:
        print(f"Not as described, asked by: {', '.join(failed)}")
    return bool(failed)


def _environment(folder: str) -> dict[str, str]:
    paths = (CHECKOUT, CHECKOUT / "src", CHECKOUT / "example_project")
    return {
        **{name: value for name, value in os.environ.items() if name not in _SERVICES},
        "DJANGO_SETTINGS_MODULE": "tests.fuzz.site",
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "SHOPKIT_VAR": folder,
        "SHOPKIT_ENV_FILE": os.devnull,
        "SHOPKIT_DEMO_LIMITS": "off",
    }


_SERVICES = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}


def _manage(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "django", *command],
        cwd=CHECKOUT / "example_project",
        env=environment,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    return done.stdout


def _keys(environment: dict[str, str]) -> dict[str, str]:
    last = _manage(environment, "shell", "-v", "0", "-c", KEYS + PRINT).splitlines()[-1]
    return {name: str(key) for name, key in json.loads(last).items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(environment: dict[str, str], port: int) -> "subprocess.Popen[bytes]":
    server = subprocess.Popen(
        [sys.executable, "-m", "django", "runserver", "--noreload", f"127.0.0.1:{port}"],
        cwd=CHECKOUT / "example_project",
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urlopen(f"http://127.0.0.1:{port}/api/v1/categories/", timeout=5)
        except OSError:
            time.sleep(0.2)
        else:
            return server
    server.terminate()
    raise SystemExit("The demo shop did not start.")


def _fuzz(port: int, who: str, key: str, given: argparse.Namespace) -> bool:
    """Return whether anything was not as described."""
    print(f"--- {who}", flush=True)
    program = Path(sys.executable).with_name("schemathesis")
    command = [
        str(program),
        *("run", f"http://127.0.0.1:{port}/api/v1/schema/?format=json"),
        *("--checks", CHECKS, "--phases", given.phases),
        *("--max-examples", str(given.examples), "--seed", str(given.seed)),
        *("--continue-on-failure", "--no-shrink", "--suppress-health-check", "all"),
        *("--warnings", "off", "--request-timeout", "30"),
        *(("--header", f"X-Fuzz: {key}") if key else ()),
        *(("--include-path-regex", given.path) if given.path else ()),
    ]
    done = subprocess.run(command, cwd=tempfile.gettempdir(), check=False)
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
