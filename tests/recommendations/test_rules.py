"""The rules of an event's lists: chosen in a form, followed by the next run, told to those whom they keep apart."""

import pytest

from matchmaker.audit.models import AuditEntry
from matchmaker.clock import now
from matchmaker.db import db, transaction
from matchmaker.recommendations import bridge, meetings, queries, services
from matchmaker.recommendations.errors import RulesChanged
from matchmaker.recommendations.models import MatchRun
from matchmaker.recommendations.rules import MEASURES, Rules, type_pairs
from tests import factories
from tests.recommendations.support import fit_for_each_other, newcomer, pairs_of, run_for

URL = "/events/fair/manage/matching/rules"
EVERYBODY = ["|".join(pair) for pair in type_pairs()]
DEFAULTS = {
    "same_organisation": "y",
    "no_common_language": "y",
    "hide_competitors": "y",
    "met_here": "y",
    "region": "",
    "shown": EVERYBODY,
    "from_other_regions": 0,
    "per_group": 0,
    "top": 20,
    "minimum_incoming": 5,
    "version": 0,
}


def saved(client, **changes):
    return client.post(URL, data={name: value for name, value in (DEFAULTS | changes).items() if value is not None})


def organisation_of(person, **values):
    with transaction():
        organisation = db.session.merge(person).organisation
        for name, value in values.items():
            setattr(organisation, name, value)


def test_the_defaults_are_those_of_the_library():
    from matching import Policy

    ours, theirs = Policy.from_dict(Rules.of({}).as_data()), Policy()

    assert {**ours.to_dict(), "rules": set(ours.rules)} == {
        **theirs.to_dict(),
        "rules": set(theirs.rules) - {"met_before"},
    }


def test_every_measure_of_a_policy_has_a_name():
    from matching import RULES, Policy

    everything = Policy(rules=tuple(RULES), from_other_regions=1, per_group=1)

    assert set(everything.measures) - {"forbidden"} == set(MEASURES)


def test_rules_are_read_as_they_were_written():
    rules = Rules(region="same_country", shown=frozenset(type_pairs()[3:]), per_group=2, met_before=True, top=7)

    assert Rules.of(rules.as_data()) == rules


def test_what_an_organiser_chooses_stays(cast, as_user):
    client = as_user(cast.olga)

    answer = saved(client, region="same_country", shown=EVERYBODY[1:], per_group=2, hide_competitors=None)
    page = client.get(URL).text

    rules = Rules.of(queries.settings_of(cast.event.id).policy)
    assert answer.status_code == 303
    assert (rules.region, rules.per_group, rules.hide_competitors) == ("same_country", 2, False)
    assert rules.shown == frozenset(type_pairs()[1:])
    assert page.count('name="shown"') == 15
    assert f'value="{EVERYBODY[0]}">' in page
    assert f'value="{EVERYBODY[1]}" checked>' in page


def test_a_change_of_rules_is_on_record_with_what_changed(cast, as_user):
    client = as_user(cast.olga)

    saved(client, top=12)
    saved(client, top=12, version=1)

    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "matching.rules")).one()
    assert entry.changes == {"top": [20, 12]}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"top": 0}, "Number must be between 5 and 50"),
        ({"from_other_regions": 11}, "Number must be between 0 and 10"),
        ({"per_group": ""}, "This field is required"),
        ({"region": "same_planet"}, "Not a valid choice"),
        ({"shown": ["business|martian"]}, "not a valid choice"),
        ({"shown": []}, "Tick at least one box"),
        ({"version": "x"}, "Please load the page again"),
    ],
)
def test_bad_input_is_told_at_the_field_and_changes_nothing(cast, as_user, changes, text):
    answer = saved(as_user(cast.olga), **changes)

    assert answer.status_code == 422
    assert text in answer.text
    assert queries.settings_of(cast.event.id).policy == {}


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(cast, as_user):
    client = as_user(cast.olga)
    saved(client, top=12)

    answer = saved(client, top=30)
    again = saved(client, top=30, version=1)

    assert answer.status_code == 409
    assert "Somebody else changed these rules" in answer.text
    assert 'value="30"' in answer.text
    assert again.status_code == 303


def test_saving_twice_at_once_keeps_one(cast):
    with transaction():
        assert services.save_rules(cast.event, cast.olga, Rules.of({}), 0) is False
        services.save_rules(cast.event, cast.olga, Rules(top=9), 0)

    with pytest.raises(RulesChanged), transaction():
        services.save_rules(cast.event, cast.olga, Rules(top=8), 0)


def test_choosing_reruns_keeps_the_rules(cast, as_user):
    client = as_user(cast.olga)
    saved(client, top=12)

    client.post("/events/fair/manage/matching/reruns", data={})

    assert Rules.of(queries.settings_of(cast.event.id).policy).top == 12


def test_new_rules_start_a_run_by_themselves(cast, as_user):
    run_for(cast.event)

    saved(as_user(cast.olga), top=12)

    first, second = db.session.scalars(db.select(MatchRun).order_by(MatchRun.id)).all()
    assert (first.is_waiting, second.is_waiting) == (False, True)


def test_a_run_remembers_the_rules_it_followed(cast, as_user):
    saved(as_user(cast.olga), top=12)

    run = run_for(cast.event)

    assert run.places == 12


def test_rules_newer_than_the_run_are_pointed_out(cast, as_user):
    client = as_user(cast.olga)
    run_for(cast.event)
    client.post("/events/fair/manage/matching/reruns", data={})

    saved(client, top=12)
    before = client.get("/events/fair/manage/matching").text
    run_for(cast.event)

    assert "The rules were changed since the last run" in before
    assert "The rules were changed" not in client.get("/events/fair/manage/matching").text


