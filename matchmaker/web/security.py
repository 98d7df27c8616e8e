"""Security headers, safe redirects and the request id."""

import logging
import secrets
from time import perf_counter
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

log = logging.getLogger("matchmaker.access")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


def safe_next(target: str | None, default: str) -> str:
    """Return ``target`` if it is a path of our own site, else ``default``: redirects never lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if not target.isprintable() or "\\" in target:
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def init_app(app: Flask) -> None:
    """Set the headers of every answer and write one log line for it."""
    https = app.config["SETTINGS"].is_https

    @app.before_request
    def start() -> None:
        g.request_id = secrets.token_hex(6)
        g.started = perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint not in ("static", "bootstrap.static"):
            headers.setdefault("Cache-Control", "no-store")
            headers.add("Vary", "Cookie")
        _log(response)
        return response


def _log(response: Response) -> None:
    """One line an answer; the rule of the route instead of the path, so that no token is ever written."""
    rule = request.url_rule.rule if request.url_rule else "(no route)"
    milliseconds = round((perf_counter() - g.started) * 1000, 1) if "started" in g else 0.0
    log.info(
        "%s %s %s",
        request.method,
        rule,
        response.status_code,
        extra={"request_id": g.get("request_id", ""), "milliseconds": milliseconds},
    )
