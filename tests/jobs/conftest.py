"""Applications of their own for the tests of jobs: real files, real connections, a running clock."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from redis import Redis

from matchmaker.app import create_app
from matchmaker.clock import clock
from matchmaker.db import db
from matchmaker.schema import metadata
from matchmaker.settings import ROOT

REDIS = os.environ.get("TEST_REDIS_URL", "")


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


@pytest.fixture
def redis_url():
    """A database of Redis for each test process, without a queue."""
    parts = urlsplit(REDIS)
    number = int(parts.path.strip("/") or 0) + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    url = parts._replace(path=f"/{number}").geturl()
    redis = Redis.from_url(url)
    redis.delete("rq:queue:matchmaker")
    yield url
    redis.delete("rq:queue:matchmaker")
    redis.close()


@pytest.fixture
def start_worker(app, redis_url, instance_folder):
    """Return a function that starts a worker process; what still runs at the end is killed."""
    started = []
    environ = {
        **os.environ, "MATCHMAKER_JOBS": "rq", "MATCHMAKER_REDIS_URL": redis_url, "PYTHONPATH": str(ROOT),
        "MATCHMAKER_INSTANCE_DIR": str(instance_folder), "MATCHMAKER_MAIL": "memory", "COVERAGE_PROCESS_START": "",
    }  # fmt: skip

    def start(*options):
        command = [sys.executable, "-m", "flask", "--app", "tests.jobs.work:create_app", "worker", *options]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
