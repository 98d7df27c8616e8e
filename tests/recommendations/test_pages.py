"""What participants see: partners, seekers, one other in full, feedback."""

import re

import pytest

from matchmaker.clock import clock
from matchmaker.db import db, transaction
from matchmaker.profiles import queries as profiles
from matchmaker.profiles.models import ProfileItem
from matchmaker.profiles.services import never_meet
from matchmaker.recommendations.models import Feedback, Recommendation
from tests import factories
from tests.conftest import NOW
from tests.recommendations.support import ROBOTS, VISION, fit_for_each_other, newcomer, run_for

URL = "/events/fair/me/partners"


@pytest.fixture
def matched(cast):
    """Ana and Ben fit each other, a third doesn't; the run is done."""
    fit_for_each_other(cast.ana, cast.ben)
    newcomer(cast.event, "Zoe Zeller")
    run_for(cast.event)
    return cast


def unmarked(page):
    """The page without the marks on words that two sentences share."""
    return page.replace("<mark>", "").replace("</mark>", "")


def test_a_card_says_why(matched, as_user):
    page = unmarked(as_user(matched.ana).get(URL).text)

    assert "Ben Berg" in page
    assert "Excellent fit" in page
    assert page.index(VISION) < page.index(ROBOTS)
    assert "They have what you need" in page
    assert "Both want:" in page


def test_the_fallback_is_told_on_every_page_with_scores(matched, as_user):
    pages = [URL, f"{URL}/seekers", f"{URL}/{matched.ben.id}", "/events/fair/me/directory"]

    assert ["Only words were compared" in as_user(matched.ana).get(page).text for page in pages] == [True] * 4


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("?band=excellent", True), ("?band=good", False), ("?band=nonsense", True), ("?country=ES", True), ("?country=DE", False),
        ("?mutual=1", True), ("?kind=sme", True), ("?kind=large", False), ("?cooperation=pilot_project", True), ("?cooperation=licence", False),
        ("?language=en", True), ("?language=fr", False), ("?not_asked=1", True), ("?show=later", False), ("?show=zzz", True),
    ],
)  # fmt: skip
def test_the_list_can_be_narrowed(matched, as_user, address, shown):
    page = as_user(matched.ana).get(URL + address).text

    assert (f"{URL}/{matched.ben.id}" in page) == shown


def test_asked_partners_show_the_state_and_leave_the_list_of_those_not_asked(matched, as_user):
    with transaction():
        factories.make_request(matched.ana, matched.ben)

    mine, theirs = as_user(matched.ana).get(URL).text, as_user(matched.ben).get(URL).text
    rest = as_user(matched.ana).get(f"{URL}?not_asked=1").text

    assert "You asked for a meeting" in mine
    assert "Asks you for a meeting" in theirs
    assert "Ben Berg" not in rest


@pytest.mark.parametrize(
    ("state", "text"), [("accepted", "Meeting agreed"), ("declined", "Declined your request"), ("later", "You asked")]
)
def test_answers_are_shown(matched, as_user, state, text):
    with transaction():
        factories.make_request(matched.ana, matched.ben, state=state)

    assert text in as_user(matched.ana).get(f"{URL}/{matched.ben.id}").text


def test_setting_aside_hides_a_partner_and_can_be_undone(matched, as_user):
    client = as_user(matched.ana)

    answer = client.post(f"{URL}/{matched.ben.id}/feedback", data={"kind": "not_relevant"})
    after = client.get(answer.location).text
    aside = client.get(f"{URL}?show=not_relevant").text
    back = client.post(f"{URL}/{matched.ben.id}/undo")

    assert answer.status_code == back.status_code == 303
    assert "Ben Berg is set aside" in after
    assert f"{URL}/{matched.ben.id}/feedback" not in after
    assert "Put back" in aside
    assert db.session.scalar(db.select(Feedback)) is None


def test_the_last_word_counts(matched, as_user):
    client = as_user(matched.ana)
    client.post(f"{URL}/{matched.ben.id}/feedback", data={"kind": "not_relevant"})
    client.post(f"{URL}/{matched.ben.id}/feedback", data={"kind": "later"})

    assert db.session.scalars(db.select(Feedback.kind)).all() == ["later"]


