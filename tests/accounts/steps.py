"""Steps that several tests of accounts take: typing into the sign-up form, reading the newest mail."""

import re
from typing import Any

from matchmaker.accounts.passwords import hash_password
from matchmaker.db import transaction
from matchmaker.mail import MEMORY
from tests import factories

PASSWORD = "long walks in autumn"
# One hash for all: a slow hash for every test person would be most of the time of the suite.
HASH = hash_password(PASSWORD)


def make_person(name: str = "Dora Doe", **values: Any) -> Any:
    """A confirmed user with ``PASSWORD``."""
    with transaction():
        return factories.make_user(name, **({"password_hash": HASH} | values))


def sign_up_values(**values: str) -> dict[str, str]:
    """What somebody types to make an account."""
    return {
        "first_name": "Nina",
        "last_name": "Novak",
        "email": "nina@novak.example",
        "password": PASSWORD,
        "timezone": "Europe/Zagreb",
    } | values


def newest_mail() -> Any:
    """The last mail delivered."""
    return MEMORY[-1]


def text_of(mail: Any) -> str:
    """The plain text of a mail."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()


def link_in(mail: Any) -> str:
    """The path of the first link to our site in a mail."""
    found = re.search(r"http://localhost(/\S+)", text_of(mail))
    assert found, "the mail has no link"
    return found[1]


def sign_in(client: Any, email: str, password: str = PASSWORD, **more: str) -> Any:
    """Sign in through the form."""
    return client.post("/account/sign-in", data={"email": email, "password": password, **more})
