"""What all texts of one sort have in common: it is taken away before they are compared.

Sentences that say what somebody needs share a direction in every embedding model, whatever they are about; so do
offers and descriptions. Taking away the mean leaves what a sentence says of its own: two unrelated ones are then at 0,
and a vague one ("partners for projects") is short, so that it counts little (Mu and Viswanath 2018, "All-but-the-top";
removing further directions or whitening made lists worse here).

The mean is that of the event's own texts and of the typical sentences below, so that two profiles alone are read as
two hundred are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.embeddings import Vectors

TYPICAL_NEEDS = (
    "A partner for a research project in the next call",
    "A supplier of components in small series",
    "Customers in new countries",
    "Software to plan our production",
    "Advice on certification and standards",
    "Investors for the next stage of growth",
    "A place to test our prototype",
    "Training for our employees",
    "Lower energy costs in our buildings",
    "A distributor for our products",
    "Better quality control on our line",
    "Somebody to analyse our data",
    "Raw materials from regional sources",
    "Machines for automated handling",
    "A way to use our waste",
    "A university that studies our process",
)
TYPICAL_OFFERS = (
    "Consulting and project management for companies",
    "Machining and assembly of parts to drawing",
    "Laboratory tests and measurements",
    "Development of software and electronics",
    "A pilot site open to partners",
    "Courses for technicians and managers",
    "Production capacity for food and packaging",
    "Sensors and control systems for industry",
    "Research on new materials and processes",
    "Access to a network of members in our region",
    "Financing for young companies",
    "Transport and storage of goods",
    "Medical devices and health services",
    "Energy systems for buildings and plants",
    "Recycling of materials",
    "Design and engineering of machines",
)
TYPICAL_DESCRIPTIONS = (
    "We are a small company that develops and produces equipment for industry.",
    "A research institute with laboratories and pilot plants.",
    "A regional cluster of companies and universities.",
    "A public authority responsible for the services of a city.",
    "Family business with customers in several countries.",
    "A young firm with a first product and five employees.",
    "A department of a technical university.",
    "An association that represents the companies of its sector.",
)
TYPICAL = (TYPICAL_NEEDS, TYPICAL_OFFERS, TYPICAL_DESCRIPTIONS)

_WEIGHT = 32  # the typical sentences count as so many texts of the event
_LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class Background:
    """The common part of needs, offers and descriptions, and how far a model spreads what is left.

    `spread` is the root mean square of the product of a typical need and a typical offer: cosines of different models
    are compared in units of it.
    """

    needs: Vectors
    offers: Vectors
    descriptions: Vectors
    spread: float

    @classmethod
    def of(cls, typical: Sequence[Vectors], own: Sequence[Vectors]) -> Background:
        """Mix the vectors of needs, offers and descriptions of TYPICAL with those of the event."""
        means = [sort.mean(axis=0) for sort in typical]
        products = (typical[0] - means[0]) @ (typical[1] - means[1]).T
        spread = max(float(np.sqrt(np.mean(products**2))), _LEAST_SPREAD)
        needs, offers, descriptions = (_mixed(mean, texts) for mean, texts in zip(means, own, strict=True))
        return cls(needs, offers, descriptions, spread)


def _mixed(typical: Vectors, texts: Vectors) -> Vectors:
    total = _WEIGHT * typical + texts.sum(axis=0, dtype=np.float64)
    return np.asarray(total / (_WEIGHT + len(texts)), dtype=np.float32)
