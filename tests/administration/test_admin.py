import pytest

from matchmaker import audit, jobs, mail
from matchmaker.administration.installation import shown_settings
from matchmaker.administration.naming import TASKS, task_name
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.jobs import Job, JobState
from matchmaker.jobs.tasks import REGISTER
from matchmaker.mail import MEMORY, Mail, Message, queue_mail
from matchmaker.settings import Settings
from tests import factories

PAGES = ["/admin", "/admin/users", "/admin/organisations", "/admin/jobs", "/admin/mails", "/admin/settings"]


@pytest.fixture
def client(cast, as_user):
    return as_user(cast.admin)


@jobs.task(retries=1)
def stumble(_number: int) -> None:
    """A job that fails until the test lets it succeed."""
    if not SUCCEEDS:
        raise RuntimeError("the tests want it so")


@jobs.task()
def stumble_for_good(_number: int) -> None:
    """A job that is not safe to run twice."""
    raise RuntimeError("the tests want it so")


SUCCEEDS: list[bool] = []


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_administrators(cast, client, as_user, page):
    assert as_user(None).get(page).status_code == 303
    assert as_user(cast.olga).get(page).status_code == 403
    assert client.get(page).status_code == 200


def test_figures_count_what_is_there(cast, client):
    page = client.get("/admin").text

    assert "1 not confirmed" not in page
    assert "Nothing waits" in page


def test_first_page_shows_what_waits(cast, client):
    with transaction():
        db.session.add(Job(task="x", state=JobState.QUEUED))
        db.session.add(Message(key="k", recipient="a@b.example", subject="s", raw=b""))
        factories.make_user(confirmed_at=None)

    page = client.get("/admin").text

    assert page.count("1 waiting, the oldest for 0 s") == 2
    assert "1 not confirmed" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=alvarez", ["Ana Alvarez"]),
        ("q=ANA+alv", ["Ana Alvarez"]),
        ("q=ben.", ["Ben Berg"]),
        ("state=administrators", ["Ada Admin"]),
        ("state=disabled", []),
        ("state=unconfirmed", []),
        ("state=active&q=Olga", ["Olga Organiser"]),
    ],
)
def test_people_are_found(cast, client, query, names):
    page = client.get(f"/admin/users?{query}").text

    everybody = ["Ana Alvarez", "Ben Berg", "Ada Admin", "Olga Organiser", "Carl Clark"]
    assert [name for name in everybody if f"{name}</a></th>" in page] == names


def test_list_of_people_is_exported_with_its_filters(cast, client):
    response = client.get("/admin/users/export.csv?q=alvarez")

    lines = response.data.decode("utf-8-sig").splitlines()
    assert (len(lines), lines[1].split(",")[:2]) == (2, ["Ana", "Alvarez"])
    assert client.get("/admin/users/export.exe").status_code == 404


def test_list_of_people_costs_the_same_however_long_it_is(cast, client, count_statements):
    with count_statements() as few:
        client.get("/admin/users")
    with transaction():
        for _ in range(10):
            factories.make_user()
    with count_statements() as many:
        client.get("/admin/users")

    assert many.count == few.count


def change(client, user, act):
    return client.post(f"/admin/users/{user.id}/{act}", follow_redirects=True)


def test_closing_an_account_ends_its_sign_ins(cast, client, as_user):
    theirs = as_user(cast.olga)

    page = change(client, cast.olga, "disable")

    assert "Open the account again" in page.text
    assert theirs.get("/account").status_code == 303
    assert db.session.scalars(db.select(audit.AuditEntry.action)).all() == ["user.disabled"]


def test_closed_account_is_opened_again(cast, client):
    change(client, cast.olga, "disable")
    change(client, cast.olga, "enable")

    db.session.refresh(cast.olga)
    assert cast.olga.disabled_at is None


def test_account_deleted_by_its_person_stays_closed(cast, client):
    with transaction():
        gone = factories.make_user(email="7@erased.invalid", disabled_at=now())

    page = change(client, gone, "enable")

    assert "was deleted by its person" in page.text


