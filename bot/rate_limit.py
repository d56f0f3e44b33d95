"""How often something may be done: so many times from one address, and so many from everybody."""

from __future__ import annotations

from fastapi import Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class RateLimit:
    """Two limits, as "5 per 5 minutes". The common one holds where a proxy makes all addresses one, or many are used.

    Addresses are held in memory for the time that they count, and nowhere else.
    """

    def __init__(self, one: str, everybody: str) -> None:
        self._one, self._everybody = parse(one), parse(everybody)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        #: Seconds after which trying again makes sense.
        self.pause = self._one.get_expiry()

    def reached(self, request: Request, known: str = "") -> bool:
        """Whether there has been too much of it already: from this address or from everybody.

        A browser that is `known` by a name of its own is counted by that alone.
        """
        if known:
            return not self._limiter.test(self._one, known)
        everybody = self._limiter.test(self._everybody, "everybody")
        return not (everybody and self._limiter.test(self._one, _address(request)))

    def take(self, request: Request) -> bool:
        """Whether it may be done once more; then that is noted, together, so that many at once are not too many.

        What one address may not do costs the others nothing.
        """
        one = self._limiter.hit(self._one, _address(request))
        return one and self._limiter.hit(self._everybody, "everybody")

    def count(self, request: Request, known: str = "") -> None:
        """Note that it was done once more."""
        self._limiter.hit(self._one, known or _address(request))
        if not known:
            self._limiter.hit(self._everybody, "everybody")


def _address(request: Request) -> str:
    """The caller's address; behind a proxy, the one that the proxy names (see uvicorn's FORWARDED_ALLOW_IPS)."""
    return request.client.host if request.client else ""
