"""Who may open what: every route x every kind of user, and everybody else's ids.

A new route is covered as soon as it exists. A route that needs a new kind of argument fails until ``arguments_of`` knows
how to make it.
"""

from collections.abc import Callable
from datetime import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from matchmaker.accounts.sessions import start_session
from matchmaker.agenda.models import AgendaSession, Room
from matchmaker.calendars.models import CalendarFeed
from matchmaker.db import db, transaction
from matchmaker.events.models import Event, EventRole, Visibility
from matchmaker.mail import Message
from matchmaker.meetings.models import MeetingBlock
from matchmaker.profiles.models import NeverMeet
from matchmaker.recommendations.models import MatchRun
from matchmaker.registrations.models import Invitation
from matchmaker.scheduling.models import ScheduleRun, WhatIf
from matchmaker.web import ACCESS, Access
from tests import factories
from tests.conftest import Cast

# Routes that decide for themselves, with the rule they follow.
DECIDES_ITSELF = {
    "events.create": Access.SIGNED_IN,  # and then asks for the right to create events
    "registrations.my_events": Access.SIGNED_IN,
    "registrations.register": Access.SIGNED_IN,
    "registrations.change": Access.SIGNED_IN,
    "registrations.cancel": Access.SIGNED_IN,
}
# Routes for members or owners of the organisation in the address.
ASKS_FOR_MORE = {"organisations.edit", "organisations.change_member", "organisations.leave"}
NO_RULE = {"static", "bootstrap"}
ROLES = ("anonymous", "outsider", "participant", "organiser", "administrator")
SIGN_IN, FORBIDDEN, PASS = "sign-in", "forbidden", "pass"
EXPECTED = {
    Access.PUBLIC: (PASS,) * 5,
    Access.TOKEN: (PASS,) * 5,
    Access.EVENT: (PASS,) * 5,
    Access.SIGNED_IN: (SIGN_IN, PASS, PASS, PASS, PASS),
    Access.PARTICIPANT: (SIGN_IN, FORBIDDEN, PASS, FORBIDDEN, FORBIDDEN),
    Access.ORGANISER: (SIGN_IN, FORBIDDEN, FORBIDDEN, PASS, PASS),
    Access.ADMINISTRATOR: (SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, PASS),
}
# A participant may look at another participant of the same event; these ids are not secret inside it.
IDS = (
    "session_id", "room_id", "block_id", "meeting_id", "place_id", "participant_id", "request_id", "run_id", "role_id",
    "invitation_id", "message_id", "feed_id", "entry_id", "what_if_id",
)  # fmt: skip


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] not in NO_RULE]


def access_of(rule: Rule) -> Access:
    return DECIDES_ITSELF.get(rule.endpoint) or ACCESS[rule.endpoint.partition(".")[0]]


def ids_at(event: Event, first: Any, second: Any) -> dict[str, Any]:
    """One stored object of every kind at an event."""
    slots, places = factories.make_slots(event), factories.make_places(event, 1)
    request = factories.make_request(first, second)
    meeting = factories.make_meeting(request, slots[0], places[0])
    session = factories.stored(
        AgendaSession(event_id=event.id, title="Talk", starts_at=slots[1].starts_at, ends_at=slots[1].ends_at,
                      uid=f"session-{event.slug}", has_sign_up=True)
    )  # fmt: skip
    block = MeetingBlock(event_id=event.id, day=event.first_day, starts=_clock(9), ends=_clock(12))
    return {
        "slug": event.slug,
        "session_id": session.id,
        "room_id": factories.stored(Room(event_id=event.id, name="Hall")).id,
        "block_id": factories.stored(block).id,
        "meeting_id": meeting.id,
        "place_id": places[0].id,
        "participant_id": second.id,
        "request_id": request.id,
        "run_id": factories.stored(ScheduleRun(event_id=event.id, options={"seconds": 2}, state="discarded")).id,
        "what_if_id": factories.stored(WhatIf(event_id=event.id, state="failed", seconds=5, scenarios=[])).id,
        "match_run_id": factories.stored(MatchRun(event_id=event.id, state="failed")).id,
        "role_id": db.session.scalar(db.select(EventRole.id).where(EventRole.event_id == event.id)),
        "invitation_id": factories.stored(Invitation(event_id=event.id, email=f"x@{event.slug}.example")).id,
        "message_id": factories.stored(
            Message(key=f"m-{event.slug}", event_id=event.id, recipient="x@x.example", subject="Hello", raw=b"")
        ).id,
        "entry_id": factories.stored(
            NeverMeet(participant_id=first.id, organisation_id=factories.make_organisation().id)
        ).id,
        "feed_id": factories.stored(CalendarFeed(participant_id=first.id, token_hash=event.slug.ljust(64, "0"))).id,
    }


