import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from matchmaker.accounts import passwords, queries
from matchmaker.accounts.models import UserSession
from matchmaker.clock import clock, now
from matchmaker.db import db, transaction
from tests import factories
from tests.accounts.steps import HASH, PASSWORD, make_person, sign_in


@pytest.fixture
def visitor(database, as_user):
    return as_user(None)


def test_form_is_shown(visitor):
    assert visitor.get("/account/sign-in").status_code == 200


def test_right_password_signs_in(visitor):
    dora = make_person()

    response = sign_in(visitor, dora.email.upper())

    assert response.status_code == 303
    assert visitor.get("/account").status_code == 200


def test_newcomer_is_asked_for_the_organisation_first(visitor):
    assert sign_in(visitor, make_person().email).location == "/organisations/join"


def test_later_sign_ins_do_not_ask_again(visitor, app):
    dora = make_person()
    sign_in(visitor, dora.email)

    assert sign_in(visitor, dora.email).location == "/my-events"


def test_member_of_an_organisation_goes_home(visitor, app):
    dora = make_person()
    with transaction():
        factories.make_membership(dora, factories.make_organisation())

    location = sign_in(visitor, dora.email).location

    assert location == "/my-events"


@pytest.mark.parametrize("target", ["/events/fair", "/events/fair?tab=2"])
def test_page_one_wanted_is_shown_after_signing_in(visitor, target):
    assert sign_in(visitor, make_person().email, next=target).location == target


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"])
def test_forged_next_leads_nowhere_else(visitor, target):
    assert sign_in(visitor, make_person().email, next=target).location == "/organisations/join"


def test_wrong_password_and_unknown_address_get_the_same_answer(visitor):
    dora = make_person()

    wrong = sign_in(visitor, dora.email, "not her password")
    unknown = sign_in(visitor, "unknown@nowhere.example", "not her password")

    assert (wrong.status_code, unknown.status_code) == (403, 403)
    pages = wrong.text.replace(dora.email, "x"), unknown.text.replace("unknown@nowhere.example", "x")
    wrong_page, unknown_page = (re.sub('name="csrf_token" value="[^"]*"', "", page) for page in pages)
    assert wrong_page == unknown_page


def test_account_without_a_password_cannot_be_signed_in_to(visitor):
    dora = make_person(password_hash="")

    assert sign_in(visitor, dora.email, "nobody's password").status_code == 403


def test_closed_account_is_told_so_only_with_the_right_password(visitor):
    dora = make_person(disabled_at=now())

    assert "This account is closed" in sign_in(visitor, dora.email).text
    assert "This account is closed" not in sign_in(visitor, dora.email, "not her password").text


def test_incomplete_form_is_refused(visitor):
    response = sign_in(visitor, "", "")

    assert response.status_code == 422
    assert "Enter your password." in response.text


def test_old_hash_is_replaced_at_sign_in(visitor):
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    dora = make_person(password_hash=old)

    sign_in(visitor, dora.email)

    db.session.refresh(dora)
    assert dora.password_hash != old
    assert passwords.password_matches(dora.password_hash, PASSWORD)


def test_good_hash_stays_as_it_is(visitor):
    dora = make_person()

    sign_in(visitor, dora.email)

    db.session.refresh(dora)
    assert dora.password_hash == HASH


def test_password_is_the_same_however_the_keyboard_composes_it():
    stored = passwords.hash_password("café au lait ﬁne")

    assert passwords.password_matches(stored, "cafe\u0301 au lait fine")


def test_broken_hash_matches_nothing():
    assert not passwords.password_matches("not a hash", PASSWORD)


def test_signing_in_starts_a_new_cookie(visitor):
    dora = make_person()
    with visitor.session_transaction() as session:
        session["planted"] = "by somebody else"

    sign_in(visitor, dora.email)

    with visitor.session_transaction() as session:
        assert "planted" not in session


def test_cookie_kept_from_before_signing_out_is_refused(app, visitor):
    sign_in(visitor, make_person().email)
    kept = visitor.get_cookie("session").value
    assert visitor.post("/account/sign-out").status_code == 303

    thief = app.test_client()
    thief.set_cookie("session", kept)

    assert thief.get("/account").status_code == 303
    assert visitor.get("/account").status_code == 303


def test_signing_out_without_being_signed_in_does_nothing(visitor):
    assert visitor.post("/account/sign-out").location == "/"


def test_signing_out_needs_a_post(visitor):
    assert visitor.get("/account/sign-out").status_code == 405


def test_sign_in_ends_after_hours_without_use(visitor):
    sign_in(visitor, make_person().email)
    clock.freeze(now() + timedelta(hours=73))

    assert visitor.get("/account").status_code == 303


def test_sign_in_in_use_stays_open(visitor):
    dora = make_person()
    sign_in(visitor, dora.email)
    for _ in range(3):
        clock.freeze(now() + timedelta(hours=48))
        assert visitor.get("/account").status_code == 200

    assert db.session.scalar(db.select(UserSession.last_seen_at).where(UserSession.user_id == dora.id)) == now()


def test_sign_in_ends_after_thirty_days_however_much_it_is_used(visitor):
    sign_in(visitor, make_person().email)
    statuses = []
    for _ in range(16):
        clock.freeze(now() + timedelta(hours=48))
        statuses.append(visitor.get("/account").status_code)

    assert statuses == [200] * 15 + [303]


def test_sign_ins_that_are_over_are_not_listed(visitor):
    dora = make_person()
    sign_in(visitor, dora.email)
    listed = [len(queries.open_sessions(dora))]
    clock.freeze(now() + timedelta(hours=73))
    listed.append(len(queries.open_sessions(dora)))

    assert listed == [1, 0]


def test_each_sign_in_is_stored_without_its_secret(visitor):
    dora = make_person()

    visitor.post(
        "/account/sign-in",
        data={"email": dora.email, "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
    )

    stored = db.session.scalars(db.select(UserSession).where(UserSession.user_id == dora.id)).one()
    with visitor.session_transaction() as session:
        assert stored.token_hash != session["_user_id"]
    assert "Firefox on Linux" in visitor.get("/account/sign-ins").text
