"""What each rule of an event costs: its lists with the rule, and without it, in figures an organiser can weigh.

Scores are computed once, for everybody with everybody. The best of them are kept with the rules that each pair breaks,
so that every question "and without this one?" only arranges lists anew.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.calibration import Calibration, calibration_for
from matching.candidates import NOBODY, Candidates
from matching.competition import competing
from matching.congestion import FEW, VISIBLE_PLACES, gini, incoming_places
from matching.eligibility import Codes, Eligibility
from matching.embeddings import Progress, Vectors
from matching.facets import Booleans
from matching.policy import Policy
from matching.population import Population
from matching.recommending import Lists, arranged, depth_of, pairs_of

DEPTH = 300  # so many partners of everybody are looked at; in larger events what is further down stays unknown


@dataclass(frozen=True)
class Standing:
    """How good and how fair the visible part of all lists is.

    `fit`: mean probability that both gain; `few`: people in fewer than five lists; `empty`: people with nobody in
    their list; `gini`: 0 = everybody is shown as often, towards 1 = one has all places.
    """

    fit: float
    few: int
    empty: int
    gini: float


@dataclass(frozen=True)
class Cost:
    """One measure of a policy, how things stand without it, and how many pairs nothing else keeps apart."""

    measure: str
    pairs: int
    without: Standing


@dataclass(frozen=True)
class Reach:
    """So many partners the rules leave to a profile, and the rule that takes the most of them ("": none does)."""

    id: str
    partners: int
    rule: str
    taken: int


@dataclass(frozen=True)
class Costs:
    """How things stand, each measure, and how far everybody reaches."""

    now: Standing
    measures: tuple[Cost, ...]
    reach: tuple[Reach, ...]


def costs_of(
    population: Population,
    model: str,
    policy: Policy,
    leave_out: Collection[str] = (),
    progress: Progress | None = None,
) -> Costs:
    """Return what each measure of the policy costs, in the order of `Policy.measures`.

    Nothing is told about those to `leave_out`: not what they cost, and not that they are what takes most partners.
    """
    board = _Board.build(population, model, policy, progress)
    found = tuple(
        Cost(measure, board.pairs.get(measure, 0), board.standing(policy.without(measure)))
        for measure in policy.measures
        if measure not in leave_out
    )
    return Costs(board.standing(policy), found, board.reach(leave_out))


@dataclass(frozen=True)
class _Board:
    """Everybody's best partners whatever the rules say, with the rules that each pair breaks."""

    population: Population
    calibration: Calibration
    rules: tuple[str, ...]
    candidates: Candidates
    broken: Codes
    competitors: Booleans
    pairs: dict[str, int]
    left: NDArray[np.int64]
    taken: NDArray[np.int64]

    @classmethod
    def build(cls, population: Population, model: str, policy: Policy, progress: Progress | None) -> _Board:
        calibration = policy.calibration or calibration_for(model)
        everybody = pairs_of(population, model, replace(policy, rules=()))
        candidates = everybody.best(
            min(max(DEPTH, depth_of(population, policy)), max(len(population) - 1, 1)), progress
        )
        eligibility = Eligibility.of(population.facets, population.position, policy)
        broken, alone, left, taken = _broken(eligibility, candidates, population)
        competitors = (
            competing(candidates.partners, population) if policy.hide_competitors else np.zeros_like(broken, dtype=bool)
        )
        pairs = dict(zip(policy.rules, alone, strict=True))
        pairs["hide_competitors"] = int(np.count_nonzero(competitors & (broken == 0))) // 2
        return cls(population, calibration, policy.rules, candidates, broken, competitors, pairs, left, taken)

    def standing(self, policy: Policy) -> Standing:
        """Arrange the lists as a policy wants them; its rules are some of those the board knows."""
        bits = sum(1 << bit for bit, name in enumerate(self.rules) if name in policy.rules)
        hidden = (self.broken & np.uint16(bits)) > 0
        if policy.hide_competitors:
            hidden |= self.competitors
        values: Vectors = np.where(hidden, np.float32(-np.inf), self.candidates.values)
        left = Candidates.of(np.where(hidden, np.int32(NOBODY), self.candidates.partners), values)
        best = left.first(depth_of(self.population, policy))
        return self._figures(arranged(self.population, best, replace(policy, hide_competitors=False)))

    def reach(self, leave_out: Collection[str]) -> tuple[Reach, ...]:
        """Return how far everybody reaches."""
        told = np.array([name not in leave_out for name in self.rules], dtype=bool)
        found = []
        for profile, left, taken in zip(
            self.population.profiles, self.left, np.where(told, self.taken, 0), strict=True
        ):
            most = int(np.argmax(taken)) if taken.any() else -1
            found.append(
                Reach(
                    profile.id, int(left), self.rules[most] if most >= 0 else "", int(taken[most]) if most >= 0 else 0
                )
            )
        return tuple(found)

    def _figures(self, lists: Lists) -> Standing:
        places = min(VISIBLE_PLACES, lists.partners.shape[1])
        shown = lists.partners[:, :places] != NOBODY
        fits = self.calibration.pair.probability(lists.scores[:, :places][shown])
        incoming = incoming_places(lists.partners, places)
        return Standing(
            fit=float(np.mean(fits)) if len(fits) else 0.0,
            few=int(np.count_nonzero(incoming < FEW)),
            empty=int(np.count_nonzero(~shown.any(axis=1))),
            gini=gini(incoming),
        )


def _broken(
    eligibility: Eligibility, candidates: Candidates, population: Population
) -> tuple[Codes, list[int], NDArray[np.int64], NDArray[np.int64]]:
    """Return which rules each candidate breaks, how many pairs break one rule only, and what is left and taken by row."""
    found = np.zeros(candidates.partners.shape, dtype=np.uint16)
    alone = np.zeros(len(eligibility.rules), dtype=np.int64)
    left = np.zeros(len(population), dtype=np.int64)
    taken = np.zeros((len(population), len(eligibility.rules)), dtype=np.int64)
    for rows in population.blocks:
        codes = eligibility.broken(rows, slice(0, len(population)))
        alone += [np.count_nonzero(codes == 1 << bit) for bit in range(len(alone))]
        left[rows] = np.count_nonzero(codes == 0, axis=1) - 1  # not oneself
        taken[rows] = np.array([np.count_nonzero(codes & np.uint16(1 << bit), axis=1) for bit in range(len(alone))]).T
        found[rows] = np.take_along_axis(codes, candidates.partners[rows].clip(0).astype(np.intp), axis=1)
    return found, [int(number) // 2 for number in alone], left, taken
