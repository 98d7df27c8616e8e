"""The map of an event's needs and offers, ready to be drawn: bubbles of sentences that are close in meaning.

Where the sentences lie is computed with the run (``matching.landscape``); here the bubbles are moved apart until each has
room for its name, for a wide and for a narrow screen. No database, no web.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import hypot, sqrt

from matchmaker.recommendations.figures import UNANSWERED_BELOW
from matchmaker.registrations.models import Participant

_ROUNDS = 400
_LETTER = 0.62  # width of a letter, in font sizes


@dataclass(frozen=True)
class Item:
    """A need or an offer that still stands as it stood when the run read it; ``x``, ``y`` in the unit disc of its group."""

    person: Participant
    side: str
    text: str
    group: int
    x: float
    y: float
    chance: float
    is_chosen: bool = True  # by the filter of the page

    @property
    def is_lonely(self) -> bool:
        """No offer answers this need, or nobody needs this offer."""
        return self.chance < UNANSWERED_BELOW

    @property
    def helix_type(self) -> str:
        """Helix type of the organisation, or empty."""
        return self.person.organisation.helix_type if self.person.organisation else ""

    @property
    def region(self) -> str:
        """Region of the organisation, or empty."""
        return self.person.organisation.region if self.person.organisation else ""


@dataclass(frozen=True)
class Group:
    """Sentences close in meaning, the words that tell them from the others, and where their bubble belongs (-1 to 1)."""

    number: int
    words: tuple[str, ...]
    x: float
    y: float
    items: tuple[Item, ...]

    def count(self, side: str, *, lonely: bool = False) -> int:
        """Count chosen needs or offers, or those of them that nobody answers."""
        return sum(i.side == side and i.is_chosen and (i.is_lonely or not lonely) for i in self.items)

    @property
    def name(self) -> str:
        """The words, as one line."""
        return ", ".join(self.words)


@dataclass(frozen=True)
class Frame:
    """A screen to draw for: its width, the room of one dot, and how many words of a name stand beside each other."""

    width: int
    room: float
    font: int
    per_line: int


WIDE, NARROW = Frame(960, 11.5, 14, 3), Frame(320, 7.5, 13, 1)


@dataclass(frozen=True)
class Bubble:
    """One group on the screen: a disc, and above it the lines of its name."""

    group: Group
    lines: tuple[str, ...]
    x: float
    y: float
    radius: float
    reach: float  # radius of the room it takes, name included

    @property
    def dots(self) -> list[tuple[Item, float, float]]:
        """The sentences with their places on the screen."""
        inner = self.radius - 6
        return [(i, round(self.x + inner * i.x, 1), round(self.y + inner * i.y, 1)) for i in self.group.items]


@dataclass(frozen=True)
class Drawing:
    """All bubbles of one screen."""

    frame: Frame
    height: int
    bubbles: tuple[Bubble, ...]


def drawing(groups: Collection[Group], frame: Frame) -> Drawing:
    """Move the bubbles apart until none covers another or its name, near to where they belong."""
    bubbles = [_bubble(group, frame) for group in groups]
    area = sum(bubble.reach**2 for bubble in bubbles) * 3.2
    height = max(area / frame.width, 2 * max((bubble.reach for bubble in bubbles), default=1))
    places = [[(b.x + 1) / 2 * frame.width, (b.y + 1) / 2 * height] for b in bubbles]
    for _round in range(_ROUNDS):
        _push(bubbles, places, frame.width)
    top = min((y - b.reach for b, (_x, y) in zip(bubbles, places, strict=True)), default=0)
    placed = tuple(_at(b, x, y - top, frame) for b, (x, y) in zip(bubbles, places, strict=True))
    return Drawing(frame, round(max((b.y + b.radius for b in placed), default=0) + 8), placed)


def _bubble(group: Group, frame: Frame) -> Bubble:
    words = group.words
    lines = tuple(", ".join(words[at : at + frame.per_line]) for at in range(0, len(words), frame.per_line))
    radius = max(frame.room * sqrt(len(group.items)), 2 * frame.room)
    widest = max((len(line) for line in lines), default=0) * frame.font * _LETTER / 2
    reach = max(radius + _title(lines, frame) / 2, 0.92 * hypot(widest, radius)) + 4  # the name stands at the top
    return Bubble(group, lines, group.x, group.y, min(radius, frame.width / 2 - 4), min(reach, frame.width / 2))


def _title(lines: Sequence[str], frame: Frame) -> float:
    return len(lines) * frame.font * 1.25 + 4


def _at(bubble: Bubble, x: float, y: float, frame: Frame) -> Bubble:
    """Put the disc below its name, both in the middle of their room."""
    return replace(
        bubble, x=round(x, 1), y=round(y + _title(bubble.lines, frame) / 2, 1), radius=round(bubble.radius, 1)
    )


def _push(bubbles: Sequence[Bubble], places: list[list[float]], width: int) -> None:
    for one, here in enumerate(places):
        for other in range(one + 1, len(places)):
            there = places[other]
            dx, dy = there[0] - here[0], there[1] - here[1]
            apart = hypot(dx, dy)
            lacking = bubbles[one].reach + bubbles[other].reach - apart
            if lacking > 0:
                ux, uy = (dx / apart, dy / apart) if apart > 1e-6 else (0.6, 0.8)
                for place, sign in ((here, -1), (there, 1)):
                    place[0] += sign * ux * lacking / 2
                    place[1] += sign * uy * lacking / 2
        reach = bubbles[one].reach
        here[0] = min(max(here[0], reach), width - reach)
