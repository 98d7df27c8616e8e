"""The pages of visitors and participants."""

from datetime import timedelta

import pytest

from matchmaker.db import db, transaction
from matchmaker.events.models import Event
from matchmaker.registrations.models import Invitation, Participant
from tests import factories
from tests.conftest import NOW
from tests.registrations.support import register, set_event

FORM = {"organisation": "", "note": "", "consent": "y"}


@pytest.fixture
def dora(cast):
    with transaction():
        return factories.make_user("Dora Dahl")


def registration_of(event, user):
    return db.session.scalar(
        db.select(Participant).where(Participant.event_id == event.id, Participant.user_id == user.id)
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "You can register"),
        ({"registration": "approval"}, "An organiser decides about each registration."),
        ({"registration": "invitation"}, "By invitation only"),
        ({"capacity": 2}, "Join the waiting list"),
        ({"registration_closes_at": NOW - timedelta(days=1)}, "Registration is closed"),
        ({"cancelled_at": NOW}, "This event is cancelled"),
        ({"starts_at": NOW - timedelta(days=2), "ends_at": NOW - timedelta(days=1)}, "This event is over"),
    ],
)
def test_overview_tells_a_visitor_the_next_step(cast, as_user, values, sentence):
    set_event(cast.event, **values)

    page = as_user(None).get("/events/fair/")

    assert page.status_code == 200
    assert sentence in page.text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": "confirmed"}, "Complete your profile"),
        ({"state": "pending"}, "Your registration is being looked at"),
        ({"state": "waiting"}, "You are on the waiting list, place 1"),
        ({"state": "declined", "decision_reason": "Full of &"}, "Reason: Full of &amp;"),
        ({"state": "declined"}, "No reason was given."),
        ({"state": "cancelled"}, "You cancelled; you can register again"),
    ],
)
def test_overview_tells_a_participant_the_next_step(cast, as_user, values, sentence):
    with transaction():
        for name, value in values.items():
            setattr(cast.ana, name, value)

    assert sentence in as_user(cast.ana).get("/events/fair/").text


def test_overview_without_meetings_leads_a_participant_to_the_agenda(cast, as_user):
    set_event(cast.event, has_meetings=False)

    assert "Your place is confirmed" in as_user(cast.ana).get("/events/fair/").text


def test_overview_after_the_event_thanks(cast, as_user):
    set_event(cast.event, starts_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(days=1))

    assert "You took part in this event" in as_user(cast.ana).get("/events/fair/").text


def test_overview_asks_a_new_account_to_confirm_its_address(cast, as_user):
    with transaction():
        user = factories.make_user(confirmed_at=None)

    assert "Confirm your e-mail address" in as_user(user).get("/events/fair/").text


def test_join_link_is_shown_to_confirmed_participants_and_organisers_only(cast, as_user, dora):
    set_event(cast.event, join_link="https://meet.example/secret-room")
    register(cast.event, dora)

    seen = {who: "secret-room" in as_user(person).get("/events/fair/").text
            for who, person in {"nobody": None, "ana": cast.ana, "carl": cast.carl, "olga": cast.olga}.items()}  # fmt: skip

    assert seen == {"nobody": False, "ana": True, "carl": False, "olga": True}


def test_details_for_participants_are_hidden_from_visitors(cast, as_user):
    details = {"thematic_questions": ["What now?"], "recommendations": ["Do it"],
               "peers": [{"name": "Jens", "region": "NordHessen"}]}  # fmt: skip
    set_event(cast.event, kind="peer_review", details=details)

    outside, inside = as_user(None).get("/events/fair/").text, as_user(cast.ana).get("/events/fair/").text

    assert [word in outside for word in ("What now?", "Jens", "NordHessen", "Do it")] == [True, True, True, False]
    assert "Do it" in inside


