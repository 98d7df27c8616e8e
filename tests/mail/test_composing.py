"""What a message looks like on the wire."""

from email import message_from_bytes, policy

import pytest

from matchmaker.mail import Mail, sender_address
from matchmaker.mail.outbox import compose

ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Caf\xc3\xa9\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def composed(database):
    def compose_and_read(**values):
        defaults = {"key": "meeting-1", "to": "ana@company.example", "subject": "Hello", "text": "Good morning"}
        raw = compose(Mail(**(defaults | values)))
        assert raw.isascii(), "no server has to know 8-bit mail"
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        return message_from_bytes(raw, policy=policy.default)

    return compose_and_read


def test_a_plain_mail(composed):
    message = composed()

    assert (message["From"], message["To"], message["Subject"]) == (
        "Matchmaker <no-reply@matchmaker.example>", "ana@company.example", "Hello",
    )  # fmt: skip
    assert message["Message-ID"] == "<meeting-1@matchmaker.example>"
    assert (message["Date"], message["Auto-Submitted"]) == ("Mon, 23 Nov 2026 09:00:00 +0000", "auto-generated")
    assert message.get_content().strip() == "Good morning"


def test_every_letter_arrives(composed):
    text = "Łódź, Καλημέρα, 你好\n" + "x" * 2000

    message = composed(subject="Žaneta · 会议", text=text, html=f"<p>{text}</p>")

    assert message["Subject"] == "Žaneta · 会议"
    assert message.get_body(("plain",)).get_content().splitlines() == text.splitlines()
    assert message.get_body(("html",)).get_content().splitlines() == f"<p>{text}</p>".splitlines()


@pytest.mark.parametrize("subject", ["Hi\r\nBcc: eve@evil.example", "Hi\nBcc: eve@evil.example", "Hi\x00\x1b[1m"])
def test_a_subject_adds_no_headers(composed, subject):
    message = composed(subject=subject, headers={"List-Unsubscribe": f"<{subject}>"})

    assert message["Bcc"] is None
    assert message["Subject"].startswith("Hi ")


def test_a_recipient_adds_no_headers(composed):
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        composed(to="ana@company.example\r\nBcc: eve@evil.example")


def test_a_key_of_any_letters_makes_a_message_id(composed):
    assert composed(key="tell ana>\r\n<evil")["Message-ID"] == "<tell-ana----evil@matchmaker.example>"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_is_an_alternative_and_a_file(composed, method):
    message = composed(html="<p>Hi</p>", calendar=ICS, method=method)

    alternatives, file = message.iter_parts()
    kinds = [part.get_content_type() for part in alternatives.iter_parts()]
    calendar = list(alternatives.iter_parts())[-1]
    assert (message.get_content_type(), kinds) == ("multipart/mixed", ["text/plain", "text/html", "text/calendar"])
    assert (calendar.get_param("method"), calendar.get_param("charset")) == (method, "utf-8")
    assert calendar.get_payload(decode=True) == ICS
    assert (file.get_filename(), file.get_content(), file.get_content_disposition()) == (
        "meeting.ics",
        ICS,
        "attachment",
    )


def test_the_sender_is_the_organiser_of_calendar_entries(database):
    assert sender_address() == "no-reply@matchmaker.example"
