"""Files from strangers' addresses: only from the open internet, bounded in size and time."""

import contextlib
import socket
import ssl
import threading
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from shopkit.core import fetch as module
from shopkit.core.fetch import NotFetched, fetch
from shopkit.core.http import LocksHeldWarning, Unreachable

PUBLIC = "93.184.215.14"


class Answers(BaseHTTPRequestHandler):
    """Answers each path as its name says, and remembers who asked for what."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"]))
        with contextlib.suppress(ConnectionError):
            getattr(self, f"answer_{self.path.strip('/').partition('?')[0]}", self.answer_ok)()

    def say(self, status=200, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def answer_ok(self):
        self.say(body=b"picture", Content_Length=7)

    def answer_undeclared(self):
        self.say(body=b"picture")

    def answer_away(self):
        self.say(302, Location="/ok")

    def answer_loop(self):
        self.say(302, Location="/loop")

    def answer_inwards(self):
        self.say(302, Location="http://169.254.169.254/latest/meta-data/")

    def answer_file(self):
        self.say(302, Location="file:///etc/passwd")

    def answer_nowhere(self):
        self.say(302, Location="http://[x/")

    def answer_missing(self):
        self.say(404)

    def answer_large(self):
        self.say(Content_Length=10_000, body=b"")

    def answer_flood(self):
        self.say(body=b"x" * 10_000)

    def answer_broken(self):
        self.say(body=b"half", Content_Length=9)

    def answer_silent(self):
        time.sleep(3)

    def answer_trickle(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(60):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def answer_slow_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(60):
            self.wfile.write(f"X-{number}: y\r\n".encode())
            time.sleep(0.05)

    def answer_noise(self):
        self.wfile.write(b"hello\r\n\r\n")

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def server():
    served = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    served.asked = []
    served.host = f"127.0.0.1:{served.server_port}"
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


def get(server, path, **options):
    given = {"largest": 1000, "timeout": 1, "private_hosts": [server.host], **options}
    return fetch(f"http://{server.host}/{path}", **given)


def resolve_to(monkeypatch, *addresses):
    """Let every name mean these addresses; return the names that were looked up."""
    asked = []

    def look_up(host, port, **_kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(module.socket, "getaddrinfo", look_up)
    return asked


def test_a_file_is_read(server):
    assert get(server, "ok") == b"picture"
    assert get(server, "undeclared") == b"picture"
    assert get(server, "ok?a=ü b") == b"picture"
    assert server.asked[-1] == ("/ok?a=%C3%BC%20b", server.host)


def test_a_redirect_is_followed_and_looked_at_like_the_first(server):
    assert get(server, "away") == b"picture"
    with pytest.raises(NotFetched, match="open internet"):
        get(server, "inwards")
    with pytest.raises(NotFetched, match="begin with http"):
        get(server, "file")
    with pytest.raises(NotFetched, match="too often"):
        get(server, "loop")
    assert len(server.asked) == 2 + 1 + 1 + 4


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing", "status 404"),
        ("large", "larger than 1000"),
        ("flood", "larger than 1000"),
        ("broken", "breaks off"),
        ("noise", "not speak HTTP"),
        ("nowhere", "no address"),
    ],
)
def test_other_answers_are_told(server, path, reason):
    with pytest.raises(NotFetched, match=reason):
        get(server, path)


@pytest.mark.parametrize("path", ["silent", "trickle", "slow_headers"])
def test_nobody_waits_longer_than_the_timeout(server, path):
    began = time.monotonic()

    with pytest.raises(Unreachable):
        get(server, path, timeout=0.5)

    assert time.monotonic() - began < 1.5


def test_a_host_that_there_is_not_is_told():
    with pytest.raises(Unreachable, match="host is not found"):
        fetch("http://pictures.invalid/a.jpg", largest=9)


def test_nobody_there_is_unreachable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Unreachable):
            fetch(f"http://127.0.0.1:{port}/", largest=9, private_hosts=[f"127.0.0.1:{port}"])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - an address that is refused
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%lo",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "::127.0.0.1",
        "::ffff:0:10.0.0.1",
        "fec0::1",
    ],
)
def test_a_name_that_means_our_own_network_is_refused(monkeypatch, address):
    for found in ([address], [PUBLIC, address]):
        resolve_to(monkeypatch, *found)
        with pytest.raises(NotFetched, match="open internet"):
            fetch("https://pictures.example/a.jpg", largest=9)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://localhost/",
    ],
)
def test_an_address_in_any_spelling_is_looked_at(url):
    with pytest.raises((NotFetched, Unreachable)):
        fetch(url, largest=9)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "pictures.example/a.jpg",
        "ftp://pictures.example/a.jpg",
        "file:///etc/passwd",
        "gopher://pictures.example/",
        "data:image/png;base64,AAAA",
        "http://",
        "http:///a.jpg",
        "http://user:secret@pictures.example/",
        "http://pictures.example:22/",
        "https://pictures.example:80/",
        "http://pictures.example:99999/",
        "http://[::1/",
        f"http://pictures.example/{'a' * 1000}",
        f"http://{'a' * 64}.example/",
    ],
)
def test_what_is_no_address_of_the_web_is_refused_without_a_look_up(monkeypatch, url):
    asked = resolve_to(monkeypatch, PUBLIC)

    with pytest.raises(NotFetched):
        fetch(url, largest=9)

    assert asked == []


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch, server):
    """A name that means something else at the second look-up is not looked up a second time."""
    asked = resolve_to(monkeypatch, PUBLIC)
    gone_to = []

    def divert(address, timeout):
        gone_to.append(address)
        return connected_to(server)(address, timeout)

    monkeypatch.setattr(module.socket, "create_connection", divert)

    assert fetch("http://pictures.example/ok", largest=99) == b"picture"

    assert asked == ["pictures.example"]
    assert gone_to == [(PUBLIC, 80)]
    assert server.asked == [("/ok", "pictures.example")]


def test_the_next_address_is_tried_where_one_is_silent(monkeypatch, server):
    resolve_to(monkeypatch, "93.184.215.1", "93.184.215.2", PUBLIC)
    gone_to = []

    def divert(address, timeout):
        gone_to.append(address[0])
        if address[0] != PUBLIC:
            raise ConnectionRefusedError
        return connected_to(server)(address, timeout)

    monkeypatch.setattr(module.socket, "create_connection", divert)

    assert fetch("http://pictures.example/ok", largest=99) == b"picture"
    assert len(gone_to) == 3


def test_a_proxy_of_the_environment_is_not_used(monkeypatch, server):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert get(server, "ok") == b"picture"


def test_a_line_break_in_an_address_adds_no_header(server):
    with contextlib.suppress(NotFetched):
        get(server, "ok\r\nX-Evil: 1\r\n\r\nGET /other")

    assert all("\r" not in path and " " not in path for path, _host in server.asked)
    assert len(server.asked) <= 1


def test_a_certificate_that_nobody_trusts_is_refused(monkeypatch, tmp_path, server):
    """And one that is trusted must be of the name, not of the address that was looked at."""
    certificate = self_signed(tmp_path, "pictures.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    url = f"https://pictures.example:{server.server_port}/ok"
    options = {"largest": 99, "private_hosts": ["pictures.example", "other.example"]}
    resolve_to(monkeypatch, "127.0.0.1")
    monkeypatch.setattr(module.socket, "create_connection", connected_to(server))

    with pytest.raises(NotFetched, match="not trusted"):
        fetch(url, **options)
    trusting = ssl.create_default_context(cafile=certificate)
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does by itself
    monkeypatch.setattr(module.ssl, "create_default_context", lambda: trusting)
    assert fetch(url, **options) == b"picture"
    with pytest.raises(NotFetched, match="not trusted"):
        fetch(url.replace("pictures.", "other."), **options)


def connected_to(server):
    def connect(_address, timeout):
        sock = socket.socket()
        sock.settimeout(timeout)
        sock.connect(("127.0.0.1", server.server_port))
        return sock

    return connect


def signs_and_certifies():
    used = ("digital_signature", "key_cert_sign")
    others = (
        "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**dict.fromkeys(used, True), **dict.fromkeys(others, False))


def self_signed(folder, name):
    """Write a key with its certificate for a host; return where."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(signs_and_certifies(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return str(path)


@pytest.mark.django_db(transaction=True)
def test_it_is_not_called_in_a_transaction(server):
    with transaction.atomic(), pytest.raises(LocksHeldWarning):
        get(server, "ok")

    assert server.asked == []
