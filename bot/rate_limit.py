"""How often something may be done: so many times from one address, and so many from everybody."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

from fastapi import Request
from limits import parse, parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

#: So much of an IPv6 address names a household or an office, which chooses the rest as it likes.
PREFIX = 64


class RateLimit:
    """Two limits, as "5 per 5 minutes", that of one address perhaps of several: "60 per hour; 5 per minute".

    The common one holds where a proxy makes all addresses one, or many are used.
    Addresses are held in memory, for no more than twice the time that they count once others come, and nowhere else.
    """

    def __init__(self, one: str, everybody: str) -> None:
        self._one, self._everybody = parse_many(one), parse(everybody)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._one_by_one = Lock()
        #: Seconds after which trying again makes sense.
        self.pause = max(limit.get_expiry() for limit in self._one)

    def reached(self, request: Request, known: str = "") -> bool:
        """Whether there has been too much of it already: from this address or from everybody.

        A browser that is `known` by a name of its own is counted by that alone.
        """
        if known:
            return not self._free(known)
        everybody = self._limiter.test(self._everybody, "everybody")
        return not (everybody and self._free(address_of(request)))

    def take(self, request: Request) -> bool:
        """Whether it may be done once more; then that is noted, together, so that many at once are not too many.

        What one address may not do costs the others nothing.
        """
        with self._one_by_one:
            if not self._free(address_of(request)):
                return False
            self._hit(address_of(request))
            return self._limiter.hit(self._everybody, "everybody")

    def count(self, request: Request, known: str = "") -> None:
        """Note that it was done once more."""
        self._hit(known or address_of(request))
        if not known:
            self._limiter.hit(self._everybody, "everybody")

    def _free(self, name: str) -> bool:
        return all(self._limiter.test(limit, name) for limit in self._one)

    def _hit(self, name: str) -> None:
        for limit in self._one:
            self._limiter.hit(limit, name)


def address_of(request: Request | None) -> str:
    """The caller's address; behind a proxy, the one that the proxy names (see uvicorn's FORWARDED_ALLOW_IPS).

    Of an IPv6 address the network. Empty where there is none, as over stdio.
    """
    host = request.client.host if request and request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    old = address.ipv4_mapped  # as a server that listens for both sees it
    return str(old or ip_network((int(address), PREFIX), strict=False))
