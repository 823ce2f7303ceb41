"""Which forms the browser may forget: it keeps what is typed until the server has accepted it.

A form marked `data-keep` sends its name along (static/js/keep-typing.js). An accepted form is answered
by a redirect for somebody signed in; the next page then names the form, and the browser forgets it.
"""

from __future__ import annotations

import re

from flask import Flask, Response, request, session

from webapp.access import current_visitor

NAME_FIELD = "kept_form"
ACCEPTED = "accepted_kept_forms"
# The cookie stays small: nobody leaves more forms behind before the next page.
MOST_NAMES = 5

_NAME = re.compile(r"[a-z0-9-]{1,80}")


def install_kept_forms(app: Flask) -> None:
    """Note accepted forms after each request and give templates `accepted_forms()`."""
    app.after_request(_note_accepted)
    app.jinja_env.globals["accepted_forms"] = accepted_forms


def accepted_forms() -> list[str]:
    """Names of the forms accepted since the last page; told once."""
    names: list[str] = session.pop(ACCEPTED, [])
    return names


def _note_accepted(answer: Response) -> Response:
    # 303 is the answer to a done act; to somebody whose session has ended it leads to the sign-in.
    if request.method == "POST" and answer.status_code == 303 and current_visitor() is not None:
        name = request.form.get(NAME_FIELD, "")
        if _NAME.fullmatch(name):
            session[ACCEPTED] = [*session.get(ACCEPTED, []), name][-MOST_NAMES:]
    return answer
