"""The audit trail in words."""

import re

import pytest

from matchmaker import audit
from matchmaker.audit import wording
from matchmaker.db import transaction
from matchmaker.settings import ROOT
from tests import factories

ACTIVITY = "/events/fair/manage/activity"


def record(cast, action, subject, changes=None):
    with transaction():
        audit.record(cast.olga, action, subject, cast.event.id, changes)


def shown(page):
    """The cells of the newest entry: what, and details."""
    row = page.partition("<tbody>")[2].partition("</tr>")[0]
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells[2:]]


@pytest.mark.parametrize(
    ("action", "subject", "changes", "expected"),
    [
        ("agenda.session_changed", "Opening", {"fields": ["starts_at", "room"]}, ["Changed a session Opening", "starts at, room"]),
        ("agenda.published", "version 3", {"sessions": 8}, ["Published the agenda Version 3", "sessions: 8"]),
        ("schedule.started", "run 2", {"keep": "few_changes", "stars": True}, ["Started a scheduling run Run 2", "keeps: few changes; counts stars: yes"]),
        ("matching.started", "event fair", {"run": 7}, ["Started the matching", ""]),
        ("invitation.sent", "event fair", {"addresses": ["a@x.test", "b@x.test"]}, ["Invited people", "a@x.test, b@x.test"]),
        ("invitation.revoked", "invitation 4", {"address": "a@x.test"}, ["Revoked an invitation", "a@x.test"]),
        ("event.team_added", "team Dora Berg", {"role": "organiser"}, ["Added somebody to the team Dora Berg", "role: organiser"]),
        ("event.edited", "event fair", {"ends_at": [None, "2026-12-01T10:00:00+00:00"]}, ["Changed the settings", "ends: – → Tue 1 Dec 2026, 11:00"]),
        ("meetings.settings_changed", "event fair", {"at": "2026-12-01T10:00"}, ["Changed the rules for meetings", "at: 2026-12-01 10:00"]),
        ("something.brand_new", "Thing", {"is_on": False}, ["Brand new Thing", "is on: no"]),
    ],
)  # fmt: skip
def test_entries_are_sentences_without_codes(cast, as_user, action, subject, changes, expected):
    record(cast, action, subject, changes)

    assert shown(as_user(cast.olga).get(ACTIVITY).text) == expected


def test_numbers_of_people_meetings_slots_and_places_become_names(cast, as_user):
    with transaction():
        slots, places = factories.make_slots(cast.event, 2), factories.make_places(cast.event, 2)
        meeting = factories.make_meeting(factories.make_request(cast.ana, cast.ben), slots[0], places[0])
    change = {"slot": [slots[0].id, slots[1].id], "place": [places[0].id, None]}
    record(cast, "meeting.moved", f"meeting {meeting.id}", change)
    client = as_user(cast.olga)

    what, details = shown(client.get(ACTIVITY).text)

    assert what == "Moved a meeting Ana Alvarez – Ben Berg"
    assert re.fullmatch(rf"time: \w+ .*, \d\d:\d\d → .*; place: {places[0].name} → –", details)
    record(cast, "participant.approve", f"participant {cast.ana.id}", {"state": ["pending", "confirmed"]})
    assert shown(client.get(ACTIVITY).text) == ["Approved a registration Ana Alvarez", "state: pending → confirmed"]


def test_a_number_of_another_event_stays_nameless(cast, as_user):
    record(cast, "participant.approve", f"participant {cast.carl.id}")

    assert shown(as_user(cast.olga).get(ACTIVITY).text) == ["Approved a registration", ""]


def test_every_act_of_an_event_has_words():
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "matchmaker").rglob("*.py"))
    recorded = set(re.findall(r'audit\.record\(\s*\w+(?:\(\))?, "([a-z_.]+)"', sources))

    assert {action for action in recorded if not action.startswith(("user.", "organisation."))} - set(
        wording.ACTIONS
    ) == set()


def test_the_trail_is_downloaded_in_words_and_codes(cast, as_user):
    record(cast, "event.published", "event fair")

    table = as_user(cast.olga).get(f"{ACTIVITY}/export.csv").text

    assert "Published the event" in table
    assert "event.published" in table
