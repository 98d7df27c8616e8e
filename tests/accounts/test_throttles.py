"""Throttling, on an application of its own with limits switched on."""

import pytest

from matchmaker.app import create_app
from matchmaker.db import db
from matchmaker.schema import metadata
from tests.accounts.steps import make_person, sign_in, sign_up_values


@pytest.fixture
def limited(tmp_path, frozen_clock):
    """A client of an application with limits."""
    app = create_app(
        instance_dir=str(tmp_path), jobs="inline", mail="memory", base_url="http://localhost", embedding_model="lexical"
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        metadata.create_all(db.engine)
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


def test_one_account_is_guessed_at_five_times_a_minute(limited):
    dora, other = make_person(), make_person("Otto Other")
    answers = [sign_in(limited, dora.email, f"guess number {n}").status_code for n in range(6)]

    assert answers == [403, 403, 403, 403, 403, 429]
    assert sign_in(limited, dora.email.upper()).status_code == 429
    assert sign_in(limited, other.email).status_code == 303


def test_signing_in_often_with_the_right_password_is_no_guessing(limited):
    dora = make_person()

    assert {sign_in(limited, dora.email).status_code for _ in range(8)} == {303}


def test_one_place_tries_thirty_accounts_a_minute(limited):
    answers = [sign_in(limited, f"person{n}@firm.example", "some password").status_code for n in range(31)]

    assert answers == [403] * 30 + [429]


def test_one_address_gets_three_mails_in_ten_minutes(limited):
    answers = [limited.post("/account/forgot", data={"email": "dora@doe.example"}).status_code for _ in range(4)]

    assert answers == [303, 303, 303, 429]


def test_form_with_a_mistake_does_not_count_as_a_mail(limited):
    wrong = [limited.post("/account/sign-up", data=sign_up_values(password="short")).status_code for _ in range(5)]

    assert wrong == [422] * 5
    assert limited.post("/account/sign-up", data=sign_up_values()).status_code == 303


def test_forged_forwarded_address_does_not_help(limited):
    answers = [
        limited.post(
            "/account/sign-in",
            data={"email": f"p{n}@firm.example", "password": "guess"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        ).status_code
        for n in range(31)
    ]

    assert answers[-1] == 429
