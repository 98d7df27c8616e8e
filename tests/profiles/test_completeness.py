"""The score and its hints."""

from matchmaker.profiles.completeness import RULES, completeness, hints, rules_as_data
from matchmaker.profiles.content import Content

FULL = Content(
    description="x" * 80, offers=("a", "b"), needs=("c", "d"), topics=("t",), sectors=("28",), wanted_sectors=("62",),
    cooperation=("licence",), languages=("en",), tags_offered=("welding",), tags_needed=("vision",),
)  # fmt: skip


def test_an_empty_profile_has_nothing_and_a_full_one_everything(app):
    assert (completeness(Content()), completeness(FULL)) == (0, 100)
    assert (len(hints(Content())), hints(FULL)) == (len(RULES), [])


def test_the_first_hints_bring_most(app):
    assert [rule.part for rule in hints(Content(description="x" * 80))[:2]] == ["offers", "needs"]


def test_every_rule_names_a_part_of_the_content(app):
    with app.test_request_context():
        assert {rule["part"] for rule in rules_as_data()} <= set(FULL._fields)


def test_the_page_shows_score_and_hints_without_script(cast, as_user):
    page = as_user(cast.ana).get("/events/fair/me/profile").text

    assert "<strong data-completeness-value>0</strong>" in page
    assert "Add an offer: what can you do for a partner?" in page
