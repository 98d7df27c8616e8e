import json

import pytest

from matchmaker.administration import outbox
from matchmaker.app import create_app
from matchmaker.db import db, transaction
from matchmaker.demo import accounts as demo_accounts
from matchmaker.mail import Mail, queue_mail
from matchmaker.schema import metadata
from tests import factories
from tests.accounts.steps import link_in, make_person, sign_up_values

CALENDAR = b"""BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Ana and Ben\\, at last\r\nDTSTART;TZID=Europe/Madrid:20261208T
 100000\r\nUID:meeting-1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""


@pytest.fixture
def demo(tmp_path, frozen_clock):
    """A demo installation of its own; its mails land in a folder."""
    app = create_app(
        environment="demo", instance_dir=str(tmp_path), jobs="inline", rate_limits=False,
        base_url="http://localhost", embedding_model="lexical",
    )  # fmt: skip
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


def send(app, **values):
    with app.app_context(), transaction():
        number = values.pop("number", 1)
        queue_mail(
            Mail(**({"key": f"k{number}", "to": "ana@kodra.example", "subject": "Hello", "text": "Text"} | values))
        )


@pytest.mark.parametrize("page", ["/outbox", "/outbox/1", "/outbox/1/html", "/outbox/1/mail.eml"])
def test_outbox_exists_only_in_a_demo(database, as_user, page):
    assert as_user(None).get(page).status_code == 404


def test_empty_outbox_says_so(demo):
    page = demo.test_client().get("/outbox")

    assert page.status_code == 200
    assert "No mail yet" in page.text


def test_newest_mail_comes_first(demo):
    send(demo, number=1, subject="First mail")
    send(demo, number=2, subject="Second mail")

    page = demo.test_client().get("/outbox").text

    assert page.index("Second mail") < page.index("First mail")


def test_search_looks_at_recipients_and_subjects(demo):
    send(demo, number=1, subject="First mail", to="ben@berg.example")
    send(demo, number=2, subject="Second mail")
    client = demo.test_client()

    assert "Second mail" not in client.get("/outbox?q=BERG").text
    assert "No mail matches" in client.get("/outbox?q=zzz").text


def test_long_outbox_has_pages(demo):
    for number in range(1, 53):
        send(demo, number=number, subject=f"Mail {number}")

    page = demo.test_client().get("/outbox?page=99").text

    assert "51 to 52 of 52" in page


def test_mail_is_shown_with_headers_text_and_calendar(demo):
    send(demo, html="<p>Hi</p>", calendar=CALENDAR)
    client = demo.test_client()

    page = client.get("/outbox/1")

    assert "ana@kodra.example" in page.text
    assert "Ana and Ben, at last" in page.text
    assert "20261208T100000 (Europe/Madrid)" in page.text
    assert "Method REQUEST" in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    download = client.get("/outbox/1/calendar.ics")
    assert (download.data, download.mimetype) == (CALENDAR, "text/calendar")
    assert client.get("/outbox/1/mail.eml").mimetype == "message/rfc822"


def test_mail_without_html_or_calendar_is_shown(demo):
    send(demo)
    client = demo.test_client()

    assert "<iframe" not in client.get("/outbox/1").text
    assert client.get("/outbox/1/calendar.ics").status_code == 404
    assert client.get("/outbox/2").status_code == 404


def test_html_of_a_mail_is_cleaned_and_caged(demo):
    send(demo, html='<p onclick="x()">Hi<script>alert(1)</script><img src="//evil/x"><a href="javascript:x()">a</a>'
                    '<a href="http://localhost/b">b</a></p>')  # fmt: skip

    page = demo.test_client().get("/outbox/1/html")

    body = page.text.partition("<body>")[2]
    assert body.strip().removesuffix("</html>").strip().removesuffix("</body>") == (
        '<p>Hi<a target="_top" rel="noopener noreferrer">a</a>'
        '<a href="http://localhost/b" target="_top" rel="noopener noreferrer">b</a></p>\n'
    )
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "sandbox allow-top-navigation-by-user-activation" in page.headers["Content-Security-Policy"]


def test_calendar_without_an_entry_says_nothing():
    assert outbox.calendar_facts(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n") == []


def test_strange_files_are_left_alone(tmp_path):
    (tmp_path / "notes.eml").write_text("x")
    (tmp_path / "00000003.eml").write_bytes(b"Subject: No date\r\n\r\nText")

    assert outbox.numbers(tmp_path) == [3]
    assert outbox.envelope(tmp_path, 3).sent_at is None


def test_link_of_a_sign_up_is_read_in_the_outbox(demo):
    client = demo.test_client()
    client.post("/account/sign-up", data=sign_up_values())

    assert "/account/confirm/" in client.get("/outbox/1/html").text


def test_every_mail_of_accounts_reads_well(demo):
    """Each template renders in both forms without a request."""
    from matchmaker.accounts import notices

    with demo.app_context():
        dora, owner = make_person(confirmed_at=None), make_person("Olivia Owner")
        with transaction():
            organisation = factories.make_organisation(name="Kodra")
            factories.make_membership(owner, organisation)
            asks = factories.make_membership(dora, organisation, state="pending", role="member")
        for notice in (notices.account_exists, notices.reset_password, notices.password_changed):
            notice(dora.id, "n")
        notices.confirm_address(dora.id, "n", "")
        notices.set_password(dora.id, "n", "")
        notices.confirm_new_email(dora.id, "n", "new@place.example")
        notices.email_changed(dora.id, "n", "old@place.example")
        notices.joiner_waits(asks.id, "n")
        notices.joiner_answered(dora.id, organisation.id, "y", True)
        notices.joiner_answered(dora.id, organisation.id, "z", False)
    folder = demo.config["SETTINGS"].instance_dir

    from pathlib import Path

    letters = [outbox.letter(Path(folder) / "outbox", n) for n in outbox.numbers(Path(folder) / "outbox")]
    assert len(letters) == 10
    assert all("Good day," in letter.text and "Good day," in letter.html for letter in letters)


@pytest.fixture
def people(demo, tmp_path, monkeypatch):
    """The people of the demo, of whom Ana has an account and may be anybody."""
    file = tmp_path / "accounts.json"
    file.write_text(
        json.dumps(
            {
                "accounts": [
                    {"email": "ana@kodra.example", "label": "Ana, participant", "one_click": True},
                    {"email": "gone@kodra.example", "label": "Gone", "one_click": True},
                    {"email": "ben@kodra.example", "label": "Ben", "one_click": False},
                ]
            }
        )
    )
    monkeypatch.setattr(demo_accounts, "DATA", file)
    demo_accounts._offered.cache_clear()
    with demo.app_context():
        make_person("Ana Alvarez", email="ana@kodra.example")
        make_person("Ben Berg", email="ben@kodra.example")
    yield demo
    demo_accounts._offered.cache_clear()


def test_sign_in_page_of_a_demo_offers_its_people(people):
    page = people.test_client().get("/account/sign-in?next=/outbox").text

    assert ("Ana, participant" in page, "Gone" in page, "Ben" in page) == (True, False, False)


def test_one_click_signs_in(people):
    client = people.test_client()

    response = client.post("/account/demo-sign-in", data={"email": "ana@kodra.example", "next": "/outbox"})

    assert (response.status_code, response.location) == (303, "/outbox")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("email", ["ben@kodra.example", "gone@kodra.example", ""])
def test_one_click_is_for_the_people_offered_only(people, email):
    assert people.test_client().post("/account/demo-sign-in", data={"email": email}).status_code == 404


def test_one_click_does_not_exist_elsewhere(cast, as_user):
    assert as_user(None).post("/account/demo-sign-in", data={"email": cast.ana.user.email}).status_code == 404


def test_demo_without_data_offers_nobody(demo, tmp_path, monkeypatch):
    monkeypatch.setattr(demo_accounts, "DATA", tmp_path / "missing.json")
    demo_accounts._offered.cache_clear()
    with demo.app_context():
        assert demo_accounts.accounts() == []
    demo_accounts._offered.cache_clear()


def test_confirmation_link_in_a_demo_leads_to_the_base_url(demo):
    demo.test_client().post("/account/sign-up", data=sign_up_values())
    from email import message_from_bytes
    from pathlib import Path

    raw = (Path(demo.config["SETTINGS"].instance_dir) / "outbox" / "00000001.eml").read_bytes()
    assert link_in(message_from_bytes(raw)).startswith("/account/confirm/")