def _clock(hour: int) -> Any:
    return time(hour)


@pytest.fixture
def here(cast: Cast) -> dict[str, Any]:
    with transaction():
        return ids_at(cast.event, cast.ana, cast.ben)


@pytest.fixture
def elsewhere(cast: Cast) -> dict[str, Any]:
    with transaction():
        factories.make_organiser(cast.other_event, factories.make_user("Otto Other"))
        return ids_at(cast.other_event, cast.carl, factories.make_participant(cast.other_event))


def arguments_of(rule: Rule, ids: dict[str, Any], cast: Cast) -> dict[str, Any]:
    """Values for the arguments of a route; a new kind of argument is added here."""
    others = {
        "form": "csv", "token": "no-such-token", "job_id": "none", "act": "retry", "number": 1, "document": "problem",
        "user_id": cast.ben.user_id, "organisation_id": cast.ben.organisation_id, "membership_id": 999999,
        "action": "approve", "role": "organiser", "filename": "none",
    }  # fmt: skip
    values = {**others, **ids}
    if rule.endpoint.startswith("matching_runs."):
        values["run_id"] = ids["match_run_id"]
    if rule.endpoint.startswith("admin_users"):
        values["act"] = "disable"
    if rule.endpoint.startswith("account.end_session"):
        values["session_id"] = 999999
    if rule.endpoint == "projects.show":
        values["slug"] = "none"
    values |= {name: min(rule._converters[name].items) for name in rule.arguments if _is_choice(rule, name)}
    return {name: values[name] for name in rule.arguments}


def _is_choice(rule: Rule, name: str) -> bool:
    return isinstance(rule._converters[name], AnyConverter)


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) & {"GET", "POST"})


def outcome(response: Any) -> str:
    if response.status_code in (302, 303) and urlsplit(response.headers["Location"]).path == "/account/sign-in":
        return SIGN_IN
    if response.status_code in (401, 403):
        return FORBIDDEN
    return PASS


def test_every_blueprint_declares_its_access(app: Flask) -> None:
    assert {name for name in app.blueprints if name not in ACCESS} == {"bootstrap"}


@pytest.mark.parametrize("role", ROLES)
def test_every_route_lets_in_whom_its_rule_names(
    role: str, app: Flask, cast: Cast, here: dict[str, Any], as_user: Callable[[Any], FlaskClient]
) -> None:
    people = dict(zip(ROLES, (None, cast.carl, cast.ana, cast.olga, cast.admin), strict=True))
    wrong = []
    for rule in rules_of(app):
        for method in methods_of(rule):
            answer = ask(app, as_user, people[role], rule, method, arguments_of(rule, here, cast))
            expected = EXPECTED[access_of(rule)][ROLES.index(role)]
            if rule.endpoint == "events.create" and role not in ("anonymous", "administrator"):
                expected = FORBIDDEN
            if rule.endpoint in ("accounts.sign_out", "public.ready"):  # leads to the sign-in page; no migrations here
                continue
            allowed = {expected, FORBIDDEN} if rule.endpoint in ASKS_FOR_MORE else {expected}
            if outcome(answer) not in allowed or answer.status_code >= 500:
                wrong.append(f"{method} {rule.endpoint} as {role}: {answer.status_code}, expected {expected}")

    assert not wrong, "\n".join(wrong)


