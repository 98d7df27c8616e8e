import pytest

from matchmaker.accounts import queries
from matchmaker.accounts.models import Membership, User, UserSession
from matchmaker.db import db, transaction
from matchmaker.mail import MEMORY
from tests import factories
from tests.accounts.steps import PASSWORD, link_in, make_person, newest_mail, sign_in

NEW = "a new and longer one"


@pytest.fixture
def dora(database):
    return make_person()


@pytest.fixture
def client(dora, as_user):
    return as_user(dora)


@pytest.mark.parametrize("page", ["", "/password", "/email", "/sign-ins", "/data", "/delete", "/data/export"])
def test_pages_need_a_sign_in(as_user, database, client, page):
    assert as_user(None).get(f"/account{page}").status_code == 303
    assert client.get(f"/account{page}").status_code == 200


def test_profile_is_changed(client, dora):
    values = {"first_name": " Dora ", "last_name": "Dale", "job_title": "Head of R&D", "timezone": "Europe/Athens",
              "locale": "en"}  # fmt: skip

    response = client.post("/account", data=values)

    db.session.refresh(dora)
    assert (response.status_code, response.location) == (303, "/account")
    assert (dora.full_name, dora.job_title, dora.timezone) == ("Dora Dale", "Head of R&D", "Europe/Athens")


def test_mistake_in_the_profile_comes_back(client):
    response = client.post("/account", data={"first_name": "", "last_name": "Dale", "timezone": "Nowhere"})

    assert response.status_code == 422
    assert "Dale" in response.text


def test_password_change_ends_all_other_sign_ins_and_links(client, dora, as_user):
    elsewhere = as_user(dora)
    as_user(None).post("/account/forgot", data={"email": dora.email})
    mailed = link_in(newest_mail())

    response = client.post("/account/password", data={"present": PASSWORD, "password": NEW})

    assert response.status_code == 303
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert client.get(mailed).status_code == 410
    assert sign_in(as_user(None), dora.email, NEW).status_code == 303
    assert newest_mail()["Subject"] == "Your password was changed"


def test_password_change_needs_the_present_one(client, dora):
    response = client.post("/account/password", data={"present": "not mine at all", "password": NEW})

    assert response.status_code == 422
    assert "This is not your present password." in response.text


def test_weak_new_password_is_refused(client):
    assert client.post("/account/password", data={"present": PASSWORD, "password": "password1"}).status_code == 422


def test_new_address_counts_once_it_is_confirmed(client, dora, as_user):
    old = dora.email
    client.post("/account/email", data={"present": PASSWORD, "email": "Dora@New-Place.example"})
    link = link_in(newest_mail())
    assert (newest_mail()["To"], dora.email) == ("dora@new-place.example", old)

    shown, pressed = as_user(None).get(link), as_user(None).post(link)

    db.session.refresh(dora)
    assert (shown.status_code, pressed.status_code) == (200, 303)
    assert dora.email == "dora@new-place.example"
    assert (newest_mail()["To"], newest_mail()["Subject"]) == (old, "Your address was changed")
    assert client.post(link).status_code == 410


def test_address_of_somebody_else_gets_the_same_answer_and_no_mail(client):
    other = make_person("Otto Other")

    response = client.post("/account/email", data={"present": PASSWORD, "email": other.email})

    assert (response.status_code, MEMORY) == (303, [])


def test_address_taken_between_mail_and_click_is_refused(client, dora):
    client.post("/account/email", data={"present": PASSWORD, "email": "dora@new-place.example"})
    link = link_in(newest_mail())
    make_person("Otto Other", email="dora@new-place.example")

    response = client.post(link)

    assert response.status_code == 409
    assert "This address can&#39;t be used" in response.text


def test_address_change_needs_the_present_password(client):
    response = client.post("/account/email", data={"present": "not mine at all", "email": "a@new-place.example"})

    assert (response.status_code, MEMORY) == (422, [])


def test_one_sign_in_is_ended_from_another(client, dora, as_user):
    elsewhere = as_user(dora)
    newest = max(queries.open_sessions(dora), key=lambda session: session.id)

    assert client.post(f"/account/sign-ins/{newest.id}/end").status_code == 303

    assert elsewhere.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


