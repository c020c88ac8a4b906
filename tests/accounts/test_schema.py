"""What the OpenAPI document says of accounts."""

import json

import pytest


@pytest.fixture
def document(client, db):
    return json.loads(client.get("/api/v1/schema/?format=json").content)


def test_calls_that_need_signing_in_name_the_bearer_scheme(document):
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["paths"]["/api/v1/profile/"]["get"]["security"] == [{"bearer": []}]


def test_calls_that_prove_who_one_is_need_no_token(document):
    login = document["paths"]["/api/v1/auth/login/"]["post"]

    assert login.get("security", [{}]) in ([{}], [])
    assert "200" in login["responses"]
    assert "401" in login["responses"]
