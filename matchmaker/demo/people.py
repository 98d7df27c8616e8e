"""The people and organisations of the demo."""

from dataclasses import dataclass, field
from typing import Any

from matchmaker import vocabulary
from matchmaker.accounts.models import Membership, MembershipRole, MembershipState, Organisation, User
from matchmaker.clock import now
from matchmaker.db import db
from matchmaker.demo.content import organisations, read
from matchmaker.web.folding import fold


@dataclass
class People:
    """Who was loaded: users by mail address, organisations by id of the file, representatives of each organisation."""

    users: dict[str, User] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    representatives: dict[str, list[User]] = field(default_factory=dict)


def load_people() -> People:
    """Store every organisation with its representatives, and the accounts of the demo. No one has a password."""
    people = People()
    extra = {row["id"]: row for row in read("accounts")["extra_organisations"]} | _partners()
    for key, row in (organisations() | extra).items():
        people.organisations[key] = _organisation(row)
    db.session.add_all(people.organisations.values())
    for key, row in organisations().items():
        people.representatives[key] = [
            _user(people, each["email"], each, each["role"]) for each in row["representatives"]
        ]
    for row in read("accounts")["accounts"]:
        user = _user(people, row["email"], row, row["job_title"])
        user.is_admin = row["role"] == "administrator"
        user.may_create_events = row["role"] in ("organiser", "administrator")
        people.accounts[row["id"]] = user
    db.session.flush()
    _join(people, extra)
    return people


def _organisation(row: dict[str, Any]) -> Organisation:
    kind = vocabulary.terms("organisation_kinds")[row["kind"]]
    texts = {name: row.get(name) or "" for name in ("size", "region", "city", "website", "ecosystem", "domain")}
    return Organisation(
        name=row["name"], search_text=fold(row["name"]), kind=row["kind"], helix_type=kind["helix_type"],
        country=row["country"], value_chain_position=row.get("value_chain_position") or "",
        description=row.get("description") or "", **texts,
    )  # fmt: skip


def _user(people: People, email: str, row: dict[str, Any], job_title: str) -> User:
    email = email.casefold()
    if email not in people.users:
        people.users[email] = User(
            email=email, first_name=row["first_name"], last_name=row["last_name"], job_title=job_title,
            timezone=row["timezone"], confirmed_at=now(),
        )  # fmt: skip
        db.session.add(people.users[email])
    return people.users[email]


def _partners() -> dict[str, dict[str, Any]]:
    """Return the partners of the project as organisations, for the people who organise."""
    return {
        row["code"]: {**row, "kind": "public", "domain": "", "description": ""}
        for row in read("project")["partners"]
    }  # fmt: skip


def _join(people: People, extra: dict[str, Any]) -> None:
    members = [(users[0], key, MembershipRole.OWNER) for key, users in people.representatives.items()]
    members += [
        (user, key, MembershipRole.MEMBER) for key, users in people.representatives.items() for user in users[1:]
    ]
    for row in read("accounts")["accounts"]:
        key = row["partner"] or next((each for each, found in extra.items() if found.get("member") == row["id"]), None)
        if key in extra:
            members.append((people.accounts[row["id"]], str(key), MembershipRole.OWNER))
    for user, key, role in members:
        organisation_id = people.organisations[key].id
        membership = Membership(
            user_id=user.id, organisation_id=organisation_id, role=role, state=MembershipState.ACTIVE
        )
        db.session.add(membership)
