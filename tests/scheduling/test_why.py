"""What participants are told about meetings that did not come about: true, in their terms, and nothing private."""

import re

import pytest

from matchmaker.db import db, transaction
from matchmaker.meetings import services as meetings
from matchmaker.meetings.models import MeetingSettings
from matchmaker.scheduling import queries, why
from tests import factories
from tests.scheduling import planning

REQUESTS, PAGE = "/events/fair/me/requests", "/events/fair/me/why"


@pytest.fixture
def fair(cast):
    """One slot: Ana meets Ben, and Cora, who has agreed to meet Ana too, is left out."""
    with transaction():
        planning.rules(cast.event, online_places=False, self_booking=False)
        cast.slots = planning.slots(cast, count=1)
        cast.ana_ben = planning.agreed(cast.ana, cast.ben, stars=5)
        cast.cora = factories.make_participant(cast.event, factories.make_user("Cora Cruz"))
        cast.ana_cora = planning.agreed(cast.ana, cast.cora, stars=1)
    return cast


def published(fair):
    run = planning.run(fair)
    planning.publish(run, fair)
    return run


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))


def told(fair, me, request, reason, **details):
    """What somebody reads when the plan left a request out for a reason."""
    run = queries.published_run(fair.event.id) or published(fair)
    with transaction():
        item = {"wish": f"r{request.id}", "reason": reason, "details": details}
        run.solution = {**run.solution, "unplaced": [item]}
        fair.ana_cora.state = "accepted"
    return why.answer(me, request)


def test_the_page_of_requests_offers_reasons_once_a_plan_is_published(as_user, fair):
    ana = as_user(fair.ana)
    address = f"{PAGE}/{fair.ana_cora.id}"
    assert address not in ana.get(REQUESTS).text
    assert ana.get(address).status_code == 404

    published(fair)

    assert address in ana.get(REQUESTS).text
    page = text_of(ana.get(address))
    assert "Why no meeting with Cora Cruz?" in page
    assert "Other meetings count more in the slots" in page
    assert "You meet Ben Berg instead." in page
    assert "The plan places 1 of 2 accepted requests; it is proven that no plan places more." in page


def test_the_other_side_reads_nothing_about_third_people(as_user, fair):
    published(fair)

    page = text_of(as_user(fair.cora).get(f"{PAGE}/{fair.ana_cora.id}"))

    assert "Other meetings count more in the slots" in page
    assert "Ben" not in page


def test_a_third_person_and_a_meeting_that_exists_have_no_page(as_user, fair):
    published(fair)

    assert as_user(fair.ben).get(f"{PAGE}/{fair.ana_cora.id}").status_code == 404
    assert as_user(fair.ana).get(f"{PAGE}/{fair.ana_ben.id}").status_code == 404
    with transaction():
        fair.ana_cora.state = "withdrawn"
    assert as_user(fair.ana).get(f"{PAGE}/{fair.ana_cora.id}").status_code == 404


def test_organisers_can_switch_reasons_off(as_user, fair):
    published(fair)
    with transaction():
        planning.rules(fair.event, explains=False)
    ana = as_user(fair.ana)

    assert f"{PAGE}/{fair.ana_cora.id}" not in ana.get(REQUESTS).text
    assert [ana.get(path).status_code for path in (PAGE, f"{PAGE}/{fair.ana_cora.id}")] == [404, 404]


def test_the_switch_is_among_the_rules_of_meetings(as_user, fair):
    olga = as_user(fair.olga)
    assert "Participants see why a meeting was not planned" in olga.get("/events/fair/manage/meetings").text

    rules = db.select(MeetingSettings).where(MeetingSettings.event_id == fair.event.id)
    version = db.session.scalars(rules).one().version
    form = {"slot_minutes": "20", "gap_minutes": "5", "max_requests": "20", "version": str(version)}
    assert olga.post("/events/fair/manage/meetings/settings", data=form).status_code == 303
    assert db.session.scalars(rules.execution_options(populate_existing=True)).one().explains is False


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("no_common_slot", "You and Cora Cruz have no slot in common. You are available in 1 of 1."),
        ("not_on_site", "The two of you are never on site together, and the meeting is for a table."),
        ("forbidden", "The slots that would have suited both were over when the plan was made."),
        ("no_places", "There was no place that could be used."),
        ("places_full", "Every place was taken in the slots that would have suited both."),
        ("objective", "It would have fitted, but something that counts more for everybody would have suffered."),
        ("required_elsewhere", "Meetings that the organiser had fixed take the slots."),
        ("taken_out", "The organiser took it out of the plan by hand."),
        ("unexamined", "The solver had no time to find out why."),
    ],
)
def test_reasons_in_the_terms_of_who_asks(fair, reason, sentence):
    assert told(fair, fair.ana, fair.ana_cora, reason).reason == sentence