@pytest.mark.parametrize(("kind", "status"), [("nonsense", 422), ("", 422)])
def test_unknown_feedback_is_refused(matched, as_user, kind, status):
    assert as_user(matched.ana).post(f"{URL}/{matched.ben.id}/feedback", data={"kind": kind}).status_code == status


def test_nobody_sets_themselves_aside(matched, as_user):
    assert as_user(matched.ana).post(f"{URL}/{matched.ana.id}/feedback", data={"kind": "later"}).status_code == 422


def test_strangers_and_hidden_people_are_not_found(matched, as_user):
    client = as_user(matched.ana)
    with transaction():
        profiles.profile_of(matched.ben).is_visible = False

    assert client.get(f"{URL}/{matched.carl.id}").status_code == 404
    assert client.post(f"{URL}/{matched.carl.id}/feedback", data={"kind": "later"}).status_code == 404
    assert client.get(f"{URL}/{matched.ben.id}").status_code == 404
    assert "Ben Berg" not in client.get(URL).text
    assert "Ben Berg" not in client.get(f"{URL}/seekers").text
    assert "Ben Berg" not in client.get("/events/fair/me/directory").text


def test_outsiders_see_no_partners(matched, as_user):
    paths = (URL, f"{URL}/seekers", f"{URL}/{matched.ben.id}", "/events/fair/me/directory")

    assert [as_user(person).get(path).status_code for person in (matched.carl, matched.olga) for path in paths] == [
        403
    ] * 8


def test_seekers_lists_who_looks_for_what_i_offer(matched, as_user):
    page = as_user(matched.ana).get(f"{URL}/seekers").text

    assert "Ben Berg" in page
    assert ROBOTS in page


def test_a_fit_is_seen_from_both_ends(matched, as_user):
    with transaction():
        db.session.execute(db.delete(Recommendation).where(Recommendation.participant_id == matched.ana.id))

    page = unmarked(as_user(matched.ana).get(f"{URL}/{matched.ben.id}").text)

    assert "Excellent fit" in page
    assert page.count(VISION) >= 2


def test_my_own_page_shows_me_as_others_do(matched, as_user):
    assert "This is how others see you" in as_user(matched.ana).get(f"{URL}/{matched.ana.id}").text


def test_the_page_says_what_is_missing(cast, as_user):
    client = as_user(cast.ana)

    def page():
        return client.get(URL).text

    empty = page()
    fit_for_each_other(cast.ana, cast.carl)
    without_run = page()
    run_for(cast.event)
    alone = page()
    with transaction():
        profile = profiles.profile_of(cast.ana)
        profile.is_visible, profile.texts_changed_at = False, NOW.replace(hour=12)
    hidden = page()
    with transaction():
        profiles.profile_of(cast.ana).is_visible = True
    newer = page()

    assert "First say what you offer and need" in empty
    assert "has not been run yet" in without_run
    assert "Nobody fits yet" in alone
    assert "Your profile is hidden" in hidden
    assert "newer than the matching" in newer


def test_a_changed_profile_is_told_beside_the_list(matched, as_user):
    clock.freeze(NOW.replace(hour=12))
    client = as_user(matched.ana)
    version = profiles.profile_of(matched.ana).version
    client.post("/events/fair/me/profile", data={"version": version, "offers-0": "Something else", "is_visible": "y"})

    assert "You changed your profile after the last matching run" in client.get(URL).text


def test_without_offers_nobody_can_look_for_them(cast, as_user):
    with transaction():
        factories.make_profile(cast.ana, (), ("Vision",))

    assert "You have not said what you offer" in as_user(cast.ana).get(f"{URL}/seekers").text


def test_empty_parts_of_the_list_say_so(matched, as_user):
    client = as_user(matched.ana)
    nobody, filtered = client.get(f"{URL}?show=later").text, client.get(f"{URL}?country=XX").text
    mine = db.select(Recommendation.other_id).where(Recommendation.participant_id == matched.ana.id)
    for other in db.session.scalars(mine).all():
        client.post(f"{URL}/{other}/feedback", data={"kind": "later"})

    assert "Whom you set aside is listed here" in nobody
    assert "Nobody fits these filters" in filtered
    assert "You have decided on everybody" in client.get(URL).text


