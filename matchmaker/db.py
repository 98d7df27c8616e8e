"""Base class of the tables, UTC times, transactions and SQLite's settings. Nothing about any table."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, Index, MetaData, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what is stored: UTC, without zone on SQLite, which knows none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table; names of constraints are fixed so that migrations can change them."""

    registry = registry(type_annotation_map={datetime: UtcDateTime(), dict[str, Any]: JSON(), list[Any]: JSON()})
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class PartialUnique(Index):
    """No two rows that meet a condition have the same values in these columns.

    The databases learn of the condition when one of them asks: an index that names a dialect when it is made loads that
    one with all of its drivers, at each start.
    """

    def __init__(self, name: str, *columns: str, where: str) -> None:
        super().__init__(name, *columns, unique=True)
        self.where = text(where)

    @cached_property
    def dialect_options(self) -> Any:
        """Return the options of each dialect, with the condition."""
        options = super().dialect_options
        for dialect in ("sqlite", "postgresql"):
            options[dialect]["where"] = self.where
        return options


log = logging.getLogger(__name__)
db = SQLAlchemy(disable_autonaming=True)
_AFTER_COMMIT = "after_commit"
_IN_TRANSACTION = "in_transaction"
_KEPT = "kept"
_DEADLOCKS = ("40P01", "40001", "55P03")  # PostgreSQL: deadlock, serialisation failure, lock not available


@contextmanager
def transaction() -> Iterator[None]:
    """Do the work inside in one write transaction: all of it is kept, or nothing.

    Entry points (views, jobs, commands) open it; services and queries never commit. What was read before is read
    again inside, under SQLite's write lock. Work given to ``on_commit`` starts after the commit and is forgotten on
    rollback. A transaction inside a transaction joins the outer one: whoever catches an error around the inner one keeps
    what it did until then; use a savepoint where that matters.
    """
    session = db.session()
    if session.info.get(_IN_TRANSACTION):
        yield
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("objects were changed outside of transaction()")
    session.rollback()
    session.info[_IN_TRANSACTION] = True
    session.info[_AFTER_COMMIT] = []
    try:
        session.connection(execution_options={"write": True})
        yield
        session.commit()
        session.info[_KEPT] = True
    except BaseException:
        session.rollback()
        session.info[_AFTER_COMMIT] = []
        raise
    finally:
        session.info[_IN_TRANSACTION] = False
    for callback in session.info.pop(_AFTER_COMMIT):
        try:
            callback()
        except Exception:  # what is committed stands; jobs are in the table and will be found there
            log.exception("something to do after a commit failed")


def is_deadlock(error: BaseException) -> bool:
    """Tell whether the database gave up a transaction only because another one was in the way."""
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) in _DEADLOCKS


def has_kept_something() -> bool:
    """Tell whether a transaction was committed in this application context: what did so is not safe to repeat."""
    return bool(db.session().info.get(_KEPT))


def on_commit(callback: Callable[[], None]) -> None:
    """Call ``callback`` once the present transaction is committed; never if it is rolled back."""
    session = db.session()
    if not session.info.get(_IN_TRANSACTION):
        raise RuntimeError("on_commit() needs transaction()")
    session.info[_AFTER_COMMIT].append(callback)


def prepare_engine(engine: Engine) -> None:
    """Give SQLite its settings: WAL, foreign keys, patience, and one writer at a time from the first statement on."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves, so that savepoints work
        for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A deferred transaction that reads and then writes is refused at once when somebody else wrote meanwhile.
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
