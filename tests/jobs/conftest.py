"""Applications of their own for the tests of jobs: real files, real connections, a running clock."""

import pytest

from matchmaker.app import create_app
from matchmaker.clock import clock
from matchmaker.db import db
from matchmaker.schema import metadata


@pytest.fixture
def make_app(instance_folder, frozen_clock):
    """Return a function that makes an application on a file of its own; the clock runs."""
    clock.freeze(None)
    made = []

    def make(**settings):
        values = {
            "base_url": "http://localhost",
            "mail": "memory",
            "rate_limits": False,
            "embedding_model": "lexical",
        } | settings
        app = create_app(instance_dir=str(instance_folder), **values)
        app.config["TESTING"] = True
        with app.app_context():
            metadata.create_all(db.engine)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()
