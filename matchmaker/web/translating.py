"""Translations in templates: looked up once for each request, not once for each sentence."""

from typing import Any

from flask import Flask, g
from flask_babel import get_translations


def translations() -> Any:
    """Return the translations of this request.

    Kept where Flask-Babel keeps what it knows of a request, under the name that its ``refresh`` and ``force_locale``
    clear, so that a mail in another language still gets its own.
    """
    known = getattr(g.get("_flask_babel"), "babel_translations", None)
    if known is None:
        known = get_translations()
        if "_flask_babel" in g:
            g._flask_babel.babel_translations = known  # noqa: SLF001 - see above
    return known


def init_app(app: Flask) -> None:
    """Let templates use them; a page with a long list has a thousand sentences."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: translations().ugettext(text),
        ngettext=lambda one, many, count: translations().ungettext(one, many, count),
        newstyle=True,
    )
