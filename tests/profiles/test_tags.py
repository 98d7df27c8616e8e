"""Tags: an open vocabulary that the participants of an event write together."""

import pytest

from matchmaker.clock import clock
from matchmaker.db import transaction
from matchmaker.profiles import queries
from tests import factories
from tests.conftest import NOW
from tests.profiles.test_editing import URL, profile_of, typed

LATER = NOW.replace(hour=12)
DIRECTORY = "/events/fair/me/directory"


def test_tags_are_split_at_commas_and_stored_in_one_form(cast, as_user):
    as_user(cast.ana).post(
        URL, data=typed(tags_offered="Laser  Welding, ISO 9001,, laser welding", tags_needed="Vision")
    )

    content = queries.content_of(cast.ana)
    assert (content.tags_offered, content.tags_needed) == (("laser welding", "iso 9001"), ("vision",))


@pytest.mark.parametrize(
    ("tags", "error"),
    [
        (", ".join(f"tag {n}" for n in range(11)), "At most 10 tags"),
        ("x" * 41, "is too long for a tag"),
        ("bad\x07tag", "characters that"),
    ],
)
def test_bad_tags_come_back_with_what_was_typed(cast, as_user, tags, error):
    answer = as_user(cast.ana).post(URL, data=typed(tags_offered=tags))

    assert answer.status_code == 422
    assert error in answer.text
    assert tags.split(", ")[-1] in answer.text


def test_a_tag_raises_the_score_and_is_found_by_words(cast, as_user):
    as_user(cast.ana).post(URL, data=typed(tags_offered="femtosecond laser"))

    assert profile_of(cast.ana).completeness == 5
    assert "Ana Alvarez" in as_user(cast.ben).get(f"{DIRECTORY}?q=femtosecond").text


def test_the_directory_can_be_narrowed_to_a_tag_on_either_side(cast, as_user):
    with transaction():
        cleo, dora, eva = (
            factories.make_participant(cast.event, factories.make_user(n)) for n in ("Cleo C", "Dora D", "Eva E")
        )
        factories.make_profile(cleo, facets={"tag_offered": ("vision",)})
        factories.make_profile(dora, facets={"tag_needed": ("vision",)})
        factories.make_profile(eva, facets={"topic": ("vision",)})

    page = as_user(cast.ana).get(f"{DIRECTORY}?tag=Vision").text

    assert [name in page for name in ("Cleo C", "Dora D", "Eva E")] == [True, True, False]
    assert f'href="{DIRECTORY}?tag=vision"' in page


def test_the_vocabulary_of_the_event_is_offered_the_most_used_first(cast, as_user):
    with transaction():
        for number in range(3):
            person = factories.make_participant(cast.event)
            factories.make_profile(person, facets={"tag_offered": ("welding",) if number else ("welding", "glass")})
        hidden = factories.make_participant(cast.event)
        factories.make_profile(hidden, facets={"tag_offered": ("secret",)}, is_visible=False)
        factories.make_profile(cast.carl, facets={"tag_offered": ("elsewhere",)})

    page = as_user(cast.ana).get(URL).text

    assert queries.tags_of_event(cast.event.id) == ["welding", "glass"]
    assert '<option value="welding"></option><option value="glass"></option>' in page


def test_tags_are_shown_to_others_and_exported(cast, as_user):
    with transaction():
        factories.make_profile(cast.ben, facets={"tag_offered": ("laser welding",), "tag_needed": ("glass",)})

    page = as_user(cast.ana).get(f"/events/fair/me/partners/{cast.ben.id}").text
    table = as_user(cast.olga).get("/events/fair/manage/profiles/export.csv").text

    assert "<li>laser welding</li>" in page
    assert "laser welding,glass" in table


def test_confirming_a_tag_counts_as_a_change_for_matching(cast, as_user):
    clock.freeze(LATER)

    as_user(cast.ana).post(URL, data=typed(tags_offered="vision"))

    assert profile_of(cast.ana).texts_changed_at == LATER


def test_who_may_ask_is_no_change_for_matching(cast, as_user):
    clock.freeze(LATER)

    as_user(cast.ana).post(URL, data=typed(asked_by=["cluster"]))

    assert profile_of(cast.ana).texts_changed_at == NOW
