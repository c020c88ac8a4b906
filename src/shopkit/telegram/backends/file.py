"""Messages as lines of JSON in a file, for demos and end-to-end tests."""

import json
import os
from collections.abc import Collection, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .local import LocalBackend


class FileBackend(LocalBackend):
    """Appends one line for each call: {"at", "chat_id", "text", ..., "method"}.

    path -- of the file; folders are made. Codes are in it, so only its owner may read it
    """

    def __init__(
        self, *, path: str | os.PathLike[str], token: str = "", blocked: Collection[int] = ()
    ) -> None:
        super().__init__(token=token, blocked=blocked)
        self._path = Path(path)

    def keep(self, method: str, params: Mapping[str, Any]) -> None:
        """Append in one write, so that lines of several processes do not mix."""
        now = datetime.now(tz=timezone.utc).isoformat()
        line = json.dumps({"at": now, **params, "method": method}, ensure_ascii=False) + "\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        descriptor = os.open(self._path, flags, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
