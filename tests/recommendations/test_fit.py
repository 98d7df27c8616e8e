"""A fit as one of the two sees it."""

import pytest

from matchmaker.recommendations.fit import Fit, Pair
from matchmaker.recommendations.models import Recommendation

ROW = Recommendation(
    score=0.6, gives=0.9, gets=0.2, band="good", rank=3,
    reasons=[{"side": "gets", "mine": "my need", "theirs": "their offer", "similarity": 0.5}],
    shared={"wanted_sector": ["28"], "cooperation": ["licence"]},
)  # fmt: skip


def test_the_other_end_sees_the_same_turned_round():
    fit = Fit.turned(ROW)

    assert (fit.gives, fit.gets, fit.rank) == (0.2, 0.9, None)
    assert fit.pairs == (Pair("gives", "their offer", "my need", 0.5),)
    assert fit.shared == {"offered_sector": ["28"], "cooperation": ["licence"]}


@pytest.mark.parametrize(("gives", "gets", "weaker"), [(0.9, 0.2, "gets"), (0.2, 0.9, "gives"), (0.5, 0.6, None)])
def test_the_weaker_side_is_named_where_it_is_clearly_weaker(gives, gets, weaker):
    assert Fit(0.5, gives, gets, "good").weaker_side == weaker
