"""Headers every answer carries, and the nonce that lets our own script elements run.

No page may run a foreign script, be framed, or stay in a shared cache. Static files live under
an address that contains the hash of all of them, so they may be kept for ever.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, g, request


def page_nonce() -> str:
    """The nonce of this answer; the same for the header and every script element of the page."""
    if "page_nonce" not in g:
        g.page_nonce = secrets.token_urlsafe(18)
    nonce: str = g.page_nonce
    return nonce


def content_security_policy(nonce: str) -> str:
    """The policy sent with every answer: only our own files, no inline code, no frames."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            # Bootstrap draws the tick of a checkbox and the arrow of a menu from data: pictures.
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def add_security_headers(response: Response) -> Response:
    """Put the headers on one answer; pages are never stored by browsers or proxies."""
    headers = response.headers
    # A view may only be stricter, as for a downloaded file; it says so itself.
    headers.setdefault("Content-Security-Policy", content_security_policy(page_nonce()))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    if request.endpoint != "static_file":
        headers["Cache-Control"] = "no-store"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def install_security_headers(app: Flask) -> None:
    """Send the headers with every answer and give templates `page_nonce()`."""
    app.after_request(add_security_headers)
    app.jinja_env.globals["page_nonce"] = page_nonce
