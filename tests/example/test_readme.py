"""The README, followed to the letter."""

import re

import pytest

from .documents import blocks, shell
from .sites import CHECKOUT, new_site

ANSWER = """
from django.test import Client
response = Client().get("/api/v1/products/", headers={"host": "localhost"})
print(json.dumps([response.status_code, response.json()["results"]]))
"""


def test_ten_lines_of_settings_make_a_site_a_shop(tmp_path):
    settings, urls = (
        block.text
        for block in blocks("README.md", section="Add it to your site")
        if block.language == "python"
    )
    assert len(settings.splitlines()) <= 10
    site = new_site(tmp_path)
    for name, addition in (("settings", settings), ("urls", urls)):
        with (tmp_path / "bazaar" / f"{name}.py").open("a") as file:
            file.write(addition)

    site.manage("check", "--fail-level", "WARNING", "--database", "default")
    site.manage("migrate", "--verbosity", "0")
    site.manage("makemigrations", "--check", "--dry-run")

    assert site.ask(ANSWER) == [200, []]


def test_a_purchase_can_be_made_by_copying_the_commands(server, tmp_path):
    commands = [
        block.text.replace("http://127.0.0.1:8000", server.address)
        for block in blocks("README.md", section="Buy something")
    ]

    with shell(tmp_path) as terminal:
        sign_in, find, order, staff, admin = (terminal.paste(text) for text in commands)

    assert sign_in == ["Aygúl"]
    assert find == ["403000.00"]  # two sets of bowls at 189 000 and 25 000 for the delivery
    assert order == ["403000.00"]
    assert staff == ["paid", "processing"]
    assert [bool(re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", line)) for line in admin] == [True]


@pytest.mark.parametrize(
    "document", ["README.md", "docs/tutorial/demo.md", "docs/tutorial/first-shop.md"]
)
def test_every_file_that_is_linked_exists(document):
    source = CHECKOUT / document
    links = re.findall(r"\]\(([^)#:]+)\)", source.read_text())

    assert links
    assert [link for link in links if not (source.parent / link).exists()] == []
