"""Quality of ranking, next to what most products do; every row in the same run.

    python -m tests.benchmarks.bench_ranking

Quality is measured on the development set (64 profiles with hidden links) and on the validation set (140, never tuned
on), with 95 % bootstrap intervals over their queries. Speed: `bench_matching_speed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from matching import LexicalEmbedder, Policy, Profile, Ranking, Weights, recommend
from matching.calibration import calibration_error
from matching.eligibility import Eligibility
from matching.embeddings import Vectors
from matching.evaluation import Evaluation, Lists, evaluate
from matching.facets import Facets
from matching.lexical import LexicalIndex, terms
from matching.population import whole_text
from tests.matching.support import JudgedSet, cached_model, development_set, validation_set

Row = dict[str, Any]

EVERYBODY = 139  # places per list: all pairs, so that calibration is measured over all of them
PLACES = 20  # of which so many count as the list
WORDLESS = Weights(words=0, cooperation=0, sector=0, tag=0, tag_missing=0)
TEXTS = replace(WORDLESS, words=Weights.words)
FORM = replace(TEXTS, cooperation=Weights.cooperation)
SECTORS = replace(FORM, sector=Weights.sector)
PLAIN = Policy(top=EVERYBODY, weights=WORDLESS, neighbours=0, minimum_incoming=0, hide_competitors=False)
FAIR = replace(PLAIN, neighbours=Policy.neighbours)
FULL = Policy(top=EVERYBODY)
STEPS = {
    "ours: needs x offers by meaning": PLAIN,
    "... + words across the sides": replace(PLAIN, weights=TEXTS),
    "... + cooperation types": replace(PLAIN, weights=FORM),
    "... + hub correction": replace(FAIR, weights=FORM),
    "... + guarantee of 5 places": replace(FULL, weights=FORM, hide_competitors=False),
    "... + competitors hidden": replace(FULL, weights=FORM),
    "... + wanted sectors": replace(FULL, weights=SECTORS),
    "... + confirmed tags = default": FULL,
}
QUOTAS = (("from_other_regions", 3), ("from_other_regions", 6), ("per_group", 1), ("per_group", 2))
NOT_IN_THE_SETS = ("blocked", "groups_apart", "met_here", "met_before", "forbidden")
HELIX = {
    "university": "research",
    "research": "research",
    "public": "government",
    "association": "civil society",
    "cluster": "cluster",
}


def run() -> list[Row]:
    """Return all rows: baselines, our formula step by step, and what each rule costs."""
    return [*quality_rows(), *cost_rows()]


def quality_rows() -> Iterator[Row]:
    """Compare methods on the development set, and on the validation set, on which nothing was tuned."""
    for name, judged in (("development", development_set()), ("validation", validation_set())):
        yield from ({"set": name} | row for row in _rows_of(judged))


def cost_rows() -> Iterator[Row]:
    """Print what each rule costs in nDCG@10: each of the default ones switched off alone, each quota switched on alone.

    Pairs that a rule forbids are graded 0. Groups are the helix types of the kinds of organisation.
    """
    for name, judged in (("development", development_set()), ("validation", validation_set())):
        profiles = [replace(profile, group=HELIX.get(profile.kind, "business")) for profile in judged.profiles]
        policies = {"default rules": FULL}
        off = [measure for measure in FULL.measures if measure not in NOT_IN_THE_SETS]
        policies |= {f"... without {measure}": FULL.without(measure) for measure in off}
        policies |= {f"... with {quota} {least}": replace(FULL, **{quota: least}) for quota, least in QUOTAS}
        for method, policy in policies.items():
            ranking = recommend(profiles, cached_model(), policy)
            yield {"set": name} | _quality(method, evaluate(_lists(ranking), judged.gold))


def _rows_of(judged: JudgedSet) -> Iterator[Row]:
    profiles = sorted(judged.profiles, key=lambda profile: profile.id)
    texts = [whole_text(profile) for profile in profiles]
    baselines: dict[str, Callable[[Sequence[str]], Vectors]] = {
        "whole-profile cosine": _cosine,
        "TF-IDF": _tf_idf,
        "BM25": _bm25,
    }
    for name, score in baselines.items():
        yield _quality(name, evaluate(_lists_of(profiles, score(texts)), judged.gold))
    for name, policy in STEPS.items():
        ranking = recommend(profiles, cached_model(), policy)
        yield _quality(name, evaluate(_lists(ranking), judged.gold)) | _honesty(ranking, judged)
    ranking = recommend(profiles, LexicalEmbedder(), FULL)
    yield _quality("default, lexical fallback", evaluate(_lists(ranking), judged.gold)) | _honesty(ranking, judged)


class RandomEmbedder:
    """Random unit vectors of the model's width."""

    id = "random"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Ignore what the texts say."""
        vectors = np.random.default_rng(len(texts)).standard_normal((len(texts), 384)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def synthetic_profiles(size: int) -> list[Profile]:
    """Return profiles of random words, frequent and rare ones as in real texts."""
    random = np.random.default_rng(size)
    words = np.array([f"w{number}" for number in range(8000)])
    share = 1 / np.arange(1, len(words) + 1) ** 0.8
    drawn = random.choice(words, (size, 57), p=share / share.sum())
    codes = random.integers(10, 90, (size, 2))
    return [
        Profile(
            f"p{number}",
            organisation=f"o{number}",
            description=" ".join(row[:25]),
            offers=(" ".join(row[25:33]), " ".join(row[33:41])),
            needs=(" ".join(row[41:49]), " ".join(row[49:57])),
            cooperation=frozenset({f"type {number % 6}"}),
            sectors=(f"{own}.1",),
            wanted_sectors=(str(wanted),),
            languages=frozenset({"en"}),
        )
        for number, (row, (own, wanted)) in enumerate(zip(drawn, codes, strict=True))
    ]


def _quality(name: str, found: Evaluation) -> Row:
    best = found.figures["nDCG@10"]
    figures = {key: round(found.figures[key].value, 3) for key in ("recall@10", "MAP", "reciprocal hit rate")}
    return {
        "method": name,
        "nDCG@10": round(best.value, 3),
        "95 %": f"{best.low:.3f} to {best.high:.3f}",
        **figures,
        "min incoming": found.exposure.minimum_incoming,
        "under 5 incoming": round(found.exposure.share_under_five, 3),
        "Gini": round(found.exposure.gini, 3),
    }


def _honesty(ranking: Ranking, judged: JudgedSet) -> Row:
    """Measure over all pairs that may meet: is the score a probability, is the first reason the hidden link?"""
    by_id = {profile.id: profile for profile in judged.profiles}
    said, true, right = [], [], []
    for name, matches in ranking.matches.items():
        for match in matches:
            said.append(match.score)
            true.append(judged.gold[name].get(match.id, 0) > 1)
            gets = next((reason for reason in match.reasons if reason.side == "gets"), None)
            answers = [need.get(match.id) for need in judged.meets[name]]
            if gets and any(answer is not None for answer in answers):
                offer = answers[by_id[name].needs.index(gets.mine)]
                right.append(offer is not None and by_id[match.id].offers[offer] == gets.theirs)
    error = calibration_error(np.array(said), np.array(true))
    return {"calibration error": round(error, 3), "right reasons": round(float(np.mean(right)), 3)}


def _lists(ranking: Ranking) -> dict[str, list[str]]:
    return {name: [match.id for match in matches[:PLACES]] for name, matches in ranking.matches.items()}


def _lists_of(profiles: Sequence[Profile], scores: Vectors) -> Lists:
    everything = slice(0, len(profiles))
    scores[Eligibility.of(Facets.build(profiles), {}, Policy()).excluded(everything, everything)] = -np.inf
    return {
        profile.id: [
            profiles[place].id for place in np.argsort(-row, kind="stable")[:PLACES] if np.isfinite(row[place])
        ]
        for profile, row in zip(profiles, scores, strict=True)
    }


def _cosine(texts: Sequence[str]) -> Vectors:
    vectors = cached_model().encode(texts)
    return vectors @ vectors.T


def _bm25(texts: Sequence[str]) -> Vectors:
    everything = slice(0, len(texts))
    return LexicalIndex.build(texts).tile(everything, everything)


def _tf_idf(texts: Sequence[str]) -> Vectors:
    found = [terms(text) for text in texts]
    vocabulary = {term: column for column, term in enumerate(sorted({term for row in found for term in row}))}
    counts = np.zeros((len(texts), len(vocabulary)))
    for row, words in enumerate(found):
        np.add.at(counts[row], [vocabulary[word] for word in words], 1)
    weights = counts * (np.log((1 + len(texts)) / (1 + (counts > 0).sum(axis=0))) + 1)
    weights /= np.linalg.norm(weights, axis=1, keepdims=True)
    return np.asarray(weights @ weights.T, dtype=np.float32)


if __name__ == "__main__":
    for line in run():
        print("  ".join(f"{key} {value}" for key, value in line.items()), flush=True)