@pytest.mark.parametrize(
    ("theirs", "changes", "text"),
    [
        ({"helix_type": "government"}, {"shown": [p for p in EVERYBODY if p != "business|government"]}, "your kind of organisation and theirs"),
        ({"region": "Murcia"}, {"region": "same_region"}, "only partners from other regions"),
        ({}, {"region": "same_country"}, "only partners from other countries"),
    ],
)  # fmt: skip
def test_who_is_kept_apart_by_a_rule_is_told_which(cast, as_user, theirs, changes, text):
    fit_for_each_other(cast.ana, cast.ben)
    organisation_of(cast.ana, region="Murcia", country="ES")
    organisation_of(cast.ben, country="ES", **theirs)
    run_for(cast.event)
    together = pairs_of(cast.event)

    saved(as_user(cast.olga), **changes)
    run_for(cast.event)
    page = as_user(cast.ana.user).get(f"/events/fair/me/partners/{cast.ben.id}").text

    assert (cast.ana.id, cast.ben.id) in together
    assert pairs_of(cast.event) == set()
    assert text in page


def met(one, other, **values):
    """Let two meet; the slot is over unless the meeting says otherwise."""
    with transaction():
        event = db.session.merge(one).event
        slot = factories.make_slots(event, 1)[0]
        length = slot.ends_at - slot.starts_at
        slot.starts_at, slot.ends_at = now() - 2 * length, now() - length
        return factories.make_meeting(factories.make_request(one, other), slot, **values)


def test_who_met_here_is_not_recommended_again(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    met(cast.ana, cast.ben)

    run_for(cast.event)
    page = as_user(cast.ben.user).get(f"/events/fair/me/partners/{cast.ana.id}").text

    assert pairs_of(cast.event) == set()
    assert "You have met at this event" in page


@pytest.mark.parametrize("state", ["cancelled", "missed"])
def test_a_meeting_that_did_not_take_place_is_none(cast, state):
    met(cast.ana, cast.ben, state=state)

    assert meetings.who_met(cast.event.id) == (set(), set())


def test_a_meeting_to_come_is_none_yet(cast):
    with transaction():
        slot = factories.make_slots(cast.event, 1)[0]
        factories.make_meeting(factories.make_request(cast.ana, cast.ben), slot)

    assert meetings.who_met(cast.event.id) == (set(), set())


def test_who_met_at_another_event_is_left_out_where_the_event_wants_it(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    with transaction():
        earlier = [factories.make_participant(cast.other_event, person.user) for person in (cast.ben, cast.ana)]
    met(*earlier)

    run_for(cast.event)
    before = pairs_of(cast.event)
    saved(as_user(cast.olga), met_before="y")
    run_for(cast.event)

    assert meetings.who_met(cast.event.id)[1] == {(cast.ben.id, cast.ana.id)}
    assert meetings.who_met(cast.event.id, (cast.ana.id,))[1] == set()
    assert len(before) == 2
    assert pairs_of(cast.event) == set()


def test_competitors_are_told_that_they_are(cast, as_user):
    same = ("Welding of thin steel sheets",)
    with transaction():
        for person in (cast.ana, cast.ben):
            factories.make_profile(person, same, ("Grants for exports",), {"sector": ("25",), "language": ("en",)})
    run_for(cast.event)

    reasons = bridge.why_not(cast.ana, cast.ben, queries.newest_finished_run(cast.event.id))

    assert reasons == ("competitor",)
    assert "You offer much the same" in as_user(cast.ana.user).get(f"/events/fair/me/partners/{cast.ben.id}").text


def test_without_stored_vectors_nobody_is_called_a_competitor(cast):
    newcomer(cast.event)
    run = run_for(cast.event)
    with transaction():
        db.session.get_one(MatchRun, run.id).model = "another"
        fit_for_each_other(cast.ana, cast.ben)

    reasons = bridge.why_not(cast.ana, cast.ben, queries.newest_finished_run(cast.event.id))

    assert "competitor" not in reasons


def test_only_organisers_see_the_rules(cast, as_user):
    assert as_user(cast.ana).get(URL).status_code == 403


def test_the_page_of_a_run_says_what_each_rule_costs(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    organisation_of(cast.ana, country="ES")
    organisation_of(cast.ben, country="ES")
    client = as_user(cast.olga)
    saved(client, region="same_country")

    costs = run_for(cast.event).figures["costs"]
    page = client.get("/events/fair/manage/matching").text

    cost = next(cost for cost in costs["measures"] if cost["measure"] == "same_country")
    assert costs["now"]["empty"] == 2
    assert (cost["pairs"], cost["empty"]) == (1, 0)
    assert cost["fit"] > costs["now"]["fit"] == 0
    assert "Without: Only other countries" in page
    assert "−2" in page


def test_nothing_is_told_about_who_never_wants_to_meet_whom(cast, as_user):
    run = run_for(cast.event)

    told = [cost["measure"] for cost in run.figures["costs"]["measures"]]

    assert "blocked" not in told
    assert "Without: Never meet" not in as_user(cast.olga).get("/events/fair/manage/matching").text


def test_runs_from_before_have_no_costs_to_show(cast, as_user):
    run = run_for(cast.event)
    with transaction():
        stored = db.session.get_one(MatchRun, run.id)
        stored.figures = {
            key: value for key, value in stored.figures.items() if key not in ("costs", "policy", "little")
        }

    page = as_user(cast.olga).get("/events/fair/manage/matching")

    assert page.status_code == 200
    assert "What each rule costs" not in page.text
