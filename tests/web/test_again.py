"""A deadlock is nobody's fault: the request is tried again, unless it has committed something."""

import pytest
from sqlalchemy.exc import OperationalError

from matchmaker.app import create_app
from matchmaker.db import db, transaction
from matchmaker.schema import metadata


class Deadlock(Exception):
    sqlstate = "40P01"


class Away(Exception):
    sqlstate = "57P01"


@pytest.fixture
def site(instance_folder):
    """An application with a view that fails as often as told, after a commit if told."""
    app = create_app(instance_dir=str(instance_folder), jobs="inline", mail="memory", rate_limits=False)
    app.config["WTF_CSRF_ENABLED"] = False
    app.plan = {"tries": 0, "failures": [], "commits": False}

    @app.post("/try")
    def try_it():
        app.plan["tries"] += 1
        if app.plan["commits"]:
            with transaction():
                pass
        if app.plan["failures"]:
            raise OperationalError("UPDATE", {}, app.plan["failures"].pop())
        return "done"

    with app.app_context():
        metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


def post(site, **plan):
    site.plan.update(plan)
    answer = site.test_client().post("/try", base_url=site.config["SETTINGS"].base_url)
    return answer.status_code, site.plan["tries"]


def test_a_request_that_meets_deadlocks_is_done_in_the_end(site):
    assert post(site, failures=[Deadlock(), Deadlock()]) == (200, 3)


def test_after_three_deadlocks_somebody_has_to_try_again(site):
    assert post(site, failures=[Deadlock(), Deadlock(), Deadlock()]) == (409, 3)


def test_what_was_committed_is_not_repeated(site):
    assert post(site, failures=[Deadlock()], commits=True) == (409, 1)


def test_a_database_that_is_away_is_not_asked_again(site):
    assert post(site, failures=[Away()]) == (500, 1)
