"""The menu of an event follows who looks and what the event has."""

import pytest
from flask import request

from matchmaker.web.navigation import event_navigation, link


def titles(app, event, path="/", **who):
    with app.test_request_context(path):
        request.url_rule, _ = app.url_map.bind("localhost").match(path, return_rule=True)
        groups = event_navigation(event, who.get("participant"), who.get("organiser", False))
        return {str(group["title"]): [str(item["label"]) for item in group["items"]] for group in groups}, [
            str(item["label"]) for group in groups for item in group["items"] if item["active"]
        ]


def test_visitors_see_the_public_pages(app, cast):
    assert titles(app, cast.event)[0] == {"Event": ["Overview", "Agenda"]}


def test_participants_see_their_own_pages(app, cast):
    shown, _ = titles(app, cast.event, participant=cast.ana)

    assert shown["Event"][-2:] == ["Requests", "My itinerary"]


def test_an_event_without_meetings_has_no_pages_about_them(app, cast):
    cast.event.has_meetings = False

    shown, _ = titles(app, cast.event, participant=cast.ana, organiser=True)

    assert [name for name in ("Requests", "Scheduling", "Matching") if name in shown["Event"] + shown["Organise"]] == []


def test_the_page_shown_is_marked(app, cast):
    assert titles(app, cast.event, "/events/fair/manage/scheduling", organiser=True)[1] == ["Scheduling"]
    assert titles(app, cast.event, "/events/fair/manage/scheduling/1/grid", organiser=True)[1] == ["Scheduling"]
    assert titles(app, cast.event, "/events/fair/manage/mails", organiser=True)[1] == ["Mails"]


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("manage/scheduling/1/hand/2", "Scheduling"),
        ("manage/scheduling/what-if", "Scheduling"),
        ("manage/profiles", "Matching"),
        ("manage/invitations", "Participants"),
        ("me/why/1", "Requests"),
    ],
)
def test_pages_that_are_no_entry_stand_under_one(app, cast, path, entry):
    shown = titles(app, cast.event, f"/events/fair/{path}", participant=cast.ana, organiser=True)

    assert shown[1] == [entry]


def test_pages_that_do_not_exist_have_no_link(app):
    with app.test_request_context("/"):
        assert (link("nothing.here"), link("public.landing")) == (None, "/")
