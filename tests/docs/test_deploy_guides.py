"""The guides about running a shop: their settings are used, their units name what exists."""

import configparser
import json
import re
import shlex
from pathlib import Path

import pytest

from tests.example.documents import blocks
from tests.example.sites import CHECKOUT, example_site

DEPLOY, WATCH = "docs/how-to/deploy.md", "docs/how-to/logs-and-health.md"
ASK = """
from django.test import Client
client = Client()
client.get("/api/v1/orders/7K3M9-QX2TD/", headers={"x-request-id": "quoted-0123"})
ready = client.get("/health/ready/")
print(json.dumps([ready.status_code, ready.json()]))
"""


def code(page):
    """Return {file: code} of the page's Python, several blocks of one file joined."""
    found = {}
    for block in blocks(page):
        if block.language == "python":
            name, _, text = block.text.partition("\n")
            found[name.removeprefix("# ")] = found.get(name.removeprefix("# "), "") + text
    return found


def units():
    found = {}
    for block in blocks(DEPLOY):
        if block.language == "ini":
            unit = configparser.RawConfigParser(strict=False)
            unit.optionxform = str
            unit.read_string(block.text)
            found[Path(block.text.split()[1]).name] = (unit, block.text)
    return found


@pytest.mark.django_db
def test_watch_a_running_shop(tmp_path):
    files = code(WATCH)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "health.py").write_text(files["shop/health.py"])
    settings = "from config.settings import *\nOURS = SHOPKIT\nMIDDLEWARE = MIDDLEWARE[2:]\n"
    merge = "SHOPKIT = {**OURS, **SHOPKIT}\n"
    (tmp_path / "guided.py").write_text(settings + files["settings.py"] + merge)
    site = example_site(tmp_path / "var", PYTHONPATH=f"{tmp_path}:{CHECKOUT / 'example_project'}")
    site.manage("migrate", "--verbosity", "0")

    done = site.run(
        "python",
        "-c",
        f"import django, json\ndjango.setup()\n{ASK}",
        DJANGO_SETTINGS_MODULE="guided",
        ALLOWED_HOSTS="testserver",
    )

    assert done.returncode == 0, done.stderr
    status, body = json.loads(done.stdout)
    assert (status, body["status"], body["down"]) == (200, "degraded", ["search"])
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    [access] = [line for line in lines if line["logger"] == "shopkit.access"]
    sample, shown = (json.loads(block.text) for block in blocks(WATCH) if block.language == "json")
    assert list(access) == [name for name in sample if name != "user_id"]
    assert (access["request_id"], access["status"]) == ("quoted-0123", 401)
    assert set(shown) == set(body)
    assert set(shown["probes"]) == set(body["probes"]) - {"search"}


def test_every_unit_starts_what_exists():
    found = units()
    assert list(found) == ["shop-web.service", "shop-worker.service", "shop-beat.service"]
    for unit, text in found.values():
        assert unit["Service"]["WorkingDirectory"] == "/srv/shop/example_project"
        for command in re.findall(r"^ExecStart(?:Pre)?=(.+)$", text, re.MULTILINE):
            program, *words = shlex.split(command)
            folder, _, name = program.rpartition("/")
            assert folder == "/srv/shop/.venv/bin"
            assert name in {"python", "gunicorn", "celery"}
            for file in (word for word in words if word.endswith(".py")):
                assert (CHECKOUT / "example_project" / file).exists()


def test_units_and_containers_do_the_same_in_the_same_order():
    """The entry point's steps for a role are those of its unit."""
    script = (CHECKOUT / "entrypoint.sh").read_text()
    for role in ("web", "worker", "beat"):
        _, text = units()[f"shop-{role}.service"]
        steps = re.findall(r"^ExecStartPre=\S+ manage.py (\w+)", text, re.MULTILINE)
        part = script.partition(f"  {role})\n")[2].partition(";;")[0]
        assert re.findall(r"run python manage.py (\w+)", part) == steps
        started = re.search(r"^ExecStart=/srv/shop/.venv/bin/(.+?) --", text, re.MULTILINE)[1]
        assert f"exec {started} " in part


def test_every_check_that_is_named_exists():
    page = (CHECKOUT / DEPLOY).read_text()
    sources = "".join(path.read_text() for path in (CHECKOUT / "src").rglob("*checks.py"))
    named = re.findall(r"`(?:shopkit\.\w+\.)?(W\d+)`", page)

    assert len(named) >= 8
    assert [one for one in named if f'.{one}"' not in sources] == []


def test_every_log_that_is_named_exists():
    page = (CHECKOUT / WATCH).read_text()
    sources = "".join(path.read_text() for path in (CHECKOUT / "src").rglob("*.py"))
    rows = re.findall(r"^\| (`shopkit[^|]*) \|", page, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]

    assert len(named) == 6
    assert [name for name in named if f'getLogger("{name}")' not in sources] == []
