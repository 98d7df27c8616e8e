"""Mails about the agenda: those whom a change concerns, once."""

from email import message_from_bytes
from email.policy import SMTP

import pytest

from matchmaker.agenda import notices, queries, services
from matchmaker.db import transaction
from matchmaker.mail import MEMORY
from tests import factories
from tests.agenda.conftest import at, given


@pytest.fixture
def workshop(cast, add, publish):
    """A published session that Ana signed up for, and another one that Ben signed up for."""
    session, other = add("Workshop", at(14), has_sign_up=True), add("Other", at(14), has_sign_up=True)
    publish()
    with transaction():
        services.sign_up(session, cast.ana)
        services.sign_up(other, cast.ben)
    MEMORY.clear()
    return session


def change(cast, session, publish, **values):
    with transaction():
        services.change_session(session, given(**values), cast.olga)
    publish()


def sent():
    return [message_from_bytes(mail.as_bytes(), policy=SMTP) for mail in MEMORY]


def mails():
    return [(mail["To"], mail["Subject"]) for mail in sent()]


def text():
    (mail,) = sent()
    return mail.get_body(("plain",)).get_content()


def test_those_who_signed_up_for_a_moved_session_are_told_when_it_is_published(cast, workshop, publish):
    change(cast, workshop, publish, title="Workshop", starts_at=at(15), has_sign_up=True)

    assert mails() == [(cast.ana.user.email, "Fair: a session you signed up for has changed")]
    assert "- Workshop" in text()
    assert "http://localhost/events/fair/agenda" in text()


def test_several_changes_are_one_mail(cast, workshop, add, publish):
    second = add("Second", at(16), has_sign_up=True)
    publish()
    with transaction():
        services.sign_up(second, cast.ana)
        services.change_session(second, given("Second", at(17), has_sign_up=True), cast.olga)
    MEMORY.clear()

    change(cast, workshop, publish, title="Workshop", starts_at=at(15), has_sign_up=True)

    assert [line for line in text().splitlines() if line.startswith("- ")] == ["- Workshop", "- Second"]


def test_a_new_description_is_no_reason_for_a_mail(cast, workshop, publish):
    change(cast, workshop, publish, title="Workshop", starts_at=at(14), has_sign_up=True, description="More")

    assert mails() == []


def test_the_first_version_is_no_reason_for_a_mail(add, publish):
    add(has_sign_up=True)
    publish()

    assert mails() == []


def test_those_who_no_longer_take_part_are_not_told(cast, workshop, publish):
    with transaction():
        cast.ana.state = "cancelled"
    change(cast, workshop, publish, title="Workshop", starts_at=at(15), has_sign_up=True)

    assert mails() == []


def test_running_twice_sends_once(cast, workshop, publish):
    change(cast, workshop, publish, title="Workshop", starts_at=at(15), has_sign_up=True)
    notices.agenda_changed(queries.newest_version(cast.event.id).id)

    assert len(MEMORY) == 1


def test_those_who_signed_up_for_a_removed_session_are_told_at_once(cast, workshop):
    uid, title, people = workshop.uid, workshop.title, [cast.ana.id]
    with transaction():
        services.remove_session(workshop, cast.olga)
    notices.session_removed(cast.event.id, uid, title, people)

    assert mails() == [(cast.ana.user.email, "Fair: “Workshop” does not take place")]
    assert "- Workshop" in text()


def test_removing_a_session_that_nobody_wants_sends_nothing(cast, add):
    session = add()
    with transaction():
        services.remove_session(session, cast.olga)

    assert mails() == []


def test_what_is_gone_by_now_sends_nothing(cast):
    notices.agenda_changed(999)
    notices.session_removed(999, "x@y", "Gone", [cast.ana.id])

    assert mails() == []


def test_many_people_take_as_many_statements_to_find_as_few(cast, workshop, publish, count_statements):
    counts = []
    for hour, newcomers in ((15, 3), (16, 27)):
        with transaction():
            for _ in range(newcomers):
                services.sign_up(workshop, factories.make_participant(cast.event))
            services.change_session(workshop, given("Workshop", at(hour), has_sign_up=True), cast.olga)
        publish()
        with count_statements() as counter:
            found = notices._affected(queries.newest_version(cast.event.id))
            assert all(participant.user.email for participant in found)
        counts.append((len(found), counter.count))

    (few, before), (many, after) = counts
    assert (few, many) == (4, 31)
    assert before == after
