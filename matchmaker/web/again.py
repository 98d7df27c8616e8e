"""The application object: a request whose transaction met a deadlock is tried again before anybody hears of it."""

import logging
import random
import time

from flask import Flask, g
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from matchmaker.db import db, has_kept_something, is_deadlock

log = logging.getLogger(__name__)
TRIES = 3
PAUSE = 0.05  # seconds at the most, times the number of the try


class Application(Flask):
    """Flask, with a second and a third try after a deadlock. One that has committed something is not repeated."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Call the view, again where the database gave its transaction up for another one."""
        for number in range(1, TRIES):
            try:
                return super().dispatch_request()
            except OperationalError as error:
                db.session.rollback()
                if not is_deadlock(error) or has_kept_something():
                    raise
                log.info("request %s met a deadlock in try %s", g.get("request_id", ""), number)
            time.sleep(random.uniform(0, PAUSE * number))  # noqa: S311 - only to part the two
        return super().dispatch_request()
