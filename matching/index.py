"""A ranking that is kept: when single profiles change, only what they touch is computed again.

After an update everybody's lists are those of a full run, with one exception: what the event has in common (the
background of meaning, the weights of words, how rare types of cooperation are) stays as it was when the index was
built, so that a changed profile moves only scores of its own pairs: `Population.build(..., like=)`, ranked, gives the same
lists. Corrections that look at everybody (popularity, guaranteed places) are applied anew every time. Who stands
last among the candidates may differ where scores are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.candidates import DECIMALS, NOBODY, Indices
from matching.embeddings import Embedder, Progress, Vectors
from matching.kept import Kept, updated
from matching.pairs import Pairs
from matching.policy import Policy
from matching.population import Population, Replaced
from matching.profiles import Profile
from matching.ranking import Ranking
from matching.recommending import Lists, arranged, depth_of, needed_by, pairs_of, ranking_of

RESERVE = 28  # candidates kept beyond those needed: so many can leave a list before its row is computed again
_MANY = 16  # from this part of the profiles on, everything is computed anew
_SAME = 10.0**-DECIMALS


@dataclass(frozen=True)
class Update:
    """A new index, and the ids whose lists changed: other partners, another order, other scores or reasons.

    Ids that are gone are not among them.
    """

    index: Index
    changed: frozenset[str]


@dataclass(frozen=True)
class Index:
    """Everything a later update needs: the encoded population, everybody's best partners, and the lists."""

    policy: Policy
    model: str
    pairs: Pairs
    kept: Kept
    lists: Lists

    @classmethod
    def build(
        cls,
        profiles: Iterable[Profile],
        embedder: Embedder,
        policy: Policy | None = None,
        progress: Progress | None = None,
    ) -> Index:
        """Rank everybody as `recommend` does, and keep what an update needs."""
        policy = policy or Policy()
        population = Population.build(profiles, embedder, progress)
        return cls._of(pairs_of(population, embedder.id, policy), embedder.id, policy, progress)

    @classmethod
    def _of(cls, pairs: Pairs, model: str, policy: Policy, progress: Progress | None = None) -> Index:
        kept = Kept.of(pairs.best(needed_by(policy) + RESERVE, progress), pairs.scorer.population)
        return cls(policy, model, pairs, kept, _lists(pairs.scorer.population, kept, policy))

    @property
    def population(self) -> Population:
        """The profiles, encoded."""
        return self.pairs.scorer.population

    @cached_property
    def ranking(self) -> Ranking:
        """The lists with their scores and reasons."""
        return ranking_of(self.pairs.scorer, self.lists, self.model, self.policy)

    def update(
        self,
        changed: Iterable[Profile],
        removed: Collection[str],
        embedder: Embedder,
        policy: Policy | None = None,
    ) -> Update:
        """Take in new and changed profiles and drop others; profiles that are as they were cost nothing.

        Another `policy` is computed from the start, unless it differs in opinions only. Raises ValueError if the
        embedder is another model's.
        """
        if embedder.id != self.model:
            raise ValueError(f'the index is of the model "{self.model}", not of "{embedder.id}"')
        policy = policy or self.policy
        known, gone = self.population.position, self.population.position.keys() & set(removed)
        wanted = (p for p in changed if p.id not in set(removed))
        new = [p for p in wanted if p.id not in known or self.population.profiles[known[p.id]] != p]
        if not new and not gone and policy == self.policy:
            return Update(self, frozenset())
        replaced = self.population.replaced(new, gone, embedder)
        is_same = replace(policy, opinions=self.policy.opinions) == self.policy
        if not is_same or (len(new) + len(gone)) * _MANY > len(self.population):
            index = Index._of(pairs_of(replaced.population, self.model, policy), self.model, policy)
        else:
            pairs = Pairs(self.pairs.scorer.replaced(replaced), policy)
            kept = updated(self.kept, pairs, replaced, depth_of(replaced.population, policy))
            index = Index(policy, self.model, pairs, kept, _lists(replaced.population, kept, policy))
        return Update(index, self._changed(index, replaced))

    def _changed(self, index: Index, new: Replaced) -> frozenset[str]:
        moved, fresh = new.splice.moved, new.splice.fresh
        rows = np.flatnonzero(moved[:-1] != NOBODY)
        top = max(self.policy.top, index.policy.top)
        old, scores = self._shown(rows, top)
        now, scores_now = index._shown(moved[rows], top)
        is_same = (moved[old] == now) & ((old == NOBODY) == (now == NOBODY))
        is_same &= (np.abs(scores - scores_now) < _SAME) & ~np.isin(now, fresh)
        different = {*moved[rows[~is_same.all(axis=1)]].tolist(), *fresh.tolist()}
        return frozenset(index.population.profiles[place].id for place in different)

    def _shown(self, rows: NDArray[np.integer], top: int) -> tuple[Indices, Vectors]:
        """Return partners and scores of lists, `top` places wide; the score of nobody is 0."""
        lists = self.lists
        missing = ((0, 0), (0, top - lists.partners.shape[1]))
        partners = np.pad(lists.partners[rows], missing, constant_values=NOBODY)
        return partners, np.where(partners == NOBODY, 0, np.pad(lists.scores[rows], missing))


def _lists(population: Population, kept: Kept, policy: Policy) -> Lists:
    depth = depth_of(population, policy)
    return arranged(population, kept.candidates.first(depth), policy, kept.rivals[:, :depth])
