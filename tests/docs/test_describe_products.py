"""The guide to attributes and types, followed step by step."""

import json
import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "describe-products.md"
API = "/api/v1/"
pytestmark = pytest.mark.django_db


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(), re.S)


def test_the_guide_holds(as_staff, client):
    def post(path, body):
        answer = as_staff.post(API + path, body, format="json")
        assert answer.status_code == 201, answer.json()
        return answer.json()

    memory, colour, red, blue, phone, wanted = map(json.loads, blocks("json"))
    post("attributes/", memory)
    post("attributes/", colour)
    post("attributes/colour/values/", red)
    post("attributes/colour/values/", blue)
    post("product-types/", phone)
    first = {"price": "3190000", "attributes": {"memory": 64, "colour": "Red"}}
    post("products/", {"name": "One", "type": "phone", "variants": [first]})

    made = post("products/one/variants/generate/", wanted)
    again = post("products/one/variants/generate/", wanted)
    [code] = blocks("python")
    given = {}
    exec(code, given)  # noqa: S102 - our own page

    assert [one["sku"] for one in made["made"]] == [
        "ONE-128-RED",
        "ONE-256-RED",
        "ONE-128-BLUE",
        "ONE-256-BLUE",
    ]
    assert again == {"made": [], "kept": 4}
    assert [one.name for one in given["generated"].made] == ["Red, 512 GB"]
    [query] = re.findall(r"`GET (products/\?attr=[^`]*)`", GUIDE.read_text())
    assert client.get(API + query).json()["count"] == 1
    page = client.get(f"{API}products/one/").json()
    assert page["type"] == {"code": "phone", "name": "Phone"}
    assert [one["code"] for one in page["options"]] == ["colour", "memory"]
    assert page["options"][0]["values"][0]["colour"] == "#b3262e"
