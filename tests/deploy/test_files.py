"""Dockerfile and compose.yaml name what exists. No engine is needed, and none builds them here."""

import os
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"^#?([A-Z_]+)=", re.MULTILINE)
VARIABLE = re.compile(r"(?<!\$)\$\{?([A-Z_]+)")


def read(name):
    return (CHECKOUT / name).read_text()


def instructions():
    """Return (instruction, arguments) of the Dockerfile, line by line."""
    text = re.sub(r"^\s*#.*\n", "", read("Dockerfile"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]


def last_stage():
    found = instructions()
    start = max(index for index, (name, _) in enumerate(found) if name == "FROM")
    return found[start:]


def is_sent(path):
    """Say whether .dockerignore lets ``path`` through to the builder: the last pattern decides."""
    sent = True
    for line in read(".dockerignore").splitlines():
        pattern = line.removeprefix("!")
        if not line or line.startswith("#"):
            continue
        whole = fnmatch(path, pattern) or path.startswith(f"{pattern}/")
        deep = pattern.startswith("**/") and any(
            fnmatch(part, pattern[3:]) for part in path.split("/")
        )
        if whole or deep:
            sent = line.startswith("!")
    return sent


def copied():
    """Return the sources of COPY that come from the checkout."""
    found = []
    for name, arguments in instructions():
        words = shlex.split(arguments)
        if name == "COPY" and not any(word.startswith("--from") for word in words):
            found += [word for word in words[:-1] if not word.startswith("--")]
    return found


def test_everything_that_is_copied_exists_and_is_sent():
    assert copied() == [
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "src",
        "entrypoint.sh",
        "example_project",
    ]
    assert [one for one in copied() if not (CHECKOUT / one).exists() or not is_sent(one)] == []


@pytest.mark.parametrize(
    "secret",
    [".env", ".git/config", "var/shop.sqlite3", ".venv/bin/python", "example_project/.env"],
)
def test_nothing_private_is_sent(secret):
    assert not is_sent(secret)


def test_the_image_runs_as_nobody_in_particular_and_holds_no_tool_to_build_with():
    stage = last_stage()
    users = [arguments for name, arguments in stage if name == "USER"]
    runs = " ".join(arguments for name, arguments in stage if name == "RUN")
    froms = [arguments for name, arguments in instructions() if name == "FROM"]

    assert users == ["shop"]
    assert "useradd --uid 10001" in runs
    assert [one.split()[0] for one in froms] == ["python:${PYTHON}-slim"] * 2
    assert not re.search(r"apt|gcc|build-essential|pip install (?!.*--no-index)", runs)
    assert "pip uninstall --yes" in runs


def test_a_container_that_was_told_nothing_is_no_demo_that_everybody_has_the_keys_of():
    """With DEBUG off the published keys are refused; .env.example of the demo switches it on."""
    given = " ".join(arguments for name, arguments in last_stage() if name == "ENV")
    environment = dict(word.split("=", 1) for word in shlex.split(given))

    assert environment["DEBUG"] == "off"
    assert re.search(r"^DEBUG=on$", read(".env.example"), re.MULTILINE)


def test_what_the_image_starts_exists():
    stage = dict(last_stage())
    [entry] = yaml.safe_load(stage["ENTRYPOINT"])
    program = CHECKOUT / entry.removeprefix("/srv/shop/")
    [_python, check] = yaml.safe_load(stage["HEALTHCHECK"].partition("CMD ")[2])

    assert stage["WORKDIR"] == "/srv/shop"
    assert os.access(program, os.X_OK)
    assert (CHECKOUT / check).is_file()
    assert yaml.safe_load(stage["CMD"]) == ["web"]


def test_every_package_that_the_image_needs_is_in_the_groups_it_installs():
    [wheels] = [arguments for name, arguments in instructions() if "pip wheel" in arguments]

    assert '".[all]" --group services' in wheels
    for package in ("gunicorn", "psycopg", "whitenoise", "celery", "redis"):
        assert re.search(rf'"{package}[\[>=]', read("pyproject.toml"))


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(read("compose.yaml"))


def test_the_services_are_those_of_production(compose):
    services = compose["services"]

    assert list(services) == ["db", "redis", "web", "worker", "beat"]
    name, _, version = services["db"]["image"].partition(":")
    assert (name, int(version) >= 15) == ("postgres", True)
    assert services["redis"]["image"] == "redis:7"
    roles = re.findall(r"^  (\w+)\)$", read("entrypoint.sh"), re.MULTILINE)
    for role in ("web", "worker", "beat"):
        assert services[role]["command"] == [role]
        assert role in roles


def test_every_service_is_watched_and_none_starts_before_what_it_needs(compose):
    services = compose["services"]

    for name, service in services.items():
        assert service["healthcheck"].get("test") or name == "beat"
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert services[needed]["healthcheck"]["test"]
    assert set(services["web"]["depends_on"]) == {"db", "redis"}
    assert set(services["worker"]["depends_on"]) == {"db", "redis", "web"}
    assert set(services["beat"]["depends_on"]) == {"db", "redis", "web"}


def test_what_must_survive_lies_on_named_volumes(compose):
    used = {
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service["volumes"]
    }

    assert used == set(compose["volumes"]) == {"db", "redis", "var"}


def test_only_the_site_can_be_reached_and_only_from_this_machine(compose):
    published = {name: one["ports"] for name, one in compose["services"].items() if "ports" in one}

    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_no_secret_stands_in_the_file(compose):
    assert (
        re.findall(r"^\s*\w*(?:PASSWORD|SECRET|KEY|TOKEN)\w*: (?!\$\{)", read("compose.yaml")) == []
    )
    password = compose["services"]["db"]["environment"]["POSTGRES_PASSWORD"]
    assert password.startswith("${POSTGRES_PASSWORD:?")


def test_every_variable_it_reads_stands_in_the_example_environment(compose):
    known = set(NAMED.findall(read(".env.example")))
    read_here = set(VARIABLE.findall(read("compose.yaml")))
    given = set(compose["services"]["web"]["environment"])

    assert read_here <= known
    assert given <= known
    assert compose["services"]["web"]["env_file"] == ".env"


@pytest.mark.parametrize("name", ["entrypoint.sh", "example_project/gunicorn.conf.py"])
def test_every_variable_of_what_it_runs_stands_in_the_example_environment(name):
    known = set(NAMED.findall(read(".env.example")))
    used = {*VARIABLE.findall(read(name)), *re.findall(r'get\("([A-Z_]+)"', read(name))}

    assert used
    assert used <= known


def test_a_stop_leaves_time_for_what_is_being_done(compose):
    """gunicorn's patience, and then some."""
    graceful = re.search(
        r"^graceful_timeout = (\d+)", read("example_project/gunicorn.conf.py"), re.M
    )

    assert int(compose["services"]["web"]["stop_grace_period"].removesuffix("s")) > int(graceful[1])
