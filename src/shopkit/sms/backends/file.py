"""Messages in a file, for development and demos."""

import errno
import json
import os
from datetime import datetime, timezone
from pathlib import Path

from django.views.decorators.debug import sensitive_variables

from shopkit.sms.errors import SmsUnavailable

from .base import Sent, SmsBackend


class FileBackend(SmsBackend):
    """Appends one JSON object per line: {"at", "phone", "text"}. Only its owner may read the file.

    path -- of the file; folders are made when the first message is sent
    """

    name = "file"
    for_development = True

    def __init__(self, *, path: str | Path) -> None:
        self.path = Path(path)

    @sensitive_variables()
    def deliver(self, *, phone: str, text: str, reference: str) -> Sent:
        """Append the message in one write, so that processes do not mix their lines."""
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "phone": phone, "text": text}, ensure_ascii=False) + "\n"
        try:
            self.append(line.encode())
        except OSError as error:
            raise SmsUnavailable(gateway_code=f"errno_{error.errno}") from error
        return Sent(backend=self.name)

    def append(self, line: bytes) -> None:
        """Add ``line`` at the end of the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(handle, line) != len(line):
                raise OSError(errno.ENOSPC, "The line was cut short.")
        finally:
            os.close(handle)
