"""Serving the pages with waitress: pure Python, one process, the same on every machine."""

from __future__ import annotations

from waitress import serve

from webapp import create_app

# Solving runs in the worker, so requests are short; eight threads keep two cores busy.
THREADS = 8
# Longer than any reading pause between two clicks: a form must not meet a closing connection.
IDLE_SECONDS = 120


def serve_pages(host: str, port: int) -> int:
    """Serve until ended.

    Args:
        host: address to listen on; 127.0.0.1 unless a proxy stands in front.
        port: TCP port.
    """
    app = create_app()
    print(f"Phân Bổ: http://{host}:{port}", flush=True)
    serve(app, host=host, port=port, threads=THREADS, channel_timeout=IDLE_SECONDS, ident=None)
    return 0
