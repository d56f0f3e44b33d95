"""The desk's door: one password, a signed cookie, a pause after wrong tries."""

from __future__ import annotations

import hmac
import secrets

from fastapi import Request
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, TimestampSigner

from bot.limit import Limit
from bot.settings import BotSettings

COOKIE = "desk"
HOURS = 12


class Door:
    """Who may come to the desk. A changed password or secret signs everyone out."""

    def __init__(self, settings: BotSettings) -> None:
        self._password = settings.desk_password.encode()
        secret = settings.desk_secret.get_secret_value().encode() or secrets.token_bytes(32)
        self._signer = TimestampSigner(hmac.digest(secret, self._password, "sha256"))
        #: Wrong passwords. The common limit is wide: it stops guessing from many addresses, not the volunteers.
        self.tries = Limit("5 per 5 minutes", "60 per 5 minutes")

    def opens(self, request: Request, password: str) -> bool:
        """Whether this is the password. A wrong one is counted."""
        if self._password and hmac.compare_digest(password.encode(), self._password):
            return True
        self.tries.count(request)
        return False

    def inside(self, request: Request) -> bool:
        """Whether the request carries a session that is still good."""
        try:
            self._signer.unsign(request.cookies.get(COOKIE, ""), max_age=HOURS * 3600)
        except BadSignature:
            return False
        return True

    def let_in(self, request: Request, path: str) -> RedirectResponse:
        """On to the desk, with a session."""
        reply = RedirectResponse(path, 303)
        value = self._signer.sign("volunteer").decode()
        secure = request.url.scheme == "https"
        reply.set_cookie(COOKIE, value, HOURS * 3600, path=path, httponly=True, samesite="strict", secure=secure)
        return reply
