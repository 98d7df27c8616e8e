"""Random stories of asking, booking, moving, cancelling, blocking and publishing against a model in plain Python.

The model knows nothing of tables and constraints: three dictionaries and a set. After every step both must agree.
"""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from matchmaker.db import db, transaction
from matchmaker.errors import DomainError
from matchmaker.meetings import queries, services
from matchmaker.meetings.models import Meeting, MeetingRequest, Seat
from matchmaker.meetings.services import Answer, Placement
from tests import factories

PEOPLE, SLOTS, TABLES = 4, 3, 1
person = st.integers(0, PEOPLE - 1)
slot_number = st.integers(0, SLOTS - 1)
pick = st.integers(0, 10**6)


class Story(RuleBasedStateMachine):
    """One event with four people, three slots and a single table, so that nearly everything clashes."""

    @initialize()
    def begin(self):
        with transaction():
            event = factories.make_event()
            self.olga = factories.make_user("Olga Organiser")
            self.people = [factories.make_participant(event) for _ in range(PEOPLE)]
            self.slots = [slot.id for slot in factories.make_slots(event, SLOTS)]
            self.table = factories.make_places(event, TABLES)[0].id
        self.event = event
        with transaction():  # a ring of agreements, so that stories get to the point
            ring = [(n, (n + 1) % PEOPLE) for n in range(PEOPLE)]
            asked = [factories.make_request(self.people[a], self.people[b], state="accepted").id for a, b in ring]
        # id -> sender, receiver, state
        self.requests = {id_: (a, b, "accepted") for id_, (a, b) in zip(asked, ring, strict=True)}
        self.meetings: dict[int, int] = {}  # request -> slot number
        self.blocked: set[tuple[int, int]] = set()

    def attempt(self, act):
        """Run in a transaction; whether it was accepted."""
        try:
            with transaction():
                return act(), True
        except DomainError:
            return None, False

    def one_of(self, ids, number):
        ordered = sorted(ids)
        return ordered[number % len(ordered)] if ordered else None

    def busy(self, who, slot, without=()):
        if (who, slot) in self.blocked:
            return True
        return any(s == slot and who in self.requests[r][:2] for r, s in self.meetings.items() if r not in without)

    def fits(self, request, slot, without=()):
        sender, receiver, _state = self.requests[request]
        table_taken = any(s == slot for r, s in self.meetings.items() if r not in without)
        return not (self.busy(sender, slot, without) or self.busy(receiver, slot, without) or table_taken)

    @rule(a=person, b=person)
    def ask(self, a, b):
        live = any(
            {s, r} == {a, b} and state in ("pending", "later", "accepted") for s, r, state in self.requests.values()
        )
        mine = [state for _id, (s, r, state) in sorted(self.requests.items()) if (s, r) == (a, b)]
        expected = a != b and not live and mine[-1:] != ["declined"]

        request, done = self.attempt(lambda: services.ask(self.people[a], self.people[b], "", 3).id)

        assert done == expected
        if done:
            self.requests[request] = (a, b, "pending")

    @rule(number=pick, state=st.sampled_from(["accepted", "accepted", "accepted", "later", "declined"]))
    def answer(self, number, state):
        request = self.one_of(self.requests, number)
        if request is None:
            return
        sender, receiver, before = self.requests[request]
        stored = db.session.get_one(MeetingRequest, request)

        _none, done = self.attempt(lambda: services.answer(stored, self.people[receiver], Answer(state)))

        assert done == (before in ("pending", "later"))
        if done:
            self.requests[request] = (sender, receiver, state)

    @rule(number=pick)
    def withdraw(self, number):
        request = self.one_of(self.requests, number)
        if request is None:
            return
        sender, receiver, before = self.requests[request]
        stored = db.session.get_one(MeetingRequest, request)

        _none, done = self.attempt(lambda: services.withdraw(stored, self.people[sender]))

        assert done == (before in ("pending", "later", "accepted") and request not in self.meetings)
        if done:
            self.requests[request] = (sender, receiver, "withdrawn")

    @rule(number=pick, slot=slot_number)
    def book(self, number, slot):
        request = self.one_of(self.requests, number)
        if request is None:
            return
        free = self.requests[request][2] == "accepted" and request not in self.meetings and self.fits(request, slot)
        expected = free or self.meetings.get(request) == slot
        stored = db.session.get_one(MeetingRequest, request)
        by = self.people[self.requests[request][0]]

        _meeting, done = self.attempt(
            lambda: services.book(stored, db.session.get_one(queries.slots.Slot, self.slots[slot]), by=by)
        )

        assert done == expected
        if done:
            self.meetings[request] = slot

    @rule(number=pick, slot=slot_number)
    def move(self, number, slot):
        request = self.one_of(self.meetings, number)
        if request is None:
            return
        meeting = queries.live_meeting_of(request)
        expected = self.meetings[request] == slot or self.fits(request, slot, without=(request,))

        _none, done = self.attempt(
            lambda: services.move(meeting, db.session.get_one(queries.slots.Slot, self.slots[slot]))
        )

        assert done == expected
        if done:
            self.meetings[request] = slot

    @rule(number=pick, keep=st.booleans())
    def cancel(self, number, keep):
        request = self.one_of(self.meetings, number)
        if request is None:
            return
        meeting = queries.live_meeting_of(request)

        _none, done = self.attempt(lambda: services.cancel(meeting, keep_request=keep))

        assert done
        del self.meetings[request]
        if not keep:
            self.requests[request] = (*self.requests[request][:2], "withdrawn")

    @rule(who=person, free=st.sets(slot_number))
    def paint(self, who, free):
        expected = not any(self.busy_with_meeting(who, slot) for slot in range(SLOTS) if slot not in free)
        ids = [self.slots[slot] for slot in free]

        _count, done = self.attempt(lambda: services.set_availability(self.people[who], self.slots, ids))

        assert done == expected
        if done:
            self.blocked = {(w, s) for w, s in self.blocked if w != who}
            self.blocked |= {(who, slot) for slot in range(SLOTS) if slot not in free}

    def busy_with_meeting(self, who, slot):
        return any(s == slot and who in self.requests[r][:2] for r, s in self.meetings.items())

    @rule(placements=st.dictionaries(pick, slot_number, max_size=3))
    def publish(self, placements):
        accepted = [request for request, (_s, _r, state) in self.requests.items() if state == "accepted"]
        plan = {self.one_of(accepted, number): slot for number, slot in placements.items() if accepted}
        occupied = [(who, slot) for request, slot in plan.items() for who in self.requests[request][:2]]
        expected = (
            len(set(occupied)) == len(occupied)
            and len(set(plan.values())) == len(plan)
            and not set(occupied) & self.blocked
        )
        given = [Placement(request, self.slots[slot], self.table) for request, slot in plan.items()]

        _result, done = self.attempt(lambda: services.publish_plan(self.event, given, self.olga))

        assert done == expected
        if done:
            self.meetings = plan

    @invariant()
    def both_agree(self):
        if not hasattr(self, "event"):
            return
        where = {self.slots[n]: n for n in range(SLOTS)}
        who = {participant.id: n for n, participant in enumerate(self.people)}
        states = db.session.execute(
            db.select(MeetingRequest.id, MeetingRequest.state).where(MeetingRequest.event_id == self.event.id)
        )
        assert {id_: state for id_, state in states} == {id_: state for id_, (_s, _r, state) in self.requests.items()}  # noqa: C416
        live = db.session.execute(
            db.select(Meeting.request_id, Meeting.slot_id, Meeting.place_id).where(
                Meeting.event_id == self.event.id, Meeting.state != "cancelled"
            )
        ).all()
        assert {request: where[slot] for request, slot, _place in live} == self.meetings
        assert {place for _request, _slot, place in live} <= {self.table}
        seats = db.session.execute(
            db.select(Seat.participant_id, Seat.slot_id, Seat.kind).where(Seat.slot_id.in_(self.slots))
        ).all()
        expected = {(w, s, "unavailable") for w, s in self.blocked}
        expected |= {(w, s, "meeting") for r, s in self.meetings.items() for w in self.requests[r][:2]}
        assert sorted((who[w], where[s], kind) for w, s, kind in seats) == sorted(expected)


def test_every_story_agrees_with_the_model(database, app, monkeypatch):
    monkeypatch.setitem(app.extensions, "matchmaker_jobs", lambda _job_id: None)

    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=60, stateful_step_count=40, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
