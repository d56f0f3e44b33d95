"""Login to the desk: one password, a signed cookie, a pause after wrong tries."""

from __future__ import annotations

import hmac
import secrets
import threading

from fastapi import Request
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, TimestampSigner

from bot.rate_limit import RateLimit
from bot.settings import BotSettings

COOKIE, KNOWN = "desk", "desk-known"
HOURS, DAYS = 12, 90  # that a session is good for, and that a browser is known


class ShutError(Exception):
    """Too many passwords were wrong: none is looked at for a while."""


class Login:
    """Who may come to the desk. A changed password or secret signs everyone out.

    Sessions that were ended are remembered until the process ends.
    """

    def __init__(self, settings: BotSettings) -> None:
        self._password = settings.desk_password.get_secret_value().encode()
        secret = settings.desk_secret.get_secret_value().encode() or secrets.token_bytes(32)
        self._signer = TimestampSigner(hmac.digest(secret, self._password, "sha256"))
        self._ended: set[str] = set()
        #: Wrong passwords. The common limit stops guessing from many addresses.
        self._tries = RateLimit("5 per 5 minutes", "60 per 5 minutes")
        #: So that of many tries at once no more are looked at than may be wrong.
        self._one_by_one = threading.Lock()
        #: Seconds after which a new try makes sense.
        self.pause = self._tries.pause

    def opens(self, request: Request, password: str) -> bool:
        """Whether this is the password. A wrong one is counted.

        Raises `ShutError` after too many: those of strangers do not shut out a browser that has been inside.
        """
        known = self._known(request)
        with self._one_by_one:
            if self._tries.reached(request, known):
                raise ShutError
            if self._password and hmac.compare_digest(password.encode(), self._password):
                return True
            self._tries.count(request, known)
            return False

    def inside(self, request: Request) -> bool:
        """Whether the request carries a session that is still good."""
        session = self._session(request)
        return bool(session) and session not in self._ended

    def let_in(self, request: Request, path: str) -> RedirectResponse:
        """On to the desk, with a session."""
        reply = RedirectResponse(path, 303)
        secure, id = request.url.scheme == "https", secrets.token_hex(16)
        for name, seconds in ((COOKIE, HOURS * 3600), (KNOWN, DAYS * 86400)):
            value = self._signer.sign(f"{name}:{id}").decode()
            reply.set_cookie(name, value, seconds, path=path, httponly=True, samesite="strict", secure=secure)
        return reply

    def let_out(self, request: Request, path: str) -> RedirectResponse:
        """Back to the login page. The session is over, also for whoever has a copy of its cookie, until a restart."""
        self._ended.add(self._session(request))
        reply = RedirectResponse(path, 303)
        reply.delete_cookie(COOKIE, path=path)
        return reply

    def _session(self, request: Request) -> str:
        return self._signed(request, COOKIE, HOURS * 3600)

    def _known(self, request: Request) -> str:
        return self._signed(request, KNOWN, DAYS * 86400)

    def _signed(self, request: Request, name: str, seconds: int) -> str:
        """The id in our cookie of this name; empty where the request has none, or one older than so many seconds."""
        try:
            value = self._signer.unsign(request.cookies.get(name, ""), max_age=seconds).decode()
        except BadSignature:
            return ""
        kind, _, id = value.partition(":")
        return id if kind == name else ""
