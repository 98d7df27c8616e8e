"""Limits of views: what counts, for whom, and where."""

import os
import uuid

import pytest
from flask import Flask, request

from matchmaker.settings import Settings
from matchmaker.web.limits import limit

REDIS = os.environ.get("TEST_REDIS_URL", "")
NOWHERE = "redis://127.0.0.1:1/0"


def make_client(rates="2 per hour", storage="memory://", *, rate_limits=True, **options):
    app = Flask(__name__)
    app.config["SETTINGS"] = Settings(rate_limit_storage=storage, rate_limits=rate_limits)
    for name in ("one", "two"):
        limited = limit(rates, **options)(lambda: ("", request.args.get("status", 200)))
        app.add_url_rule(f"/{name}", name, limited, methods=["GET", "POST"])
    return app.test_client()


def statuses(client, *paths, **values):
    return [client.get(path, **values).status_code for path in paths]


def test_a_view_is_refused_once_its_limit_is_reached():
    assert statuses(make_client(), "/one", "/one", "/one", "/one") == [200, 200, 429, 429]


def test_each_view_counts_for_itself():
    assert statuses(make_client(), "/one", "/one", "/two", "/one", "/two") == [200, 200, 200, 429, 200]


def test_the_narrowest_of_several_limits_refuses():
    assert statuses(make_client("3 per minute;2 per day"), "/one", "/one", "/one") == [200, 200, 429]


def test_each_network_address_counts_for_itself():
    client = make_client("1 per hour")
    first, second = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}

    assert statuses(client, "/one", "/one", environ_base=first) == [200, 429]
    assert statuses(client, "/one", environ_base=second) == [200]


def test_each_key_counts_for_itself():
    client = make_client("1 per hour", key=lambda: request.args["who"])

    assert statuses(client, "/one?who=a", "/one?who=b", "/one?who=a") == [200, 200, 429]


def test_only_the_named_methods_are_limited():
    client = make_client("1 per hour", methods=("POST",))

    assert [client.post("/one").status_code for _ in range(2)] == [200, 429]
    assert statuses(client, "/one", "/one") == [200, 200]


def test_answers_that_do_not_count_leave_the_limit_alone():
    client = make_client("1 per hour", counts=lambda answer: answer.status_code == 403)

    paths = ["/one", "/one", "/one?status=403", "/one"]
    assert statuses(client, *paths) == [200, 200, 403, 429]


def test_a_refusal_says_when_to_come_back():
    client = make_client("1 per hour")
    client.get("/one")

    assert client.get("/one").headers["Retry-After"].endswith("GMT")


def test_limits_can_be_switched_off():
    assert statuses(make_client("1 per hour", rate_limits=False), "/one", "/one") == [200, 200]


def test_each_process_counts_for_itself_in_memory():
    first, second = make_client("1 per hour"), make_client("1 per hour")

    assert statuses(first, "/one", "/one") == [200, 429]
    assert statuses(second, "/one") == [200]


@pytest.mark.redis
@pytest.mark.skipif(not REDIS, reason="TEST_REDIS_URL is not set")
def test_all_processes_count_together_in_redis():
    key = uuid.uuid4().hex
    first, second = (make_client("2 per hour", REDIS, key=lambda: key) for _ in range(2))

    assert statuses(first, "/one") + statuses(second, "/one") == [200, 200]
    assert statuses(first, "/one") + statuses(second, "/one") == [429, 429]


def test_a_redis_that_is_away_lets_each_process_count_for_itself(caplog):
    client = make_client("2 per hour", NOWHERE)

    assert statuses(client, "/one", "/one", "/one") == [200, 200, 429]
    assert "rate limits are counted in this process" in caplog.text
