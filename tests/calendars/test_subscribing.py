"""The page on which participants make and revoke their feeds."""

import re

from matchmaker.calendars.models import CalendarFeed
from matchmaker.calendars.services import MOST_FEEDS, create_feed
from matchmaker.db import db, transaction
from tests.conftest import NOW

PAGE = "/events/fair/me/calendar"


def _path(text):
    return re.search(r"http://localhost(/calendar/[\w-]{43}\.ics[^\"]*)", text).group(1)


def test_the_secret_is_shown_once_and_works(fair, as_user, app):
    client = as_user(fair.cast.ana)

    made = client.post(PAGE, data={"with_open": "y"})
    path = _path(made.text)

    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    assert f"webcal://localhost{path}" in made.text
    assert 'class="qr"' in made.text
    assert app.test_client().get(path).status_code == 200
    assert path not in client.get(PAGE).text


def test_the_choice_of_what_it_contains_is_in_the_address(fair, as_user):
    made = as_user(fair.cast.ana).post(PAGE, data={"csrf_token": ""})

    assert _path(made.text).endswith("?open=hide")


def test_google_and_outlook_are_one_click_away(fair, as_user):
    text = as_user(fair.cast.ana).post(PAGE, data={"with_open": "y"}).text

    assert "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Flocalhost%2Fcalendar%2F" in text
    assert "https://outlook.live.com/calendar/0/addfromweb?url=http%3A%2F%2Flocalhost%2Fcalendar%2F" in text
    assert "https://outlook.office.com/calendar/0/addfromweb?url=" in text


def test_the_page_lists_feeds_with_their_last_read_and_says_how_slow_programs_are(fair, as_user):
    client = as_user(fair.cast.ana)
    with transaction():
        create_feed(fair.cast.ana)
        create_feed(fair.cast.ana)[0].last_read_at = NOW

    text = client.get(PAGE).text

    assert text.count("Revoke this address?") == 2
    assert "Not yet" in text
    assert "Google Calendar: every 8 to 24 hours" in text
    assert 'href="http://localhost/events/fair/agenda.ics"' in text


def test_the_agenda_is_not_offered_where_there_is_none_for_everybody(cast, as_user):
    assert "agenda.ics" not in as_user(cast.ana).get(PAGE).text


def test_revoking_makes_the_address_worthless(fair, as_user, app):
    client = as_user(fair.cast.ana)
    path = _path(client.post(PAGE, data={"with_open": "y"}).text)
    feed = db.session.scalar(db.select(CalendarFeed))

    answer = client.post(f"{PAGE}/{feed.id}/revoke", follow_redirects=True)

    assert "The address is revoked." in answer.text
    assert "Revoke this address?" not in answer.text
    assert app.test_client().get(path).status_code == 404


def test_revoking_twice_keeps_the_first_moment(fair, as_user):
    with transaction():
        feed = create_feed(fair.cast.ana)[0]
        feed.revoked_at = NOW.replace(hour=1)
    feed_id = feed.id

    as_user(fair.cast.ana).post(f"{PAGE}/{feed_id}/revoke")

    assert db.session.get(CalendarFeed, feed_id).revoked_at == NOW.replace(hour=1)


def test_nobody_revokes_the_feed_of_somebody_else(fair, as_user):
    with transaction():
        feed_id = create_feed(fair.cast.ana)[0].id

    assert as_user(fair.cast.ben).post(f"{PAGE}/{feed_id}/revoke").status_code == 404
    assert db.session.get(CalendarFeed, feed_id).revoked_at is None


def test_there_is_a_limit_to_addresses_in_use(fair, as_user):
    client = as_user(fair.cast.ana)
    with transaction():
        for _ in range(MOST_FEEDS):
            create_feed(fair.cast.ana)

    answer = client.post(PAGE, data={"with_open": "y"})

    assert answer.status_code == 409
    assert "You have 10 addresses already" in answer.text


def test_others_are_kept_out(fair, as_user):
    assert as_user(None).get(PAGE).status_code == 303
    assert as_user(fair.cast.carl).get(PAGE).status_code == 403
    assert as_user(fair.cast.carl).post(PAGE).status_code == 403
