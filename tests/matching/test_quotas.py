"""Quotas of the visible list: the best of each sort get their places, everybody else keeps the order."""

import numpy as np
import pytest

from matching import Policy, Profile, recommend
from matching.candidates import NOBODY, Candidates
from matching.congestion import VISIBLE_PLACES, guaranteed
from matching.facets import Facets
from matching.quotas import mixed
from tests.matching.support import HashEmbedder

ME = Profile("p0", country="ES", region="Murcia", group="business")


def neighbours(*others):
    return Facets.build([ME, *others])


def near(number, **values):
    return Profile(f"p{number}", **{"country": "ES", "region": "Murcia", "group": "business"} | values)


def shown(facets, policy, partners, places=3):
    """The first places of the first profile's list, whose candidates are in the order given."""
    row = np.array([partners], dtype=np.int32)
    found, _kept = mixed(Candidates.of(row, -np.arange(row.size, dtype=np.float32)[None]), facets, policy, places)
    return found.partners[0, :places].tolist()


FIVE = neighbours(near(1), near(2), near(3), near(4, region="Thessaly", country="GR"), near(5, group="government"))


def test_without_quotas_nothing_moves():
    assert shown(FIVE, Policy(), [1, 2, 3, 4, 5]) == [1, 2, 3]


def test_the_best_from_another_region_takes_the_last_place():
    assert shown(FIVE, Policy(from_other_regions=1), [1, 2, 3, 4, 5]) == [1, 2, 4]


def test_who_stands_there_already_stays_where_it_is():
    assert shown(FIVE, Policy(from_other_regions=1), [4, 1, 2, 3, 5]) == [4, 1, 2]


def test_every_group_gets_its_places():
    assert shown(FIVE, Policy(per_group=1), [1, 2, 3, 4, 5]) == [1, 2, 5]


def test_one_partner_may_serve_two_quotas():
    facets = neighbours(near(1), near(2), near(3), near(4, region="Hesse", country="DE", group="government"))

    assert shown(facets, Policy(from_other_regions=1, per_group=1), [1, 2, 3, 4]) == [1, 2, 4]


def test_fewer_are_shown_where_there_are_fewer():
    assert shown(FIVE, Policy(from_other_regions=3), [1, 2, 3, 4, 5]) == [1, 2, 4]


def test_a_list_that_is_too_short_for_all_quotas_serves_the_first():
    assert shown(FIVE, Policy(from_other_regions=1, per_group=1), [1, 2, 3, 4, 5], places=1) == [4]


def test_nobody_is_no_partner():
    assert shown(FIVE, Policy(from_other_regions=2), [1, 4, NOBODY, NOBODY]) == [1, 4, NOBODY]


def test_who_gives_no_region_counts_for_nobody():
    facets = neighbours(near(1), near(2), near(3), near(4, region="", country=""))

    assert shown(facets, Policy(from_other_regions=1), [1, 2, 3, 4]) == [1, 2, 3]


def test_places_of_a_quota_are_not_given_away_to_newcomers():
    partners = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]], dtype=np.int32)
    lists = Candidates.of(partners, -np.arange(3, dtype=np.float32)[None].repeat(4, axis=0))
    kept = np.array([[True, False, False]] * 4)

    with_quota, _ = guaranteed(lists, 1, 2, 0, kept)
    without, _ = guaranteed(lists, 1, 2, 0)

    assert np.count_nonzero(with_quota.partners[:, 0] == partners[:, 0]) == 4
    assert np.count_nonzero(without.partners[:, 0] == partners[:, 0]) == 3


@pytest.mark.parametrize("seed", range(3))
def test_all_lists_of_an_event_fill_their_quotas_where_they_can(seed):
    random = np.random.default_rng(seed)
    groups, regions = ["business"] * 8 + ["government", "research"], ["Murcia"] * 6 + ["Hesse", "Thessaly"]
    profiles = [
        Profile(
            f"p{n:03}",
            group=str(random.choice(groups)),
            region=str(random.choice(regions)),
            offers=[f"word{random.integers(40)} word{random.integers(40)}"],
            needs=[f"word{random.integers(40)}"],
        )
        for n in range(120)
    ]
    by_id = {profile.id: profile for profile in profiles}

    ranking = recommend(profiles, HashEmbedder(), Policy(from_other_regions=3, per_group=2))

    for name, matches in ranking.matches.items():
        first = [by_id[match.id] for match in matches[:VISIBLE_PLACES]]
        assert sum(partner.region != by_id[name].region for partner in first) >= 3
        for group in set(groups):
            others = sum(p.group == group for p in profiles if p.id != name)
            assert sum(partner.group == group for partner in first) >= min(2, others)
    assert ranking.fairness.minimum_incoming >= 1
