"""Putting the application together: settings, database, blueprints, commands. Nothing slow is imported here."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, has_request_context, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from matchmaker import jobs, logs, migrating, vocabulary
from matchmaker.db import db, prepare_engine
from matchmaker.settings import ROOT, Settings, read_settings
from matchmaker.web import compiled, errors, intake, markdown, navigation, routing, security, states, times, translating
from matchmaker.web.again import Application

LANGUAGES = ("en",)
# Capabilities from bottom to top; each is a package with init_app(app), which registers its blueprints and commands
# and connects its signals.
CAPABILITIES = (
    "accounts", "projects", "events", "registrations", "profiles", "agenda", "meetings", "recommendations",
    "scheduling", "itineraries", "calendars", "reports", "administration", "demo", "public",
)  # fmt: skip


def create_app(**overrides: Any) -> Flask:
    """Make the application; ``overrides`` replace settings that would come from the environment."""
    settings = read_settings(**overrides)
    app = Application(
        "matchmaker",
        root_path=str(ROOT / "matchmaker"),
        instance_path=str(Path(settings.instance_dir).resolve()),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path="/static",
    )
    app.config.from_mapping(_flask_config(settings))
    logs.set_up(settings.log_format)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    routing.init_app(app)
    with _no_garbage():
        _set_up_extensions(app)
        for capability in CAPABILITIES:
            package = f"matchmaker.{capability}"
            import_module(package).init_app(app)
    return app


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Collect no garbage meanwhile: what is made here stays, and looking for it was a tenth of the start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _flask_config(settings: Settings) -> dict[str, Any]:
    hosts = [host.strip() for host in settings.trusted_hosts.split(",") if host.strip()]
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "TRUSTED_HOSTS": hosts or [urlsplit(settings.base_url).hostname or "localhost"],
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": settings.session_hours * 3600,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session lives: a long form must not be lost
        "WTF_CSRF_SSL_STRICT": settings.is_https,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "en",
        "PREFERRED_URL_SCHEME": "https" if settings.is_https else "http",
    }


def _set_up_extensions(app: Flask) -> None:
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    Babel(app, default_translation_directories=str(ROOT / "matchmaker" / "translations"), locale_selector=_language)
    Bootstrap5(app)
    intake.init_app(app)  # before anything reads the form
    CSRFProtect(app)
    for module in (security, errors, translating, times, states, markdown, navigation, jobs, migrating):
        module.init_app(app)
    app.jinja_env.globals.update(label=vocabulary.label, terms=vocabulary.terms, demo=app.config["SETTINGS"].is_demo)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    compiled.init_app(app)


def _language() -> str:
    if not has_request_context():
        return "en"
    chosen = getattr(current_user, "locale", "") if current_user else ""
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"
