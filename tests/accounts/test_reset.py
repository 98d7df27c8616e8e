from datetime import timedelta

import pytest

from matchmaker.clock import clock, now
from matchmaker.mail import MEMORY
from tests.accounts.steps import link_in, make_person, newest_mail, sign_in

NEW = "a new and longer one"


@pytest.fixture
def visitor(database, as_user):
    return as_user(None)


def ask(visitor, email):
    response = visitor.post("/account/forgot", data={"email": email})
    assert (response.status_code, response.location) == (303, "/account/check-mail?about=reset")
    assert visitor.get(response.location).status_code == 200


def test_form_is_shown(visitor):
    assert visitor.get("/account/forgot?email=a@b.example").status_code == 200


def test_mistyped_address_is_refused(visitor):
    assert visitor.post("/account/forgot", data={"email": "nothing"}).status_code == 422


def test_unknown_and_closed_accounts_get_the_same_answer_and_no_mail(visitor):
    ask(visitor, "unknown@nowhere.example")
    ask(visitor, make_person(disabled_at=now()).email)

    assert MEMORY == []


def test_link_sets_a_new_password_and_ends_every_sign_in(visitor, as_user):
    dora = make_person()
    elsewhere = as_user(dora)
    ask(visitor, dora.email)
    link = link_in(newest_mail())

    assert visitor.get(link).status_code == 200
    assert visitor.post(link, data={"password": NEW}).location == "/account/sign-in"

    assert elsewhere.get("/account").status_code == 303
    assert sign_in(visitor, dora.email).status_code == 403
    assert sign_in(visitor, dora.email, NEW).status_code == 303
    assert newest_mail()["Subject"] == "Your password was changed"


def test_link_works_once(visitor):
    ask(visitor, make_person().email)
    link = link_in(newest_mail())
    visitor.post(link, data={"password": NEW})

    assert visitor.post(link, data={"password": "another password"}).status_code == 410


def test_earlier_link_dies_with_the_password_change(visitor):
    dora = make_person()
    ask(visitor, dora.email)
    first = link_in(newest_mail())
    ask(visitor, dora.email)
    visitor.post(link_in(newest_mail()), data={"password": NEW})

    assert visitor.get(first).status_code == 410


def test_link_is_too_old_after_two_hours(visitor):
    ask(visitor, make_person().email)
    clock.freeze(now() + timedelta(hours=2, seconds=1))

    assert visitor.get(link_in(newest_mail())).status_code == 410


def test_link_of_an_account_closed_meanwhile_is_dead(visitor):
    from matchmaker.db import transaction

    dora = make_person()
    ask(visitor, dora.email)
    with transaction():
        dora.disabled_at = now()

    assert visitor.get(link_in(newest_mail())).status_code == 410


def test_weak_password_is_refused_and_the_link_lives(visitor):
    dora = make_person(email="dora@doe-industries.example")
    ask(visitor, dora.email)
    link = link_in(newest_mail())

    assert visitor.post(link, data={"password": "doe-industries!"}).status_code == 422
    assert visitor.post(link, data={"password": NEW}).status_code == 303


def test_reset_confirms_the_address_too(visitor):
    dora = make_person(confirmed_at=None)
    ask(visitor, dora.email)

    visitor.post(link_in(newest_mail()), data={"password": NEW})

    assert sign_in(visitor, dora.email, NEW).status_code == 303
