"""The pages of organisers about participants and invitations."""

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from matchmaker.db import db, transaction
from matchmaker.registrations.models import Invitation
from matchmaker.registrations.services import parse_addresses
from tests import factories
from tests.conftest import NOW
from tests.registrations.support import mails, set_event, states

LIST = "/events/fair/manage/participants"
INVITATIONS = "/events/fair/manage/invitations"


@pytest.fixture
def dora(cast):
    with transaction():
        organisation = factories.make_organisation(
            name="Łódź Robotics", search_text="lodz robotics", kind="cluster", country="PL"
        )
        user = factories.make_user("Dora Dahl")
        return factories.make_participant(cast.event, user, state="pending", organisation_id=organisation.id, note="=cmd()",
                                          registered_at=NOW + timedelta(hours=1))  # fmt: skip


def names(page):
    return [name for name in ("Ana Alvarez", "Ben Berg", "Dora Dahl", "Carl Clark") if f">{name}</a>" in page.text]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ana Alvarez", "Ben Berg", "Dora Dahl"]),
        ("?q=dahl", ["Dora Dahl"]),
        ("?q=LODZ", ["Dora Dahl"]),
        ("?q=100%25", []),
        ("?state=pending", ["Dora Dahl"]),
        ("?kind=cluster", ["Dora Dahl"]),
        ("?country=ES", ["Ana Alvarez", "Ben Berg"]),
        ("?state=nonsense&kind=nonsense&sort=nonsense&page=x", ["Ana Alvarez", "Ben Berg", "Dora Dahl"]),
        ("?q=%00", ["Ana Alvarez", "Ben Berg", "Dora Dahl"]),
    ],
)
def test_list_is_narrowed_by_filters(cast, as_user, dora, query, expected):
    page = as_user(cast.olga).get(LIST + query)

    assert (page.status_code, names(page)) == (200, expected)


@pytest.mark.parametrize("sort", ["name", "organisation", "country", "state", "registered"])
def test_list_is_sorted_both_ways(cast, as_user, dora, sort):
    up, down = (as_user(cast.olga).get(f"{LIST}?sort={sign}{sort}").text for sign in ("", "-"))

    assert (up.index("Dora Dahl</a>") < up.index("Ana Alvarez</a>")) != (
        down.index("Dora Dahl</a>") < down.index("Ana Alvarez</a>")
    )


def test_list_without_registrations_leads_to_invitations(cast, as_user):
    with transaction():
        event = factories.make_event(slug="empty")

    assert "Nobody has registered yet" in as_user(cast.admin).get(f"/events/{event.slug}/manage/participants").text


def test_list_asks_the_same_number_of_questions_for_3_and_30_participants(cast, as_user, count_statements):
    counts = []
    for number in (1, 27):
        with transaction():
            for _ in range(number):
                factories.make_participant(cast.event)
        client = as_user(cast.olga)
        db.session.expire_all()
        with count_statements() as counter:
            assert client.get(LIST).status_code == 200
        counts.append(counter.count)

    assert counts[0] == counts[1]


def test_bulk_decision_reports_what_was_done_and_keeps_the_filters(cast, as_user, dora):
    data = {"ids": [dora.id, cast.ana.id, cast.carl.id], "action": "approve"}

    answer = as_user(cast.olga).post(f"{LIST}?sort=-name", data=data)
    page = as_user(cast.olga).post(
        f"{LIST}?sort=-name", data={"ids": [cast.ben.id], "action": "check_in"}, follow_redirects=True
    )

    assert (answer.status_code, answer.location) == (303, f"{LIST}?sort=-name")
    assert "Done for one participant." in page.text
    assert states(cast.event) == {"Ana": "confirmed", "Ben": "attended", "Dora": "confirmed"}


def test_bulk_decision_names_at_most_five_left_out(cast, as_user):
    with transaction():
        ids = [factories.make_participant(cast.event).id for _ in range(7)]

    page = as_user(cast.olga).post(LIST, data={"ids": ids, "action": "approve"}, follow_redirects=True)

    assert "The same goes for 2 more." in page.text


@pytest.mark.parametrize("data", [{"action": "approve"}, {"ids": ["x", "9" * 30], "action": "approve"}, {"ids": ["1"], "action": "nonsense"},
                                  {"ids": ["1"], "action": "decline", "reason": "x" * 501}])  # fmt: skip
def test_bulk_decision_refuses_wrong_input(cast, as_user, data):
    assert as_user(cast.olga).post(LIST, data=data).status_code == 422


def test_export_has_the_rows_shown_and_no_formulas(cast, as_user, dora):
    text = as_user(cast.olga).get(f"{LIST}/export.csv?state=pending").data.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(as_user(cast.olga).get(f"{LIST}/export.xlsx").data))

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Last name"], row["Organisation"], row["Message"]) for row in rows] == [
        ("Dahl", "Łódź Robotics", "'=cmd()")
    ]
    assert book.active.max_row == 4


def test_page_of_one_participant_shows_registration_profile_and_history(cast, as_user, dora):
    client = as_user(cast.olga)
    client.post(f"{LIST}/{dora.id}/approve")

    page = client.get(f"{LIST}/{dora.id}").text

    for words in ("Dora Dahl", "Łódź Robotics", "=cmd()", "0 % complete", "Pending → Confirmed", "Olga Organiser"):
        assert words in page