def test_sign_in_of_somebody_else_is_not_found(client, as_user):
    other = make_person("Otto Other")
    theirs = as_user(other)
    session = queries.open_sessions(other)[0]

    assert client.post(f"/account/sign-ins/{session.id}/end").status_code == 404
    assert theirs.get("/account").status_code == 200


def test_all_other_sign_ins_are_ended_at_once(client, dora, as_user):
    others = [as_user(dora), as_user(dora)]

    client.post("/account/sign-ins/end-others")

    assert [other.get("/account").status_code for other in others] == [303, 303]
    assert client.get("/account").status_code == 200


def test_list_of_sign_ins_costs_the_same_however_long_it_is(client, dora, as_user, count_statements):
    with count_statements() as few:
        client.get("/account/sign-ins")
    for _ in range(5):
        as_user(dora)
    with count_statements() as many:
        client.get("/account/sign-ins")

    assert many.count == few.count


def test_export_holds_the_account_and_no_secrets(client, dora):
    with transaction():
        factories.make_membership(dora, factories.make_organisation(name="Doe Industries"))

    response = client.get("/account/data/export")

    data = response.json
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert (data["account"]["email"], data["organisations"][0]["organisation"]) == (dora.email, "Doe Industries")
    assert "password_hash" not in data["account"]
    assert [session.keys() & {"token_hash"} for session in data["sign_ins"]] == [set()]


def test_deleting_needs_the_password(client, dora):
    assert client.post("/account/delete", data={"present": "not mine at all"}).status_code == 422
    assert dora.disabled_at is None


def test_deleting_blanks_the_row_and_signs_out(client, dora, as_user):
    old, elsewhere = dora.email, as_user(dora)

    response = client.post("/account/delete", data={"present": PASSWORD})

    db.session.expire_all()
    erased = db.session.get_one(User, dora.id)
    assert (response.status_code, response.location) == (303, "/")
    assert (erased.full_name, erased.email, erased.password_hash) == (
        "Deleted account",
        f"{dora.id}@erased.invalid",
        "",
    )
    assert db.session.scalar(db.select(db.func.count(UserSession.id)).where(UserSession.user_id == dora.id)) == 0
    assert elsewhere.get("/account").status_code == 303
    assert sign_in(as_user(None), old).status_code == 403


def test_freed_address_may_sign_up_again(client, dora, as_user):
    email = dora.email
    client.post("/account/delete", data={"present": PASSWORD})

    as_user(None).post(
        "/account/sign-up",
        data={"first_name": "D", "last_name": "Doe", "email": email, "password": NEW, "timezone": "UTC"},
    )

    assert newest_mail()["Subject"] == "Confirm your address"


def test_last_administrator_cannot_delete_the_account(as_user, database):
    admin = make_person("Ada Admin", is_admin=True)
    client = as_user(admin)

    response = client.post("/account/delete", data={"present": PASSWORD})

    assert response.status_code == 422
    assert "This is the last administrator" in response.text


def test_member_of_longest_standing_owns_the_organisation_when_the_owner_deletes(client, dora):
    with transaction():
        organisation = factories.make_organisation()
        factories.make_membership(dora, organisation)
        second = factories.make_membership(factories.make_user(), organisation, role="member")
        factories.make_membership(factories.make_user(), organisation, role="member")
    membership_id = second.id

    client.post("/account/delete", data={"present": PASSWORD})

    db.session.expire_all()
    stored = db.session.scalars(db.select(Membership).order_by(Membership.id)).all()
    assert [(each.id == membership_id, each.role) for each in stored] == [(True, "owner"), (False, "member")]


def test_jobs_of_mails_to_a_deleted_person_are_removed(client, dora):
    from matchmaker.jobs import Job

    client.post("/account/email", data={"present": PASSWORD, "email": "dora@new-place.example"})
    client.post("/account/delete", data={"present": PASSWORD})

    tasks = db.session.scalars(db.select(Job.task).where(Job.task.contains("confirm_new_email"))).all()
    assert tasks == []