def test_overview_shows_both_zones(cast, as_user):
    with transaction():
        cast.ana.user.timezone = "Asia/Tokyo"

    page = as_user(cast.ana).get("/events/fair/").text

    assert "Tue 8 Dec 2026, 09:00" in page
    assert "Your time: 17:00" in page


def test_draft_is_seen_by_its_organisers_only(cast, as_user):
    set_event(cast.event, published_at=None)

    answers = [
        as_user(who).get("/events/fair/").status_code for who in (None, cast.carl, cast.ana, cast.olga, cast.admin)
    ]

    assert answers == [404, 404, 404, 200, 200]


def test_closed_event_is_seen_by_participants_and_invited_people_only(cast, as_user, dora):
    set_event(cast.event, visibility="closed")
    with transaction():
        factories.stored(Invitation(event_id=cast.event.id, email=dora.email))

    answers = [as_user(who).get("/events/fair/").status_code for who in (None, cast.carl, cast.ana, dora, cast.olga)]

    assert answers == [404, 404, 200, 200, 200]


def test_invited_people_are_led_through_sign_in(cast, as_user):
    set_event(cast.event, visibility="closed")

    answer = as_user(None).get("/events/fair/register")

    assert (answer.status_code, answer.location) == (303, "/account/sign-in?next=/events/fair/register")


def test_registering_needs_consent_and_keeps_what_was_typed(cast, as_user, dora):
    client = as_user(dora)

    refused = client.post("/events/fair/register", data={"note": "Vegetarian <b>", "organisation": ""})
    done = client.post("/events/fair/register", data=FORM | {"note": "Vegetarian"})

    assert (refused.status_code, "Vegetarian &lt;b&gt;" in refused.text) == (422, True)
    assert (done.status_code, done.location) == (303, "/events/fair/")
    assert registration_of(cast.event, dora).state == "confirmed"


def test_registering_for_a_foreign_organisation_is_refused(cast, as_user, dora):
    answer = as_user(dora).post("/events/fair/register", data=FORM | {"organisation": cast.ana.organisation_id})

    assert (answer.status_code, registration_of(cast.event, dora)) == (422, None)


@pytest.mark.parametrize(("values", "status", "message"), [
    ({"registration": "invitation"}, 403, "Registration is by invitation only"),
    ({"registration_closes_at": NOW - timedelta(days=1)}, 409, "Registration for this event is closed."),
])  # fmt: skip
def test_registering_tells_why_it_is_refused(cast, as_user, dora, values, status, message):
    set_event(cast.event, **values)

    page = as_user(dora).get("/events/fair/register")
    answer = as_user(dora).post("/events/fair/register", data=FORM)

    assert page.status_code == 200
    assert (answer.status_code, message in answer.text) == (status, True)


def test_registering_twice_leads_to_the_overview(cast, as_user):
    answer = as_user(cast.ana).post("/events/fair/register", data=FORM, follow_redirects=True)

    assert "You are registered for this event already." in answer.text


def test_registering_at_a_hybrid_event_asks_how(cast, as_user, dora):
    set_event(cast.event, mode="hybrid", capacity=2)

    answer = as_user(dora).post("/events/fair/register", data=FORM | {"mode": "on_site"}, follow_redirects=True)

    assert "you are on the waiting list" in answer.text
    assert (registration_of(cast.event, dora).state, registration_of(cast.event, dora).mode) == ("waiting", "on_site")


def test_who_comes_to_a_hybrid_event_says_on_which_days_to_meet_online(cast, as_user):
    ana = as_user(cast.ana)
    assert "Days on which you take part online" not in ana.get("/events/fair/me/registration").text
    set_event(cast.event, mode="hybrid")
    assert "Days on which you take part online" in ana.get("/events/fair/me/registration").text
    form = {"organisation": "", "mode": "on_site", "online_days": ["2026-12-08"]}

    assert ana.post("/events/fair/me/registration", data=form | {"online_days": ["2025-01-01"]}).status_code == 422
    ana.post("/events/fair/me/registration", data=form)
    assert registration_of(cast.event, cast.ana.user).online_days == ["2026-12-08"]

    ana.post("/events/fair/me/registration", data=form | {"mode": "online"})
    assert registration_of(cast.event, cast.ana.user).online_days == []


