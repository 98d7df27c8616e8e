"""Two people at the same moment, each with a connection of their own, on a real file and, where there is one, on PostgreSQL."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from matchmaker.administration import services as administration
from matchmaker.agenda import services as agenda
from matchmaker.agenda.models import AgendaSession, AgendaVersion, SessionSignUp, Speaker
from matchmaker.app import create_app
from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.events.models import Event
from matchmaker.meetings import services as meetings
from matchmaker.meetings.models import LIVE_STATES, Meeting, MeetingBlock, MeetingRequest, Place, Seat, Slot
from matchmaker.meetings.services import Answer, BlockInput
from matchmaker.profiles import services as profiles
from matchmaker.profiles.content import Content
from matchmaker.profiles.models import Profile
from matchmaker.recommendations import services as recommendations
from matchmaker.recommendations.models import Feedback, FeedbackKind
from matchmaker.registrations import services as registrations
from matchmaker.registrations.models import Participant
from matchmaker.scheduling import hand
from matchmaker.scheduling import runs as scheduling_runs
from matchmaker.scheduling.models import DraftMeeting, ScheduleRun
from matchmaker.scheduling.options import Options
from matchmaker.schema import metadata
from tests import factories

ROUNDS = 4


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, whose jobs only wait."""
    url = f"sqlite:///{tmp_path / 'races.sqlite'}"
    if request.param == "postgresql":
        server = os.environ.get("TEST_DATABASE_URL") or os.environ.get("POSTGRESQL_URL", "")
        if not server:
            pytest.skip("TEST_DATABASE_URL names no PostgreSQL server")
        url = factories.fresh_database(server, f"races_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    app = create_app(instance_dir=str(tmp_path), database_url=url, jobs="inline", mail="memory", rate_limits=False)
    app.extensions["matchmaker_jobs"] = lambda _job_id: None
    with app.app_context():
        metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[str]:
    """Run each act in a transaction and thread of its own, all at the same moment; return how each ended."""
    barrier, endings = threading.Barrier(len(acts)), ["done"] * len(acts)

    def run(position: int, act: Callable[[], Any]) -> None:
        with app.app_context(), app.test_request_context():
            db.session.execute(db.text("SELECT 1"))
            db.session.rollback()
            barrier.wait()
            try:
                with transaction():
                    act()
            except DomainError as error:
                endings[position] = f"refused {error.status}"
            except Exception as error:
                endings[position] = repr(error)
            db.session.remove()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return endings


def get(table: Any, key: int) -> Any:
    return db.session.get_one(table, key)


@pytest.fixture
def pair(app: Flask) -> Callable[..., dict[str, int]]:
    """Return a function that stores two people at an event with a request between them; gives ids."""

    def make(**values: Any) -> dict[str, int]:
        with app.app_context(), transaction():
            event = factories.make_event()
            slots = factories.make_slots(event)
            first, second = factories.make_participant(event), factories.make_participant(event)
            request = factories.make_request(first, second, **values)
            olga = factories.make_user()
            return {"event": event.id, "slot": slots[0].id, "later": slots[1].id, "first": first.id,
                    "second": second.id, "request": request.id, "olga": olga.id}  # fmt: skip

    return make


def test_a_request_is_answered_once(app, pair):
    for _ in range(ROUNDS):
        ids = pair()

        def answer(state, ids=ids):
            meetings.answer(get(MeetingRequest, ids["request"]), get(Participant, ids["second"]), Answer(state))

        assert sorted(at_once(app, lambda: answer("accepted"), lambda: answer("declined"))) == ["done", "refused 409"]


def test_a_withdrawn_request_never_has_a_meeting(app, pair):
    for _ in range(ROUNDS):
        ids = pair(state="accepted")

        def withdraw(ids=ids):
            meetings.withdraw(get(MeetingRequest, ids["request"]), get(Participant, ids["first"]))

        def book(ids=ids):
            meetings.book(
                get(MeetingRequest, ids["request"]), get(Slot, ids["slot"]), by=get(Participant, ids["second"])
            )

        endings = at_once(app, withdraw, book)

        with app.app_context():
            live = db.session.scalar(db.select(Meeting.id).where(Meeting.request_id == ids["request"]))
            state = get(MeetingRequest, ids["request"]).state
        assert sorted(endings) == ["done", "refused 409"]
        assert (state == "accepted") == (live is not None)


def test_a_cancelled_meeting_is_not_moved(app, pair):
    for _ in range(ROUNDS):
        ids = pair(state="accepted")
        with app.app_context(), transaction():
            meeting_id = meetings.book(get(MeetingRequest, ids["request"]), get(Slot, ids["slot"])).id

        at_once(
            app,
            lambda key=meeting_id, ids=ids: meetings.cancel(get(Meeting, key), by=get(Participant, ids["first"])),
            lambda key=meeting_id, ids=ids: meetings.move(get(Meeting, key), get(Slot, ids["later"])),
        )

        with app.app_context():
            seats = db.session.query(Seat).where(Seat.meeting_id == meeting_id).count()
            assert (get(Meeting, meeting_id).state, seats) == ("cancelled", 0)


def test_nobody_who_left_has_a_meeting_or_an_open_request(app, pair):
    for _ in range(ROUNDS):
        ids = pair(state="accepted")
        with app.app_context(), transaction():
            third = factories.make_participant(get(Event, ids["event"])).id

        def leave(ids=ids):
            participant = get(Participant, ids["first"])
            registrations.cancel(participant.id, participant.user)

        def book(ids=ids):
            meetings.book(get(MeetingRequest, ids["request"]), get(Slot, ids["slot"]))

        def ask(ids=ids, third=third):
            meetings.ask(get(Participant, third), get(Participant, ids["first"]), "Hello", 3)

        endings = at_once(app, leave, book, ask)

        with app.app_context():
            assert [ending for ending in endings if "refused" not in ending and ending != "done"] == []
            live = db.select(Meeting.id).where(Meeting.event_id == ids["event"], Meeting.state != "cancelled")
            requests = db.select(MeetingRequest.id).where(
                MeetingRequest.event_id == ids["event"], MeetingRequest.state.in_(LIVE_STATES)
            )
            assert (list(db.session.scalars(live)), list(db.session.scalars(requests))) == ([], [])


def test_people_with_meetings_among_each_other_can_leave_at_once(app):
    for _ in range(ROUNDS):
        with app.app_context(), transaction():
            event = factories.make_event(capacity=4)
            slots = factories.make_slots(event, 6)
            people = [factories.make_participant(event) for _ in range(4)]
            waiting = factories.make_participant(event, state="waiting").id
            pairs = [(a, b) for n, a in enumerate(people) for b in people[n + 1 :]]
            for slot, (a, b) in zip(slots, reversed(pairs), strict=True):
                factories.make_meeting(factories.make_request(a, b), slot)
            mine = [(person.id, person.user_id) for person in people]

        endings = at_once(
            app, *(lambda p=p, u=u: registrations.cancel(p, get(User, u)) for p, u in reversed(mine))
        )  # fmt: skip

        with app.app_context():
            assert endings == ["done"] * 4
            assert get(Participant, waiting).state == "confirmed"


def test_the_same_new_speaker_in_two_sessions_is_one_speaker(app, pair):
    for _ in range(ROUNDS):
        ids = pair()

        def add(title, ids=ids):
            event = get(Event, ids["event"])
            given = agenda.SessionInput(title, "talk", event.starts_at, event.ends_at, speakers=[("Ada", "Engines")])
            agenda.add_session(event, given, get(User, ids["olga"]))

        endings = at_once(app, lambda: add("One"), lambda: add("Two"))

        with app.app_context():
            speakers = db.session.query(Speaker).where(Speaker.event_id == ids["event"]).count()
        assert (endings, speakers) == (["done", "done"], 1)


def test_an_agenda_published_twice_at_once_has_one_version(app, pair):
    for _ in range(ROUNDS):
        ids = pair()
        with app.app_context(), transaction():
            event = get(Event, ids["event"])
            given = agenda.SessionInput("Talk", "talk", event.starts_at, event.ends_at)
            session_id = agenda.add_session(event, given, get(User, ids["olga"])).id

        def publish(ids=ids):
            agenda.publish(get(Event, ids["event"]), "", get(User, ids["olga"]))

        published = at_once(app, publish, publish)
        remove = lambda key=session_id, ids=ids: agenda.remove_session(get(AgendaSession, key), get(User, ids["olga"]))  # noqa: E731
        removed = at_once(app, remove, remove)

        with app.app_context():
            versions = db.session.query(AgendaVersion).where(AgendaVersion.event_id == ids["event"]).count()
        assert (published, versions) == (["done", "done"], 1)
        assert removed.count("done") == 1


def test_a_double_click_on_sign_up_takes_one_place(app, pair):
    for _ in range(ROUNDS):
        ids = pair()
        with app.app_context(), transaction():
            event, olga = get(Event, ids["event"]), get(User, ids["olga"])
            given = agenda.SessionInput("Talk", "talk", event.starts_at, event.ends_at, has_sign_up=True, capacity=5)
            session_id = agenda.add_session(event, given, olga).id
            agenda.publish(event, "", olga)

        def sign_up(key=session_id, ids=ids):
            agenda.sign_up(get(AgendaSession, key), get(Participant, ids["first"]))

        endings = at_once(app, sign_up, sign_up)

        with app.app_context():
            taken = db.session.query(SessionSignUp).where(SessionSignUp.agenda_session_id == session_id).count()
        assert (endings, taken) == (["done", "done"], 1)


def test_two_organisers_set_up_meetings_at_once(app, pair):
    for _ in range(ROUNDS):
        ids = pair()
        with app.app_context(), transaction():
            event = get(Event, ids["event"])
            block = BlockInput(
                event.first_day, event.starts_at.time().replace(hour=9), event.starts_at.time().replace(hour=12)
            )

        def block_and_slots(ids=ids, block=block):
            event, olga = get(Event, ids["event"]), get(User, ids["olga"])
            meetings.add_block(event, block, olga)
            meetings.make_slots(event, olga)

        def places(ids=ids):
            meetings.add_places(get(Event, ids["event"]), "table", 5, "Table", get(User, ids["olga"]))

        blocks, placed = at_once(app, block_and_slots, block_and_slots), at_once(app, places, places)

        with app.app_context():
            counts = [
                db.session.query(table).where(table.event_id == ids["event"]).count() for table in (MeetingBlock, Place)
            ]
        assert (sorted(blocks), placed, counts) == (["done", "refused 422"], ["done", "done"], [1, 10])


def test_two_administrators_cannot_remove_each_other(app):
    for _ in range(ROUNDS):
        with app.app_context(), transaction():
            db.session.query(User).update({"is_admin": False})
            one, other = (factories.make_user(is_admin=True).id for _ in range(2))

        endings = at_once(
            app,
            lambda a=one, b=other: administration.remove_administrator(get(User, a), get(User, b)),
            lambda a=one, b=other: administration.disable(get(User, b), get(User, a)),
        )

        assert sorted(endings) == ["done", "refused 409"]


def test_double_clicks_on_profile_and_feedback_are_one(app, pair):
    for _ in range(ROUNDS):
        ids = pair()
        with app.app_context(), transaction():
            db.session.query(Profile).where(Profile.participant_id == ids["first"]).delete()

        def save(ids=ids):
            participant = get(Participant, ids["first"])
            profiles.save(participant, Content(description="We build robots"), 1)

        def set_aside(ids=ids):
            recommendations.set_aside(
                get(Participant, ids["first"]), get(Participant, ids["second"]), FeedbackKind.LATER
            )

        saved, aside = at_once(app, save, save), at_once(app, set_aside, set_aside)

        with app.app_context():
            mine = db.session.query(Feedback).where(Feedback.participant_id == ids["first"]).count()
        assert (sorted(saved), aside, mine) == (["done", "refused 409"], ["done", "done"], 1)


def test_two_requests_that_deadlock_are_both_done(app, pair):
    """Each locks one person and then the other, in opposite order; PostgreSQL gives one up, and it is tried again."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        return  # one writer at a time: there is no deadlock
    ids = pair()
    meet = threading.Barrier(2)
    waits = {"first": 1, "second": 1}

    @app.post("/lock/<one>/<other>")
    def lock(one, other):
        with transaction():
            for number, name in enumerate((one, other)):
                query = db.select(Participant).where(Participant.id == ids[name]).with_for_update()
                db.session.execute(query)
                if number == 0 and waits[one]:
                    waits[one] = 0
                    meet.wait(timeout=10)
        return "done"

    app.config["WTF_CSRF_ENABLED"] = False
    statuses = []

    def post(path):
        client = app.test_client()
        statuses.append(client.post(path, base_url=app.config["SETTINGS"].base_url).status_code)

    threads = [threading.Thread(target=post, args=(path,)) for path in ("/lock/first/second", "/lock/second/first")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200, 200]


def test_two_organisers_can_not_put_two_meetings_at_one_table(app):
    for _ in range(ROUNDS):
        with app.app_context(), transaction():
            event = factories.make_event()
            slots, olga = factories.make_slots(event, 3), factories.make_user()
            factories.make_places(event, 1)
            pairs = [[factories.make_participant(event) for _ in range(2)] for _ in range(2)]
            requests = [factories.make_request(*pair, state="accepted").id for pair in pairs]
            run_id, olga_id = scheduling_runs.start(event, Options(2), olga).id, olga.id
            slot_ids = [slot.id for slot in slots]
        with app.app_context():
            scheduling_runs.solve_run(run_id)
            taken = set(db.session.scalars(db.select(DraftMeeting.slot_id)))
            [free] = set(slot_ids) - taken

        def put(request_id, ids=(run_id, olga_id, free)):
            hand.put(get(ScheduleRun, ids[0]), request_id, ids[2], "", get(User, ids[1]))

        endings = at_once(app, *(lambda request_id=request_id: put(request_id) for request_id in requests))

        with app.app_context(), transaction():
            rows = db.session.scalars(db.select(DraftMeeting.slot_id)).all()
            assert sorted(endings) == ["done", "refused 409"]
            assert len(set(rows)) == 2
            db.session.execute(db.delete(DraftMeeting))
