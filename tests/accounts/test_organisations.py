import pytest

from matchmaker import audit
from matchmaker.accounts import queries
from matchmaker.accounts.errors import AlreadyMember
from matchmaker.accounts.models import Membership, Organisation
from matchmaker.accounts.services import members
from matchmaker.db import db, transaction
from matchmaker.mail import MEMORY
from tests import factories
from tests.accounts.steps import make_person, newest_mail, text_of

VALUES = {
    "name": "Kodra Robotics S.L.", "kind": "sme", "helix_type": "", "size": "small", "country": "ES",
    "region": "Murcia", "city": "Cartagena", "website": "kodra.example", "ecosystem": "digital",
    "value_chain_position": "integrator", "description": "Robots for greenhouses.",
}  # fmt: skip


@pytest.fixture
def owner(database):
    return make_person("Olivia Owner", email="olivia@kodra.example")


@pytest.fixture
def kodra(owner):
    with transaction():
        organisation = factories.make_organisation(name="Kodra", domain="kodra.example", city="Cartagena")
        factories.make_membership(owner, organisation)
    return organisation


@pytest.fixture
def dora(database):
    return make_person("Dora Doe", email="dora@kodra.example")


def stored_membership(user, organisation):
    db.session.expire_all()
    return queries.membership_of(user, organisation)


def test_entering_makes_the_first_owner(dora, as_user):
    client = as_user(dora)
    assert client.get("/organisations/new?name=Kodra").status_code == 200

    response = client.post("/organisations/new", data=VALUES)

    entered = db.session.scalars(db.select(Organisation)).one()
    assert (response.status_code, response.location) == (303, f"/organisations/{entered.id}")
    assert (entered.helix_type, entered.website, entered.domain) == (
        "business",
        "https://kodra.example",
        "kodra.example",
    )
    assert entered.search_text == "kodra robotics s.l."
    membership = stored_membership(dora, entered)
    assert (membership.role, membership.state) == ("owner", "active")
    assert db.session.scalars(db.select(audit.AuditEntry.action)).all() == ["organisation.created"]
    assert client.get(response.location).status_code == 200


def test_helix_type_may_differ_from_the_kind(dora, as_user):
    as_user(dora).post("/organisations/new", data=VALUES | {"helix_type": "civil_society"})

    assert db.session.scalars(db.select(Organisation)).one().helix_type == "civil_society"


def test_domain_of_a_mail_provider_suggests_nothing(database, as_user):
    private = make_person("Pat Private", email="pat@gmail.com")

    as_user(private).post("/organisations/new", data=VALUES)

    assert db.session.scalars(db.select(Organisation)).one().domain == ""
    assert queries.organisations_by_domain(private) == []


def test_nearly_the_same_name_is_asked_about_first(kodra, dora, as_user):
    client = as_user(dora)

    first = client.post("/organisations/new", data=VALUES | {"name": "KODRA SL"})
    second = client.post("/organisations/new", data=VALUES | {"name": "KODRA SL", "is_new": "yes"})

    assert first.status_code == 409
    assert "Did you mean one of these?" in first.text
    assert f"/organisations/{kodra.id}/ask" in first.text
    assert 'value="KODRA SL"' in first.text
    assert second.status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "x"), ("name", "<script>"), ("kind", "circus"), ("country", ""),
        ("website", "javascript:alert(1)"), ("website", "ftp://kodra.example"), ("website", "https://kodra"),
        ("website", "https://user@kodra.example"), ("website", "https://[bad"), ("website", "https://ko dra.example"),
        ("description", "x" * 4001),
    ],
)  # fmt: skip
def test_mistakes_come_back(dora, as_user, field, value):
    response = as_user(dora).post("/organisations/new", data=VALUES | {field: value})

    assert response.status_code == 422
    assert db.session.scalar(db.select(db.func.count(Organisation.id))) == 0


def test_empty_website_is_fine(dora, as_user):
    assert as_user(dora).post("/organisations/new", data=VALUES | {"website": ""}).status_code == 303


def test_colleagues_are_suggested_by_mail_domain(kodra, dora, as_user):
    page = as_user(dora).get("/organisations/join").text

    assert "People with your mail domain" in page
    assert f"/organisations/{kodra.id}/ask" in page


def test_unconfirmed_address_suggests_nothing(kodra, database):
    assert queries.organisations_by_domain(make_person(confirmed_at=None, email="x@kodra.example")) == []


def test_part_of_a_domain_suggests_the_whole(kodra, database):
    assert queries.organisations_by_domain(make_person(email="x@lab.kodra.example")) == [kodra]


def test_search_by_name_finds_other_spellings(kodra, dora, as_user):
    client = as_user(dora)

    assert "Kodra" in client.get("/organisations/join?q=kodrá sl").text
    assert "There is no organisation with a name like" in client.get("/organisations/join?q=zzzzzz").text
    assert "Type at least three letters." in client.get("/organisations/join?q=ko").text


