"""The desk's door: one password, a signed cookie, a pause after wrong tries."""

from __future__ import annotations

import hmac
import secrets

from fastapi import Request
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, TimestampSigner

from bot.limit import Limit
from bot.settings import BotSettings

COOKIE, KNOWN = "desk", "desk-known"
HOURS, DAYS = 12, 90  # that a session is good for, and that a browser is known


class Door:
    """Who may come to the desk. A changed password or secret signs everyone out."""

    def __init__(self, settings: BotSettings) -> None:
        self._password = settings.desk_password.encode()
        secret = settings.desk_secret.get_secret_value().encode() or secrets.token_bytes(32)
        self._signer = TimestampSigner(hmac.digest(secret, self._password, "sha256"))
        #: Wrong passwords. The common limit stops guessing from many addresses.
        self._tries = Limit("5 per 5 minutes", "60 per 5 minutes")
        #: Seconds after which a new try makes sense.
        self.pause = self._tries.pause

    def shut(self, request: Request) -> bool:
        """Whether too many passwords were wrong: those of strangers do not shut out a browser that has been inside."""
        return self._tries.reached(request, everybody=not self._signed(request, KNOWN, DAYS * 86400))

    def opens(self, request: Request, password: str) -> bool:
        """Whether this is the password. A wrong one is counted."""
        if self._password and hmac.compare_digest(password.encode(), self._password):
            return True
        self._tries.count(request)
        return False

    def inside(self, request: Request) -> bool:
        """Whether the request carries a session that is still good."""
        return self._signed(request, COOKIE, HOURS * 3600)

    def let_in(self, request: Request, path: str) -> RedirectResponse:
        """On to the desk, with a session."""
        reply = RedirectResponse(path, 303)
        secure = request.url.scheme == "https"
        for name, seconds in ((COOKIE, HOURS * 3600), (KNOWN, DAYS * 86400)):
            value = self._signer.sign(name).decode()
            reply.set_cookie(name, value, seconds, path=path, httponly=True, samesite="strict", secure=secure)
        return reply

    def _signed(self, request: Request, name: str, seconds: int) -> bool:
        """Whether the request carries our cookie of this name, no older than so many seconds."""
        try:
            return self._signer.unsign(request.cookies.get(name, ""), max_age=seconds) == name.encode()
        except BadSignature:
            return False