def test_whose_calendar_is_full_is_told_only_to_its_owner(fair):
    with transaction():
        planning.rules(fair.event, max_meetings=1)
    ana = f"p{fair.ana.id}"

    said = {
        (who.id, reason): told(fair, who, fair.ana_cora, reason, full=[ana]).reason
        for who in (fair.ana, fair.cora)
        for reason in ("own_maximum", "other_full")
    }

    assert said == {
        (fair.ana.id, "own_maximum"): "You have as many meetings as the event allows, which is 1.",
        (fair.cora.id, "own_maximum"): "One of you has as many meetings as the event allows.",
        (fair.ana.id, "other_full"): "In every slot that would have suited both, you are in another meeting.",
        (fair.cora.id, "other_full"): "In every slot that would have suited both, one of you is in another meeting.",
    }


def test_only_what_is_the_events_or_ones_own_to_change_is_said_to_help(fair):
    slot = f"s{fair.slots[0].id}"
    free = {"rule": "availability", "participant": f"p{fair.ana.id}", "slot": slot}
    place, most = {"rule": "places", "slot": slot}, {"rule": "max_meetings", "participant": f"p{fair.ana.id}"}

    said = [
        told(fair, who, fair.ana_cora, "other_full", fix=fix, slot=slot).fix
        for who, fix in (
            (fair.ana, [place, free]), (fair.cora, [place]), (fair.cora, [place, free]), (fair.ana, [most]), (fair.ana, []),
        )
    ]  # fmt: skip

    assert said == [
        "It would have fitted with one more place and more hours in which you are available.",
        "It would have fitted with one more place.",
        "",
        "It would have fitted with one more meeting allowed for you.",
        "",
    ]


def test_who_agreed_after_the_plan_is_told_so(fair):
    published(fair)
    with transaction():
        late = planning.agreed(fair.ben, fair.cora)

    assert why.answer(fair.ben, late).reason == "You agreed after the plan was made. The next plan can include it."


def test_what_was_cancelled_after_the_plan_is_told_so(fair):
    published(fair)
    with transaction():
        meetings.cancel(planning.live(fair.event)[0], keep_request=True, actor=fair.olga)

    assert why.answer(fair.ana, fair.ana_ben).reason.startswith("It was planned, and was cancelled")


def test_what_is_not_proven_is_not_claimed(fair):
    run = published(fair)
    with transaction():
        run.figures = {**run.figures, "value": {"placed": 1.2}, "bound": {"placed": 1.4}}

    assert "proven" not in why.answer(fair.ana, fair.ana_cora).proof


def crowd(fair):
    """Eight more people, each with a meeting or two agreed."""
    with transaction():
        planning.rules(fair.event, max_meetings=None)
        people = [factories.make_participant(fair.event) for _ in range(8)]
        for number, person in enumerate(people):
            planning.agreed(person, people[(number + 1) % 8])


def test_ones_meetings_are_compared_with_everybodys_and_nobody_is_named(as_user, fair):
    crowd(fair)
    published(fair)
    with transaction():
        planning.blocked(fair.cora, fair.slots[0])

    page = text_of(as_user(fair.cora).get(PAGE))

    assert "You have 0 meetings; half of the participants have 1 or more." in page
    assert "You have 1 agreed request; half of the participants have 2 or more." in page
    assert "You are available in 0 of 1 slots; half of the participants in 1 or more." in page
    assert "1 agreed request has no meeting." in page
    assert "0, like you" in page
    assert "Ben" not in page


def test_at_a_small_event_nothing_is_compared(as_user, fair):
    published(fair)

    page = text_of(as_user(fair.cora).get(PAGE))

    assert "Too few people take part to compare" in page
    assert "like you" not in page
    assert PAGE in as_user(fair.cora).get(REQUESTS).text
