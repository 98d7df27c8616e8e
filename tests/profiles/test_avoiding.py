"""Whom one never wants to meet, and who may ask: kept from everybody else."""

import pytest

from matchmaker.db import db, transaction
from matchmaker.errors import Invalid, NotAllowed
from matchmaker.meetings.services import ask
from matchmaker.profiles import queries, services
from matchmaker.profiles.models import NeverMeet
from tests import factories
from tests.recommendations.support import fit_for_each_other, newcomer, pairs_of, run_for

PROFILE, PARTNERS = "/events/fair/me/profile", "/events/fair/me/partners"


def never(one, other):
    with transaction():
        return services.never_meet(one, other).id


def asks(sender, receiver):
    with transaction():
        return ask(sender, receiver, "Hello", 3).state


def test_both_disappear_from_each_others_lists_at_once(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    run_for(cast.event)

    answer = as_user(cast.ana).post(f"{PARTNERS}/{cast.ben.id}/never")

    assert answer.status_code == 303
    assert pairs_of(cast.event) == set()
    assert "Ben Berg" not in as_user(cast.ana).get(PARTNERS).text
    assert "Ana Alvarez" not in as_user(cast.ben).get(PARTNERS).text


def test_the_next_run_keeps_them_apart_and_after_taking_back_no_more(cast, as_user):
    fit_for_each_other(cast.ana, cast.ben)
    entry = never(cast.ana, cast.ben)
    run_for(cast.event)
    apart = pairs_of(cast.event)

    as_user(cast.ana).post(f"{PROFILE}/never/{entry}/remove")
    run_for(cast.event)

    assert (apart, len(pairs_of(cast.event))) == (set(), 2)


def test_it_covers_colleagues_of_the_same_organisation(cast):
    with transaction():
        colleague = factories.make_participant(cast.event, organisation_id=cast.ben.organisation_id)
    never(cast.ana, cast.ben)

    assert queries.kept_apart(cast.event.id) == {cast.ana.id: {cast.ben.id, colleague.id}}


def test_somebody_without_organisation_is_avoided_alone(cast):
    with transaction():
        loner = factories.make_participant(cast.event, organisation_id=None)
        factories.make_participant(cast.event, organisation_id=None)
    never(cast.ana, loner)

    assert queries.kept_apart(cast.event.id) == {cast.ana.id: {loner.id}}
    assert services.never_meet(cast.ana, loner).name == loner.display_name


def test_only_the_owner_sees_the_list(cast, as_user):
    with transaction():
        db.session.merge(cast.ben).organisation.name = "Berg Works"
    never(cast.ana, cast.ben)

    mine = as_user(cast.ana).get(PROFILE).text
    others = as_user(cast.ben).get(PROFILE).text
    organisers = as_user(cast.olga).get(f"/events/fair/manage/profiles/{cast.ana.id}").text

    assert "Berg Works" in mine.partition('id="never"')[2]
    assert "Nobody" in others.partition('id="never"')[2]
    assert "Berg Works" not in organisers


def test_twice_is_once(cast):
    assert never(cast.ana, cast.ben) == never(cast.ana, cast.ben)


@pytest.mark.parametrize("target", ["self", "colleague"])
def test_oneself_and_colleagues_are_refused(cast, target):
    with transaction():
        colleague = factories.make_participant(cast.event, organisation_id=cast.ana.organisation_id)

    with pytest.raises(Invalid), transaction():
        services.never_meet(cast.ana, cast.ana if target == "self" else colleague)


def test_somebody_elses_entry_can_not_be_removed(cast, as_user):
    entry = never(cast.ana, cast.ben)

    answer = as_user(cast.ben).post(f"{PROFILE}/never/{entry}/remove")

    assert answer.status_code == 404
    assert db.session.get(NeverMeet, entry)


def test_the_avoided_can_not_ask_and_learns_no_reason(cast):
    never(cast.ben, cast.ana)

    with pytest.raises(NotAllowed, match="some kinds of participants only"):
        asks(cast.ana, cast.ben)


def test_whoever_avoids_is_reminded_before_asking(cast):
    never(cast.ana, cast.ben)

    with pytest.raises(Invalid, match="your list of whom you never want to meet"):
        asks(cast.ana, cast.ben)


@pytest.mark.parametrize(("kinds", "allowed"), [((), True), (("sme", "cluster"), True), (("university",), False)])
def test_kinds_of_organisation_may_be_kept_from_asking(cast, kinds, allowed):
    with transaction():
        db.session.merge(cast.ana).organisation.kind = "sme"
        factories.make_profile(cast.ben, facets={"asked_by": kinds})

    if allowed:
        assert asks(cast.ana, cast.ben) == "pending"
    else:
        with pytest.raises(NotAllowed, match="some kinds of participants only"):
            asks(cast.ana, cast.ben)


def test_people_who_avoid_each_other_while_a_run_works_are_dropped_at_its_end(cast, monkeypatch):
    fit_for_each_other(cast.ana, cast.ben)
    newcomer(cast.event)
    from matchmaker.recommendations import bridge

    load = bridge.load

    def slow(event_id):
        loaded = load(event_id)
        never(cast.ana, cast.ben)
        return loaded

    monkeypatch.setattr(bridge, "load", slow)
    run_for(cast.event)

    assert not {(cast.ana.id, cast.ben.id), (cast.ben.id, cast.ana.id)} & pairs_of(cast.event)
