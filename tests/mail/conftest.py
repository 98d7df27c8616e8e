"""Applications that send by SMTP or into a folder, without a network."""

import pytest

from matchmaker.app import create_app
from matchmaker.db import db
from matchmaker.schema import metadata


@pytest.fixture
def make_app(instance_folder):
    """Return a function that makes an application of its own with some mail settings."""
    made = []

    def make(**settings):
        values = {"jobs": "inline", "rate_limits": False, "base_url": "http://localhost"} | settings
        app = create_app(instance_dir=str(instance_folder), **values)
        with app.app_context():
            metadata.create_all(db.engine)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()
