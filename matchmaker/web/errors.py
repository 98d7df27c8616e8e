"""Error pages: the same layout for every status, JSON for programs, and a rollback first."""

import logging

from flask import Flask, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, NoResultFound, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from matchmaker.db import db, is_deadlock
from matchmaker.errors import DomainError

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    for clash in (StaleDataError, IntegrityError, OperationalError):
        app.register_error_handler(clash, _clash)
    app.register_error_handler(NoResultFound, _gone)


def _page(status: int, message: str) -> tuple[Response | str, int]:
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(error=message, status=status), status
    try:
        return render_template([f"errors/{status}.html", "errors/400.html"], message=message), status
    except Exception:  # the frame needs the database; whatever is broken, an answer goes out
        log.exception("the error page for %s could not be shown", status)
        return _plain(status), status


def _plain(status: int) -> Response:
    return Response(f"{status} {HTTP_STATUS_CODES.get(status, '')}", mimetype="text/plain")


def _domain_error(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    return _page(error.status, error.message)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, SecurityError):  # a host that is not ours: no page can have links to it
        return _plain(400), 400
    db.session.rollback()
    message = error.description or "" if isinstance(error, CSRFError) else ""
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return *_page(error.code, message), headers


def _clash(error: Exception) -> ResponseReturnValue:
    """Say that somebody else was quicker, where no service foresaw it; a database that is away stays a failure."""
    if isinstance(error, OperationalError) and not is_deadlock(error):
        return _unexpected(error)
    log.warning("request %s clashed with another one", g.get("request_id", ""), exc_info=error)
    db.session.rollback()
    return _page(409, _("Somebody else changed the same thing at this moment. Nothing was saved. Please try again."))


def _gone(error: Exception) -> ResponseReturnValue:
    """Something was removed between looking and writing."""
    log.warning("request %s found something gone", g.get("request_id", ""), exc_info=error)
    db.session.rollback()
    return _page(404, "")


def _unexpected(_error: Exception) -> ResponseReturnValue:
    log.exception("request %s failed", g.get("request_id", ""))  # noqa: LOG004 - Flask calls this inside its handler
    db.session.rollback()
    return _page(500, "")
