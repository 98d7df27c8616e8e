"""Transactions, UTC times, and what SQLite needs to keep its promises."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from matchmaker.accounts.models import User
from matchmaker.app import create_app
from matchmaker.db import PartialUnique, UtcDateTime, db, on_commit, transaction
from matchmaker.jobs import Job
from matchmaker.schema import metadata
from tests import factories


@pytest.fixture
def own_app(instance_folder):
    """An application whose database is a file of its own, so that several connections meet on it."""
    app = create_app(instance_dir=str(instance_folder), jobs="inline", mail="memory", rate_limits=False)
    with app.app_context():
        metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def store(name):
    db.session.add(Job(task=name))


def stored():
    names = sorted(db.session.scalars(select(Job.task)))
    db.session.rollback()
    return names


def test_what_is_inside_is_kept_and_then_announced(own_app):
    told = []

    with transaction():
        store("one")
        on_commit(lambda: told.append(stored()))
        assert told == []

    assert told == [["one"]]


def test_an_error_undoes_everything_and_forgets_what_was_to_follow(own_app):
    told = []

    with pytest.raises(ZeroDivisionError), transaction():
        store("one")
        on_commit(lambda: told.append("one"))
        raise ZeroDivisionError
    with transaction():
        store("two")

    assert (stored(), told) == (["two"], [])


def test_a_transaction_inside_joins_the_outer_one(own_app):
    told = []

    with pytest.raises(ZeroDivisionError), transaction():
        with transaction():
            store("inner")
            on_commit(lambda: told.append("inner"))
        assert told == []
        raise ZeroDivisionError

    assert (stored(), told) == ([], [])


def test_what_follows_a_commit_may_open_a_transaction_and_announce_more(own_app):
    told = []

    def follow():
        with transaction():
            store("two")
            on_commit(lambda: told.append("two"))

    with transaction():
        store("one")
        on_commit(follow)

    assert (stored(), told) == (["one", "two"], ["two"])


def test_what_fails_after_the_commit_keeps_nothing_else_from_happening(own_app, caplog):
    told = []

    with transaction():
        store("one")
        on_commit(lambda: 1 / 0)
        on_commit(lambda: told.append("one"))

    assert (stored(), told) == (["one"], ["one"])
    assert "something to do after a commit failed" in caplog.text


def test_changes_outside_of_a_transaction_are_refused(own_app):
    store("one")

    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass

    db.session.rollback()
    assert stored() == []


def test_on_commit_needs_a_transaction(own_app):
    with pytest.raises(RuntimeError, match="needs transaction"):
        on_commit(print)


def test_objects_read_before_are_read_again_inside(own_app):
    with transaction():
        store("one")
    job = db.session.scalars(select(Job)).one()
    assert job.progress == 0
    in_another_thread(own_app, lambda: db.session.execute(text("UPDATE job SET progress = 7")))

    with transaction():
        assert job.progress == 7


def test_a_savepoint_undoes_only_its_own_part(own_app):
    with transaction():
        store("one")
        with pytest.raises(ZeroDivisionError), db.session.begin_nested():
            store("two")
            db.session.flush()
            raise ZeroDivisionError

    assert stored() == ["one"]


def in_another_thread(app, work):
    def run():
        with app.app_context(), transaction():
            work()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)


def test_writers_wait_for_each_other_instead_of_failing(own_app):
    """Each reads a number and writes the next: a lost update or "database is locked" would show."""
    with transaction():
        store("counter")

    def count():
        with own_app.app_context():
            for _ in range(10):
                with transaction():
                    job = db.session.scalars(select(Job)).one()
                    job.progress = job.progress + 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert db.session.scalars(select(Job.progress)).one() == 40


def test_readers_do_not_wait_for_a_writer(own_app):
    read = []
    with transaction():
        store("one")
        db.session.flush()
        thread = threading.Thread(target=lambda: read.append(reading(own_app)))
        thread.start()
        thread.join(5)

    assert read == [[]]


def reading(app):
    with app.app_context():
        return stored()


def test_sqlite_has_its_settings(own_app):
    pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")

    found = [db.session.scalar(text(f"PRAGMA {name}")) for name in pragmas]

    assert found == ["wal", 1, 2, 15000]


def test_other_databases_get_no_settings_of_sqlite():
    from matchmaker.db import prepare_engine

    engine = create_engine("postgresql+psycopg://nobody@localhost/none")

    prepare_engine(engine)

    assert list(engine.dispatch.begin) == []


def test_times_come_back_aware_and_in_utc(database):
    moment = datetime(2026, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    with transaction():
        user = factories.make_user(confirmed_at=moment)
    db.session.expire_all()

    again = db.session.get_one(User, user.id).confirmed_at

    assert (again, again.tzinfo) == (moment, UTC)
    assert db.session.scalars(select(User.id).where(User.confirmed_at == moment)).all() == [user.id]


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 1), _sqlite())  # noqa: DTZ001


def test_no_time_stays_none():
    assert UtcDateTime().process_bind_param(None, _sqlite()) is None
    assert UtcDateTime().process_result_value(None, _sqlite()) is None


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda each: each.name)
def test_a_partial_index_has_its_condition_on_every_database(dialect):
    index = PartialUnique("one_waits", "id", where="state = 'queued'")
    Table("job", MetaData(), Column("id", Integer), index)

    made = str(CreateIndex(index).compile(dialect=dialect))

    assert made == "CREATE UNIQUE INDEX one_waits ON job (id) WHERE state = 'queued'"


def _sqlite():
    return create_engine("sqlite://").dialect