def test_hostile_texts_are_inert(cast, as_user):
    hostile = "<script>alert(1)</script> welding robots \"'><img src=x onerror=alert(1)>"
    with transaction():
        factories.make_profile(cast.ana, (hostile,), ("welding robots",))
        factories.make_profile(cast.ben, ("welding robots",), (hostile,), description=hostile)
        cast.ben.user.job_title = hostile[:100]
        cast.ben.organisation.name = hostile
    run_for(cast.event)

    for path in (URL, f"{URL}/seekers", f"{URL}/{cast.ben.id}", "/events/fair/me/directory?q=" + hostile):
        page = as_user(cast.ana).get(path).text
        assert "&lt;script&gt;alert" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("path", [URL, f"{URL}/seekers", "/events/fair/me/directory"])
def test_statements_do_not_grow_with_the_list(cast, as_user, count_statements, path):
    fit_for_each_other(cast.ana, cast.ben)
    client, counts = as_user(cast.ana), []
    for size in (1, 27):
        for number in range(size):
            newcomer(cast.event, f"Person Number{size}-{number}", (VISION,), (ROBOTS,))
        run_for(cast.event)
        with count_statements() as counter:
            assert client.get(path).status_code == 200
        counts.append(counter.count)

    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_a_score_is_words_and_no_number(matched, as_user):
    page = as_user(matched.ana).get(URL).text

    assert "<strong>yes</strong>" in page
    assert not re.search(r"\d ?%[<\s]", page.partition("partner-cards")[2])


def test_the_page_tells_what_the_run_knew(matched, as_user):
    page = as_user(matched.ana).get(URL).text

    assert "Matching of Mon 23 Nov 2026, 10:00 over 3 profiles." in page
    assert "Words only, no language model." in page


def test_one_way_partners_leave_the_list_of_those_where_both_gain(matched, as_user):
    with transaction():
        mine = db.session.scalar(db.select(Recommendation).where(Recommendation.other_id == matched.ben.id))
        mine.gets = 0.05
    client = as_user(matched.ana)

    assert "The weaker side: what they offer" in client.get(URL).text
    assert f"{URL}/{matched.ben.id}" not in client.get(f"{URL}?mutual=1").text


def test_needs_are_grouped_by_offer_and_an_offer_nobody_needs_says_so(matched, as_user):
    with transaction():
        factories.stored(
            ProfileItem(profile_id=profiles.profile_of(matched.ana).id, side="offer", position=1, text="Cheese")
        )

    page = as_user(matched.ana).get(f"{URL}/seekers").text

    first, second = page.index(f"<h2 >{ROBOTS}"), page.index("<h2 >Cheese")
    assert first < page.index("Ben Berg") < second < page.index("Nobody among those")


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_who_looks_for_my_offers_can_be_taken_away(matched, as_user, form):
    answer = as_user(matched.ana).get(f"{URL}/seekers.{form}")

    assert answer.status_code == (404 if form == "pdf" else 200)
    if form == "csv":
        assert f"{ROBOTS},{ROBOTS},Ben Berg" in answer.text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"language": "pl"}, "You named no language that both of you speak."),
        ({"organisation": True}, "You belong to the same organisation."),
        ({"avoid": "me"}, "it is on your own list"),
        ({"avoid": "them"}, "others fit better"),
        ({"newer": True}, "Their profile is newer than the last matching run."),
        ({}, "A list has at most 20 places, and others fit better."),
    ],
)
def test_why_somebody_is_not_recommended_is_told_by_the_rule(matched, as_user, change, reason):
    with transaction():
        other = factories.make_participant(
            matched.event, organisation_id=matched.ana.organisation_id if "organisation" in change else None
        )
        factories.make_profile(other, ("Cheese",), (), {"language": (change.get("language", "en"),)})
        if "newer" in change:
            profiles.profile_of(other).texts_changed_at = NOW.replace(hour=12)
        if "avoid" in change:
            pair = (matched.ana, other) if change["avoid"] == "me" else (other, matched.ana)
            never_meet(*pair)

    page = as_user(matched.ana).get(f"{URL}/{other.id}").text

    assert "Why you are not recommended to each other" in page
    assert reason in page


def test_before_the_first_run_nobody_is_told_a_reason(cast, as_user):
    assert "The matching has not been run yet. Read for yourself." in as_user(cast.ana).get(f"{URL}/{cast.ben.id}").text
