"""Writing a profile: the form, what is stored, copies and clashes."""

import pytest

from matchmaker.db import db, transaction
from matchmaker.profiles import queries
from matchmaker.profiles.content import Content
from matchmaker.profiles.models import Profile, ProfileItem
from matchmaker.registrations.signals import participant_confirmed
from tests import factories

URL = "/events/fair/me/profile"


def typed(version=1, **values):
    return {"version": version, "is_visible": "y", **values}


def profile_of(participant):
    db.session.expire_all()
    return db.session.scalar(db.select(Profile).where(Profile.participant_id == participant.id))


def test_everything_typed_is_stored(cast, as_user):
    answer = as_user(cast.ana).post(URL, data=typed(**{
        "description": "We build robots.", "offers-0": "Robot cells", "offers-2": "Training", "needs-1": "Vision software",
        "topics": ["industrial_robots", "machine_vision"], "sectors": ["28"], "wanted_sectors": ["26", "62"],
        "cooperation": ["pilot_project"], "languages": ["en", "es"],
    }))  # fmt: skip

    assert (answer.status_code, answer.location) == (303, URL)
    assert queries.content_of(cast.ana) == Content(
        description="We build robots.", offers=("Robot cells", "Training"), needs=("Vision software",),
        topics=("industrial_robots", "machine_vision"), sectors=("28",), wanted_sectors=("26", "62"),
        cooperation=("pilot_project",), languages=("en", "es"),
    )  # fmt: skip


def test_saving_keeps_search_text_completeness_and_the_time_of_change(cast, as_user):
    as_user(cast.ana).post(URL, data=typed(**{"offers-0": "Świetłówki für Straßen", "languages": ["de"]}))

    profile = profile_of(cast.ana)
    assert "swietlowki fur strassen" in profile.search_text
    assert "german" in profile.search_text
    assert "ana alvarez" in profile.search_text
    assert (profile.completeness, profile.version) == (25, 2)


def test_visibility_can_be_taken_back(cast, as_user):
    as_user(cast.ana).post(URL, data={"version": 1, "offers-0": "Robots"})

    assert profile_of(cast.ana).is_visible is False


def test_exchanging_two_lines_is_a_new_version(cast, as_user):
    client = as_user(cast.ana)
    client.post(URL, data=typed(**{"offers-0": "One", "needs-0": "One"}))
    client.post(URL, data=typed(2, **{"offers-0": "One", "offers-1": "Two", "needs-0": "One"}))
    client.post(URL, data=typed(3, **{"offers-0": "Two", "offers-1": "One", "needs-0": "One"}))

    assert queries.content_of(cast.ana).offers == ("Two", "One")
    assert profile_of(cast.ana).version == 4


def test_saving_without_a_change_is_no_new_version(cast, as_user):
    client = as_user(cast.ana)
    client.post(URL, data=typed(**{"offers-0": "One"}))
    client.post(URL, data=typed(2, **{"offers-0": "One"}))

    assert profile_of(cast.ana).version == 2


def test_a_stale_form_is_refused_and_keeps_what_was_typed(cast, as_user):
    client = as_user(cast.ana)
    client.post(URL, data=typed(**{"offers-0": "From the other window"}))

    answer = client.post(URL, data=typed(1, **{"offers-0": "Typed for an hour"}))

    assert answer.status_code == 409
    assert "saved in another window" in answer.text
    assert "Typed for an hour" in answer.text
    assert queries.content_of(cast.ana).offers == ("From the other window",)
    assert 'name="version" type="hidden" value="2"' in answer.text


def test_saving_again_after_a_clash_replaces_the_other_version(cast, as_user):
    client = as_user(cast.ana)
    client.post(URL, data=typed(**{"offers-0": "Old"}))

    answer = client.post(URL, data=typed(2, **{"offers-0": "New"}))

    assert answer.status_code == 303
    assert queries.content_of(cast.ana).offers == ("New",)


def test_too_long_and_unknown_input_comes_back_with_the_text(cast, as_user):
    answer = as_user(cast.ana).post(URL, data=typed(**{"offers-0": "x" * 501, "topics": ["nonsense"]}))

    assert answer.status_code == 422
    assert "x" * 501 in answer.text
    assert "Please choose from the list" in answer.text


