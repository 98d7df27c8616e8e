from datetime import timedelta

import pytest

from matchmaker.accounts import queries
from matchmaker.accounts.models import User
from matchmaker.accounts.services import entering
from matchmaker.clock import clock, now
from matchmaker.db import db, transaction
from matchmaker.mail import MEMORY
from tests.accounts.steps import PASSWORD, link_in, make_person, newest_mail, sign_in, sign_up_values, text_of


@pytest.fixture
def visitor(database, as_user):
    return as_user(None)


def test_form_is_shown(visitor):
    assert visitor.get("/account/sign-up").status_code == 200


def test_sign_up_makes_an_unconfirmed_account_and_sends_a_link(visitor):
    response = visitor.post("/account/sign-up", data=sign_up_values(email=" Nina@Novak.EXAMPLE "))

    user = queries.user_by_email("nina@novak.example")
    assert (response.status_code, response.location) == (303, "/account/check-mail?about=confirm")
    assert (user.full_name, user.timezone, user.is_confirmed) == ("Nina Novak", "Europe/Zagreb", False)
    assert (newest_mail()["To"], newest_mail()["Subject"]) == ("nina@novak.example", "Confirm your address")
    assert visitor.get(response.location).status_code == 200


def test_mail_to_an_unconfirmed_address_repeats_nothing_that_was_typed(visitor):
    visitor.post("/account/sign-up", data=sign_up_values(first_name="Buyviagra"))

    assert "Buyviagra" not in newest_mail().as_string()


def test_opening_the_link_changes_nothing_and_the_button_confirms(visitor):
    visitor.post("/account/sign-up", data=sign_up_values())
    link = link_in(newest_mail())

    shown = visitor.get(link)
    after_reading = queries.user_by_email("nina@novak.example").is_confirmed
    pressed = visitor.post(link)

    assert (shown.status_code, after_reading) == (200, False)
    assert (pressed.status_code, pressed.location) == (303, "/account/sign-in")
    assert queries.user_by_email("nina@novak.example").is_confirmed


def test_confirmation_link_works_once(visitor):
    visitor.post("/account/sign-up", data=sign_up_values())
    link = link_in(newest_mail())
    visitor.post(link)

    assert visitor.post(link).status_code == 410
    assert visitor.get(link).status_code == 410


def test_confirmation_link_is_too_old_after_three_days(visitor):
    visitor.post("/account/sign-up", data=sign_up_values())
    link = link_in(newest_mail())
    clock.freeze(now() + timedelta(days=3, seconds=1))

    assert visitor.get(link).status_code == 410


def test_changed_link_is_refused(visitor):
    visitor.post("/account/sign-up", data=sign_up_values())

    assert visitor.get(link_in(newest_mail())[:-1] + "!").status_code == 410


def test_link_for_one_purpose_is_refused_for_another(visitor):
    visitor.post("/account/sign-up", data=sign_up_values())
    token = link_in(newest_mail()).rpartition("/")[2]

    assert visitor.get(f"/account/reset/{token}").status_code == 410
    assert visitor.get(f"/account/confirm-email/{token}").status_code == 410


def test_after_confirmation_the_page_one_wanted_is_next(visitor):
    visitor.post("/account/sign-up", data=sign_up_values(next="/events/fair"))

    response = visitor.post(link_in(newest_mail()))

    assert response.location == "/account/sign-in?next=/events/fair"


def test_foreign_page_is_never_next(visitor):
    visitor.post("/account/sign-up", data=sign_up_values(next="//evil.example/x"))

    response = visitor.post(link_in(newest_mail()))

    assert response.location == "/account/sign-in"


def test_unconfirmed_person_cannot_sign_in_and_so_not_register(cast, visitor):
    visitor.post("/account/sign-up", data=sign_up_values())

    response = sign_in(visitor, "nina@novak.example")

    assert response.status_code == 403
    assert "Please confirm your address first" in response.text
    assert "/account/resend?email=nina@novak.example" in response.text
    assert visitor.get("/account").location == "/account/sign-in?next=/account"


def test_link_can_be_sent_again(visitor):
    visitor.post("/account/sign-up", data=sign_up_values())
    MEMORY.clear()

    response = visitor.post("/account/resend", data={"email": "nina@novak.example"})

    assert (response.status_code, len(MEMORY)) == (303, 1)
    assert visitor.post(link_in(newest_mail())).status_code == 303


@pytest.mark.parametrize("state", ["unknown", "confirmed", "disabled"])
def test_sending_again_answers_the_same_and_sends_nothing_to_others(visitor, state):
    values = {"disabled_at": now(), "confirmed_at": None} if state == "disabled" else {}
    email = "unknown@nowhere.example" if state == "unknown" else make_person(**values).email

    response = visitor.post("/account/resend", data={"email": email})

    assert (response.status_code, response.location) == (303, "/account/check-mail?about=confirm")
    assert MEMORY == []


