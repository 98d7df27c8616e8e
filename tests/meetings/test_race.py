"""Fifty threads book at once on a real database: nobody and no table is ever booked twice.

The same run without the unique indexes has to find doubles; otherwise the test would prove nothing.
"""

import os
import random
import threading

import pytest
from sqlalchemy import func, text

from matchmaker.app import create_app
from matchmaker.db import db, transaction
from matchmaker.errors import Conflict
from matchmaker.mail import Message
from matchmaker.meetings import services
from matchmaker.meetings.models import Meeting, MeetingRequest, Seat, Slot
from matchmaker.schema import metadata
from tests import factories

THREADS, PEOPLE, SLOTS, TABLES, REQUESTS, ATTEMPTS = 50, 12, 6, 3, 60, 4


def run_threads(app, requests, slots, book):
    """Each thread books random requests into random slots; return what went wrong other than a refusal."""
    barrier, failures = threading.Barrier(THREADS), []

    def work(seed):
        choice = random.Random(seed)
        with app.app_context():
            db.session.execute(text("SELECT 1"))
            db.session.rollback()
            barrier.wait()
            for _ in range(ATTEMPTS):
                try:
                    book(choice.choice(requests), choice.choice(slots))
                except Conflict:
                    pass
                except Exception as error:
                    failures.append(repr(error))
            db.session.remove()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def by_the_rules(request_id, slot_id):
    with transaction():
        services.book(db.session.get_one(MeetingRequest, request_id), db.session.get_one(Slot, slot_id))


def doubles():
    """Seats and tables that are taken more than once in a slot."""
    seats = db.select(Seat.participant_id, Seat.slot_id).group_by(Seat.participant_id, Seat.slot_id)
    tables = db.select(Meeting.place_id, Meeting.slot_id).where(
        Meeting.place_id.is_not(None), Meeting.state != "cancelled"
    )
    return (
        len(db.session.execute(seats.having(func.count() > 1)).all()),
        len(db.session.execute(tables.group_by(Meeting.place_id, Meeting.slot_id).having(func.count() > 1)).all()),
    )


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def crowd(request, tmp_path):
    """An application of its own on a real file or server, with more requests than there is room for."""
    url = f"sqlite:///{tmp_path / 'race.sqlite'}"
    if request.param == "postgresql":
        server = os.environ.get("TEST_DATABASE_URL") or os.environ.get("POSTGRESQL_URL", "")
        if not server:
            pytest.skip("TEST_DATABASE_URL names no PostgreSQL server")
        url = factories.fresh_database(server, f"race_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    app = create_app(instance_dir=str(tmp_path), database_url=url, jobs="inline", mail="memory", rate_limits=False)
    with app.app_context():
        metadata.create_all(db.engine)
        with transaction():
            event = factories.make_event()
            slots = [slot.id for slot in factories.make_slots(event, SLOTS)]
            factories.make_places(event, TABLES)
            people = [factories.make_participant(event) for _ in range(PEOPLE)]
            pairs = [(a, b) for n, a in enumerate(people) for b in people[n + 1 :]]
            random.Random(1).shuffle(pairs)
            requests = [factories.make_request(a, b, state="accepted").id for a, b in pairs[:REQUESTS]]
    # Mails would only make the run longer; the notices have tests of their own.
    app.extensions["matchmaker_jobs"] = lambda _job_id: None
    yield app, requests, slots
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_fifty_threads_never_book_anybody_or_any_table_twice(crowd):
    app, requests, slots = crowd

    failures = run_threads(app, requests, slots, by_the_rules)

    with app.app_context():
        assert failures == []
        assert doubles() == (0, 0)
        booked = db.session.query(Meeting).count()
        assert 10 < booked <= SLOTS * TABLES
        assert db.session.query(Seat).count() == 2 * booked
        assert db.session.query(Message).count() == 0


def careless(request_id, slot_id):
    """Booking as one writes it without constraints: look first, then store, each in a transaction of its own."""
    request = db.session.get_one(MeetingRequest, request_id)
    taken = db.session.scalars(
        db.select(Seat.id).where(
            Seat.slot_id == slot_id, Seat.participant_id.in_((request.sender_id, request.receiver_id))
        )
    ).all()
    places = services.places.candidates(request.sender, request.receiver, db.session.get_one(Slot, slot_id), None, None)
    place_id = places[0].id if places else None
    if taken or place_id is None:
        db.session.rollback()
        return
    with transaction():
        request = db.session.get_one(MeetingRequest, request_id)
        slot = db.session.get_one(Slot, slot_id)
        meeting = factories.stored(
            Meeting(event_id=slot.event_id, request_id=request.id, first_id=request.sender_id,
                    second_id=request.receiver_id, slot_id=slot.id, place_id=place_id, uid=str(random.random()))
        )  # fmt: skip
        services.seating.take_seats(meeting)


def drop_constraints():
    """Build the tables of the race anew without their unique rules."""
    connection = db.session.connection(execution_options={"write": True})
    for index in ("uq_meeting_place_slot", "uq_meeting_live_request"):
        connection.execute(text(f"DROP INDEX {index}"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE seat DROP CONSTRAINT uq_seat_participant_id_slot_id"))
    else:
        connection.execute(text("DROP TABLE seat"))
        connection.execute(
            text(
                "CREATE TABLE seat (id INTEGER PRIMARY KEY, participant_id INTEGER, slot_id INTEGER, kind VARCHAR(20), "
                "meeting_id INTEGER, agenda_session_id INTEGER)"
            )
        )
    db.session.commit()


def test_the_same_crowd_without_constraints_books_twice(crowd):
    app, requests, slots = crowd
    with app.app_context():
        drop_constraints()

    failures = run_threads(app, requests, slots, careless)

    with app.app_context():
        seats, tables = doubles()
        assert failures == []
        assert seats > 0
        assert tables > 0
