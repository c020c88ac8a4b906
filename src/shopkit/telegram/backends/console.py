"""Messages on the terminal, for development."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from .local import LocalBackend


class ConsoleBackend(LocalBackend):
    """Writes calls to standard output."""

    def keep(self, method: str, params: Mapping[str, Any]) -> None:
        """Write one block; a text is written as a person would read it."""
        rest = {name: value for name, value in params.items() if name not in {"chat_id", "text"}}
        lines = [f"--- Telegram {method} to {params.get('chat_id', '-')}"]
        lines += [str(params["text"])] if "text" in params else []
        lines += [json.dumps(rest, ensure_ascii=False)] if rest else []
        sys.stdout.write("\n".join([*lines, "---\n"]))
        sys.stdout.flush()