def test_known_address_gets_the_same_answer_and_a_mail_that_tells(visitor):
    dora = make_person()
    before = dora.password_hash

    response = visitor.post("/account/sign-up", data=sign_up_values(email=dora.email))

    assert (response.status_code, response.location) == (303, "/account/check-mail?about=confirm")
    assert newest_mail()["Subject"] == "You have an account already"
    assert (dora.password_hash, dora.full_name) == (before, "Dora Doe")


def test_closed_account_gets_the_same_answer_and_no_mail(visitor):
    dora = make_person(disabled_at=now())

    response = visitor.post("/account/sign-up", data=sign_up_values(email=dora.email))

    assert (response.status_code, MEMORY) == (303, [])


def test_double_click_sends_a_link_that_still_works(visitor):
    visitor.post("/account/sign-up", data=sign_up_values())
    visitor.post("/account/sign-up", data=sign_up_values())

    visitor.post(link_in(newest_mail()))

    assert db.session.scalar(db.select(db.func.count(User.id))) == 1
    assert sign_in(visitor, "nina@novak.example").status_code == 303


def test_nobody_can_prepare_an_account_for_somebody_else(visitor):
    """Mallory signs up with Nina's address first; Nina signs up; only the mailbox decides on the password."""
    visitor.post("/account/sign-up", data=sign_up_values(password="mallory knows this"))
    first_link = link_in(newest_mail())
    visitor.post("/account/sign-up", data=sign_up_values())
    second_link = link_in(newest_mail())

    assert newest_mail()["Subject"] == "Set your password"
    assert visitor.post(first_link).status_code == 410
    assert visitor.post(second_link, data={"password": "only she knows this"}).status_code == 303
    assert sign_in(visitor, "nina@novak.example", "mallory knows this").status_code == 403
    assert sign_in(visitor, "nina@novak.example", "only she knows this").status_code == 303


def test_asking_again_without_a_password_leads_to_setting_one(visitor):
    visitor.post("/account/sign-up", data=sign_up_values(password="mallory knows this"))
    visitor.post("/account/sign-up", data=sign_up_values())

    visitor.post("/account/resend", data={"email": "nina@novak.example"})

    assert newest_mail()["Subject"] == "Set your password"


def test_two_sign_ups_at_the_same_moment_make_one_account(database):
    """The second was prepared before the first was stored, as in two requests side by side."""
    values = ("nina@novak.example", "Nina", "Novak", "UTC", PASSWORD)
    first, second = entering.newcomer(*values), entering.newcomer(*values)

    for person in (first, second):
        with transaction():
            entering.sign_up(person)

    assert db.session.scalar(db.select(db.func.count(User.id))) == 1
    assert [mail["Subject"] for mail in MEMORY] == ["Confirm your address", "Set your password"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("first_name", "", "Enter a name."),
        ("last_name", "www.evil.example", "Leave out signs"),
        ("first_name", "<b>", "Leave out signs"),
        ("email", "nobody", "This is not a complete mail address"),
        ("password", "seven77", "Use at least 8 characters"),
        ("password", "password123", "tried first"),
        ("password", "aaaaaaaaaaa", "tried first"),
        ("password", "x" * 129, "Use at most 128 characters"),
        ("password", "nina-novak-2026", "must not contain your address"),
        ("password", "my matchmaker account", "must not contain your address"),
        ("timezone", "Mars/Olympus", "Not a valid choice"),
    ],
)
def test_mistake_comes_back_with_everything_typed(visitor, field, value, message):
    response = visitor.post("/account/sign-up", data=sign_up_values(email="nina-novak@firm.example") | {field: value})

    assert response.status_code == 422
    assert message in response.text
    assert field == "last_name" or "Novak" in response.text
    assert db.session.scalar(db.select(db.func.count(User.id))) == 0


def test_mail_is_written_once_even_if_its_job_runs_twice(visitor):
    from matchmaker.accounts import notices

    dora = make_person(confirmed_at=None)
    notices.confirm_address(dora.id, "nonce", "")
    notices.confirm_address(dora.id, "nonce", "")

    assert len(MEMORY) == 1
    assert "confirm the address here" in text_of(newest_mail())


def test_mails_about_accounts_that_are_gone_are_not_written(database):
    from matchmaker.accounts import notices

    for notice in (notices.account_exists, notices.reset_password, notices.password_changed):
        notice(0, "nonce")
    notices.set_password(0, "nonce", "")
    notices.confirm_new_email(0, "nonce", "new@place.example")
    notices.joiner_waits(0, "nonce")
    notices.joiner_answered(0, 0, "nonce", True)

    assert MEMORY == []