@pytest.mark.parametrize(
    ("act", "field", "value"),
    [
        ("make-admin", "is_admin", True),
        ("remove-admin", "is_admin", False),
        ("allow-events", "may_create_events", True),
        ("forbid-events", "may_create_events", False),
    ],
)
def test_rights_are_given_and_taken(cast, client, act, field, value):
    with transaction():
        user = factories.make_user(is_admin=not value, may_create_events=not value)

    change(client, user, act)

    db.session.refresh(user)
    assert getattr(user, field) is value


@pytest.mark.parametrize("act", ["disable", "remove-admin"])
def test_last_administrator_stays(cast, client, act):
    page = change(client, cast.admin, act)

    db.session.refresh(cast.admin)
    assert "This is the last administrator" in page.text
    assert (cast.admin.is_admin, cast.admin.disabled_at) == (True, None)


def test_administrators_send_a_link_and_set_no_password(cast, client):
    change(client, cast.olga, "password-link")

    assert (MEMORY[-1]["To"], MEMORY[-1]["Subject"]) == (cast.olga.email, "Set a new password")


def test_somebody_is_signed_out_everywhere(cast, client, as_user):
    theirs = as_user(cast.olga)

    change(client, cast.olga, "sign-out")

    assert theirs.get("/account").status_code == 303


def test_unknown_account_or_act_is_not_found(cast, client):
    assert client.get("/admin/users/999999").status_code == 404
    assert client.post("/admin/users/999999/disable").status_code == 404
    assert client.post(f"/admin/users/{cast.olga.id}/set-password").status_code == 404


def test_organisations_are_found_with_their_members(cast, client):
    with transaction():
        organisation = factories.make_organisation(name="Łódź Labs", search_text="lodz labs", domain="lodz.example")
        factories.make_membership(cast.olga, organisation)

    page = client.get("/admin/organisations?q=łódź").text

    assert "Łódź Labs" in page
    assert "Company" not in page
    assert client.get("/admin/organisations?q=nothing").status_code == 200


@pytest.fixture
def failed_job(cast):
    SUCCEEDS.clear()
    with transaction():
        job = jobs.enqueue(stumble, 1)
        job.attempts = 1
    db.session.refresh(job)
    assert job.state == JobState.FAILED
    return job


def test_failed_job_shows_why_and_is_tried_again(failed_job, client):
    assert "RuntimeError: the tests want it so" in client.get("/admin/jobs?state=failed").text
    SUCCEEDS.append(True)

    response = client.post(f"/admin/jobs/{failed_job.id}/retry")

    db.session.refresh(failed_job)
    assert (response.status_code, failed_job.state) == (303, JobState.DONE)


def test_job_that_is_not_safe_to_run_twice_is_not_offered(cast, client):
    with transaction():
        job = jobs.enqueue(stumble_for_good, 1)

    assert "Try again" not in client.get("/admin/jobs?state=failed").text
    assert client.post(f"/admin/jobs/{job.id}/retry").status_code == 409


def test_running_job_is_asked_to_stop(cast, client):
    with transaction():
        job = factories.stored(Job(task="x", state=JobState.RUNNING, heartbeat_at=now(), progress=40, label="Solving"))
    assert "40 % Solving" in client.get("/admin/jobs").text

    client.post(f"/admin/jobs/{job.id}/stop")

    db.session.refresh(job)
    assert job.stop_requested
    assert client.post("/admin/jobs/unknown/stop").status_code == 404


def test_empty_lists_say_so(cast, client):
    assert "No job matches" in client.get("/admin/jobs?state=interrupted").text
    assert "No mail matches" in client.get("/admin/mails?state=failed").text
    assert "Nobody matches" in client.get("/admin/users?q=zzz").text


@pytest.fixture
def failed_mail(cast):
    with transaction():
        message = queue_mail(Mail(key="k", to="ana@kodra.example", subject="Your meeting", text="A secret link"))
    with transaction():
        message.state, message.error, message.attempts = mail.MessageState.FAILED, "550 no such person", 8
    MEMORY.clear()
    return message