def test_typing_a_name_answers_with_those_alike(kodra, dora, as_user):
    client = as_user(dora)

    found = client.get("/organisations/similar?name=kodr").json
    assert found == {"organisations": [{"id": kodra.id, "name": "Kodra", "place": "Cartagena, Spain"}]}
    assert client.get("/organisations/similar?name=k").json == {"organisations": []}
    assert as_user(None).get("/organisations/similar?name=kodra").status_code == 303


def test_asking_to_join_tells_the_owners(kodra, owner, dora, as_user):
    client = as_user(dora)

    response = client.post(f"/organisations/{kodra.id}/ask")

    assert (response.status_code, response.location) == (303, "/organisations")
    assert stored_membership(dora, kodra).state == "pending"
    assert (newest_mail()["To"], newest_mail()["Subject"]) == (owner.email, "Dora Doe wants to join Kodra")
    assert f"http://localhost/organisations/{kodra.id}" in text_of(newest_mail())
    assert "Waiting for an owner" in client.get("/organisations").text


def test_who_waits_sees_no_people(kodra, dora, as_user):
    client = as_user(dora)
    client.post(f"/organisations/{kodra.id}/ask")

    page = client.get(f"/organisations/{kodra.id}")

    assert page.status_code == 200
    assert "Olivia Owner" not in page.text


def test_asking_twice_is_told(kodra, dora, as_user):
    client = as_user(dora)
    client.post(f"/organisations/{kodra.id}/ask")
    MEMORY.clear()

    page = client.post(f"/organisations/{kodra.id}/ask", follow_redirects=True)

    assert "You belong to this organisation already" in page.text
    assert MEMORY == []


def test_two_requests_at_the_same_moment_make_one_membership(kodra, dora):
    with transaction():
        members.ask_to_join(dora, kodra)
    with transaction(), pytest.raises(AlreadyMember):
        members.ask_to_join(dora, kodra)

    assert db.session.scalar(db.select(db.func.count(Membership.id)).where(Membership.user_id == dora.id)) == 1


def test_next_leads_back_to_where_one_came_from(kodra, dora, as_user):
    client = as_user(dora)

    assert client.post(f"/organisations/{kodra.id}/ask?next=/events/fair").location == "/events/fair"
    assert client.post(f"/organisations/{kodra.id}/ask?next=//evil.example").location == "/organisations"


def test_administrators_are_told_where_there_is_no_owner(dora, as_user, database):
    admin = make_person("Ada Admin", is_admin=True)
    with transaction():
        empty = factories.make_organisation(name="Ownerless")
    as_user(dora).post(f"/organisations/{empty.id}/ask")
    assert newest_mail()["To"] == admin.email
    membership = stored_membership(dora, empty)

    client = as_user(admin)
    assert client.get(f"/organisations/{empty.id}").status_code == 200
    client.post(f"/organisations/{empty.id}/members/{membership.id}/approve")

    membership = stored_membership(dora, empty)
    assert (membership.state, membership.role) == ("active", "owner")


@pytest.fixture
def joiner(kodra, dora):
    with transaction():
        membership = members.ask_to_join(dora, kodra)
    MEMORY.clear()
    return membership


def act(client, organisation, membership, name):
    return client.post(f"/organisations/{organisation.id}/members/{membership.id}/{name}")


def test_owner_lets_somebody_in(kodra, owner, joiner, dora, as_user):
    client = as_user(owner)
    assert "Wants to join" in client.get(f"/organisations/{kodra.id}").text

    assert act(client, kodra, joiner, "approve").status_code == 303
    act(client, kodra, joiner, "approve")

    membership = stored_membership(dora, kodra)
    assert (membership.state, membership.role) == ("active", "member")
    assert [mail["To"] for mail in MEMORY] == [dora.email]
    assert "you belong to Kodra now" in text_of(newest_mail())


def test_owner_declines_somebody(kodra, owner, joiner, dora, as_user):
    act(as_user(owner), kodra, joiner, "remove")

    assert stored_membership(dora, kodra) is None
    assert "was declined" in text_of(newest_mail())


def test_members_may_not_let_people_in(kodra, joiner, dora, as_user):
    assert act(as_user(dora), kodra, joiner, "approve").status_code == 403
    assert stored_membership(dora, kodra).state == "pending"


def test_strangers_find_nothing(kodra, joiner, as_user):
    client = as_user(make_person("Carl Clark"))

    assert client.get(f"/organisations/{kodra.id}").status_code == 404
    assert client.get(f"/organisations/{kodra.id}/edit").status_code == 404
    assert client.post(f"/organisations/{kodra.id}/leave").status_code == 404
    assert act(client, kodra, joiner, "approve").status_code == 404
    assert client.post("/organisations/999999/ask").status_code == 404
    assert client.get("/organisations/999999").status_code == 404


def test_membership_of_another_organisation_is_not_found(kodra, owner, as_user):
    with transaction():
        foreign = factories.make_membership(factories.make_user(), factories.make_organisation())

    assert act(as_user(owner), kodra, foreign, "remove").status_code == 404
    assert act(as_user(owner), kodra, foreign, "explode").status_code == 404