def ask(app: Flask, as_user: Any, person: Any, rule: Rule, method: str, arguments: dict[str, Any]) -> Any:
    """Ask inside a savepoint that is rolled back, so that no request changes what the next one finds."""
    client = as_user(person)
    with app.test_request_context():
        path = app.url_map.bind("localhost").build(rule.endpoint, arguments, method=method)
    db.session.rollback()
    savepoint = db.engine.begin_nested()  # type: ignore[attr-defined]  # the test's connection stands in for the engine
    try:
        return client.open(path, method=method)
    finally:
        db.session.rollback()
        savepoint.rollback()


@pytest.mark.parametrize("role", ["participant", "organiser"])
def test_every_id_of_another_event_is_not_found(
    role: str, app: Flask, cast: Cast, here: dict[str, Any], elsewhere: dict[str, Any],
    as_user: Callable[[Any], FlaskClient],
) -> None:  # fmt: skip
    person, access = {"participant": (cast.ana, Access.PARTICIPANT), "organiser": (cast.olga, Access.ORGANISER)}[role]
    wrong = []
    for rule in rules_of(app):
        if access_of(rule) != access or not set(rule.arguments) & set(IDS):
            continue
        for method in methods_of(rule):
            foreign = {**arguments_of(rule, elsewhere, cast), "slug": cast.event.slug}
            answer = ask(app, as_user, person, rule, method, foreign)
            if answer.status_code != 404:
                wrong.append(f"{method} {rule.endpoint}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


def test_everything_of_a_closed_event_is_not_found_for_outsiders(
    app: Flask, cast: Cast, here: dict[str, Any], as_user: Callable[[Any], FlaskClient]
) -> None:
    with transaction():
        db.session.get_one(Event, cast.event.id).visibility = Visibility.CLOSED
    wrong = []
    for rule in rules_of(app):
        if "slug" not in rule.arguments or rule.endpoint == "projects.show":
            continue
        for method in methods_of(rule):
            answer = ask(app, as_user, cast.carl, rule, method, arguments_of(rule, here, cast))
            if answer.status_code != 404:
                wrong.append(f"{method} {rule.endpoint}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


def test_a_meeting_of_two_others_is_not_found(
    app: Flask, cast: Cast, here: dict[str, Any], as_user: Callable[[Any], FlaskClient]
) -> None:
    with transaction():
        third = factories.make_participant(cast.event)
    wrong = []
    for rule in rules_of(app):
        if access_of(rule) != Access.PARTICIPANT or not set(rule.arguments) & {
            "meeting_id",
            "request_id",
            "feed_id",
            "entry_id",
        }:
            continue
        for method in methods_of(rule):
            answer = ask(app, as_user, third, rule, method, arguments_of(rule, here, cast))
            if answer.status_code != 404:
                wrong.append(f"{method} {rule.endpoint}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


def test_no_route_changes_anything_without_a_token_against_forgery(
    app: Flask, cast: Cast, here: dict[str, Any]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        wrong = []
        for rule in rules_of(app):
            if "POST" in methods_of(rule):
                answer = ask(app, _signed_in(app), cast.ana, rule, "POST", arguments_of(rule, here, cast))
                if answer.status_code != 400:
                    wrong.append(f"{rule.endpoint}: {answer.status_code}")
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert not wrong, "\n".join(wrong)


def _signed_in(app: Flask) -> Callable[[Any], FlaskClient]:
    def client_for(person: Any) -> FlaskClient:
        client = app.test_client()
        with transaction():
            token = start_session(person.user, "test")
        with client.session_transaction() as session:
            session["_user_id"] = token
        return client

    return client_for