def test_a_text_with_control_characters_is_refused(cast, as_user):
    answer = as_user(cast.ana).post(URL, data=typed(**{"needs-0": "a\x07b"}))

    assert answer.status_code == 422


def test_at_most_five_lines_are_kept(cast, as_user):
    lines = {f"offers-{number}": f"Offer {number}" for number in range(9)}

    as_user(cast.ana).post(URL, data=typed(**lines))

    assert len(queries.content_of(cast.ana).offers) == 5


def test_repeated_lines_are_stored_once(cast, as_user):
    as_user(cast.ana).post(URL, data=typed(**{"offers-0": "Robots", "offers-1": " Robots \n"}))

    assert db.session.scalars(db.select(ProfileItem.text)).all() == ["Robots"]


def test_the_form_shows_what_is_stored(cast, as_user):
    with transaction():
        factories.make_profile(
            cast.ana, ("Robot cells",), ("Vision",), {"topic": ("machine_vision",)}, description="Hi"
        )

    page = as_user(cast.ana).get(URL).text

    assert "Robot cells</textarea>" in page
    assert " ".join(page.split()).count('value="machine_vision" checked') == 1


def test_hostile_text_is_inert(cast, as_user):
    hostile = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    client = as_user(cast.ana)
    client.post(URL, data=typed(**{"description": hostile, "offers-0": hostile}))

    page = client.get(URL).text

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_an_earlier_profile_fills_the_form_and_stores_nothing(cast, as_user):
    with transaction():
        earlier = factories.make_participant(cast.other_event, cast.ana.user)
        factories.make_profile(earlier, ("Robot cells of last year",), completeness=20)

    client = as_user(cast.ana)
    offer = client.get(URL).text
    page = client.get(f"{URL}?from={earlier.id}").text

    assert f"?from={earlier.id}" in offer
    assert "Robot cells of last year</textarea>" in page
    assert queries.content_of(cast.ana).offers == ()


def test_the_profile_of_somebody_else_can_not_be_copied(cast, as_user):
    with transaction():
        factories.make_profile(cast.carl, ("Carl's secret",), completeness=20)

    answer = as_user(cast.ana).get(f"{URL}?from={cast.carl.id}")

    assert answer.status_code == 404


def test_outsiders_have_no_profile_here(cast, as_user):
    codes = [as_user(person).get(URL).status_code for person in (cast.carl, cast.olga)]

    assert codes == [403, 403]


def test_confirmed_participants_get_an_empty_profile_once(cast):
    with transaction():
        newcomer = factories.make_participant(cast.event)
        db.session.delete(profile_of(newcomer))
        db.session.flush()
        participant_confirmed.send(newcomer)
        participant_confirmed.send(newcomer)

    assert queries.content_of(newcomer) == Content()


def test_a_participant_without_profile_gets_one_by_saving(cast, as_user):
    with transaction():
        db.session.delete(profile_of(cast.ana))

    answer = as_user(cast.ana).post(URL, data=typed(0, **{"offers-0": "Robots"}))

    assert answer.status_code == 303
    assert queries.content_of(cast.ana).offers == ("Robots",)


@pytest.mark.parametrize(
    ("state", "status"), [("pending", 200), ("waiting", 200), ("attended", 200), ("declined", 403), ("cancelled", 403)]
)
def test_whoever_may_still_get_in_writes_a_profile_already(cast, as_user, state, status):
    with transaction():
        cast.ana.state = state

    assert as_user(cast.ana).get("/events/fair/me/profile").status_code == status


@pytest.mark.parametrize("state", ["pending", "waiting"])
def test_the_overview_leads_those_who_wait_to_their_profile(cast, as_user, state):
    with transaction():
        cast.ana.state = state

    page = as_user(cast.ana).get("/events/fair/").text

    assert "Write your profile meanwhile" in page
    assert [path for path in ("profile", "partners", "requests") if f"/events/fair/me/{path}" in page] == ["profile"]