@pytest.fixture
def colleague(kodra, dora):
    with transaction():
        return factories.make_membership(dora, kodra, role="member")


def test_owner_makes_a_member_an_owner_and_back(kodra, owner, colleague, dora, as_user):
    client = as_user(owner)

    act(client, kodra, colleague, "promote")
    promoted = stored_membership(dora, kodra).role
    act(client, kodra, colleague, "promote")
    act(client, kodra, colleague, "demote")

    assert (promoted, stored_membership(dora, kodra).role) == ("owner", "member")


def test_owner_removes_a_member(kodra, owner, colleague, dora, as_user):
    act(as_user(owner), kodra, colleague, "remove")

    assert stored_membership(dora, kodra) is None


def test_last_owner_stays_while_others_remain(kodra, owner, colleague, as_user):
    client = as_user(owner)
    mine = queries.membership_of(owner, kodra)

    left = client.post(f"/organisations/{kodra.id}/leave", follow_redirects=True)
    removed = act(client, kodra, mine, "remove")
    demoted = act(client, kodra, mine, "demote")

    assert "An organisation needs an owner" in left.text
    assert (removed.status_code, demoted.status_code) == (303, 303)
    assert stored_membership(owner, kodra).role == "owner"


def test_owner_leaves_when_there_is_another(kodra, owner, colleague, as_user):
    client = as_user(owner)
    act(client, kodra, colleague, "promote")

    client.post(f"/organisations/{kodra.id}/leave")

    assert stored_membership(owner, kodra) is None


def test_last_person_may_leave(kodra, owner, as_user):
    as_user(owner).post(f"/organisations/{kodra.id}/leave")

    assert stored_membership(owner, kodra) is None


def test_request_is_taken_back(kodra, joiner, dora, as_user):
    as_user(dora).post(f"/organisations/{kodra.id}/leave")

    assert stored_membership(dora, kodra) is None


def test_owner_edits_the_organisation(kodra, owner, as_user):
    client = as_user(owner)
    assert client.get(f"/organisations/{kodra.id}/edit").status_code == 200

    values = VALUES | {"version": str(kodra.version), "helix_type": "business", "name": "Kodra Robotics"}
    response = client.post(f"/organisations/{kodra.id}/edit", data=values)

    db.session.expire_all()
    entry = db.session.scalars(db.select(audit.AuditEntry)).one()
    assert (response.status_code, kodra.name, kodra.search_text) == (303, "Kodra Robotics", "kodra robotics")
    assert (entry.action, entry.changes["name"]) == ("organisation.changed", ["Kodra", "Kodra Robotics"])


def test_saving_without_a_change_records_nothing(kodra, owner, as_user):
    values = {"name": "Kodra", "kind": "sme", "helix_type": "business", "country": "ES", "city": "Cartagena"}

    as_user(owner).post(f"/organisations/{kodra.id}/edit", data=values | {"version": str(kodra.version)})

    assert db.session.scalars(db.select(audit.AuditEntry)).all() == []


def test_stale_edit_loses_nothing(kodra, owner, as_user):
    client = as_user(owner)
    stale = VALUES | {"version": str(kodra.version), "name": "First wins"}
    client.post(f"/organisations/{kodra.id}/edit", data=stale)

    response = client.post(f"/organisations/{kodra.id}/edit", data=stale | {"name": "Second is told"})

    db.session.expire_all()
    assert response.status_code == 409
    assert "Second is told" in response.text
    assert kodra.name == "First wins"
    assert f'name="version" type="hidden" value="{kodra.version}"' in response.text


def test_members_may_not_edit(kodra, colleague, dora, as_user):
    client = as_user(dora)

    assert client.get(f"/organisations/{kodra.id}/edit").status_code == 403
    assert "Olivia Owner" in client.get(f"/organisations/{kodra.id}").text


def test_mistake_while_editing_comes_back(kodra, owner, as_user):
    response = as_user(owner).post(f"/organisations/{kodra.id}/edit", data=VALUES | {"name": "", "version": "1"})

    assert response.status_code == 422


def test_page_of_people_costs_the_same_however_many_they_are(kodra, owner, as_user, count_statements):
    client = as_user(owner)
    with count_statements() as few:
        client.get(f"/organisations/{kodra.id}")
    with transaction():
        for _ in range(5):
            factories.make_membership(factories.make_user(), kodra, role="member")
    with count_statements() as many:
        client.get(f"/organisations/{kodra.id}")

    assert many.count == few.count


def test_list_of_organisations_costs_the_same_however_long_it_is(owner, kodra, as_user, count_statements):
    client = as_user(owner)
    with count_statements() as few:
        client.get("/organisations")
    with transaction():
        for _ in range(5):
            factories.make_membership(owner, factories.make_organisation())
    with count_statements() as many:
        client.get("/organisations")

    assert many.count == few.count


def test_without_an_organisation_the_list_invites_to_find_one(dora, as_user):
    assert "Find your organisation" in as_user(dora).get("/organisations").text
