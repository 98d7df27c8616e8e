"""The shape of input for a new feed."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField


class FeedForm(FlaskForm):
    """What a feed contains besides meetings and sessions signed up for."""

    with_open = BooleanField(_("Also sessions that are open to everybody"), default=True)