def test_changing_a_registration(cast, as_user):
    client = as_user(cast.ana)

    page = client.get("/events/fair/me/registration")
    too_long = client.post("/events/fair/me/registration", data={"organisation": "", "note": "x" * 1001})
    done = client.post("/events/fair/me/registration", data={"organisation": "", "note": "By train"})

    assert [page.status_code, too_long.status_code, done.status_code] == [200, 422, 303]
    assert registration_of(cast.event, cast.ana.user).note == "By train"


def test_a_cancelled_registration_is_not_changed(cast, as_user):
    with transaction():
        cast.ana.state = "declined"

    answer = as_user(cast.ana).post("/events/fair/me/registration", data={"organisation": "", "note": "x"})

    assert answer.status_code == 409


def test_cancelling_and_cancelling_again(cast, as_user):
    client = as_user(cast.ana)

    first = client.post("/events/fair/me/cancel", follow_redirects=True)
    second = client.post("/events/fair/me/cancel", follow_redirects=True)

    assert "Your registration is cancelled." in first.text
    assert "This can&#39;t be done" in second.text


@pytest.mark.parametrize("path", ["/events/fair/me/registration", "/events/fair/me/cancel"])
def test_people_without_registration_have_nothing_to_change(cast, as_user, path):
    assert as_user(cast.carl).post(path).status_code == 404


def test_my_events_lists_what_i_take_part_in_organise_and_am_invited_to(cast, as_user):
    with transaction():
        past = factories.make_event(name="Old fair", starts_at=NOW - timedelta(days=9), ends_at=NOW - timedelta(days=8))
        invited, organised = factories.make_event(name="Inviting fair"), factories.make_event(name="My own fair")
        cancelled = factories.make_event(name="Dead fair", cancelled_at=NOW)
        waiting = factories.make_event(name="Full fair")
        for event in (past, cancelled):
            factories.make_participant(event, cast.ana.user)
        factories.make_participant(waiting, cast.ana.user, state="waiting")
        left = factories.make_event(name="Left fair")
        factories.make_participant(left, cast.ana.user, state="cancelled")
        factories.stored(Invitation(event_id=invited.id, email=cast.ana.user.email))
        factories.make_organiser(organised, cast.ana.user)

    page = as_user(cast.ana).get("/my-events").text

    for words in ("Fair", "Old fair", "Inviting fair", "My own fair", "The event is cancelled", "Over",
                  "You are on the waiting list, place 1", "You cancelled; you can register again"):  # fmt: skip
        assert words in page
    assert "Other fair" not in page


def test_my_events_of_a_newcomer_leads_to_the_list(cast, as_user):
    with transaction():
        user = factories.make_user(confirmed_at=None)

    assert "You are not registered for any event" in as_user(user).get("/my-events").text
    assert as_user(None).get("/my-events").status_code == 303


def test_my_events_asks_the_same_number_of_questions_for_3_and_30_events(cast, as_user, count_statements):
    def fill(number):
        with transaction():
            for _ in range(number):
                event = factories.make_event()
                factories.make_participant(event, cast.ana.user, state="waiting")
                factories.make_organiser(event, cast.ana.user)
                factories.stored(Invitation(event_id=factories.make_event().id, email=cast.ana.user.email))

    counts = []
    for number in (3, 27):
        fill(number)
        client = as_user(cast.ana)
        db.session.expire_all()
        with count_statements() as counter:
            client.get("/my-events")
        counts.append(counter.count)

    assert counts[0] == counts[1]
    assert db.session.scalar(db.select(db.func.count()).select_from(Event)) > 30
