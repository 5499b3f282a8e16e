"""What every reply must carry and every request must pass, whatever page it is for.

Headers, cookies, CSRF and the test for safe redirects. Must not know any page.
"""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import RequestRedirect

from webapp.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
A_YEAR = 365 * 24 * 3600
BIGGEST_POST = 2 * 1024 * 1024
JSON = "application/json"

csrf = CSRFProtect()


def secure(app: Flask, settings: Settings) -> None:
    """Gives the application its cookies, its CSRF check and its headers."""
    app.config.update(
        SECRET_KEY=settings.secret("web"),
        SESSION_COOKIE_NAME=settings.cookie_name,
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        # The token lives as long as the session it is bound to; a long meeting must not spoil a form.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_CHECK_DEFAULT=False,
        MAX_CONTENT_LENGTH=BIGGEST_POST,
        MAX_FORM_MEMORY_SIZE=BIGGEST_POST,
        MAX_FORM_PARTS=20_000,
    )
    csrf.init_app(app)
    if settings.proxies:
        # Without this every sign-in seems to come from the proxy, and one attacker would lock everybody out.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]

    @app.after_request
    def add_headers(response: Response) -> Response:
        if isinstance(request.routing_exception, RequestRedirect):
            response = _within(request.routing_exception)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if request.endpoint == "static" and response.status_code in (200, 304) and request.args.get("v"):
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        elif request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        if settings.https:
            response.headers["Strict-Transport-Security"] = f"max-age={2 * A_YEAR}; includeSubDomains"
        return response


def _within(turned: RequestRedirect) -> Response:
    """To the same address with its slashes as they should be, by its path: the host in it is what the request says."""
    parts = urlsplit(turned.new_url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return cast(Response, redirect(safe_path(path) or "/", turned.code))


def wants_json() -> bool:
    """Whether a script asked, which is answered with data where a person would be shown a page."""
    return str(request.accept_mimetypes) == JSON


def safe_path(address: str | None) -> str | None:
    """`address` when it is a path on this very site, else None: a redirect never leaves it."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if "\\" in address or any(ord(character) < 32 or ord(character) == 127 for character in address):
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    return address
