"""``make bench`` runs from end to end: fifty products, a moment per point, nothing for the docs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.report import BEGIN, END, markdown

ROOT = Path(__file__).resolve().parents[2]
PREFIX = f"shopkit_bench_smoke{os.environ.get('SHOPKIT_TEST_SUFFIX', '')}"
ONLY = ("list_first", "tree_304", "cart", "checkout", "buyers")

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.skipif(shutil.which("wrk") is None, reason="skipped: no wrk (apt-get install wrk)"),
    pytest.mark.skipif("REDIS_URL" not in os.environ, reason="skipped: no Redis (set REDIS_URL)"),
]


def bench(*arguments, **environment):
    command = [sys.executable, "-m", "benchmarks", "--sizes", "50", "--prefix", PREFIX, *arguments]
    return subprocess.run(  # noqa: S603 - a command line of our own
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("var")
    page = folder / "page.md"
    page.write_text(f"# Before\n\n{BEGIN}\n{END}\n\nAfter.\n")
    done = bench("--duration", "0.3", "--page", str(page), "--only", *ONLY, SHOPKIT_VAR=str(folder))
    bench("--drop")
    assert done.returncode == 0, done.stderr
    (kept,) = (folder / "benchmarks").glob("*.json")
    return json.loads(kept.read_text()), page.read_text()


def test_every_workload_is_answered_rightly_by_the_shop_and_by_its_floors(results):
    found = results[0]["sizes"][0]["workloads"]

    for name in ("list_first", "tree_304", "cart", "checkout"):
        for target in ("plain", "constant", "bare"):
            measured = found[name].get(target)
            if measured:
                assert measured["broken"] == 0, (name, target)
                assert measured["per_second"] > 0
    assert found["list_first"]["statements"] == 2
    assert {"plain", "bare", "pgbench"} <= found["checkout"].keys()


def test_two_hundred_buyers_get_what_there_is_and_no_more(results):
    found = results[0]["sizes"][0]["workloads"]["buyers"]

    assert found["plain"]["statuses"] == {"201": 50, "409": 150}
    assert found["plain"]["held"] == found["bare"]["held"] == 50


def test_the_page_is_written_between_its_marks(results):
    found, page = results

    assert page == f"# Before\n\n{BEGIN}\n\n{markdown(found)}\n{END}\n\nAfter.\n"
    assert "| checkout of 3 lines | the shop |" in page


def test_without_wrk_it_says_how_to_get_it(tmp_path):
    done = bench(PATH=str(tmp_path))

    assert done.returncode == 1
    assert done.stderr == ("The load comes from wrk, which is not installed: apt-get install wrk\n")


def test_without_a_database_it_says_what_to_set():
    done = bench(DATABASE_URL="")

    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL must name a PostgreSQL server")
