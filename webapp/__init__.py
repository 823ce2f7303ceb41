"""The web application: how people reach what the province knows and decides.

`create_app` puts the parts together; each feature is a folder with a blueprint, named as its
room in `finance`. Nothing here knows SQL, spreadsheets or solvers.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from finance.database import check_store, make_engine, make_session_factory
from migrations.command import newest_number, stored_number
from webapp.access import install_access, refuse_unmarked_routes
from webapp.accounts.views import blueprint as accounts
from webapp.administration.views import blueprint as administration
from webapp.allocations.views import blueprint as allocations
from webapp.config import Settings, settings_from_environment
from webapp.dossiers.views import blueprint as dossiers
from webapp.error_pages import install_error_pages
from webapp.estimates.views import blueprint as estimates
from webapp.formatting import install_formatting
from webapp.health import install_health
from webapp.home.views import blueprint as home
from webapp.inspection.views import blueprint as inspection
from webapp.kept_forms import install_kept_forms
from webapp.norms.views import blueprint as norms
from webapp.offices.views import blueprint as offices
from webapp.overlaps.views import blueprint as overlaps
from webapp.page_frame import install_page_frame, refuse_dead_menu_entries
from webapp.page_words import install_page_words
from webapp.paper_desk import install_paper_desk
from webapp.plans.views import blueprint as plans
from webapp.programme.views import blueprint as programme
from webapp.reports.views import blueprint as reports
from webapp.request_scope import Doorway, install_doorway
from webapp.reviews.views import blueprint as reviews
from webapp.rounds.views import blueprint as rounds
from webapp.rulebook.views import blueprint as rulebook
from webapp.scenarios.views import blueprint as scenarios
from webapp.security_headers import install_security_headers
from webapp.static_files import install_static_files
from webapp.unit_costs.views import blueprint as unit_costs

# Every feature by name: a forgotten line shows as a missing page at once, not as a surprise later.
FEATURES: tuple[Blueprint, ...] = (
    accounts,
    home,
    offices,
    rounds,
    plans,
    estimates,
    dossiers,
    programme,
    reviews,
    scenarios,
    allocations,
    reports,
    norms,
    rulebook,
    overlaps,
    unit_costs,
    inspection,
    administration,
)


def create_app(settings: Settings | None = None, doorway: Doorway | None = None) -> Flask:
    """The application, ready to be served.

    Args:
        settings: read from the environment when not given.
        doorway: store and clocks; made from the settings when not given (tests bring their own).

    Raises:
        SettingsRefused: a setting is missing or unsafe.
        RouteUnmarked: a route does not say who may come in.
        LookupError: the menu names a page that does not exist.
        RecordDamaged: the store cannot keep the promises (finance.database.check_store).
    """
    settings = settings or settings_from_environment()
    app = Flask("webapp", root_path=str(Path(__file__).parent), static_folder=None)
    _configure(app, settings)
    install_doorway(app, doorway or _open_doorway(settings))
    install_paper_desk(app, settings)
    Babel(app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh")
    CSRFProtect(app)
    install_access(app)
    install_security_headers(app)
    install_static_files(app)
    install_formatting(app)
    install_page_frame(app, settings)
    install_page_words(app)
    install_kept_forms(app)
    install_health(app, lambda: _has_newest_shape(app))
    install_error_pages(app)
    for feature in FEATURES:
        app.register_blueprint(feature)
    refuse_unmarked_routes(app)
    refuse_dead_menu_entries(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    """Flask's own settings, all decided here."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 1024 * 1024,
        LARGE_WORKBOOK_AGENCIES=settings.large_workbook_agencies,
        BAND_LINES=settings.band_lines,
        SESSION_COOKIE_NAME="__Host-phanbo" if settings.is_https else "phanbo",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        # A page left open over lunch must still be accepted; the session's own end ends the token.
        WTF_CSRF_TIME_LIMIT=None,
        PREFERRED_URL_SCHEME="https" if settings.is_https else "http",
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _has_newest_shape(app: Flask) -> bool:
    """True when the store was migrated to the shape this program was written for."""
    doorway: Doorway = app.extensions["phanbo"]
    return stored_number(doorway.factory.kw["bind"]) == newest_number()


def _open_doorway(settings: Settings) -> Doorway:
    """The store named in the settings, checked before the first request."""
    if settings.database_url.startswith("sqlite:///"):
        settings.instance_folder.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    check_store(engine)
    return Doorway(make_session_factory(engine))
