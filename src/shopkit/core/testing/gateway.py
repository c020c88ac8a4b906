"""A gateway on loopback: a real HTTP server in a thread, for tests without a network."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from django.http.multipartparser import MultiPartParser


@dataclass(frozen=True)
class Recorded:
    """One request as the gateway saw it.

    fields -- of the form, or of the JSON object
    """

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """An answer: a JSON-ready body, or bytes that are sent as they are."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class FakeGateway:
    """Subclass it, write ``answer``, and use it as a context manager.

    url -- where it listens
    requests -- what came in, oldest first
    """

    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self.lock = threading.Lock()
        self._scripted: list[Reply] = []
        self._closing = threading.Event()
        self._server: _Server | None = None

    def answer(self, request: Recorded) -> Reply:
        """Return what the gateway says to ``request``; called by one thread at a time."""
        raise NotImplementedError

    def silence_after(self, request: Recorded) -> float:
        """Return for how many seconds the answer is held back, after all has been done."""
        return 0

    def next(self, status: int, body: Any = None, **headers: str) -> None:
        """Answer the next request with this instead, and do nothing for it.

        body -- JSON-ready, or bytes to send as they are
        headers -- with "_" for "-"
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._scripted.append(Reply(status, {} if body is None else body, named))

    def paths(self) -> list[str]:
        """Return the paths that were asked for, oldest first."""
        return [request.path for request in self.requests]

    @property
    def url(self) -> str:
        """Where the gateway listens."""
        if self._server is None:
            raise RuntimeError("The fake gateway is used as a context manager.")
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Any:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.gateway = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._closing.set()
            self._server.shutdown()
            self._server.server_close()

    def receive(self, request: Recorded) -> Reply:
        """Record ``request``, answer it, and keep silent for as long as the test wants."""
        with self.lock:
            self.requests.append(request)
            reply = self._scripted.pop(0) if self._scripted else self.answer(request)
        self._closing.wait(self.silence_after(request))
        return reply


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    gateway: FakeGateway

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the path may hold a token."""

    def _respond(self) -> None:
        reply = cast(_Server, self.server).gateway.receive(self._recorded())
        is_raw = isinstance(reply.body, bytes)
        body = reply.body if is_raw else json.dumps(reply.body, ensure_ascii=False).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html" if is_raw else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = _respond

    def _recorded(self) -> Recorded:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        fields = _fields_of(headers.get("content-type", ""), body)
        return Recorded(str(self.command), parts.path, parts.query, headers, fields)


def _fields_of(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.startswith("application/json"):
        found = json.loads(body or b"{}")
        return found if isinstance(found, dict) else {}
    if content_type.startswith("multipart/form-data"):
        meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
        form, _files = MultiPartParser(meta, BytesIO(body), [], "utf-8").parse()
        return {name: str(value) for name, value in form.items()}
    found = parse_qs(body.decode(), keep_blank_values=True)
    return {name: values[-1] for name, values in found.items()}
