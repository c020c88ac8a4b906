"""What the tests of accounts say over and over; nothing here knows which user model a site has."""

import threading
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections
from rest_framework.response import Response
from rest_framework.test import APIClient

PASSWORD = "a-good-passphrase-7"
API = "/api/v1"


def make_user(name: str = "anna", password: str = PASSWORD) -> Any:
    """Store a user as a site's own code would, without shopkit."""
    user = get_user_model()(**{get_user_model().USERNAME_FIELD: name})
    user.set_password(password)
    user.save()
    return user


def has_field(name: str) -> bool:
    """Say whether the site's users have this column."""
    return any(one.name == name for one in get_user_model()._meta.get_fields())


def post(path: str, body: Any = None, *, access: str = "", **headers: str) -> Response:
    return _client(access).post(f"{API}/{path}", body or {}, format="json", headers=headers)


def patch(path: str, body: Any, *, access: str = "") -> Response:
    return _client(access).patch(f"{API}/{path}", body, format="json")


def get(path: str, *, access: str = "") -> Response:
    return _client(access).get(f"{API}/{path}")


def delete(path: str, *, access: str = "") -> Response:
    return _client(access).delete(f"{API}/{path}")


def log_in(name: str = "anna", password: str = PASSWORD, **headers: str) -> dict[str, Any]:
    """Return the tokens of a new session."""
    answer = post("auth/login/", {"identifier": name, "password": password}, **headers)
    assert answer.status_code == 200, answer.data
    return dict(answer.data)


def errors_of(answer: Response) -> list[tuple[str, str]]:
    """Return the (attr, code) pairs of a 400."""
    assert answer.status_code == 400, answer.data
    return [(row["attr"], row["code"]) for row in answer.data["errors"]]


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    """Return what ``call(0) ... call(count - 1)`` return, all begun at the same moment."""
    gate = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(index: int) -> None:
        try:
            gate.wait(30)
            results[index] = call(index)
        except Exception as error:  # noqa: BLE001 - shown by the assertion on the results
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def _client(access: str) -> APIClient:
    client = APIClient()
    if access:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client
