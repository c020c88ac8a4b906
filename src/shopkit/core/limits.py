"""Who is asking, for the purpose of limits."""

from ipaddress import IPv6Address, ip_address

from django.http import HttpRequest

from .conf import core_settings


def client_address(request: HttpRequest) -> str:
    """Return the network address that limits count by: an IPv4 address or an IPv6 /64.

    "" when there is none, as behind a Unix socket without ``TRUSTED_PROXIES``.

    X-Forwarded-For is believed only as far as ``CORE["TRUSTED_PROXIES"]`` proxies of the site's own
    have written it; the client's own additions are to the left of those. One IPv6 customer owns
    a whole /64, so that is what is counted.
    """
    address = str(request.META.get("REMOTE_ADDR") or "")
    trusted = core_settings().TRUSTED_PROXIES
    if trusted:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        hops = [hop for hop in hops if hop]
        address = hops[-min(trusted, len(hops))] if hops else address
    try:
        found = ip_address(_without_port(address))
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(found)


def _without_port(address: str) -> str:
    """Some proxies write "192.0.2.1:51234" and "[2001:db8::1]:51234"."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
