"""The example of the how-to guide passes the contract it recommends."""

import re
from pathlib import Path

import pytest

from shopkit.sms.callbacks import StatusCallback
from shopkit.sms.errors import CallbackRefused

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "sms-write-a-backend.md"
if not PAGE.exists():
    pytest.skip("The documentation is not here.", allow_module_level=True)

BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
BACKEND, _SETTING, CALLBACK, CONTRACT = BLOCKS
SPACE = {"__name__": __name__}
for block in (BACKEND, CALLBACK, CONTRACT.replace("from shop.sms import ParrotBackend\n", "")):
    exec(block, SPACE)  # noqa: S102

TestParrotBackend = SPACE["TestParrotBackend"]


def test_its_callbacks_are_verified():
    parrot = SPACE["TalkativeParrotBackend"](token="made-up")
    body = b"id=m-1&state=ok"
    right = SPACE["hmac"].new(parrot.secret, body, SPACE["hashlib"].sha256).hexdigest()
    signed = {"x-parrot-signature": right}

    update = parrot.read_status(StatusCallback(query="reference=7", headers=signed, body=body))

    assert (update.reference, update.message_id, update.status) == ("7", "m-1", "delivered")
    with pytest.raises(CallbackRefused):
        parrot.read_status(StatusCallback(query="reference=7", headers=signed, body=body + b"&"))