def test_failed_mail_shows_why_but_not_its_text(failed_mail, client):
    page = client.get("/admin/mails?state=failed&q=KODRA").text

    assert "550 no such person" in page
    assert "A secret link" not in page


def test_failed_mail_is_sent_again(failed_mail, client):
    response = client.post(f"/admin/mails/{failed_mail.id}/retry")

    assert (response.status_code, [each["To"] for each in MEMORY]) == (303, ["ana@kodra.example"])
    assert client.post(f"/admin/mails/{failed_mail.id}/retry").status_code == 409
    assert client.post("/admin/mails/999999/retry").status_code == 404


def test_nothing_is_mailed_to_erased_accounts(cast):
    with transaction():
        assert queue_mail(Mail(key="k", to="7@erased.invalid", subject="s", text="t")) is None


def test_settings_are_shown_without_secrets():
    settings = Settings(
        secret_key="do not show", smtp_password="nor this", database_url="postgresql+psycopg://me:hush@db/matchmaker"
    )

    shown = {setting.variable: setting for setting in shown_settings(settings)}

    assert shown["MATCHMAKER_SECRET_KEY"].value == "•••••"
    assert shown["MATCHMAKER_SMTP_PASSWORD"].value == "•••••"
    assert shown["MATCHMAKER_DATABASE_URL"].value == "postgresql+psycopg://me:•••••@db/matchmaker"
    assert (shown["MATCHMAKER_JOBS"].value, shown["MATCHMAKER_JOBS"].is_default) == ("thread", True)


def test_every_task_has_a_name_for_people():
    ours = {name.removeprefix("matchmaker.") for name in REGISTER if name.startswith("matchmaker.")}

    assert ours == set(TASKS)
    assert task_name("matchmaker.mail.delivery.deliver") == "Deliver a mail"
    assert task_name("matchmaker.gone.task") == "gone.task"


@pytest.fixture
def lists(cast, client):
    with transaction():
        factories.make_membership(cast.olga, factories.make_organisation(name="Łódź Labs", search_text="lodz labs"))
        db.session.add(Job(task="matchmaker.mail.delivery.deliver", state=JobState.DONE))
        db.session.add(Job(task="matchmaker.scheduling.runs.solve_run", state=JobState.FAILED, error="no plan"))
        for recipient in ("ana@a.example", "ben@b.example"):
            db.session.add(Message(key=recipient, recipient=recipient, subject="Hello", raw=b"secret text"))

    def rows(listed, **arguments):
        answer = client.get(f"/admin/{listed}/export.csv", query_string=arguments)
        assert (answer.status_code, answer.mimetype) == (200, "text/csv")
        return [line.split(",") for line in answer.data.decode("utf-8-sig").splitlines()[1:]]

    return rows


def test_the_lists_are_files_with_their_filters(lists):
    assert [row[0] for row in lists("jobs", state="failed")] == ["Scheduling run"]
    assert sorted(row[0] for row in lists("jobs")) == ["Deliver a mail", "Scheduling run"]
    assert [row[:3] for row in lists("mails", q="ben@")] == [["Hello", "ben@b.example", "Queued"]]
    assert [(row[0], row[-1]) for row in lists("organisations", q="łódź")] == [("Łódź Labs", "1")]


def test_the_file_of_mails_keeps_their_text_to_themselves(client, lists):
    assert "secret" not in client.get("/admin/mails/export.csv").text


@pytest.mark.parametrize("listed", ["organisations", "jobs", "mails"])
def test_the_files_come_in_both_forms_and_for_administrators_only(cast, as_user, client, listed):
    assert client.get(f"/admin/{listed}/export.xlsx").data[:2] == b"PK"
    assert client.get(f"/admin/{listed}/export.pdf").status_code == 404
    assert as_user(cast.olga).get(f"/admin/{listed}/export.csv").status_code == 403
