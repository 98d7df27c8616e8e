"""Matches as people see them: reasons in both directions, fields that fired, one meaning of the numbers."""

import pytest

from matching import Match, Policy, Profile, Reason, Shared, recommend
from matching.ranking import shared_fields
from tests.matching.support import HashEmbedder

ANA = Profile("ana", offers=["steel tanks", "pipe bending"], needs=["hydrogen sensors", "cheap steel"])
BEN = Profile("ben", offers=["hydrogen sensors", "software"], needs=["large steel tanks"])
EVA = Profile("eva", offers=["bread"], needs=["flour"])


def match_of(one, other, *more):
    ranking = recommend([one, other, *more], HashEmbedder())
    return next(match for match in ranking.matches[one.id] if match.id == other.id)


def test_reasons_name_the_sentences_that_met_in_both_directions_strongest_first():
    reasons = match_of(ANA, BEN, EVA).reasons

    assert [(reason.side, reason.mine, reason.theirs) for reason in reasons[:2]] == [
        ("gets", "hydrogen sensors", "hydrogen sensors"),
        ("gives", "steel tanks", "large steel tanks"),
    ]
    assert reasons[0].similarity == pytest.approx(1.0)
    assert [reason.similarity for reason in reasons] == sorted((r.similarity for r in reasons), reverse=True)


def test_the_other_side_sees_the_same_reasons_turned_round():
    here, there = match_of(ANA, BEN, EVA), match_of(BEN, ANA, EVA)

    turned = {Reason("gives" if r.side == "gets" else "gets", r.theirs, r.mine, r.similarity) for r in there.reasons}
    assert set(here.reasons[:2]) == {reason for reason in turned if reason in here.reasons[:2]}
    assert (here.gives, here.gets, here.score) == pytest.approx((there.gets, there.gives, there.score))


def test_a_one_way_match_says_so():
    giver = Profile("giver", offers=["flour"])
    match = match_of(EVA, giver, ANA, BEN)

    assert match.gets > 0.9
    assert match.gives < 0.1
    assert match.reasons[0] == Reason("gets", "flour", "flour", pytest.approx(1.0))


def test_two_that_have_nothing_in_common_still_show_their_closest_sentences():
    match = match_of(ANA, EVA)

    assert len(match.reasons) == 1
    assert match.band == "exploratory"


def test_who_says_nothing_is_ranked_without_reasons():
    match = match_of(ANA, Profile("silent"), BEN)

    assert match.reasons == ()
    assert 0 <= match.score < 0.1


def test_fields_that_raised_the_score_are_named():
    mine = Profile("a", cooperation=["Pilot", "sale"], wanted_sectors=["28"], sectors=["10.1"], tags_needed=["welding"])
    theirs = Profile(
        "b",
        cooperation=["pilot"],
        sectors=["28.9", "62.0"],
        wanted_sectors=["10"],
        tags_offered=["Welding"],
    )

    assert shared_fields(mine, theirs) == (
        Shared("cooperation", "pilot"),
        Shared("wanted_sector", "28.9"),
        Shared("offered_sector", "10.1"),
        Shared("tag_gets", "welding"),
    )
    assert shared_fields(theirs, mine)[-1] == Shared("tag_gives", "welding")


def test_the_numbers_are_probabilities_and_the_band_fits_the_score():
    match = match_of(ANA, BEN, EVA)

    assert isinstance(match, Match)
    assert all(0 <= number <= 1 for number in (match.score, match.gives, match.gets))
    assert match.band == "excellent"


def test_matches_behave_like_a_mapping_of_everybody():
    matches = recommend([BEN, ANA], HashEmbedder(), Policy(top=1)).matches

    assert list(matches) == ["ana", "ben"]
    assert len(matches) == 2
    assert "nobody" not in matches
