"""Settings are read strictly: a mistake stops the start with a line for each."""

import dataclasses

import pytest

from matchmaker.settings import InvalidSettings, Settings, read_settings

SAFE = {
    "MATCHMAKER_ENVIRONMENT": "production",
    "MATCHMAKER_SECRET_KEY": "k" * 32,
    "MATCHMAKER_BASE_URL": "https://fair.example",
    "MATCHMAKER_MAIL": "smtp",
    "MATCHMAKER_JOBS": "rq",
}


def mistakes(environ):
    with pytest.raises(InvalidSettings) as caught:
        read_settings(environ)
    return str(caught.value).splitlines()


def test_nothing_set_gives_the_defaults_of_development():
    assert read_settings({"PATH": "/bin"}) == Settings()


def test_every_setting_has_a_sentence():
    assert [f.name for f in dataclasses.fields(Settings) if not f.metadata["sentence"].endswith(".")] == []


def test_values_get_their_type():
    settings = read_settings(
        {"MATCHMAKER_SMTP_PORT": " 587", "MATCHMAKER_RATE_LIMITS": "No", "MATCHMAKER_MAIL_FROM": "Fair <a@b.example>"}
    )

    assert (settings.smtp_port, settings.rate_limits, settings.mail_from) == (587, False, "Fair <a@b.example>")


def test_overrides_win_over_the_environment():
    assert read_settings({"MATCHMAKER_JOBS": "rq"}, jobs="inline").jobs == "inline"


@pytest.mark.parametrize("word", ["1", "true", "YES"])
def test_words_for_true(word):
    assert read_settings({"MATCHMAKER_RATE_LIMITS": word}).rate_limits is True


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("MATCHMAKER_SECRET", "x", "there is no such setting"),
        ("MATCHMAKER_SMTP_PORT", "smtp", "'smtp' is not a whole number"),
        ("MATCHMAKER_SMTP_PORT", "1_000", "'1_000' is not a whole number"),
        ("MATCHMAKER_SMTP_PORT", "70000", "70000 is not between 1 and 65535"),
        ("MATCHMAKER_PROXY_HOPS", "-1", "-1 is not between 0 and 10"),
        ("MATCHMAKER_SESSION_HOURS", "0", "0 is not between 1 and 100000"),
        ("MATCHMAKER_RATE_LIMITS", "maybe", "'maybe' is not true or false"),
        ("MATCHMAKER_JOBS", "celery", "'celery' is not one of inline, thread, rq"),
        ("MATCHMAKER_BASE_URL", "fair.example", "'fair.example' is not an http:// or https:// address"),
        ("MATCHMAKER_RATE_LIMIT_STORAGE", "localhost:6379", "'localhost:6379' is not memory:// or redis://..."),
    ],
)
def test_a_mistake_is_named(variable, text, message):
    assert mistakes({variable: text}) == [f"{variable}: {message}"]


def test_all_mistakes_are_told_at_once():
    lines = mistakes({"MATCHMAKER_JOBS": "x", "MATCHMAKER_MAIL": "x", "MATCHMAKER_NONSENSE": "x"})

    assert [line.partition(":")[0] for line in lines] == ["MATCHMAKER_JOBS", "MATCHMAKER_MAIL", "MATCHMAKER_NONSENSE"]


def test_a_safe_production_starts():
    settings = read_settings(SAFE)

    assert (settings.is_production, settings.is_https, settings.is_demo) == (True, True, False)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("MATCHMAKER_SECRET_KEY", "short"),
        ("MATCHMAKER_SECRET_KEY", "development-only-secret-key"),
        ("MATCHMAKER_BASE_URL", "http://fair.example"),
        ("MATCHMAKER_MAIL", "memory"),
        ("MATCHMAKER_JOBS", "inline"),
    ],
)
def test_what_is_too_weak_for_production_stops_the_start(variable, text):
    [line] = mistakes(SAFE | {variable: text})

    assert line.startswith(f"{variable}: ")


def test_the_database_is_a_file_of_the_instance_unless_named():
    assert read_settings({}, instance_dir="/srv/fair").database == "sqlite:////srv/fair/matchmaker.sqlite"
    assert read_settings({"MATCHMAKER_DATABASE_URL": "postgresql:///x"}).database == "postgresql:///x"
