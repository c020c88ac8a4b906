"""Files from addresses that strangers give: only from the open internet, bounded in size and time.

An address may name a machine of our own network, be redirected to one, or mean another one at the
second look-up (SSRF, CWE-918). So every host is looked up once, refused when any of its addresses
is not public, and the connection goes to that very address. Proxies of the environment are not
used, because they would look the name up again.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

import shopkit

from .errors import BackendError
from .http import Unreachable, warn_of_locks

PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 3
MOST_ADDRESSES = 4
LONGEST_URL = 1000
CHUNK = 65_536
# Addresses that carry another one inside: what a gateway makes of them is not seen here.
TRANSLATED = tuple(
    map(
        ipaddress.ip_network,
        ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16"),
    )
)


class NotFetched(BackendError):
    """The address is refused, or what it answers is not what was asked for; ``str`` says why."""

    code = "not_fetched"


@dataclass(frozen=True)
class _Place:
    """Where a request goes: a URL, and the addresses that its host was found to have."""

    url: SplitResult
    host: str
    port: int
    addresses: Sequence[str]

    @property
    def path(self) -> str:
        return (self.url.path or "/") + (f"?{self.url.query}" if self.url.query else "")


def fetch(
    url: str, *, largest: int, timeout: float = 10, private_hosts: Collection[str] = ()
) -> bytes:
    """Return what ``url`` answers, at most ``largest`` bytes.

    Only http and https, on their own ports, on public addresses. A redirect is followed three
    times, and each of its addresses is looked at like the first. Call it in no transaction.

    timeout -- seconds for the connection and the whole answer, of each request
    private_hosts -- "host" or "host:port" that may have any address and port

    Raises Unreachable when the host does not answer, NotFetched for everything else.
    """
    warn_of_locks()
    for _turn in range(MOST_REDIRECTS + 1):
        place = _look_up(url, private_hosts)
        found = _ask(place, largest=largest, timeout=timeout)
        if isinstance(found, bytes):
            return found
        url = _joined(url, found)
    raise NotFetched(_("The address sends on too often."))


def host_of(url: str) -> str:
    """Return the host and port that ``url`` names. Raises NotFetched when it is no address."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError as error:
        raise NotFetched(_("This is no address.")) from error


def _joined(url: str, found: str) -> str:
    """Return where a redirect leads. Raises NotFetched when it leads to no address."""
    try:
        return urljoin(url, found)
    except ValueError as error:
        raise NotFetched(_("This is no address.")) from error


def _look_up(url: str, private_hosts: Collection[str]) -> _Place:
    """Return where ``url`` leads. Raises NotFetched for where nobody may go."""
    if len(url) > LONGEST_URL:
        raise NotFetched(_("The address is too long."))
    try:
        parts = urlsplit(iri_to_uri(url))
        host = (parts.hostname or "").encode("idna").decode().lower()
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise NotFetched(_("This is no address.")) from error
    if parts.scheme not in PORTS or not host or parts.username is not None:
        raise NotFetched(_("The address must begin with http:// or https:// and a host."))
    is_private_meant = not {host, f"{host}:{port}"}.isdisjoint(private_hosts)
    if port != PORTS[parts.scheme] and not is_private_meant:
        raise NotFetched(_("The address names a port of its own."))
    addresses = _addresses_of(host, port)
    if not is_private_meant and not all(map(_is_public, addresses)):
        raise NotFetched(_("The address does not lead to the open internet."))
    return _Place(parts, host, port, addresses[:MOST_ADDRESSES])


def _addresses_of(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("Its host is not found.")) from error
    return [str(address[0]) for _family, _type, _proto, _name, address in found]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(str(address.ipv4_mapped))
        if address.is_site_local or any(address in network for network in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


class _Connection(http.client.HTTPConnection):
    """Goes to the address that was looked at, whatever the host's name means by now.

    is_over -- its time was over before it had ended by itself
    """

    def __init__(self, place: _Place, *, timeout: float) -> None:
        super().__init__(place.host, place.port, timeout=timeout)
        self.place = place
        self.is_over = False
        self._opened: socket.socket | None = None  # http.client forgets it with the last request

    def connect(self) -> None:
        self.sock = self._connected()
        if self.place.url.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.place.host, do_handshake_on_connect=False
            )
        self._opened = self.sock
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def _connected(self) -> socket.socket:
        *others, last = self.place.addresses
        for address in others:
            with suppress(OSError):
                return socket.create_connection((address, self.place.port), self.timeout)
            if self.is_over:
                raise TimeoutError
        return socket.create_connection((last, self.place.port), self.timeout)

    @contextmanager
    def ended_after(self, seconds: float) -> Iterator[None]:
        """End whatever goes on when the time is over: a peer that trickles is never silent."""
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.close()

    def _end(self) -> None:
        self.is_over = True
        if self._opened is not None:
            with suppress(OSError):  # it has ended by itself
                # Below TLS, whose own way would let the rest be read as it came.
                socket.socket.shutdown(self._opened, socket.SHUT_RDWR)


def _ask(place: _Place, *, largest: int, timeout: float) -> bytes | str:
    """Return the body, or where it is said to be instead."""
    connection = _Connection(place, timeout=timeout)
    late = Unreachable(_("It does not answer in time."))
    with connection.ended_after(timeout):
        try:
            connection.request("GET", place.path, headers=_headers(place))
            with connection.getresponse() as response:
                found = _answer_of(response, largest)
        except ssl.SSLCertVerificationError as error:
            raise NotFetched(_("Its certificate is not trusted.")) from error
        except OSError as error:
            raise late from error
        except (http.client.HTTPException, ValueError) as error:
            raise (late if connection.is_over else _no_http()) from error
    if connection.is_over:  # what looks like the end may be the middle
        raise late
    return found


def _headers(place: _Place) -> dict[str, str]:
    host = f"[{place.host}]" if ":" in place.host else place.host
    is_usual = place.port == PORTS[place.url.scheme]
    return {
        "Host": host if is_usual else f"{host}:{place.port}",
        "User-Agent": f"shopkit/{shopkit.__version__}",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _no_http() -> NotFetched:
    return NotFetched(_("It does not speak HTTP."))


def _answer_of(response: http.client.HTTPResponse, largest: int) -> bytes | str:
    if response.status in REDIRECTS and response.headers.get("Location"):
        return str(response.headers["Location"])
    if response.status != http.client.OK:
        raise NotFetched(_("It answers with status %d.") % response.status)
    return _body_of(response, largest)


def _body_of(response: http.client.HTTPResponse, largest: int) -> bytes:
    declared = response.headers.get("Content-Length", "")
    too_large = NotFetched(_("The file is larger than %d bytes.") % largest)
    if declared.isdigit() and int(declared[:20]) > largest:
        raise too_large
    body = bytearray()
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > largest:
            raise too_large
    if declared.isdigit() and len(body) < int(declared[:20]):
        raise NotFetched(_("The file breaks off."))
    return bytes(body)
