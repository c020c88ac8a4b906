"""The guide to searching: its settings pass the check, its backend works on what an engine says."""

import importlib
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from shopkit.catalog.search.keys import key_of
from shopkit.catalog.search.questions import read_question
from shopkit.catalog.search.relevance import BEGINNING, BEGINS, EXACT, INSIDE, WHOLE
from shopkit.catalog.testing import make_product, make_variant
from shopkit.core import http
from shopkit.core.text import as_heard, fold

DOCS = Path(__file__).parents[2] / "docs"
URL = "/api/v1/products/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def blocks():
    page = (DOCS / "how-to" / "search.md").read_text()
    return dict(re.findall(r"```python\n# (\S+)\n(.*?)```", page, re.S))


def test_the_settings_of_the_guide_name_a_backend(blocks):
    given = {}
    exec(blocks["settings.py"], given)  # noqa: S102 - our own page

    module, _, name = given["SHOPKIT"]["CATALOG"]["SEARCH"]["BACKEND"].rpartition(".")
    assert hasattr(importlib.import_module(module), name)


@pytest.fixture
def engine(blocks, settings, tmp_path, monkeypatch):
    """The guide's backend, and what its engine answers."""
    (tmp_path / "bazaar").mkdir()
    (tmp_path / "bazaar" / "engine.py").write_text(blocks["shop/search.py"])
    monkeypatch.syspath_prepend(str(tmp_path))
    chosen = {
        "BACKEND": "bazaar.engine.MeiliSearch",
        "OPTIONS": {"url": "http://127.0.0.1:7700/indexes/products", "key": "k"},
    }
    catalog = {**settings.SHOPKIT["CATALOG"], "SEARCH": chosen}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": catalog}
    engine = SimpleNamespace(status=200, hits=[], asked=[])

    def post_json(url, body, *, headers, timeout):
        engine.asked.append((url, body["q"]))
        return SimpleNamespace(status=engine.status, json=lambda: {"hits": engine.hits})

    monkeypatch.setattr(http, "post_json", post_json)
    return engine


def test_the_engine_of_the_guide_decides_what_is_found_and_in_which_order(client, engine):
    keys = [make_variant(product=make_product(name=name)).product.pk for name in ("Cup", "Lamp")]
    engine.hits = [{"id": key} for key in (*reversed(keys), 999_999)]

    answer = client.get(URL, {"q": "Something to drink from"})

    assert [one["name"] for one in answer.json()["results"]] == ["Lamp", "Cup"]
    assert engine.asked == [
        ("http://127.0.0.1:7700/indexes/products/search", "Something to drink from")
    ]
    engine.hits = []
    assert client.get(URL, {"q": "nothing"}).json()["results"] == []


def test_an_engine_that_is_away_is_503(client, engine):
    engine.status = 500

    answer = client.get(URL, {"q": "cup"})

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")


def test_the_page_tells_what_each_answer_counts():
    page = (DOCS / "explanation" / "search.md").read_text()

    numbers = [int(one) for one in re.findall(r"^\| .* \| (\d+) \|$", page, re.M)]
    assert numbers == [EXACT, BEGINS, WHOLE, BEGINNING, INSIDE]


@pytest.mark.parametrize(
    "spellings",
    [
        "ё yo ye е",
        "x h kh",
        "q k",
        "ts s",
        "w v",
        "zh dj j",
        "ph f",
        "shch sch sh",
        "ck k",
        "ci si",
    ],
)
def test_the_table_of_sounds_is_true(spellings):
    assert len({as_heard(fold(one)) for one in spellings.split()}) == 1


def test_the_examples_of_the_page_are_true():
    page = (DOCS / "explanation" / "search.md").read_text()
    key = key_of(["Koʻylak", "Рубашка"], ["KY-77", "Oq", "Qizil"])
    assert f"```text\n{key}\n```" in page
    assert [one.written for one in read_question("Koʻylak, Ёлка").words] == ["koylak", "yolka"]
    assert as_heard("yolka") == "elka"
