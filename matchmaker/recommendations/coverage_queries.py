"""Reading what a run left uncovered: who has little, whose needs and offers nobody answers, and the map of both."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from matchmaker.db import db
from matchmaker.profiles import queries as profiles
from matchmaker.profiles.content import Content
from matchmaker.profiles.models import Profile
from matchmaker.recommendations.figures import ENOUGH
from matchmaker.recommendations.models import MatchRun
from matchmaker.recommendations.picture import Group, Item
from matchmaker.recommendations.queries import listed_people
from matchmaker.registrations.models import Participant

STEPS = (0.2, 0.35, 0.5)  # Gini: even, fairly even, uneven, very uneven
EVENNESS = ("even", "fairly_even", "uneven", "very_uneven")


@dataclass(frozen=True)
class Little:
    """Somebody with few partners or in few lists, with the reasons that are known (keys).

    ``left``: how many partners the rules leave; ``rule`` takes the most of the others, ``taken`` of them.
    """

    person: Participant
    partners: int
    lists: int
    left: int
    rule: str
    taken: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """What the filter of the map takes: a side, a helix type, a region; empty: all."""

    side: str = ""
    helix_type: str = ""
    region: str = ""

    @property
    def is_active(self) -> bool:
        """Something is left out."""
        return bool(self.side or self.helix_type or self.region)

    def takes(self, item: Item) -> bool:
        """Whether a sentence is among what was chosen."""
        wanted = ((self.side, item.side), (self.helix_type, item.helix_type), (self.region, item.region))
        return all(not want or want == has for want, has in wanted)


def evenness(gini: float) -> str:
    """Return how evenly the places of all lists are spread, in a word (a key)."""
    return EVENNESS[sum(gini >= step for step in STEPS)]


def little_of(run: MatchRun) -> list[Little]:
    """Return who has little, the least first; those who are gone are left out."""
    entries = run.figures.get("little", [])
    people = {person.id: person for person in listed_people(run.event_id, [entry[0] for entry in entries])}
    contents = profiles.contents(people)
    changed = {key: profile.texts_changed_at for key, profile in profiles.profiles_of(people).items()}
    found = []
    for person_id, partners, lists, left, rule, taken in entries:
        if person_id in people:
            content = contents.get(person_id, Content())
            is_newer = person_id in changed and changed[person_id] > run.created_at
            reasons = tuple(_reasons(content, left, run.figures.get("participants", 0), is_newer=is_newer))
            found.append(Little(people[person_id], partners, lists, left, rule, taken, reasons))
    return found


def _reasons(content: Content, left: int, everybody: int, *, is_newer: bool) -> list[str]:
    facts = {
        "newer": is_newer,
        "no_needs": not content.needs,
        "no_offers": not content.offers,
        "rules": left < min(2 * ENOUGH, everybody / 2),
    }
    return [key for key, holds in facts.items() if holds] or ["others_fit_better"]


def map_of(run: MatchRun, choice: Choice) -> list[Group]:
    """Return the groups of the map, the largest first; what was changed or hidden since the run is left out."""
    picture = run.figures.get("picture", {"groups": [], "points": []})
    people = _unchanged(run, {point[0] for point in picture["points"]})
    contents = profiles.contents(people)
    items: dict[int, list[Item]] = defaultdict(list)
    for person_id, side, position, group, x, y, chance in picture["points"]:
        if person_id in people:
            content = contents[person_id]
            text = (content.needs if side == "need" else content.offers)[position]
            item = Item(people[person_id], side, text, group, x, y, chance)
            items[group].append(item if choice.takes(item) else replace(item, is_chosen=False))
    return [
        Group(number, tuple(group["words"]), group["x"], group["y"], tuple(items[number]))
        for number, group in enumerate(picture["groups"])
        if items[number]
    ]


def _unchanged(run: MatchRun, ids: Collection[int]) -> dict[int, Participant]:
    query = profiles.participants_with_profile(run.event_id).where(
        Participant.id.in_(ids), Profile.texts_changed_at <= run.created_at
    )
    return {person.id: person for person in db.session.scalars(query)}
