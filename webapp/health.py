"""Two addresses for those who watch over the program: does it live, and can it serve?"""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response

from finance.jobs.queries import count_unfinished_jobs
from webapp.access import public_route
from webapp.request_scope import read

log = logging.getLogger("phanbo.web")


@public_route("a watcher has no account; the answer says nothing about anybody")
def is_alive() -> Response:
    """The process answers."""
    return Response("alive\n", mimetype="text/plain")


def install_health(app: Flask, has_newest_shape: Callable[[], bool]) -> None:
    """Answer at /healthz and /readyz.

    Args:
        app: the application.
        has_newest_shape: tells whether the store has been migrated to the newest shape.
    """

    @public_route("a watcher has no account; the answer says nothing about anybody")
    def is_ready() -> Response:
        """The store answers, has its tables and the shape this program was written for."""
        try:
            with read() as session:
                count_unfinished_jobs(session)
            if not has_newest_shape():
                return Response("the store is not migrated\n", 503, mimetype="text/plain")
        except Exception:  # whatever it is, the answer to the watcher is the same
            log.exception("the store does not answer")
            return Response("the store does not answer\n", 503, mimetype="text/plain")
        return Response("ready\n", mimetype="text/plain")

    app.add_url_rule("/healthz", "is_alive", is_alive)
    app.add_url_rule("/readyz", "is_ready", is_ready)
