import pytest

from matchmaker.accounts import queries
from tests.accounts.steps import PASSWORD, make_person, sign_in


@pytest.fixture
def run(app, database):
    return app.test_cli_runner().invoke


def path_in(output):
    return output.strip().rpartition("http://localhost")[2]


def test_create_admin_makes_an_account_that_gets_its_password_by_the_printed_link(run, as_user):
    result = run(args=["accounts", "create-admin", "Ada@Admin.example"])

    client = as_user(None)
    link = path_in(result.output)
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": PASSWORD}).status_code == 303
    assert client.post(link, data={"password": PASSWORD}).status_code == 410
    assert sign_in(client, "ada@admin.example").status_code == 303
    assert client.get("/admin").status_code == 200


def test_create_admin_keeps_an_account_that_is_there(run):
    dora = make_person()

    run(args=["accounts", "create-admin", dora.email])

    user = queries.user_by_email(dora.email)
    assert (user.is_admin, user.full_name, user.id) == (True, "Dora Doe", dora.id)


def test_create_admin_refuses_what_is_no_address(run):
    result = run(args=["accounts", "create-admin", "nobody"])

    assert result.exit_code == 1
    assert result.output == "Error: nobody is not a mail address.\n"
