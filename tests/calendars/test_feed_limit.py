"""Too many reads of one address are refused; other addresses are not concerned."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from matchmaker.app import create_app
from matchmaker.db import db
from matchmaker.schema import metadata


@pytest.fixture
def client(instance_folder: Path) -> Iterator[FlaskClient]:
    """A client of an application with limits."""
    app = create_app(instance_dir=str(instance_folder), jobs="inline", mail="memory", base_url="http://localhost")
    with app.app_context():
        metadata.create_all(db.engine)
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def test_the_limit_counts_each_address_alone(client):
    statuses = [client.get("/calendar/one.ics").status_code for _ in range(121)]
    refused = client.get("/calendar/one.ics")

    assert statuses == [404] * 120 + [429]
    assert (refused.status_code, refused.mimetype) == (429, "text/plain")
    assert "Retry-After" in refused.headers
    assert refused.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in refused.headers
    assert client.get("/calendar/two.ics").status_code == 404
