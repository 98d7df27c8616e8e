"""The outbox of a demo: anybody at the demo reads the mails that would have been sent. In other installations 404."""

import hashlib
from base64 import b64encode
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from matchmaker.administration import outbox
from matchmaker.web import Access, Page, guard
from matchmaker.web.pages import PER_PAGE
from matchmaker.web.security import POLICY

blueprint = Blueprint("outbox", __name__, url_prefix="/outbox")
SEARCHED = 2000  # a search looks at the newest ones only
# The HTML of a mail lives in a frame without scripts, forms or an origin; a click may leave the frame. Only this style
# is let in, by its hash; from a frame without an origin our style sheets are out of reach.
STYLE = "body{font:16px/1.5 system-ui,sans-serif;color:#13262b;background:#fff;margin:16px}a{color:#0a5a63}dt{color:#4a5c62}"
_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
SANDBOX = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-top-navigation-by-user-activation"
)


def only_in_demo() -> None:
    """Answer 404 in any installation but a demo."""
    if not current_app.config["SETTINGS"].is_demo:
        abort(404)


guard(blueprint, Access.PUBLIC, only_in_demo)


def _folder() -> Path:
    return Path(current_app.config["SETTINGS"].instance_dir) / "outbox"


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the mails, newest first; a search looks at recipients and subjects."""
    folder, search = _folder(), request.args.get("q", "").strip()[:200]
    found = outbox.numbers(folder)
    if search:
        heads = [outbox.envelope(folder, number) for number in found[:SEARCHED]]
        found = [head.number for head in heads if search.casefold() in f"{head.to} {head.subject}".casefold()]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    page = Page([outbox.envelope(folder, each) for each in shown], number, PER_PAGE, len(found))
    return render_template("outbox/index.html", page=page, search=search)


@blueprint.get("/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """Show one mail: headers, text, HTML in a frame, and its calendar entry."""
    letter = _letter(number)
    page = render_template("outbox/show.html", letter=letter, calendar=outbox.calendar_facts(letter.calendar))
    return Response(page, headers={"Content-Security-Policy": f"{POLICY}; frame-src 'self'"})


@blueprint.get("/<int:number>/html")
def html(number: int) -> ResponseReturnValue:
    """Answer with the cleaned HTML of a mail, for the frame."""
    page = render_template("outbox/letter.html", body=_letter(number).html, style=STYLE)
    return Response(page, headers={"Content-Security-Policy": SANDBOX})


@blueprint.get("/<int:number>/calendar.ics")
def calendar(number: int) -> ResponseReturnValue:
    """Download the calendar entry of a mail."""
    letter = _letter(number)
    if not letter.calendar:
        abort(404)
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return Response(letter.calendar, content_type="text/calendar; charset=utf-8", headers=headers)


@blueprint.get("/<int:number>/mail.eml")
def raw(number: int) -> ResponseReturnValue:
    """Download the mail as it would have been sent."""
    _letter(number)
    content = (_folder() / f"{number:08d}.eml").read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{number:08d}.eml"'}
    return Response(content, content_type="message/rfc822", headers=headers)


def _letter(number: int) -> outbox.Letter:
    return outbox.letter(_folder(), number) or abort(404)
