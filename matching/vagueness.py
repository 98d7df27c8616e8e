"""Does an offer or a need say enough? A verdict with a key for the reason, to be put into words where it is shown.

By words: generic ones ("innovative solutions") don't count, nor do those that a tenth of the event uses. By meaning:
what matches a quarter of all participants doesn't tell them apart. Measured on labelled sentences in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.lexical import fold, terms

if TYPE_CHECKING:
    from matching.population import Population

SPECIFIC = "specific"
EMPTY = "empty"
TOO_SHORT = "too_short"
GENERIC = "generic"
EVERYBODY = "matches_everybody"

# What the writer can do about it, by reason: keys, to be put into words where they are shown.
HINTS = {
    SPECIFIC: "",
    EMPTY: "write_a_sentence",
    TOO_SHORT: "say_for_what_and_for_whom",
    GENERIC: "name_the_product_material_or_process",
    EVERYBODY: "say_what_sets_it_apart",
}

COMMON_SHARE = 0.1  # a word that so many of the participants use says little at this event
EVERYBODY_SHARE = 0.25
LEAST_PARTICIPANTS = 20  # shares of fewer say nothing
LEAST_SPECIFIC = 2  # words that mean something to a stranger

EMPTY_WORDS = frozenset(
    fold(word)
    for word in re.findall(
        r"\w+",
        """
        advantage advice advanced ambitious anybody anyone anything area award base benefit best better brand broad bring
        business buyer capacity challenge chance change client collaborate collaboration collaborative come commercial
        committed common community companies company competence competitive competitiveness complete comprehensive
        concept concrete connect connection consult consultant consultancy consulting contact contribute cooperate
        cooperation cooperative corporate create creative cross customer customised customized cutting dedicated deliver
        develop developer development different digital digitalisation digitalise digitalization digitisation digitization
        diverse dynamic economy economic edge effective efficiency efficient enterprise entity entrepreneur
        environment environmental europe european event every everybody everything excellence excellent exchange exist
        expansion experience expert expertise expo field find firm first flexible focus full fund funding future general
        global goal good great green group grow growth help high idea improve improvement increase individual industrial
        industry information innovate innovation innovative inspiration institution integrated interested interesting
        international internationalisation internationalization investor issue join joint kind know knowledge large
        latest lead leader leading learn level local long looking make making manage management many market marketing
        meet meeting member methodology model modern multi nation national network networking next number open opportunity
        opportunities organisation organization other overall part participate participant partner partnership people
        performance person place plan point policy portfolio possible potential practice premium price process produce
        product production professional profile programme progress project promote proposal public quality range region
        regional relation relationship reliable research resource result road sale sales scale sector see
        serve service several share skill small smart sme solution solve specialised specialist specialized stakeholder
        start state strategic strategy strengthen strong success successful support sustainability sustainable synergy
        system tailor tailored talent team technical technological technology term thing tomorrow tool top topic total
        training transfer transform transformation transition turnkey unique up user valuable value various vision
        visit whole wide world years 4 0 ai artificial intelligence software app platform data
        """,
    )
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is specific, empty, too_short, generic or matches_everybody; `hint` what to do about it."""

    reason: str
    specific_words: tuple[str, ...] = ()

    @property
    def is_vague(self) -> bool:
        """Whether the writer should be told."""
        return self.reason != SPECIFIC

    @property
    def hint(self) -> str:
        """Key of the advice; empty where there is nothing to advise."""
        return HINTS[self.reason]


def verdict_of(text: str, common: Collection[str] = ()) -> Verdict:
    """Judge a text by its words alone; `common` holds folded words that many participants use."""
    words = list(dict.fromkeys(terms(text)))
    if not words:
        return Verdict(EMPTY)
    specific = tuple(word for word in words if word not in EMPTY_WORDS and word not in common)
    if len(specific) >= LEAST_SPECIFIC:
        return Verdict(SPECIFIC, specific)
    return Verdict(TOO_SHORT if len(words) <= LEAST_SPECIFIC and specific else GENERIC, specific)


def judged(text: str, population: Population, met: int, among: int) -> Verdict:
    """Judge a text in its event, where it would meet `met` of `among` profiles."""
    is_large = among >= LEAST_PARTICIPANTS
    verdict = verdict_of(text, population.common_terms(COMMON_SHARE) if is_large else ())
    if not verdict.is_vague and is_large and met > EVERYBODY_SHARE * among:
        return Verdict(EVERYBODY, verdict.specific_words)
    return verdict
