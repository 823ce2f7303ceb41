"""Static files under an address that contains the hash of all of them.

The hash is one for the whole folder, so that a stylesheet or script may name its neighbours by
relative addresses and still everything changes together.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, send_from_directory, url_for

from webapp.access import public_route

STATIC_FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


def hash_of_static_files(folder: Path = STATIC_FOLDER) -> str:
    """A short hash of the names and contents of every file in the folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def install_static_files(app: Flask) -> None:
    """Serve /static/HASH/PATH and give templates `static_url("css/app.css")`."""
    present = hash_of_static_files()

    @public_route("stylesheets, scripts and fonts hold nothing about anybody")
    def static_file(files_hash: str, path: str) -> Response:
        response = send_from_directory(STATIC_FOLDER, path)
        # A page made before an update may still ask for the old hash: answer, but do not keep it.
        response.headers["Cache-Control"] = FOR_EVER if files_hash == present else ASK_AGAIN
        return response

    def static_url(path: str) -> str:
        return url_for("static_file", files_hash=present, path=path)

    app.add_url_rule("/static/<string:files_hash>/<path:path>", "static_file", static_file)
    app.jinja_env.globals["static_url"] = static_url
