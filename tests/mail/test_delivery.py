"""Queued mails leave by SMTP, into a folder or into memory, and wait while the server is away."""

import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy.exc import IntegrityError

from matchmaker import mail
from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.jobs import Job, run_job
from matchmaker.mail import MEMORY, Mail, Message, queue_mail
from tests import factories
from tests.conftest import NOW


class Inbox:
    """What the server received: (sender, recipients, bytes); ``answer`` is what it says to a message."""

    def __init__(self):
        self.received, self.signed_in = [], []
        self.answer = "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the name that aiosmtpd calls
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.answer


@pytest.fixture
def server():
    inbox = Inbox()

    def authenticate(_server, _session, _envelope, _mechanism, data):
        inbox.signed_in.append((data.login, data.password))
        return AuthResult(success=True)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, authenticator=authenticate, auth_require_tls=False)
    controller.start()
    inbox.port = port
    yield inbox
    controller.stop()


def hello(**values):
    return Mail(**({"key": "hello", "to": "ana@company.example", "subject": "Hello", "text": "Grüße"} | values))


def queue(**values):
    with transaction():
        return queue_mail(hello(**values))


def stored():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(db.select(Message)).one()


def job():
    return db.session.scalars(db.select(Job).order_by(Job.created_at.desc(), Job.id)).first()


def unused_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_mail_leaves_by_smtp(make_app, server):
    with make_app(mail="smtp", smtp_port=server.port).app_context():
        queue()

        message = stored()
        assert (message.state, message.attempts, message.sent_at, message.error) == ("sent", 1, NOW, "")
    [(sender, recipients, content)] = server.received
    assert (sender, recipients) == ("no-reply@matchmaker.example", ["ana@company.example"])
    assert content == message.raw


def test_the_server_may_ask_for_a_name(make_app, server):
    settings = {"smtp_user": "fair", "smtp_password": "secret"}
    with make_app(mail="smtp", smtp_port=server.port, **settings).app_context():
        queue()

    assert server.signed_in == [(b"fair", b"secret")]
    assert len(server.received) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_without_the_encryption_asked_for_gets_nothing(make_app, server, security):
    with make_app(mail="smtp", smtp_port=server.port, smtp_security=security).app_context():
        queue()

        assert (stored().state, server.received) == ("queued", [])


def test_a_server_that_is_away_delays_the_mail_and_nothing_else(make_app, server):
    app = make_app(mail="smtp", smtp_port=unused_port())
    with app.app_context():
        with transaction():
            person = factories.make_user()
            queue_mail(hello())
        message = stored()
        assert person.id is not None
        assert (message.state, message.attempts, message.sent_at) == ("queued", 1, None)
        assert "refused" in message.error.lower()
        assert (job().state, job().due_at) == ("queued", NOW + timedelta(seconds=30))

    app = make_app(mail="smtp", smtp_port=server.port)
    with app.app_context():
        clock.freeze(NOW + timedelta(seconds=30))
        run_job(job().id)
        assert (stored().state, stored().attempts, stored().error) == ("sent", 2, "")
    assert len(server.received) == 1


def test_after_seven_retries_it_is_failed_and_can_be_queued_once_more(make_app, server):
    server.answer = "554 No such person here"
    with make_app(mail="smtp", smtp_port=server.port).app_context():
        queue()
        for _ in range(7):
            clock.freeze(clock.now() + timedelta(hours=2))
            run_job(job().id)

        assert (stored().state, stored().attempts, job().state) == ("failed", 8, "failed")
        assert "No such person here" in stored().error

        server.answer = "250 OK"
        with transaction():
            mail.retry(stored_in_transaction())
        assert (stored().state, stored().attempts) == ("sent", 9)


def stored_in_transaction():
    return db.session.scalars(db.select(Message)).one()


def test_a_mail_that_waits_or_was_sent_is_not_queued_twice(make_app):
    with make_app(mail="memory").app_context():
        queue()
        jobs_before = db.session.scalar(db.select(db.func.count(Job.id)))
        with transaction():
            mail.retry(stored_in_transaction())

        assert db.session.scalar(db.select(db.func.count(Job.id))) == jobs_before
        assert (stored().state, len(MEMORY)) == ("sent", 1)


def test_an_address_that_smtp_cannot_say_is_noted_as_a_failure(make_app, server):
    with make_app(mail="smtp", smtp_port=server.port).app_context():
        queue(to="žana@company.example")

        assert stored().state == "queued"
        assert stored().error != ""


def test_delivering_twice_sends_once(make_app, server):
    with make_app(mail="smtp", smtp_port=server.port).app_context():
        queue()
        mail.deliver(stored().id)
        mail.deliver(4711)

    assert len(server.received) == 1


def test_the_outbox_has_a_file_for_each_mail(make_app, instance_folder):
    with make_app(mail="outbox").app_context():
        queue()
        raw, number = stored().raw, stored().id

    folder = instance_folder / "outbox"
    assert [file.name for file in folder.iterdir()] == [f"{number:08d}.eml"]
    assert next(folder.iterdir()).read_bytes() == raw


def test_memory_keeps_the_newest_last(database):
    queue()
    queue(key="second", to="ben@company.example")

    assert [message["To"] for message in MEMORY] == ["ana@company.example", "ben@company.example"]


def test_a_key_is_stored_once(database):
    assert queue() is not None
    assert queue(subject="Again") is None

    assert (stored().subject, len(MEMORY)) == ("Hello", 1)


def test_erased_accounts_get_no_mail(database):
    assert queue(to="erased-7@account.invalid") is None


def test_two_identical_notices_at_once_make_one_mail_and_break_nothing(database, monkeypatch):
    """Both looked before either wrote: the index decides, and the caller's own work is kept."""
    queue()
    looked = []
    real = db.session.scalar

    def blind_at_first(*arguments):
        looked.append(1)
        return None if len(looked) == 1 else real(*arguments)

    with transaction():
        person = factories.make_user("Nina New")
        monkeypatch.setattr(db.session, "scalar", blind_at_first)
        assert queue_mail(hello(subject="Again")) is None

    monkeypatch.undo()
    assert (stored().subject, person.first_name) == ("Hello", "Nina")


def test_another_clash_of_constraints_is_not_hidden(database):
    with pytest.raises(IntegrityError), transaction():
        queue_mail(hello(event_id=4711))
        db.session.flush()