def test_declining_one_participant_with_a_reason(cast, as_user, dora):
    client = as_user(cast.olga)

    done = client.post(f"{LIST}/{dora.id}/decline", data={"reason": "No room"})
    again = client.post(f"{LIST}/{dora.id}/decline", data={"reason": "No room"})
    too_long = client.post(f"{LIST}/{dora.id}/approve", data={"reason": "x" * 501})

    assert [done.status_code, again.status_code, too_long.status_code] == [303, 409, 422]
    assert (dora.state, dora.decision_reason) == ("declined", "No room")


def test_participants_of_other_events_are_not_found(cast, as_user):
    client = as_user(cast.olga)

    assert client.get(f"{LIST}/{cast.carl.id}").status_code == 404
    assert client.post(f"{LIST}/{cast.carl.id}/approve").status_code == 404


@pytest.mark.parametrize("path", [LIST, f"{LIST}/1", f"{LIST}/export.csv", INVITATIONS])
def test_only_organisers_see_the_pages(cast, as_user, path):
    assert [as_user(who).get(path).status_code for who in (None, cast.ana, cast.carl)] == [303, 403, 403]


def test_addresses_are_read_in_every_usual_form():
    text = "Ana Ruiz <Ana@Example.org>, ben@example.org; ben@EXAMPLE.org\n\n carl@example.org,"

    assert parse_addresses(text).found == ["ana@example.org", "ben@example.org", "carl@example.org"]


def test_mistakes_in_addresses_are_named_by_line(app):
    with app.test_request_context():
        addresses = parse_addresses("ana@example.org\nnonsense\nben@example")
        nothing = parse_addresses(" \n,")
        many = parse_addresses("\n".join(f"p{n}@example.org" for n in range(501)))

    assert [error.split("“")[0] for error in addresses.errors] == ["Line 2: ", "Line 3: "]
    assert nothing.errors == ["Enter at least one address."]
    assert many.errors == ["Invite at most 500 addresses at once."]


def test_inviting_sends_a_mail_to_everybody_new(cast, as_user):
    client = as_user(cast.olga)

    client.post(INVITATIONS, data={"addresses": "dora@example.org, emil@example.org"})
    page = client.post(INVITATIONS, data={"addresses": "dora@example.org\nfay@example.org"}, follow_redirects=True)

    assert mails() == [(f"{name}@example.org", "Invitation: Fair") for name in ("dora", "emil", "fay")]
    assert "One address was invited before." in page.text


def test_wrong_addresses_send_nothing_and_stay_in_the_form(cast, as_user):
    text = "dora@example.org\nnonsense"

    answer = as_user(cast.olga).post(INVITATIONS, data={"addresses": text})

    assert (answer.status_code, text in answer.text, "Line 2: “nonsense”" in answer.text, mails()) == (
        422,
        True,
        True,
        [],
    )


@pytest.mark.parametrize(("values", "status"), [({"published_at": None}, 409), ({"cancelled_at": NOW}, 409)])
def test_nobody_is_invited_to_what_they_can_not_open(cast, as_user, values, status):
    set_event(cast.event, **values)

    assert as_user(cast.olga).post(INVITATIONS, data={"addresses": "dora@example.org"}).status_code == status


def test_inviting_nobody_or_nobody_new_is_refused(cast, as_user):
    client = as_user(cast.olga)
    client.post(INVITATIONS, data={"addresses": "dora@example.org"})

    assert [client.post(INVITATIONS, data={"addresses": text}).status_code for text in ("", "dora@example.org")] == [
        422,
        422,
    ]


def test_an_invitation_is_sent_again_and_revoked(cast, as_user):
    client = as_user(cast.olga)
    with transaction():
        id_ = factories.stored(Invitation(event_id=cast.event.id, email="dora@example.org")).id

    client.post(f"{INVITATIONS}/{id_}/resend")
    assert mails() == [("dora@example.org", "Invitation: Fair")]
    client.post(f"{INVITATIONS}/{id_}/revoke")

    assert db.session.get(Invitation, id_) is None
    assert client.post(f"{INVITATIONS}/{id_}/revoke").status_code == 404


def test_a_used_invitation_is_not_revoked(cast, as_user):
    with transaction():
        id_ = factories.stored(Invitation(event_id=cast.event.id, email="dora@example.org", accepted_at=NOW)).id

    page = as_user(cast.olga).post(f"{INVITATIONS}/{id_}/revoke", follow_redirects=True)

    assert "dora@example.org has registered already." in page.text


def test_invitations_of_other_events_are_not_found(cast, as_user):
    with transaction():
        id_ = factories.stored(Invitation(event_id=cast.other_event.id, email="dora@example.org")).id

    assert as_user(cast.olga).post(f"{INVITATIONS}/{id_}/resend").status_code == 404


def test_invitations_are_a_file_too(cast, as_user):
    with transaction():
        for event, email in ((cast.event, "dora@example.org"), (cast.other_event, "eva@example.org")):
            factories.stored(Invitation(event_id=event.id, email=email))
    olga = as_user(cast.olga)

    rows = olga.get(f"{INVITATIONS}/export.csv").data.decode("utf-8-sig").splitlines()

    assert [row.split(",")[0] for row in rows] == ["Address", "dora@example.org"]
    assert f"{INVITATIONS}/export.xlsx" in olga.get(INVITATIONS).text


def test_arguments_of_an_address_never_become_arguments_of_links(cast, as_user):
    query = "q=ana&_external=1&_scheme=javascript&_anchor=x&endpoint=y"

    page = as_user(cast.olga).get(f"/events/{cast.event.slug}/manage/participants?{query}")

    assert page.status_code == 200
    assert "javascript:" not in page.text
    assert f"/events/{cast.event.slug}/manage/participants/export.csv?q=ana&amp;_external=1" in page.text
