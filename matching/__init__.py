"""Reciprocal matchmaking and meeting scheduling: frozen dataclasses in, frozen dataclasses out.

Who should meet whom, in four lines:

    from matching import Policy, Profile, SentenceTransformerEmbedder, recommend

    profiles = [Profile("a", offers=["..."], needs=["..."]), Profile("b", offers=["..."])]
    ranking = recommend(profiles, SentenceTransformerEmbedder(), Policy(top=10))
    for match in ranking.matches["a"]: print(match.id, match.score, match.band, match.reasons)

* A `Profile` says what one participant brings (`offers`) and seeks (`needs`), in sentences; every other part helps and
  may be missing.
* An `Embedder` turns texts into vectors: `SentenceTransformerEmbedder` (a local model), `LexicalEmbedder` (words only),
  or your own; `CachedEmbedder` keeps vectors by `content_key(model id, text)` between runs.
* `recommend` ranks partners for everybody at once: needs against offers in both directions, words, cooperation types,
  wanted sectors and tags (`scoring`); leaves out who may not meet (`eligibility`); keeps popular profiles from flooding
  the lists and gives everybody some exposure (`congestion`); and says how likely both sides gain (`calibration`).
* A `Match` carries its reasons: the sentences that met, in both directions, strongest first. `Ranking.fairness` counts
  exposure. `Policy` holds what an event decides.
* An `Index` keeps a ranking: `index.update(changed, removed, embedder)` computes only what a change touches, and says
  whose lists are others now.

When they should meet is in `matching.scheduling`. On the command line: `python -m matching --help`.

Pure: no web, no database, no clock, no environment; every mistake in the input is a `MatchingError` that lists all
mistakes. Importing `matching` loads nothing slow; numpy comes with the first name that needs it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matching.calibration import Calibration, Platt
    from matching.congestion import FairnessReport
    from matching.eligibility import REASONS, RULES, why_not
    from matching.embeddings import CachedEmbedder, Embedder, LexicalEmbedder, VectorCache, content_key
    from matching.errors import (
        InvalidFile,
        InvalidInput,
        InvalidPolicy,
        InvalidProfile,
        MatchingError,
        Mistake,
        ModelUnavailable,
    )
    from matching.feedback import Opinion
    from matching.index import Index, Update
    from matching.models import PACKAGED_MODEL, SentenceTransformerEmbedder, load_embedder
    from matching.policy import Policy
    from matching.profiles import KINDS, Profile
    from matching.ranking import Match, Ranking, Reason, Shared
    from matching.recommending import recommend
    from matching.scoring import Weights

__all__ = [
    "KINDS",
    "PACKAGED_MODEL",
    "REASONS",
    "RULES",
    "CachedEmbedder",
    "Calibration",
    "Embedder",
    "FairnessReport",
    "Index",
    "InvalidFile",
    "InvalidInput",
    "InvalidPolicy",
    "InvalidProfile",
    "LexicalEmbedder",
    "Match",
    "MatchingError",
    "Mistake",
    "ModelUnavailable",
    "Opinion",
    "Platt",
    "Policy",
    "Profile",
    "Ranking",
    "Reason",
    "SentenceTransformerEmbedder",
    "Shared",
    "Update",
    "VectorCache",
    "Weights",
    "content_key",
    "load_embedder",
    "recommend",
    "why_not",
]

# Where each public name lives; it is imported when it is first asked for (PEP 562).
_HOMES = {
    "matching.calibration": ("Calibration", "Platt"),
    "matching.congestion": ("FairnessReport",),
    "matching.eligibility": ("REASONS", "RULES", "why_not"),
    "matching.embeddings": ("CachedEmbedder", "Embedder", "LexicalEmbedder", "VectorCache", "content_key"),
    "matching.errors": (
        "InvalidFile",
        "InvalidInput",
        "InvalidPolicy",
        "InvalidProfile",
        "MatchingError",
        "Mistake",
        "ModelUnavailable",
    ),
    "matching.feedback": ("Opinion",),
    "matching.index": ("Index", "Update"),
    "matching.models": ("PACKAGED_MODEL", "SentenceTransformerEmbedder", "load_embedder"),
    "matching.policy": ("Policy",),
    "matching.profiles": ("KINDS", "Profile"),
    "matching.ranking": ("Match", "Ranking", "Reason", "Shared"),
    "matching.recommending": ("recommend",),
    "matching.scoring": ("Weights",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'matching' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
