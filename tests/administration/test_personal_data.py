from datetime import timedelta

import pytest

from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.mail import Mail, Message, queue_mail
from matchmaker.meetings.models import MeetingRequest, Rating
from matchmaker.profiles.models import Profile, ProfileItem
from matchmaker.registrations.models import Invitation, Participant
from matchmaker.registrations.signals import participant_left
from tests import factories
from tests.accounts.steps import HASH, PASSWORD


@pytest.fixture
def ana(cast):
    """Ana with a profile, a request in both directions, a meeting, a rating, a mail and an invitation."""
    with transaction():
        cast.ana.user.password_hash = HASH
        cast.ana.note = "I bring my dog"
        factories.make_profile(cast.ana, offers=("Robots for greenhouses",), facets={"language": ("es",)})
        slot = factories.make_slots(cast.event)[0]
        request = factories.make_request(cast.ana, cast.ben, message="Dear Ben", answer_stars=1)
        meeting = factories.make_meeting(request, slot)
        third = factories.make_participant(cast.event)
        factories.make_request(third, cast.ana, state="declined", reason="No time for you")
        factories.stored(Rating(meeting_id=meeting.id, participant_id=cast.ana.id, stars=4, comment="Nice", note="Hm"))
        queue_mail(Mail(key="k", to=cast.ana.user.email, subject="Your meeting", text="At noon"))
        factories.stored(Invitation(event_id=cast.event.id, email=cast.ana.user.email))
    return cast.ana


def erase(client):
    assert client.post("/account/delete", data={"present": PASSWORD}).status_code == 303
    db.session.expire_all()


def test_export_holds_everything_of_the_person_at_every_event(ana, as_user):
    data = as_user(ana).get("/account/data/export").json

    assert data["registrations"][0]["event"] == "Fair"
    assert data["offers_and_needs"][0]["text"] == "Robots for greenhouses"
    assert data["topics_and_languages"][0]["code"] == "es"
    assert [row["message"] for row in data["requests_sent"]] == ["Dear Ben"]
    assert [row["reason"] for row in data["requests_received"]] == ["No time for you"]
    assert [len(data[key]) for key in ("meetings", "ratings", "mails", "invitations", "occupied_slots")] == [1] * 5


def test_export_keeps_what_others_said_in_private(ana, as_user):
    data = as_user(ana).get("/account/data/export").json

    assert "answer_stars" not in data["requests_sent"][0]
    assert "raw" not in data["mails"][0]


def test_export_holds_nothing_of_others(ana, cast, as_user):
    data = as_user(cast.carl).get("/account/data/export").json

    assert [row["event"] for row in data["registrations"]] == ["Other fair"]
    assert (data["requests_sent"], data["requests_received"], data["meetings"]) == ([], [], [])


def test_erasure_removes_words_and_keeps_counts(ana, as_user):
    participant_id = ana.id
    erase(as_user(ana))

    assert db.session.get_one(Participant, participant_id).display_name == "Deleted account"
    assert db.session.get_one(Participant, participant_id).note == ""
    assert db.session.scalars(db.select(Profile.id).where(Profile.participant_id == participant_id)).all() == []
    assert db.session.scalars(db.select(ProfileItem)).all() == []
    assert [
        request.message
        for request in db.session.scalars(db.select(MeetingRequest))
        if request.sender_id == participant_id
    ] == [""]
    assert [request.reason for request in db.session.scalars(db.select(MeetingRequest))] == ["", ""]
    assert [(rating.stars, rating.comment, rating.note) for rating in db.session.scalars(db.select(Rating))] == [
        (4, "", "")
    ]
    assert db.session.scalars(db.select(Message).where(Message.subject == "Your meeting")).all() == []
    assert db.session.scalars(db.select(Invitation)).all() == []


def test_erasure_leaves_coming_events_and_says_so_to_the_floors_above(ana, as_user):
    left = []

    def note(participant):
        left.append(participant.id)

    with participant_left.connected_to(note):
        erase(as_user(ana))

    assert left == [ana.id]
    assert db.session.get_one(Participant, ana.id).state == "cancelled"


def test_erasure_keeps_that_somebody_attended_a_past_event(ana, cast, as_user):
    with transaction():
        ana.state = "attended"
    clock.freeze(cast.event.ends_at + timedelta(days=1))

    erase(as_user(ana))

    assert db.session.get_one(Participant, ana.id).state == "attended"


def test_waiting_registration_is_cancelled_without_a_signal(ana, as_user):
    left = []
    with transaction():
        ana.state = "waiting"

    with participant_left.connected_to(left.append):
        erase(as_user(ana))

    assert left == []
    assert db.session.get_one(Participant, ana.id).state == "cancelled"


def test_erasing_gives_the_place_to_whoever_waits(ana, cast, as_user):
    with transaction():
        cast.event.capacity = 2
        waiting = factories.make_participant(cast.event, state="waiting")
        declined = db.session.scalars(db.select(Participant).where(Participant.state == "confirmed",
                                      Participant.event_id == cast.event.id, Participant.id.not_in((ana.id, cast.ben.id)))).one()  # fmt: skip
        declined.state = "declined"

    erase(as_user(ana))

    assert (waiting.state, db.session.get_one(Participant, ana.id).state) == ("confirmed", "cancelled")
