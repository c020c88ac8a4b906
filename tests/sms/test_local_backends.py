"""Backends whose messages stay on this machine."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from shopkit.sms.backends.console import ConsoleBackend
from shopkit.sms.backends.file import FileBackend
from shopkit.sms.errors import SmsUnavailable
from shopkit.sms.testing import PHONE


def test_the_console_shows_the_message(capsys):
    ConsoleBackend().send(phone=PHONE, text="Код: 482913")

    assert capsys.readouterr().out == f"SMS to {PHONE}:\nКод: 482913\n{'-' * 40}\n"


def test_a_line_of_the_file_is_time_phone_and_text(tmp_path):
    path = tmp_path / "var" / "outbox" / "sms.jsonl"

    FileBackend(path=path).send(phone=PHONE, text='Код: "482913"\n@shop.test #482913')

    (line,) = path.read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    assert list(found) == ["at", "phone", "text"]
    assert found["phone"] == PHONE
    assert found["text"] == 'Код: "482913"\n@shop.test #482913'
    age = datetime.now(timezone.utc) - datetime.fromisoformat(found["at"])
    assert timedelta(0) <= age < timedelta(minutes=1)


def test_only_its_owner_may_read_the_file(tmp_path):
    path = tmp_path / "sms.jsonl"

    FileBackend(path=path).send(phone=PHONE, text="Salom")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_many_writers_do_not_mix_their_lines(tmp_path):
    path = tmp_path / "sms.jsonl"
    texts = [f"{index} " + "я" * 3_000 for index in range(200)]

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda text: FileBackend(path=path).send(phone=PHONE, text=text), texts))

    lines = path.read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["text"] for line in lines) == sorted(texts)


def test_a_full_disk_is_no_message(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "write", lambda _handle, line: len(line) - 1)

    with pytest.raises(SmsUnavailable) as failure:
        FileBackend(path=tmp_path / "sms.jsonl").send(phone=PHONE, text="Salom")

    assert failure.value.gateway_code == "errno_28"
